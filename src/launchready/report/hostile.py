"""Text that came from a target may try to rule our terminal or page; here it becomes something to look at only.

What is made harmless: control characters (an ANSI escape begins with one), characters that turn the reading
direction, characters that have no width, and sizes that would bury the rest of the report. Every renderer still
escapes for its own syntax afterwards.
"""

import unicodedata

LINE_LIMIT_CHARS = 1_200
"""An inline text; about fifteen lines in a terminal, more than any paragraph of ours."""

BLOCK_LIMIT_CHARS = 20_000
"""A block to paste; far above any configuration that a check writes, so that nothing real is cut."""

# Control, format (direction, zero width, tags), surrogate, private use, and the separators that break lines.
UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters by category, but blank to the eye: Hangul fillers.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def printable(text: str, limit: int = LINE_LIMIT_CHARS) -> str:
    """One line that is safe to show: line breaks become spaces, unsafe characters become visible escapes.

    Args:
        text: anything.
        limit: characters to show before the rest becomes a count.
    """
    line = " ".join(_cut(text, limit).split())
    return "".join(_visible(character) for character in line)


def printable_block(text: str) -> str:
    """Several lines that are safe to show and copy: line breaks and tabs stay, unsafe characters become visible."""
    block = _cut(text, BLOCK_LIMIT_CHARS).replace("\r\n", "\n").strip("\n")
    return "".join(c if c in "\n\t" else _visible(c) for c in block)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … ({len(text) - limit:,} more characters)"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in UNSAFE_CATEGORIES and character not in BLANK_LETTERS:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
