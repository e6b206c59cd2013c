"""What a style sheet loads: `@import`, `url()` and `image-set()`, by the tokens of CSS Syntax Level 3.

https://www.w3.org/TR/css-syntax-3/ section 4; nothing is an error there, and nothing here.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

# The tokens that matter (section 4.3), each in linear time. A string ends at a newline (bad-string-token), a comment
# or string that is not closed takes the rest.
_ESCAPE: Final = r"\\(?:[0-9A-Fa-f]{1,6}(?:\r\n|[ \t\r\n\f])?|[^\n\r\f0-9A-Fa-f])"
_NAME: Final = rf"(?:[A-Za-z0-9_\-\u0080-\U0010FFFF]|{_ESCAPE})+"
_TOKENS: Final = re.compile(
    rf"(?P<comment>/\*)"
    rf"|(?P<string>[\"'])"
    rf"|(?P<at>@{_NAME})"
    rf"|(?P<name>{_NAME})(?P<call>\()?"
    r"|(?P<mark>[{};:()])"
)
_STRINGS: Final = {
    '"': re.compile(rf"(?:[^\"\\\n\r\f]|{_ESCAPE}|\\(?:\r\n|[\n\r\f]))*"),
    "'": re.compile(rf"(?:[^'\\\n\r\f]|{_ESCAPE}|\\(?:\r\n|[\n\r\f]))*"),
}
_URL: Final = re.compile(
    rf"[ \t\r\n\f]*((?:[^\"'()\\ \t\r\n\f\x00-\x08\x0b\x0e-\x1f\x7f]|{_ESCAPE})*)[ \t\r\n\f]*(?P<end>\)|\Z)?"
)
_QUOTE_FOLLOWS: Final = re.compile(r"[ \t\r\n\f]*(?=[\"'])")
_AN_ESCAPE: Final = re.compile(
    r"\\(?:(?P<hex>[0-9A-Fa-f]{1,6})(?:\r\n|[ \t\r\n\f])?|(?P<line>\r\n|[\n\r\f])|(?P<char>[^\n\r\f]))"
)
_MAX_CODE_POINT: Final = 0x10FFFF


class CssLoadKind(Enum):
    """What is loaded. Browsers block style sheets and fonts that come over plain http, and upgrade images."""

    IMPORT = "style sheet"
    FONT = "font"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class CssLoad:
    """One address as written, escapes undone."""

    url: str
    kind: CssLoadKind


SHEETS_REMEMBERED: Final = 24
"""Style sheets whose reading is kept, by their text: the hosts of a product often share them."""


@functools.lru_cache(maxsize=SHEETS_REMEMBERED)
def read_loads(text: str, *, is_attribute: bool = False) -> tuple[CssLoad, ...]:
    """What a style sheet loads, in order.

    Left out is what loads nothing: comments, `@namespace`, an `@import` after other rules, custom properties (used
    or not, nobody knows), and addresses that are empty.

    Args:
        text: a style sheet, or the content of a `style` attribute.
        is_attribute: whether it is the latter, which has declarations and no rules.
    """
    return tuple(load for load in _Reader(text, is_attribute=is_attribute).loads() if load.url)


class _Reader:
    """Walks over the tokens with the little context that tells what an address is for."""

    def __init__(self, text: str, *, is_attribute: bool) -> None:
        self._text = text
        self._at = 0
        self._depth = 1 if is_attribute else 0
        self._rule = ""  # the at-rule whose prelude we are in
        self._blocks: list[str] = []  # the at-rules whose blocks we are in
        self._property = ""
        self._functions: list[str] = []
        self._imports_are_over = is_attribute

    def loads(self) -> Iterator[CssLoad]:
        while (token := _TOKENS.search(self._text, self._at)) is not None:
            self._at = token.end()
            match token.lastgroup:
                case "comment":
                    end = self._text.find("*/", self._at)
                    self._at = len(self._text) if end < 0 else end + 2
                case "string":
                    yield from self._string(self._quoted(token["string"]))
                case "at":
                    self._rule = _plain(token["at"]).lower()
                    self._property = ""
                case "call":
                    yield from self._function(_plain(token["name"]).lower())
                case "name":
                    self._word(_plain(token["name"]).lower())
                case _:
                    self._mark(token["mark"])

    def _quoted(self, quote: str) -> str:
        """The text up to the quote or the end; nothing where a newline makes it a bad string (section 4.3.5)."""
        found = _STRINGS[quote].match(self._text, self._at)
        assert found is not None, "the pattern matches nothing at all, too"
        self._at = found.end() + 1
        return "" if self._text[found.end() : self._at] in {"\n", "\r", "\f"} else _plain(found[0])

    def _function(self, name: str) -> Iterator[CssLoad]:
        if name != "url":
            self._functions.append("url" if name == "src" else name)
        elif _QUOTE_FOLLOWS.match(self._text, self._at):
            self._functions.append("url")
        else:
            url = _URL.match(self._text, self._at)
            assert url is not None, "the pattern matches nothing at all, too"
            self._at = url.end()
            if url["end"] is None:  # a bad url: skipped to its end (section 4.3.14)
                self._at = (self._text.find(")", self._at) + 1) or len(self._text)
            else:
                yield from self._load(_plain(url[1]))

    def _string(self, text: str) -> Iterator[CssLoad]:
        function = self._functions[-1] if self._functions else ""
        if function == "url" or function.endswith("image-set") or (self._rule == "@import" and not self._functions):
            yield from self._load(text)

    def _load(self, url: str) -> Iterator[CssLoad]:
        if self._rule == "@import":
            if not self._imports_are_over:
                yield CssLoad(url, CssLoadKind.IMPORT)
            self._rule = "@import, done"  # what follows are its conditions
        elif not self._rule and self._depth and self._property and not self._property.startswith("--"):
            is_font = "@font-face" in self._blocks
            yield CssLoad(url, CssLoadKind.FONT if is_font else CssLoadKind.IMAGE)

    def _word(self, name: str) -> None:
        if not self._property and not self._rule:
            self._property = name

    def _mark(self, mark: str) -> None:
        match mark:
            case "{":
                self._blocks.append(self._rule)
                self._depth += 1
                self._start_over(imports_are_over=True)
            case "}":
                if self._blocks:
                    self._blocks.pop()
                    self._depth -= 1
                self._start_over(imports_are_over=True)
            case ";":
                self._start_over(imports_are_over=self._rule not in _BEFORE_IMPORTS)
            case "(":
                self._functions.append("")
            case ")" if self._functions:
                self._functions.pop()

    def _start_over(self, *, imports_are_over: bool) -> None:
        self._rule = self._property = ""
        self._functions.clear()
        self._imports_are_over |= imports_are_over


_BEFORE_IMPORTS: Final = frozenset({"@charset", "@layer", "@import", "@import, done"})


def _plain(text: str) -> str:
    """Escapes undone (section 4.3.7)."""
    return _AN_ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    if escape["line"]:
        return ""
    if escape["hex"] is None:
        return escape["char"]
    number = int(escape["hex"], 16)
    is_none = number == 0 or number > _MAX_CODE_POINT or 0xD800 <= number <= 0xDFFF
    return "\ufffd" if is_none else chr(number)
