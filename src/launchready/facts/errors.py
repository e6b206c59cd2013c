"""What a host shows where something goes wrong."""

from dataclasses import dataclass

from launchready.facts.web import Transfer
from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.parse.error_page import Mark


@fact(about=Host)
class MissingPage:
    """The answer for a path that nobody has. `marks` is what it shows for developers, where its status is an error."""

    transfer: Transfer
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """The status of an answer to a request that is wrong on purpose, and what it shows for developers if an error."""

    status: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class BadRequest:
    """A request that is wrong on purpose: what is wrong with it, in a few words, and what came back."""

    url: str
    what: str
    answer: Measured[BadAnswer] | Unmeasured


@fact(about=Host)
class BadRequests:
    """Requests that are wrong on purpose, to the host itself, its declared API endpoints, and the chat of a journey."""

    requests: tuple[BadRequest, ...]
