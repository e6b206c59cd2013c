"""Cache-Control in responses: RFC 9111 section 5.2.2, with RFC 5861 (stale-*) and RFC 8246 (immutable).

A cache reads what it can, so nothing here is an error: what is not valid is named in `CacheControl.invalid`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from launchready.parse.rfc9110 import OWS, QUOTED_STRING, TOKEN, split_outside_quotes, unquote

DELTA_SECONDS_CAP: Final = 2**31
"""Any larger number of seconds counts as this one (RFC 9111 section 1.2.2)."""

MAX_FIELD_CHARS: Final = 65_536
"""What is read of a field: servers and browsers refuse header sections far below this (nginx: 8 KiB a line)."""


@dataclass(frozen=True, slots=True)
class CacheControl:
    """The directives of a response, in seconds where they are durations; None where a directive is absent or invalid.

    Attributes:
        max_age_s: For any cache.
        s_maxage_s: For shared caches, in place of `max_age_s`.
        no_store: Must not be stored.
        no_cache: Must not be reused without asking the origin, unless it is restricted to `no_cache_fields`.
        no_cache_fields: Lower-case names of the fields a qualified `no-cache="…"` is restricted to.
        private: Must not be stored by a shared cache, unless it is restricted to `private_fields`.
        private_fields: Lower-case names of the fields a qualified `private="…"` is restricted to.
        public: May be stored even where that would be forbidden, as after Authorization.
        immutable: Does not change while it is fresh: no need to ask on reload (RFC 8246).
        must_revalidate: Must not be reused stale.
        proxy_revalidate: The same for shared caches.
        no_transform: Intermediaries must not change the content, compress it for instance.
        must_understand: To be stored only by a cache that understands the status code; then it outweighs `no_store`.
        stale_while_revalidate_s: How long it may be reused stale while it is fetched anew (RFC 5861 section 3).
        stale_if_error_s: How long it may be reused stale while the origin fails (RFC 5861 section 4).
        unknown: Lower-case names of directives that are none of these, in order, each once.
        duplicated: Lower-case names that occurred more than once; the first counts (section 4.2.1).
        invalid: Lower-case names of directives whose argument is not valid, missing, or out of place, in order, each
            once; an element that is no directive at all appears as the empty string. Caches are encouraged to treat
            a response with an invalid lifetime as stale (section 4.2.1).
    """

    max_age_s: int | None
    s_maxage_s: int | None
    no_store: bool
    no_cache: bool
    no_cache_fields: tuple[str, ...]
    private: bool
    private_fields: tuple[str, ...]
    public: bool
    immutable: bool
    must_revalidate: bool
    proxy_revalidate: bool
    no_transform: bool
    must_understand: bool
    stale_while_revalidate_s: int | None
    stale_if_error_s: int | None
    unknown: tuple[str, ...]
    duplicated: tuple[str, ...]
    invalid: tuple[str, ...]


# RFC 9111 sections 1.2.2 and 5.2, with the list rule of RFC 9110 section 5.6.1 (empty elements are ignored):
#
#   Cache-Control   = #cache-directive
#   cache-directive = token [ "=" ( token / quoted-string ) ]
#   delta-seconds   = 1*DIGIT
#
# Section 5.2: recipients ought to accept both forms of an argument, token and quoted-string.
_DIRECTIVE: Final = re.compile(rf"({TOKEN})(?:=({TOKEN}|{QUOTED_STRING}))?")
_FIELD_NAME: Final = re.compile(TOKEN)
_DIGITS: Final = re.compile(r"[0-9]+")
_SECONDS: Final = frozenset({"max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"})
_FIELD_LISTS: Final = frozenset({"no-cache", "private"})
_BARE: Final = frozenset(
    {"no-store", "public", "immutable", "must-revalidate", "proxy-revalidate", "no-transform", "must-understand"}
)


def parse_delta_seconds(text: str) -> int | None:
    """A number of seconds, at most DELTA_SECONDS_CAP; None where the text is not 1*DIGIT (RFC 9111 section 1.2.2)."""
    if not _DIGITS.fullmatch(text):
        return None
    digits = text.lstrip("0")
    return (
        DELTA_SECONDS_CAP if len(digits) > len(str(DELTA_SECONDS_CAP)) else min(int(digits or "0"), DELTA_SECONDS_CAP)
    )


def parse_cache_control(values: Sequence[str]) -> CacheControl:
    """Read the Cache-Control fields of one response, one string a field line, in order.

    No line at all gives a value with nothing set. What lies beyond MAX_FIELD_CHARS is not read, and counts as an
    element that is no directive.

    A directive with no argument that has one all the same (`no-store=1`) counts as present, and is named in
    `invalid`; `immutable` is only present (RFC 8246 section 2: arguments are to be ignored). A `no-cache` or
    `private` whose list of fields is not valid counts as unqualified, which is the stricter reading.
    """
    field = ", ".join(values)
    reading = _Reading()
    for element in split_outside_quotes(field[:MAX_FIELD_CHARS], ","):
        if element:
            reading.take(element)
    if len(field) > MAX_FIELD_CHARS:
        reading.invalid[""] = None
    return reading.result()


class _Reading:
    """One pass over the directives; dictionaries stand for ordered sets of names."""

    def __init__(self) -> None:
        self.arguments: dict[str, str | None] = {}
        self.duplicated: dict[str, None] = {}
        self.invalid: dict[str, None] = {}

    def take(self, element: str) -> None:
        match = _DIRECTIVE.fullmatch(element)
        if match is None:
            self.invalid[_broken_name(element)] = None
            return
        name, argument = match[1].lower(), match[2]
        if name in self.arguments:
            self.duplicated[name] = None
        else:
            self.arguments[name] = argument

    def result(self) -> CacheControl:
        no_cache, no_cache_fields = self._field_list("no-cache")
        private, private_fields = self._field_list("private")
        return CacheControl(
            max_age_s=self._seconds("max-age"),
            s_maxage_s=self._seconds("s-maxage"),
            no_store=self._bare("no-store"),
            no_cache=no_cache,
            no_cache_fields=no_cache_fields,
            private=private,
            private_fields=private_fields,
            public=self._bare("public"),
            immutable="immutable" in self.arguments,
            must_revalidate=self._bare("must-revalidate"),
            proxy_revalidate=self._bare("proxy-revalidate"),
            no_transform=self._bare("no-transform"),
            must_understand=self._bare("must-understand"),
            stale_while_revalidate_s=self._seconds("stale-while-revalidate"),
            stale_if_error_s=self._seconds("stale-if-error"),
            unknown=tuple(name for name in self.arguments if name not in _SECONDS | _FIELD_LISTS | _BARE),
            duplicated=tuple(self.duplicated),
            invalid=tuple(self.invalid),
        )

    def _seconds(self, name: str) -> int | None:
        if name not in self.arguments:
            return None
        argument = self.arguments[name]
        seconds = None if argument is None else parse_delta_seconds(unquote(argument))
        if seconds is None:
            self.invalid[name] = None
        return seconds

    def _bare(self, name: str) -> bool:
        if self.arguments.get(name) is not None:
            self.invalid[name] = None
        return name in self.arguments

    def _field_list(self, name: str) -> tuple[bool, tuple[str, ...]]:
        """Whether the directive holds for the whole response, and else the fields it is restricted to."""
        argument = self.arguments.get(name)
        if argument is None:
            return name in self.arguments, ()
        fields = tuple(field.strip(OWS).lower() for field in unquote(argument).split(",") if field.strip(OWS))
        if fields and all(_FIELD_NAME.fullmatch(field) for field in fields):
            return False, fields
        self.invalid[name] = None
        return True, ()


def _broken_name(element: str) -> str:
    """The name an element outside the grammar seems to mean (`max-age = 60`); empty where it is none we know."""
    name = element.partition("=")[0].strip(OWS).lower()
    return name if name in _SECONDS | _FIELD_LISTS | _BARE else ""
