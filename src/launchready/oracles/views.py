"""All texts that a text may be read as: decoded, two deep, and bounded in number and size."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from launchready.oracles.decoders import MIN_READABLE, PICKS, SPANS, WHOLES, Decoder

MAX_DEPTH: Final = 2
"""Encodings within encodings: bots that leak by order of an attacker use one, seldom two."""

MAX_VIEWS: Final = 200
"""Texts for one text; a reply that has more is made to have them."""

MAX_DEEP_CHARS: Final = 20_000
"""Characters of a text that are decoded: a leak in an answer longer than any chat's is found as it stands."""

MAX_AGAIN_CHARS: Final = 3_000
"""Characters of a decoded text that is decoded again: what is encoded twice is a value, and no essay."""

MAX_ALL_CHARS: Final = 200_000
"""Characters of all decoded texts together."""

SEEN: Final = 512
"""Texts whose views are kept: each attack comes back in many attempts."""


@dataclass(frozen=True, slots=True)
class View:
    """One reading. `chain` names what was undone, the outermost first; empty for the text itself.

    `is_letterwise` is true where every letter was moved, so that numbers and structure are those of the text.
    """

    text: str
    chain: tuple[str, ...] = ()
    is_letterwise: bool = False

    @property
    def name(self) -> str:
        """The chain in words; "as it stands" for the text itself."""
        return " in ".join(reversed(self.chain)) or "as it stands"


@lru_cache(maxsize=SEEN)
def views(text: str) -> tuple[View, ...]:
    """The text itself, and every text that it decodes to, without doubles."""
    found = [View(text)]
    seen = {text}
    level = [View(text[:MAX_DEEP_CHARS])]
    room = MAX_ALL_CHARS
    for _ in range(MAX_DEPTH):
        following = list[View]()
        for view in level:
            for inner in _decoded(view):
                if inner.text in seen or len(found) >= MAX_VIEWS or len(inner.text) > room:
                    continue
                seen.add(inner.text)
                found.append(inner)
                if len(inner.text) <= MAX_AGAIN_CHARS:
                    following.append(inner)
                room -= len(inner.text)
        level = following
    return tuple(found)


def _decoded(view: View) -> Iterator[View]:
    if view.chain and view.chain[-1] in PICKS:
        return
    yield from _by(SPANS, view, is_letterwise=view.is_letterwise)
    if not view.is_letterwise:
        yield from _by(PICKS, view, is_letterwise=False)
        yield from _by(WHOLES, view, is_letterwise=True)


def _by(decoders: dict[str, Decoder], view: View, *, is_letterwise: bool) -> Iterator[View]:
    for name, decode in decoders.items():
        if is_letterwise and name in view.chain:
            continue
        for text in decode(view.text):
            if len(text) >= MIN_READABLE:
                yield View(text, (*view.chain, name), is_letterwise)
