"""SPF macros: RFC 7208 section 7."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from launchready.parse.inquiry import MAX_NAME_CHARS

# RFC 7208 section 7.1 (the grammar of domain-spec and macro-string is above `rfc7208`), and section 6.2:
#
#   explain-string = *( macro-string / SP )
#   macro-expand   = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
#   transformers   = *DIGIT [ "r" ]
_MACRO: Final = re.compile(
    r"%\{(?P<letter>[slodiphcrtv])(?P<digits>[0-9]*)(?P<reverse>r?)(?P<delimiters>[-.+,/_=]*)\}|%(?P<escape>[%_-])",
    re.IGNORECASE | re.ASCII,
)
_EXPLAIN_TOKEN: Final = re.compile(
    r"[ !-$&-~]+|%(?:\{[slodiphcrtv](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|[%_-])", re.IGNORECASE | re.ASCII
)
_ESCAPES: Final = {"%": "%", "_": " ", "-": "%20"}
_MOST_PARTS_DIGITS: Final = 4
"""A number of more digits keeps all parts of a value of at most a thousand characters; int() is slow on long ones."""


def uses_macro(text: str, letter: str) -> bool:
    """Whether a macro-string has a macro of the given letter, in either case."""
    return any((match["letter"] or "").lower() == letter for match in _MACRO.finditer(text))


def is_explain_string(text: str) -> bool:
    """Whether a text is an explain-string (RFC 7208 section 6.2): printable ASCII whose macros are all well made."""
    end = 0
    for token in _EXPLAIN_TOKEN.finditer(text):
        if token.start() != end:
            return False
        end = token.end()
    return end == len(text)


def expand(text: str, values: Mapping[str, str]) -> str:
    """Replace the macros of a valid macro-string or explain-string (RFC 7208 section 7.3).

    Args:
        text: The string, its grammar already checked.
        values: What each macro letter, in lower case, stands for.
    """
    return _MACRO.sub(lambda match: _replacement(match, values), text)


def _replacement(match: re.Match[str], values: Mapping[str, str]) -> str:
    if match["escape"]:
        return _ESCAPES[match["escape"]]
    letter = match["letter"]
    value = _transformed(values[letter.lower()], match["digits"], match["delimiters"], reverse=bool(match["reverse"]))
    # Upper case asks for URL escaping of all but RFC 3986's unreserved characters, which `quote` leaves alone.
    return quote(value, safe="") if letter.isupper() else value


def _transformed(value: str, digits: str, delimiters: str, *, reverse: bool) -> str:
    """Split at the delimiters, reverse, keep the right-hand parts, join with dots: in this order."""
    if not digits and not reverse and not delimiters:
        return value
    parts = re.split(f"[{re.escape(delimiters or '.')}]", value)
    if reverse:
        parts.reverse()
    wanted = digits.lstrip("0")
    if wanted and len(wanted) <= _MOST_PARTS_DIGITS:
        parts = parts[-int(wanted) :]
    return ".".join(parts)


def as_target(expanded: str) -> str:
    """An expanded domain-spec as a name to ask for: no last dot, and at most 253 characters.

    Labels are taken off at the left until it fits (RFC 7208 section 7.3). It may still be no name (`is_name`).
    """
    name = expanded.removesuffix(".")
    if len(name) <= MAX_NAME_CHARS:
        return name
    return name[-MAX_NAME_CHARS - 1 :].partition(".")[2]
