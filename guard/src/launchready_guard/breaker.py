"""A breaker: after failures in a row a provider is left alone for a while, then one call tries it.

Pure: a state and a time in, a state out. A visitor then waits for no provider that is known to be down.
"""

from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """When it opens, and for how long.

    Attributes:
        failures: Failures in a row that open it.
        open_s: Seconds it stays open: a restart or a failover at the provider takes about as long.
        probe_s: Seconds after which a probe that never reported makes room for another; longer than any call.
        longest_pause_s: Seconds that a provider's own Retry-After keeps it open at most, so that one odd header does
            not turn it off for a day.
    """

    failures: int = 5
    open_s: float = 15.0
    probe_s: float = 100.0
    longest_pause_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Closed:
    """Calls go through; `failures` in a row so far."""

    failures: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """No call goes through until `until_s`; after that, one does."""

    until_s: float


@dataclass(frozen=True, slots=True)
class Probing:
    """One call is trying the provider; the others wait for what it finds, at most until `until_s`."""

    until_s: float


State = Closed | Open | Probing


class Admission(Enum):
    """Whether a call may be made."""

    CALL = auto()
    PROBE = auto()
    REFUSED = auto()


class Outcome(Enum):
    """What became of a call that was admitted."""

    BEGUN = auto()
    """Its first token came: the provider serves again."""
    WHOLE = auto()
    FAILED = auto()
    ABANDONED = auto()
    """The visitor left, or the request itself was at fault: nothing is known about the provider."""


def admitted(state: State, now_s: float, rules: BreakerRules) -> tuple[State, Admission]:
    """Whether a call may be made now, and the state after that was said.

    Args:
        state: The breaker's state.
        now_s: Monotonic seconds.
        rules: When it opens.
    """
    match state:
        case Closed():
            return state, Admission.CALL
        case Open(until_s) | Probing(until_s) if now_s >= until_s:
            return Probing(now_s + rules.probe_s), Admission.PROBE
        case Open() | Probing():
            return state, Admission.REFUSED


def after(state: State, admission: Admission, outcome: Outcome, now_s: float, rules: BreakerRules) -> State:
    """The state after an admitted call came to something.

    The outcome of a call that was made before the breaker opened changes nothing: the probe decides.

    Args:
        state: The breaker's state.
        admission: What the call was admitted as.
        outcome: What became of it.
        now_s: Monotonic seconds.
        rules: When it opens.
    """
    match state:
        case Closed(failures):
            return _closed_after(failures, outcome, now_s, rules)
        case Probing() if admission is Admission.PROBE:
            return _probed(outcome, now_s, rules)
        case Open() | Probing():
            return state


def paused(state: State, pause_s: float, now_s: float, rules: BreakerRules) -> State:
    """The state after the provider asked to be left alone (Retry-After).

    Args:
        state: The breaker's state.
        pause_s: Seconds it asked for.
        now_s: Monotonic seconds.
        rules: When it opens.
    """
    until_s = now_s + min(pause_s, rules.longest_pause_s)
    return Open(max(state.until_s, until_s)) if isinstance(state, Open) else Open(until_s)


def _closed_after(failures: int, outcome: Outcome, now_s: float, rules: BreakerRules) -> State:
    match outcome:
        case Outcome.WHOLE:
            return Closed()
        case Outcome.FAILED if failures + 1 >= rules.failures:
            return Open(now_s + rules.open_s)
        case Outcome.FAILED:
            return Closed(failures + 1)
        case Outcome.BEGUN | Outcome.ABANDONED:
            return Closed(failures)


def _probed(outcome: Outcome, now_s: float, rules: BreakerRules) -> State:
    match outcome:
        case Outcome.WHOLE:
            return Closed()
        case Outcome.BEGUN:
            # Others may call, and the next failure opens it at once: a stream that always breaks off is no recovery.
            return Closed(rules.failures - 1)
        case Outcome.FAILED:
            return Open(now_s + rules.open_s)
        case Outcome.ABANDONED:
            return Open(now_s)  # whoever comes next tries it
