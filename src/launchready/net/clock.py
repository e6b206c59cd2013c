"""The two clocks, as a value that is handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` reads the wall clock in UTC; `tick` reads a steady clock in seconds, good for differences only."""

    now: Callable[[], datetime]
    tick: Callable[[], float]
