"""Set-Cookie, read as browsers do: the algorithm of RFC 6265bis section 5.6.

RFC 6265bis is draft-ietf-httpbis-rfc6265bis; its section numbers are used here.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

MAX_NAME_VALUE_OCTETS: Final = 4096
"""A cookie whose name and value are longer in sum is ignored (RFC 6265bis section 5.6, step 5)."""

MAX_ATTRIBUTE_VALUE_OCTETS: Final = 1024
"""An attribute whose value is longer is ignored (RFC 6265bis section 5.6, step 6 of the attributes)."""

COOKIE_AGE_LIMIT_S: Final = 400 * 24 * 3600
"""Browsers keep no cookie longer than 400 days (RFC 6265bis section 5.5)."""

MAX_FIELD_CHARS: Final = 65_536
"""What is read of a field; browsers and servers refuse header lines far below this (nginx: 8 KiB)."""


class SetCookieError(ValueError):
    """The field is one that browsers ignore as a whole (RFC 6265bis section 5.6)."""


class SameSite(Enum):
    """With which requests from other sites the cookie goes (RFC 6265bis section 5.6.7)."""

    STRICT = "Strict"
    LAX = "Lax"
    NONE = "None"
    DEFAULT = "Default"
    """Absent or unknown: browsers choose, mostly Lax."""


class Prefix(Enum):
    """What the cookie's name promises (RFC 6265bis section 4.1.3)."""

    HOST = "__Host-"
    SECURE = "__Secure-"
    NONE = ""


@dataclass(frozen=True, slots=True)
class SetCookie:
    """A cookie as a browser reads it. The value is a secret and is not kept, only its size.

    Attributes:
        name: The name; empty where the field has no "=" before the first ";".
        value_size_bytes: Octets of the value.
        domain: In lower case, without a leading dot; None where the cookie is for the host alone.
        path: None where the browser derives it from the URL: absent, or not beginning with "/".
        secure: Over TLS alone.
        http_only: Not for scripts.
        same_site: `SameSite`.
        max_age_s: Seconds to live, from 0 (delete now) to COOKIE_AGE_LIMIT_S; None where absent or invalid.
        expires: The date of the last `Expires` that browsers can read; None where there is none.
        partitioned: Whether each site that it is used from has one of its own (CHIPS).
        prefix: What the name promises; compared without case, as section 5.7 does.
        prefix_honoured: Whether the cookie keeps that promise; where not, browsers reject it (section 5.7).
    """

    name: str
    value_size_bytes: int
    domain: str | None
    path: str | None
    secure: bool
    http_only: bool
    same_site: SameSite
    max_age_s: int | None
    expires: datetime | None
    partitioned: bool
    prefix: Prefix
    prefix_honoured: bool


# The algorithm takes what no grammar would; for servers, section 4.1.1 has:
#
#   set-cookie-string = BWS cookie-pair *( BWS ";" OWS cookie-av )
#   cookie-pair       = cookie-name BWS "=" BWS cookie-value
#   cookie-av         = expires-av / max-age-av / domain-av / path-av / secure-av / httponly-av / samesite-av
_WSP: Final = " \t"
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MAX_AGE: Final = re.compile(r"(-?)([0-9]+)")
_SAME_SITES: Final = {site.value.lower(): site for site in (SameSite.NONE, SameSite.STRICT, SameSite.LAX)}


def parse_set_cookie(text: str) -> SetCookie:
    """Read one Set-Cookie field, decoded as ISO-8859-1 so that one character is one octet.

    Raises:
        SetCookieError: a control character, a name and value beyond MAX_NAME_VALUE_OCTETS, no name and no value, a
            value that poses as a prefixed name, a Domain that is not ASCII, or more than MAX_FIELD_CHARS characters.
    """
    if len(text) > MAX_FIELD_CHARS:
        raise SetCookieError(f"longer than {MAX_FIELD_CHARS} characters")
    if _FORBIDDEN.search(text):
        raise SetCookieError("contains a control character")
    pair, _, unparsed = text.partition(";")
    before, equals, after = pair.partition("=")
    name, value = (before.strip(_WSP), after.strip(_WSP)) if equals else ("", pair.strip(_WSP))
    _check_pair(name, value)
    attributes = _attributes(unparsed)
    domain, path = _domain(attributes), _path(attributes)
    secure = "secure" in attributes
    prefix = _prefix(name)
    return SetCookie(
        name=name,
        value_size_bytes=len(value),
        domain=domain,
        path=path,
        secure=secure,
        http_only="httponly" in attributes,
        same_site=_same_site(attributes),
        max_age_s=_max_age_s(attributes),
        expires=_expires(attributes),
        partitioned="partitioned" in attributes,
        prefix=prefix,
        prefix_honoured=_honours(prefix, secure=secure, domain=domain, path=path),
    )


