"""Strict-Transport-Security: RFC 6797 section 6.1, with the `preload` of hstspreload.org."""

import re
from dataclasses import dataclass
from typing import Final

from launchready.parse.rfc9110 import OWS, QUOTED_STRING, TOKEN, split_outside_quotes, unquote
from launchready.parse.rfc9111 import parse_delta_seconds

MAX_FIELD_CHARS: Final = 8_192
"""A valid field has some 60 characters; servers refuse to send one much longer than this (nginx: 8 KiB a line)."""


class HstsError(ValueError):
    """The field is one that browsers ignore (RFC 6797 section 8.1)."""


@dataclass(frozen=True, slots=True)
class Hsts:
    """A policy browsers take up.

    Attributes:
        max_age_s: How long they keep it, in seconds, at most 2**31; 0 makes them forget it.
        include_subdomains: Whether it holds for all subdomains too.
        preload: Whether the owner consents to be built into browsers (https://hstspreload.org, not in the RFC). With a
            value, it is another directive.
    """

    max_age_s: int
    include_subdomains: bool
    preload: bool


# RFC 6797 section 6.1, with the implied whitespace of RFC 2616 section 2.1 around tokens:
#
#   Strict-Transport-Security = [ directive ] *( ";" [ directive ] )
#   directive                 = directive-name [ "=" directive-value ]
#   directive-name            = token
#   directive-value           = token | quoted-string
_DIRECTIVE: Final = re.compile(rf"({TOKEN})(?:[ \t]*=[ \t]*({TOKEN}|{QUOTED_STRING}))?")


def parse_hsts(text: str) -> Hsts:
    """Read one field; of several in a response, browsers take the first (RFC 6797 section 8.1).

    Unknown directives are ignored, as section 6.1 says.

    Raises:
        HstsError: the field does not keep to the grammar, repeats a directive, lacks `max-age`, gives one that is not
            a number, gives `includeSubDomains` a value, or is longer than MAX_FIELD_CHARS.
    """
    if len(text) > MAX_FIELD_CHARS:
        raise HstsError(f"longer than {MAX_FIELD_CHARS} characters")
    directives = _directives(text)
    max_age = directives.get("max-age")
    if max_age is None:
        raise HstsError("no max-age, or one without a value")
    seconds = parse_delta_seconds(unquote(max_age))
    if seconds is None:
        raise HstsError("max-age is not a number of seconds")
    if directives.get("includesubdomains") is not None:
        raise HstsError("includeSubDomains takes no value")
    return Hsts(seconds, "includesubdomains" in directives, directives.get("preload", "") is None)


def _directives(text: str) -> dict[str, str | None]:
    pieces = [piece for piece in split_outside_quotes(text, ";") if piece.strip(OWS)]
    matches = [match for piece in pieces if (match := _DIRECTIVE.fullmatch(piece))]
    if len(matches) < len(pieces):
        raise HstsError("a directive is neither a name nor name=value")
    directives: dict[str, str | None] = {}
    for match in matches:
        name = match[1].lower()
        if name in directives:
            raise HstsError(f"{name} occurs more than once")
        directives[name] = match[2]
    return directives
