"""Structured fields: lists and items, RFC 9651 (which takes the place of RFC 8941).

Parsing is strict, as section 4.2 demands: a field that is not valid is ignored as a whole by its recipients, so here
it is an error as a whole.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

MAX_FIELD_CHARS: Final = 65_536
"""What is read of a field: over this it is an error. Servers refuse header sections far below it."""


class StructuredFieldError(ValueError):
    """The text is no structured field of the wanted type."""


@dataclass(frozen=True, slots=True)
class SfToken:
    """A token, told apart from a string of the same letters."""

    text: str


@dataclass(frozen=True, slots=True)
class SfDate:
    """Seconds since 1970-01-01T00:00:00Z."""

    at_s: int


@dataclass(frozen=True, slots=True)
class SfDisplayString:
    """Text that may hold any character."""

    text: str


BareItem = int | Decimal | str | SfToken | bytes | bool | SfDate | SfDisplayString
Parameters = dict[str, BareItem]


@dataclass(frozen=True, slots=True)
class SfItem:
    """A value with its parameters; of a name given twice the last value, as section 4.2.3.2 has it."""

    value: BareItem
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SfInnerList:
    """Items in parentheses with the parameters of the whole."""

    items: tuple[SfItem, ...]
    parameters: Parameters = field(default_factory=dict)


# RFC 9651 sections 3.1.2 and 3.3:
#
#   key        = ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" )
#   sf-integer = ["-"] 1*15DIGIT
#   sf-decimal = ["-"] 1*12DIGIT "." 1*3DIGIT
#   sf-string  = DQUOTE *( %x20-21 / %x23-5B / %x5D-7E / "\" ( DQUOTE / "\" ) ) DQUOTE
#   sf-token   = ( ALPHA / "*" ) *( tchar / ":" / "/" )
#   sf-binary  = ":" *base64 ":"
#   sf-boolean = "?" ( "0" / "1" )
#   sf-date    = "@" sf-integer
#   sf-displaystring = "%" DQUOTE *( %x20-21 / %x23-24 / %x26-7E / "%" 2lc-hexdig ) DQUOTE
_KEY: Final = re.compile(r"[a-z*][a-z0-9_.*-]*")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}\.[0-9]{1,3}")
_STRING: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_TOKEN: Final = re.compile(r"[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*")
_BINARY: Final = re.compile(r":([A-Za-z0-9+/=]*):")
_BOOLEAN: Final = re.compile(r"\?([01])")
_DISPLAY: Final = re.compile(r'%"((?:[ !#$&-~]|%[0-9a-f]{2})*)"')
_ESCAPE: Final = re.compile(r"\\(.)")
_PERCENT: Final = re.compile(r"%([0-9a-f]{2})")
_OWS: Final = re.compile(r"[ \t]*")
_SPACES: Final = re.compile(r" *")


def parse_list(values: tuple[str, ...]) -> tuple[SfItem | SfInnerList, ...]:
    """A list (section 4.2.1) from the lines of one field, in order; no line, and an empty one, are the empty list.

    Raises:
        StructuredFieldError: it is none.
    """
    reader = _Reader(", ".join(values))
    members: list[SfItem | SfInnerList] = []
    while not reader.is_done():
        members.append(reader.inner_list() if reader.peek == "(" else reader.item())
        reader.skip(_OWS)
        if reader.is_done():
            break
        reader.expect(",")
        reader.skip(_OWS)
        if reader.is_done():
            raise StructuredFieldError("the list ends with a comma")
    return tuple(members)


def parse_item(value: str) -> SfItem:
    """One item (section 4.2.3).

    Raises:
        StructuredFieldError: it is none, or more than one.
    """
    reader = _Reader(value)
    item = reader.item()
    if not reader.is_done():
        raise StructuredFieldError("something follows the item")
    return item


class _Reader:
    """A text and how far it was read."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_FIELD_CHARS:
            raise StructuredFieldError("the field is too long")
        self._text = text.strip(" ")
        self._at = 0

    def is_done(self) -> bool:
        return self._at == len(self._text)

    @property
    def peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Read what a pattern that also matches nothing finds here."""
        match = pattern.match(self._text, self._at)
        assert match is not None
        self._at = match.end()
        return match[0]

    def take(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise StructuredFieldError(f"there is no {what} where one is due")
        self._at = match.end()
        return match

    def expect(self, character: str) -> None:
        if self.peek != character:
            raise StructuredFieldError(f"there is no {character!r} where one is due")
        self._at += 1

    def inner_list(self) -> SfInnerList:
        self.expect("(")
        items: list[SfItem] = []
        while True:
            self.skip(_SPACES)
            if self.peek == ")":
                self._at += 1
                return SfInnerList(tuple(items), self.parameters())
            items.append(self.item())
            if self.peek not in {" ", ")"}:
                raise StructuredFieldError("the inner list has no end")

    def item(self) -> SfItem:
        return SfItem(self.bare_item(), self.parameters())

    def parameters(self) -> Parameters:
        found: Parameters = {}
        while self.peek == ";":
            self._at += 1
            self.skip(_SPACES)
            key = self.take(_KEY, "parameter")[0]
            found[key] = True
            if self.peek == "=":
                self._at += 1
                found[key] = self.bare_item()
        return found

    def bare_item(self) -> BareItem:
        match self.peek:
            case "@":
                return self.date()
            case "-" | "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9":
                return self.number()
            case first:
                return self.delimited(first)

    def delimited(self, first: str) -> BareItem:
        """An item that its first character tells from the others; a token is told by having none of theirs."""
        match first:
            case '"':
                return _ESCAPE.sub(r"\1", self.take(_STRING, "string")[1])
            case ":":
                return _binary(self.take(_BINARY, "byte sequence")[1])
            case "?":
                return self.take(_BOOLEAN, "boolean")[1] == "1"
            case "%":
                return _display_string(self.take(_DISPLAY, "display string")[1])
            case _:
                return SfToken(self.take(_TOKEN, "item")[0])

    def number(self) -> int | Decimal:
        text = self.take(_NUMBER, "number")[0]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        raise StructuredFieldError("the number is too long, or ends with its point")

    def date(self) -> SfDate:
        self.expect("@")
        number = self.number()
        if isinstance(number, Decimal):
            raise StructuredFieldError("a date is a whole number of seconds")
        return SfDate(number)


def _binary(text: str) -> bytes:
    """Base64, its padding made up where it is missing, which section 4.2.7 wants to be accepted."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        raise StructuredFieldError("the byte sequence is no base64") from None


def _display_string(text: str) -> SfDisplayString:
    raw = _PERCENT.sub(lambda match: chr(int(match[1], 16)), text).encode("latin-1")
    try:
        return SfDisplayString(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise StructuredFieldError("the display string is no UTF-8") from None
