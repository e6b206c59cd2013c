"""A look's outcome: seen, not seen and why, or a person's word. There is no fourth, and no default."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

F_co = TypeVar("F_co", covariant=True)


class Why(StrEnum):
    """Why something was not measured. Closed: a new cause is a new member, never a text."""

    TIMED_OUT = "timed-out"
    REFUSED = "refused"
    NO_NAME = "no-name"
    NO_RESOLVER = "no-resolver"
    OWN_NETWORK = "own-network"
    CHALLENGED = "challenged"
    CAPTIVE_PORTAL = "captive-portal"
    CERTIFICATE = "certificate"
    PRIVATE_ADDRESS = "private-address"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    NOT_FOUND = "not-found"
    NOT_PERMITTED = "not-permitted"
    NOT_INSTALLED = "not-installed"
    NOT_REQUESTED = "not-requested"
    NOT_DECLARED = "not-declared"
    DEPENDENCY = "dependency"
    INTERRUPTED = "interrupted"
    EXPIRED = "expired"
    OUR_BUG = "our-bug"


class NotSeen(Exception):  # noqa: N818 - it is an outcome that travels as an exception, not an error of the caller
    """Raised where a look fails; the engine turns it into `Unmeasured`.

    Args:
        why: the cause.
        detail: one sentence with what was tried and what came back; no secrets.
    """

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Measured(Generic[F_co]):
    """Seen: the fact, when, and how long the look took."""

    value: F_co
    at: datetime
    took_s: float


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Not seen, with the cause, a sentence for a person, and when."""

    why: Why
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attested:
    """A person's word with proof (a file's hash or a link) and the last day it counts."""

    who: str
    proof: str
    until: date


Reading = Measured[F_co] | Unmeasured | Attested
