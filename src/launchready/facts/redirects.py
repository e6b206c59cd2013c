"""Where visitors end up."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way: what was asked, the status, and the absolute URL it sends to (empty: nowhere)."""

    url: str
    status: int
    location: str


class WalkEnd(StrEnum):
    """How a walk ended."""

    ANSWERED = "answered"  # a status that is no redirect
    LOOP = "loop"  # a URL came back
    TOO_MANY = "too-many"  # more hops than any browser follows
    LEFT = "left"  # sent to a host that is not declared; not followed


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
