"""What caches on the way do with pages and files, as two visitors see it who have nothing in common."""

from dataclasses import dataclass
from datetime import datetime

from launchready.facts.journeys import PrivatePage
from launchready.facts.web import Transfer
from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host, Journey
from launchready.parse.rfc9211 import EdgeAnswer


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What a visitor got who had the page and asked whether it changed.

    `asked_with` are the fields of the request; `same_content` is whether a whole page came that is, byte by byte, the
    one they had; `same_validators` whether it has the same ETag and Last-Modified.
    """

    asked_with: tuple[str, ...]
    status: int
    same_content: bool
    same_validators: bool


@dataclass(frozen=True, slots=True)
class TwoVisits:
    """One page, got by a first visitor and then by a second; no cookie's value is kept.

    `personal_cookies` are the names of cookies that are long enough to be somebody's key and differ between the two;
    those of the network's own are left out. `shared_cookies` and `shared_keys` are cookies and hidden keys of forms
    that strangers got with one value, again and again, although newcomers, whom no cache could answer, got others.
    `again` is None where the page has nothing to ask with.
    """

    first: Transfer
    received_at: datetime
    personal_cookies: tuple[str, ...]
    shared_cookies: tuple[str, ...]
    shared_keys: tuple[str, ...]
    again: Measured[AskedAgain] | Unmeasured | None


@dataclass(frozen=True, slots=True)
class VisitedPage:
    """A page and what its visits brought."""

    url: str
    visits: Measured[TwoVisits] | Unmeasured


@fact(about=Host)
class PageVisits:
    """The front page of a host and its declared pages, in the order of their URLs."""

    pages: tuple[VisitedPage, ...]

    @property
    def seen(self) -> tuple[TwoVisits, ...]:
        """The visits that were made."""
        return tuple(page.visits.value for page in self.pages if isinstance(page.visits, Measured))


@dataclass(frozen=True, slots=True)
class RepeatedFile:
    """What the edge did with one file, visit by visit; the first is that of the page itself."""

    url: str
    answers: Measured[tuple[EdgeAnswer, ...]] | Unmeasured


@fact(about=Host)
class EdgeRepeats:
    """Files with a content hash in their name, fetched again and again where an edge says what it does."""

    files: tuple[RepeatedFile, ...]


@fact(about=Journey)
class PageAfterLogin:
    """The page that the journey's visitor sees once they are logged in."""

    page: PrivatePage
