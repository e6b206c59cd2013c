"""HTML text into tags and text, with the standard library's parser kept to linear time.

The library's parser looks for the end of a comment or tag again and again where there is none, which takes hours
on a hostile page. The HTML standard (section 13.2.5, tokenization) says where such constructs end, and so do we.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Final

MAX_PAGE_CHARS: Final = 2_000_000
"""What is read of a page: a megabyte of HTML is beyond the 99th percentile of the web (HTTP Archive, Web Almanac)."""

MAX_TOKENS: Final = 100_000
"""Tags and runs of text that are read: a page of 2 MB with one every twenty characters has that many."""


@dataclass(frozen=True, slots=True)
class StartTag:
    """A start tag: name and attribute names in lower case, the first of each attribute, "" for one without value."""

    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EndTag:
    """An end tag, its name in lower case."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text, character references resolved except in scripts and styles."""

    text: str


Token = StartTag | EndTag | Text


def tokenize(text: str) -> tuple[list[Token], bool]:
    """Cut any text into tokens, in order, without comments and declarations.

    Returns:
        The tokens, and whether the page went beyond MAX_PAGE_CHARS or MAX_TOKENS and was read up to there.
    """
    reader = _Tokenizer()
    kept = text[:MAX_PAGE_CHARS]
    # No tag ends after the last ">".
    end = kept.rfind(">") + 1
    try:
        reader.feed(kept[:end])
        reader.close()
        reader.unfinished(kept[end:])
    except _TooManyTokensError:
        return reader.tokens, True
    return reader.tokens, len(text) > MAX_PAGE_CHARS


class _TooManyTokensError(Exception):
    """The page has more tokens than are read."""


_TEXT_ONLY: Final = frozenset({"title", "textarea"})  # elements whose content is text, tags or not (RCDATA)
_TAG_OPEN: Final = re.compile(r"<[A-Za-z/!?]")
_COMMENT_END: Final = re.compile(r"--!?>")


class _Tokenizer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        self._text_only: str | None = None
        self._in_comment = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._text_only is not None:
            self._add(Text(self.get_starttag_text() or ""))
            return
        if tag in _TEXT_ONLY:
            self._text_only = tag
        self._add(StartTag(tag, {name: value or "" for name, value in reversed(attrs)}))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The standard ignores the slash of `<p/>`; the library would report an end tag of its own.
        self.handle_starttag(tag, attrs)
        if tag in self.CDATA_CONTENT_ELEMENTS and self._text_only is None:
            self.set_cdata_mode(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._text_only in {None, tag}:
            self._text_only = None
            self._add(EndTag(tag))
        else:
            self._add(Text(f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        self._add(Text(data))

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: ARG002 - the library's signature
        """A comment ends at `-->` or `--!>`, in `<!-->` too; one that is not closed takes the rest of the page."""
        found = _COMMENT_END.search(self.rawdata, i + 2)
        self._in_comment = found is None
        return found.end() if found else len(self.rawdata)

    def parse_html_declaration(self, i: int) -> int:
        """All else that begins with `<!` ends at the next `>`."""
        if self.rawdata.startswith("<!--", i):
            return self.parse_comment(i)
        return self.rawdata.find(">", i) + 1 or len(self.rawdata)

    def unfinished(self, rest: str) -> None:
        """Take what follows the last `>`: text, up to a tag that never ends."""
        text = _TAG_OPEN.split(rest, maxsplit=1)[0]
        if text and not self._in_comment:
            self._add(Text(unescape(text)))

    def _add(self, token: Token) -> None:
        if len(self.tokens) >= MAX_TOKENS:
            raise _TooManyTokensError
        self.tokens.append(token)