def _check_pair(name: str, value: str) -> None:
    if len(name) + len(value) > MAX_NAME_VALUE_OCTETS:
        raise SetCookieError(f"name and value have more than {MAX_NAME_VALUE_OCTETS} octets")
    if not name and not value:
        raise SetCookieError("neither a name nor a value")
    if not name and _prefix(value) is not Prefix.NONE:
        raise SetCookieError("a value without a name poses as a prefixed name")


def _attributes(unparsed: str) -> dict[str, list[str]]:
    """The values given for each attribute, by lower-case name, in order."""
    attributes: dict[str, list[str]] = {}
    for piece in unparsed.split(";"):
        name, _, value = piece.partition("=")
        value = value.strip(_WSP)
        if len(value) <= MAX_ATTRIBUTE_VALUE_OCTETS:
            attributes.setdefault(name.strip(_WSP).lower(), []).append(value)
    return attributes


def _domain(attributes: dict[str, list[str]]) -> str | None:
    """Section 5.6.3; of several the last counts (section 5.7), and an empty one leaves the host alone."""
    domain = attributes.get("domain", [""])[-1].removeprefix(".").lower()
    if not domain.isascii():
        raise SetCookieError("the Domain attribute is not ASCII")
    return domain or None


def _path(attributes: dict[str, list[str]]) -> str | None:
    """Section 5.6.4; of several the last counts (section 5.7)."""
    path = attributes.get("path", [""])[-1]
    return path if path.startswith("/") else None


def _max_age_s(attributes: dict[str, list[str]]) -> int | None:
    """Section 5.6.2: values that are no number are ignored, and of the others the last counts."""
    numbers = [match for value in attributes.get("max-age", []) if (match := _MAX_AGE.fullmatch(value))]
    if not numbers:
        return None
    minus, digits = numbers[-1].groups()
    digits = digits.lstrip("0")
    if minus or not digits:
        return 0
    return COOKIE_AGE_LIMIT_S if len(digits) > len(str(COOKIE_AGE_LIMIT_S)) else min(int(digits), COOKIE_AGE_LIMIT_S)


def _expires(attributes: dict[str, list[str]]) -> datetime | None:
    """Section 5.6.1: values that are no date are ignored, and of the others the last counts (section 5.7)."""
    dates = [date for value in attributes.get("expires", []) if (date := parse_cookie_date(value)) is not None]
    return dates[-1] if dates else None


def _same_site(attributes: dict[str, list[str]]) -> SameSite:
    """Section 5.6.7; of several the last counts (section 5.7), known or not."""
    return _SAME_SITES.get(attributes.get("samesite", [""])[-1].lower(), SameSite.DEFAULT)


def _prefix(name: str) -> Prefix:
    lower = name.lower()
    return next(prefix for prefix in Prefix if lower.startswith(prefix.value.lower()))


def _honours(prefix: Prefix, *, secure: bool, domain: str | None, path: str | None) -> bool:
    """Section 4.1.3: both want Secure; __Host- also Path=/ and no Domain."""
    match prefix:
        case Prefix.HOST:
            return secure and domain is None and path == "/"
        case Prefix.SECURE:
            return secure
        case Prefix.NONE:
            return True


# RFC 6265bis section 5.1.1:
#
#   cookie-date  = *delimiter date-token-list *delimiter
#   delimiter    = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
#   time         = time-field ":" time-field ":" time-field [ non-digit *OCTET ]
#   day-of-month = 1*2DIGIT [ non-digit *OCTET ]
#   month        = ( "jan" / "feb" / … / "dec" ) *OCTET
#   year         = 2*4DIGIT [ non-digit *OCTET ]
_DATE_DELIMITERS: Final = re.compile(r"[\t -/;-@\[-`{-~]+")
_DATE_PARTS: Final = (
    ("time", re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")),
    ("day", re.compile(r"([0-9]{1,2})(?![0-9])")),
    ("month", re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)),
    ("year", re.compile(r"([0-9]{2,4})(?![0-9])")),
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_COOKIE_YEAR: Final = 1601
"""A year before this makes a cookie date unreadable (RFC 6265bis section 5.1.1)."""


def parse_cookie_date(text: str) -> datetime | None:
    """The moment that browsers read in a text (RFC 6265bis section 5.1.1), in UTC; None where they read none."""
    found: dict[str, tuple[str, ...]] = {}
    for word in _DATE_DELIMITERS.split(text):
        for name, pattern in _DATE_PARTS:
            if name not in found and (match := pattern.match(word)):
                found[name] = match.groups()
                break
    if len(found) < len(_DATE_PARTS):
        return None
    year, month = _full_year(int(found["year"][0])), _MONTHS.index(found["month"][0].lower()) + 1
    day, (hour, minute, second) = int(found["day"][0]), map(int, found["time"])
    if year < _FIRST_COOKIE_YEAR or not _is_day(year, month, day) or not _is_time(hour, minute, second):
        return None
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _full_year(year: int) -> int:
    if 70 <= year <= 99:
        return year + 1900
    return year + 2000 if year <= 69 else year


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _is_time(hour: int, minute: int, second: int) -> bool:
    return hour <= 23 and minute <= 59 and second <= 59
