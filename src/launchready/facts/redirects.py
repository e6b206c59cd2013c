"""Where visitors end up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way: what was asked, the status, and the absolute URL it sends to (empty: nowhere).

    `edge` names the network or platform that passed the answer on, by the headers it leaves; empty where none did.
    `sets_cookies` is whether the answer came with a cookie of the site's own, and not one of an edge's.
    """

    url: str
    status: int
    location: str
    edge: str = ""
    sets_cookies: bool = False


class WalkEnd(StrEnum):
    """How a walk ended."""

    ANSWERED = "answered"  # a status that is no redirect
    LOOP = "loop"  # a URL came back
    TOO_MANY = "too-many"  # more hops than we follow
    LEFT = "left"  # sent to where this walk does not follow: for the matrix, a host that is not declared


@dataclass(frozen=True, slots=True)
class Walk:
    """A visitor's way from one entry URL: every hop, and how it ended. `end_url` is the last URL asked or sent to."""

    hops: tuple[Hop, ...]
    end: WalkEnd
    end_url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of the matrix of scheme, path, query and slash, walked."""

    start_url: str
    walk: Measured[Walk] | Unmeasured


@fact(about=Host)
class RedirectMatrix:
    """Every entry of a host, walked hop by hop, in the order of their URLs."""

    entries: tuple[Entry, ...]

    @property
    def walks(self) -> tuple[Walk, ...]:
        """The walks that were seen."""
        return tuple(entry.walk.value for entry in self.entries if isinstance(entry.walk, Measured))


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of one POST to a declared endpoint, which nobody followed any further."""

    url: str
    answer: Measured[Hop] | Unmeasured


@fact(about=Host)
class WebhookAnswers:
    """One event without a signature posted to each webhook of a host, in the order of their URLs."""

    posted: tuple[Posted, ...]


@fact(about=Host)
class PostAnswers:
    """An empty question posted to each endpoint of kind api and stream of a host, in the order of their URLs."""

    posted: tuple[Posted, ...]


@dataclass(frozen=True, slots=True)
class LeadOut:
    """One page asked to send its visitor to a stranger's host, and where a browser would go by its answer.

    `url` is what was asked, with the stranger's address under many names. `leads_to` is the host of the Location as
    browsers read it, and empty where there is none.
    """

    url: str
    status: int
    leads_to: str


@fact(about=Host)
class LeadsOut:
    """Whether pages of a host that take an address to go on to also take a stranger's.

    The stranger is `OUTSIDE`; each name of a parameter has a host of its own below it.
    """

    tries: tuple[Measured[LeadOut] | Unmeasured, ...]


OUTSIDE: Final = "launchready-probe.invalid"
"""A name that is nobody's, now or ever (RFC 6761 section 6.4)."""


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL as text, such as `https://example.com`; compared as it stands."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
