"""Link fields of HTTP: RFC 8288 section 3."""

import re
from dataclasses import dataclass
from typing import Final

from launchready.parse.rfc9110 import QUOTED_STRING, TOKEN, unquote

# RFC 8288 section 3:
#
#   Link       = #link-value
#   link-value = "<" URI-Reference ">" *( OWS ";" OWS link-param )
#   link-param = token BWS [ "=" BWS ( token / quoted-string ) ]
_TARGET: Final = re.compile(r"<([^<>]*)>")
_PARAMETER: Final = re.compile(rf"[ \t]*;[ \t]*({TOKEN})(?:[ \t]*=[ \t]*({TOKEN}|{QUOTED_STRING}))?")
_EMPTY_PARAMETER: Final = re.compile(r"[ \t]*;(?=[ \t]*(?:[;,]|$))")
_END: Final = re.compile(r"[ \t]*(?:,|$)")
_BETWEEN: Final = re.compile(r"[ \t,]*")


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its target as written, and the relation types of its first `rel` in lower case.

    Links that speak of another page than the one they came with (`anchor`) are marked.
    """

    target: str
    relations: frozenset[str]
    has_anchor: bool = False


class LinkError(ValueError):
    """The field is no list of links."""


def parse_links(field: str) -> tuple[Link, ...]:
    """The links of one field value, in order. Time is linear in its length.

    Raises:
        LinkError: the value does not follow the grammar.
    """
    links: list[Link] = []
    at = _after(_BETWEEN, field, 0)
    while at < len(field):
        target = _TARGET.match(field, at)
        if target is None:
            raise LinkError(f"a link begins with < at {at}")
        parameters, at = _parameters(field, target.end())
        links.append(_link(target[1], parameters))
        if _END.match(field, at) is None:
            raise LinkError(f"neither a parameter nor a comma at {at}")
        at = _after(_BETWEEN, field, at)
    return tuple(links)


def _parameters(field: str, at: int) -> tuple[list[tuple[str, str]], int]:
    found: list[tuple[str, str]] = []
    while True:
        match = _PARAMETER.match(field, at)
        if match is not None:
            found.append((match[1].lower(), unquote(match[2] or "")))
        else:
            match = _EMPTY_PARAMETER.match(field, at)
        if match is None:
            return found, at
        at = match.end()


def _link(target: str, parameters: list[tuple[str, str]]) -> Link:
    rel = next((value for name, value in parameters if name == "rel"), "")
    return Link(target.strip(), frozenset(rel.lower().split()), any(name == "anchor" for name, _ in parameters))


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()
