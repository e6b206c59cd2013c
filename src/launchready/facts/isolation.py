"""Whether one customer can get at another's talk."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.subject import Journey


class Way(StrEnum):
    """How a customer was asked for another's words."""

    OWN_PAGE = "their own page"
    BY_ID = "a request with the other's id"
    SESSION_IN_MESSAGE = "a message that names the other's session"
    SAME_MESSAGE_ID = "a message with the other's message id"
    PROMPT = "a question about the other customer"


@dataclass(frozen=True, slots=True)
class Bleed:
    """One answer to a second customer that held the first one's words: how it was asked for, and where."""

    way: Way
    where: str


@dataclass(frozen=True, slots=True)
class IdSeen:
    """An id that names a session or a talk, as two customers got it; never its value.

    `where` says what it is called and where it stood; `bits` is at most how much chance it holds, by its length and
    its characters; `counts_up` is whether the second customer's follows the first one's.
    """

    where: str
    bits: int
    counts_up: bool


@fact(about=Journey)
class TenantIsolation:
    """Two customers: the first says made-up words, the second asks for them in every way that we know.

    The first one's own pages showed the words to them, or else this was not measured. `bleeds` are the answers to the
    second customer that held the words, and `ids` what names sessions and talks.
    """

    bleeds: tuple[Bleed, ...]
    ids: tuple[IdSeen, ...]
