"""How a model provider can take a question: well, or in one of the ways in which real ones fail."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

RAMP: Final = (0.5, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 60.0)
"""Seconds before the first word of ten calls in a row: from usual to hopeless, as in an overload; the next is well."""
SLOW_FIRST_S: Final = 30.0
"""Seconds before the first word: past any patience, and within what clients that wait for bytes allow."""
STALL_S: Final = 120.0
"""Longer than any client waits: a stall is a stream that never goes on."""
LONGEST_S: Final = 3600.0
"""Seconds that `seconds` may say: a slip of the finger keeps nothing busy for days."""
MOST_TIMES: Final = 1_000_000
"""Calls that `times` may say: more than any test makes."""


class ProviderMood(StrEnum):
    """How the provider takes a question; the values are what the control endpoint and `--mood` take."""

    ANSWERS = "ok"
    SLOW = "slow-first-token"
    """Nothing but headers until the first word, `seconds` later (30)."""
    STALLS = "stall"
    """Some words, then nothing for `seconds` (120). Without streaming: nothing at all."""
    CUTS = "cut"
    """The stream ends in order, without its last event."""
    CUTS_CONNECTION = "cut-connection"
    """The connection closes in the middle of the answer."""
    CUTS_CHARACTER = "cut-utf8"
    """The connection closes between two bytes of one character."""
    BUSY = "rate-limited-retry-after"
    """429 with Retry-After."""
    BUSY_FOR_EVER = "rate-limited"
    """429 without Retry-After."""
    NO_CREDIT = "insufficient-quota"
    """429 that no waiting mends: the bill was not paid."""
    BROKEN = "error-500"
    OVERLOADED = "error-503"
    REFUSES_KEY = "wrong-key"
    """401."""
    NO_MODEL = "wrong-model"
    """404: there is no model of that name."""
    TOO_LONG = "context-overflow"
    """400: the talk is longer than the model reads."""
    ERROR_EVENT = "error-event"
    """An error among the events of a stream that began well."""
    MALFORMED = "malformed"
    """An event that is no JSON."""
    EMPTY = "empty"
    """An answer of no words."""
    NO_BODY = "no-body"
    """200 and not one byte."""
    WRONG_TYPE = "wrong-type"
    """A page of HTML with 200, as proxies send it."""
    ENDLESS = "endless"
    """Word after word, for an hour."""
    HUGE = "huge-token"
    """One token of 100 MB."""
    ENDLESS_LINE = "endless-line"
    """An event whose line does not end."""
    PINGS = "pings"
    """Comments that keep the connection alive, and no answer."""
    RAMP = "latency-ramp"
    """Ten calls that wait longer and longer, 0.5 to 60 s; the eleventh is well again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How one call is taken.

    Attributes:
        mood: The mood.
        seconds: How long it waits where the mood waits; None for its own time. For the ramp, its longest wait.
        count: How many calls this mood has taken before.
    """

    mood: ProviderMood
    seconds: float | None = None
    count: int = 0

    @property
    def wait_s(self) -> float:
        """Seconds before the first word."""
        match self.mood:
            case ProviderMood.SLOW:
                return SLOW_FIRST_S if self.seconds is None else self.seconds
            case ProviderMood.RAMP if self.count < len(RAMP):
                longest_s = RAMP[-1] if self.seconds is None else self.seconds
                return RAMP[self.count] * longest_s / RAMP[-1]
            case _:
                return 0.0

    @property
    def stall_s(self) -> float:
        """Seconds of silence in a stall."""
        return STALL_S if self.seconds is None else self.seconds


class Moods(Protocol):
    """Says how calls are taken."""

    def now(self) -> Turn:
        """How one would be taken now."""

    def take(self) -> Turn:
        """How this one is taken; it counts."""


class Following:
    """The mood that somebody else keeps, such as a scene.

    Args:
        mood: Says what it is now.
    """

    def __init__(self, mood: Callable[[], ProviderMood]) -> None:
        self._mood = mood
        self._last = ProviderMood.ANSWERS
        self._taken = 0

    def now(self) -> Turn:
        """How a call would be taken now."""
        mood = self._mood()
        if mood is not self._last:
            self._last, self._taken = mood, 0
        return Turn(mood, None, self._taken)

    def take(self) -> Turn:
        """How this call is taken."""
        turn = self.now()
        self._taken += 1
        return turn


class Switch:
    """A mood that can be switched from outside, for good or for a number of calls."""

    def __init__(self, mood: ProviderMood = ProviderMood.ANSWERS) -> None:
        self.set(mood)

    def set(self, mood: ProviderMood, seconds: float | None = None, times: int | None = None) -> None:
        """From now on calls are taken so.

        Args:
            mood: The mood.
            seconds: How long it waits where it waits; None for its own time.
            times: How many calls; after them it is `ok` again. None for all.
        """
        self._mood, self._seconds, self._times, self._taken = mood, seconds, times, 0

    @property
    def left(self) -> int | None:
        """How many calls are still taken so; None for all."""
        return None if self._times is None else max(0, self._times - self._taken)

    def now(self) -> Turn:
        """How a call would be taken now."""
        if self.left == 0:
            return Turn(ProviderMood.ANSWERS)
        return Turn(self._mood, self._seconds, self._taken)

    def take(self) -> Turn:
        """How this call is taken."""
        turn = self.now()
        self._taken += 1
        return turn
