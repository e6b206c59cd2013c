"""A text in all its views, made ready for quick searches, and where in it something was found."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from launchready.oracles.fold import leet, looking, phonetic, readings, sounding, squash, visible
from launchready.oracles.views import SEEN, View, views

EDGE: Final = "\n"
"""Stands between views in joined texts, and in no squashed text."""

SEEN_BY_SIGN: Final = 16
"""Texts that are kept sign by sign: those of one attempt, in which values are shown one after the other."""

SIGNS: Final = 4096
"""Different signs whose letters are kept; an answer has some hundred."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts of several views in one, and where each begins."""

    text: str
    starts: tuple[int, ...]
    owners: tuple[View, ...]

    def owner(self, position: int) -> View:
        """The view that a position belongs to."""
        return self.owners[bisect_right(self.starts, position) - 1]


@dataclass(frozen=True, slots=True)
class Hay:
    """What is searched for planted values.

    Attributes:
        views: all of them.
        squashed: letters and digits of all views but the letterwise, for which the values are respelled.
        leeted: the same with digits and signs as letters.
        plain: the same views in ASCII, with words and signs.
        sounds: those that are not in ASCII, as they sound.
    """

    views: tuple[View, ...]
    squashed: Joined
    leeted: Joined
    plain: Joined
    sounds: Joined


@lru_cache(maxsize=SEEN)
def hay_of(text: str) -> Hay:
    """A text made ready; kept, for the words of an attack come back in many attempts."""
    found = views(text)
    structural = [view for view in found if not view.is_letterwise]
    plain = [(view, reading) for view in structural for reading in readings(view.text)]
    return Hay(
        found,
        _joined([(view, squash(reading)) for view, reading in plain]),
        _joined([(view, leet(reading)) for view, reading in plain]),
        _joined(plain),
        _joined([(view, phonetic(reading)) for view, reading in plain if not view.text.isascii()]),
    )


def _joined(parts: list[tuple[View, str]]) -> Joined:
    starts, at = list[int](), 0
    for _, text in parts:
        starts.append(at)
        at += len(text) + len(EDGE)
    return Joined(EDGE.join(text for _, text in parts), tuple(starts), tuple(view for view, _ in parts))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in characters."""

    start: int
    end: int


def locate(text: str, needle: str) -> Span | None:
    """Where a squashed needle stands in a text that was not squashed; None where it does not stand in one piece."""
    for letters, ends in _read_by_sign(text):
        at = letters.find(needle)
        if at >= 0:
            return Span(bisect_right(ends, at), bisect_right(ends, at + len(needle) - 1) + 1)
    return None


@lru_cache(maxsize=SEEN_BY_SIGN)
def _read_by_sign(text: str) -> tuple[tuple[str, list[int]], ...]:
    """A text squashed sign by sign, by sound and by look, and where in that each sign ends."""
    by_sign = [[*map(read, text)] for read in ((_sound,) if text.isascii() else (_sound, _look))]
    return tuple(("".join(letters), [*accumulate(map(len, letters))]) for letters in by_sign)


@lru_cache(maxsize=SIGNS)
def _sound(sign: str) -> str:
    return squash(sounding(visible(sign)))


@lru_cache(maxsize=SIGNS)
def _look(sign: str) -> str:
    return squash(looking(visible(sign)))
