"""Caching: RFC 9111, its Cache-Control with RFC 5861 (stale-*) and RFC 8246 (immutable).

A cache reads what it can, so nothing here is an error: what is not valid is named in `CacheControl.invalid`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from launchready.parse.rfc9110 import (
    OWS,
    QUOTED_STRING,
    TOKEN,
    HttpDateError,
    parse_http_date,
    split_outside_quotes,
    unquote,
)

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

    @property
    def shared_for_s(self) -> int:
        """For how many seconds its directives alone tell a shared cache that it may answer without asking; 0: not."""
        lifetime_s = self.max_age_s if self.s_maxage_s is None else self.s_maxage_s
        return 0 if self.no_store or self.private or self.no_cache else lifetime_s or 0


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


HEURISTICALLY_CACHEABLE: Final = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
"""Statuses that a cache may keep although nothing says for how long (RFC 9110 section 15.1)."""

HEURISTIC_FRACTION: Final = 10
"""A cache that has to guess takes a tenth of the time since the last change (RFC 9111 section 4.2.2)."""

FINAL: Final = 200
"""Below are interim responses, which no cache stores (RFC 9111 section 3)."""


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """What a cache reads of the response to a GET.

    Attributes:
        status: Of the response.
        control: Its Cache-Control.
        asked_with_authorization: Whether the request carried Authorization.
        received_at: When it came.
        date_at: Its Date, or else when it came (RFC 9110 section 6.6.1).
        expires_at: Its Expires; the earliest of times where that is no date, such as "0" (section 5.3). None where
            there is none.
        last_modified_at: Its Last-Modified; None where there is none that is a date.
        age_s: Its Age; 0 where there is none that is a number (section 5.1).
        varies_by_anything: Whether Vary holds "*", so that it answers no other request (section 4.1).
    """

    status: int
    control: CacheControl
    asked_with_authorization: bool
    received_at: datetime
    date_at: datetime
    expires_at: datetime | None
    last_modified_at: datetime | None
    age_s: int
    varies_by_anything: bool


def read_response(
    status: int,
    headers: Sequence[tuple[str, str]],
    received_at: datetime,
    *,
    asked_with_authorization: bool = False,
) -> CachedResponse:
    """What a cache reads of a response.

    Of a field that should be there once, the first line counts (RFC 9111 sections 4.2.1 and 5.1). Where there is no
    Cache-Control at all, `Pragma: no-cache` is not read either: section 5.4 gives it no meaning in responses.

    Args:
        status: the status code.
        headers: (lower-case name, value), in order.
        received_at: when it came, with a time zone.
        asked_with_authorization: whether the request carried Authorization.
    """

    def first(name: str) -> str | None:
        return next((value for key, value in headers if key == name), None)

    def date(name: str) -> datetime | None:
        value = first(name)
        try:
            return None if value is None else parse_http_date(value.strip(OWS), received_at)
        except HttpDateError:
            return None

    vary = ", ".join(value for key, value in headers if key == "vary")
    never = datetime.min.replace(tzinfo=received_at.tzinfo)
    return CachedResponse(
        status=status,
        control=parse_cache_control([value for key, value in headers if key == "cache-control"]),
        asked_with_authorization=asked_with_authorization,
        received_at=received_at,
        date_at=date("date") or received_at,
        expires_at=None if first("expires") is None else date("expires") or never,
        last_modified_at=date("last-modified"),
        age_s=parse_delta_seconds((first("age") or "").partition(",")[0].strip(OWS)) or 0,
        varies_by_anything="*" in {member.strip(OWS) for member in vary.split(",")},
    )


class Basis(StrEnum):
    """What a lifetime rests on."""

    S_MAXAGE = "s-maxage"
    MAX_AGE = "max-age"
    EXPIRES = "Expires"
    HEURISTIC = "a guess from Last-Modified"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """For how many seconds after it was made a response is fresh, and what says so."""

    seconds: int
    basis: Basis


def freshness_lifetime(response: CachedResponse, *, shared: bool) -> Lifetime:
    """How long a response is fresh (RFC 9111 section 4.2.1), for a shared cache or a browser's own.

    A lifetime that is there and not valid counts as none at all, as section 4.2.1 encourages. A guess is only made
    where section 4.2.2 allows it, and without a Last-Modified it is that there is no lifetime.
    """
    control = response.control
    named = ((Basis.S_MAXAGE, "s-maxage", control.s_maxage_s),) if shared else ()
    for basis, name, seconds in (*named, (Basis.MAX_AGE, "max-age", control.max_age_s)):
        if seconds is not None:
            return Lifetime(seconds, basis)
        if name in control.invalid:
            return Lifetime(0, basis)
    if response.expires_at is not None:
        return Lifetime(_seconds_between(response.date_at, response.expires_at), Basis.EXPIRES)
    if response.last_modified_at is None or not _may_be_guessed(response):
        return Lifetime(0, Basis.NOTHING)
    since_change_s = _seconds_between(response.last_modified_at, response.date_at)
    return Lifetime(since_change_s // HEURISTIC_FRACTION, Basis.HEURISTIC)


def current_age_s(response: CachedResponse, now: datetime, *, response_delay_s: int = 0) -> int:
    """How old a response is (RFC 9111 section 4.2.3).

    Args:
        response: as it came.
        now: not before it came.
        response_delay_s: seconds from the request to its coming.
    """
    apparent_age_s = _seconds_between(response.date_at, response.received_at)
    corrected_age_s = response.age_s + response_delay_s
    return max(apparent_age_s, corrected_age_s) + _seconds_between(response.received_at, now)


def may_be_stored(response: CachedResponse, *, shared: bool) -> bool:
    """Whether a cache may keep the response to a GET (RFC 9111 section 3), one that understands every status.

    A qualified `private` keeps only the named fields out (section 5.2.2.7).
    """
    control = response.control
    if response.status < FINAL or (control.no_store and not control.must_understand):
        return False
    if shared and control.private:
        return False
    allowed_with_login = control.must_revalidate or control.public or control.s_maxage_s is not None
    if shared and response.asked_with_authorization and not allowed_with_login:
        return False
    explicit = (
        control.public
        or (control.private and not shared)
        or response.expires_at is not None
        or control.max_age_s is not None
        or (shared and control.s_maxage_s is not None)
    )
    return explicit or response.status in HEURISTICALLY_CACHEABLE


def fresh_for_s(response: CachedResponse, *, shared: bool) -> int:
    """For how many seconds after it came a cache may answer with it without asking; 0 where it must ask each time."""
    must_ask = response.control.no_cache or response.varies_by_anything
    if must_ask or not may_be_stored(response, shared=shared):
        return 0
    lifetime = freshness_lifetime(response, shared=shared)
    return max(0, lifetime.seconds - current_age_s(response, response.received_at))


def field_is_kept(response: CachedResponse, name: str, *, shared: bool) -> bool:
    """Whether a cache that answers without asking answers with this field too (RFC 9111 sections 5.2.2.4, 5.2.2.7)."""
    control = response.control
    left_out = control.no_cache_fields + (control.private_fields if shared else ())
    return name.lower() not in left_out


def _may_be_guessed(response: CachedResponse) -> bool:
    return response.status in HEURISTICALLY_CACHEABLE or response.control.public


def _seconds_between(earlier: datetime, later: datetime) -> int:
    """Whole seconds, and 0 where the order is the other way round."""
    return max(0, int((later - earlier).total_seconds()))
