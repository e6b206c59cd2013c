"""What all of HTTP shares: the grammar of fields (RFC 9110 section 5.6), dates included, and what statuses mean."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

# RFC 9110 sections 5.6.2 to 5.6.4:
#
#   token         = 1*tchar
#   tchar         = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~"
#                 / DIGIT / ALPHA
#   OWS           = *( SP / HTAB )
#   quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
#   qdtext        = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
#   quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
#   obs-text      = %x80-FF
TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar's token
QUOTED_STRING: Final = r'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
OWS: Final = " \t"

STATUS_OK: Final = 200
"""RFC 9110 section 15.3.1."""

CLIENT_ERROR: Final = 400
"""From here on an answer shows nothing of what was asked for (RFC 9110 section 15.5)."""

TOO_MANY_REQUESTS: Final = 429
"""Who asks is throttled (RFC 6585 section 4)."""

SERVER_ERROR: Final = 500
"""From here on an answer says nothing of what was asked for (RFC 9110 section 15.6)."""

_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_PIECE: Final = re.compile(r'[^",;\\]+|"(?:[^"\\]|\\.)*"|".*|[,;\\]', re.DOTALL)


def unquote(text: str) -> str:
    """The meaning of a token or quoted-string: the quotes and escapes taken away (RFC 9110 section 5.6.4)."""
    return _QUOTED_PAIR.sub(r"\1", text[1:-1]) if text.startswith('"') else text


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Cut at a comma or semicolon that is not inside a quoted-string, and strip the whitespace around each piece.

    A quote that is never closed runs to the end. Time is linear in the length.
    """
    pieces = [""]
    parts: list[str] = []
    for match in _PIECE.finditer(text):
        if match[0] == separator:
            pieces[-1] = "".join(parts).strip(OWS)
            pieces.append("")
            parts = []
        else:
            parts.append(match[0])
    pieces[-1] = "".join(parts).strip(OWS)
    return pieces


# RFC 9110 section 5.6.7:
#
#   HTTP-date    = IMF-fixdate / obs-date
#   IMF-fixdate  = day-name "," SP 2DIGIT SP month SP 4DIGIT SP time-of-day SP GMT
#   rfc850-date  = day-name-l "," SP 2DIGIT "-" month "-" 2DIGIT SP time-of-day SP GMT
#   asctime-date = day-name SP month SP ( 2DIGIT / ( SP DIGIT ) ) SP time-of-day SP 4DIGIT
#   time-of-day  = hour ":" minute ":" second                      ; 00:00:00 to 23:59:60, a leap second
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})"
_TIME: Final = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"(?:mon|tue|wed|thu|fri|sat|sun), (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT",
        rf"(?:mon|tues|wednes|thurs|fri|satur|sun)day, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT",
        rf"(?:mon|tue|wed|thu|fri|sat|sun) {_MONTH} (?P<day>[0-9 ][0-9]) {_TIME} (?P<year>[0-9]{{4}})",
    )
)
_FUTURE_YEARS: Final = 50
"""A two-digit year that seems further ahead means the century before (section 5.6.7)."""


class HttpDateError(ValueError):
    """The text is no HTTP-date."""


def parse_http_date(text: str, now: datetime) -> datetime:
    """One of the three formats that a recipient must accept (RFC 9110 section 5.6.7), in UTC.

    Letters match in either case, which RFC 9111 section 4.2 asks of caches. The name of the day is not compared with
    the date. A leap second counts as the second after it.

    Args:
        text: the field's value.
        now: what a year of two digits is read by.

    Raises:
        HttpDateError: any other text, a day that no calendar has, or a zone that is not GMT.
    """
    match = next((match for match in (date.fullmatch(text) for date in _DATES) if match), None)
    if match is None:
        raise HttpDateError("it is in none of the formats of an HTTP date")
    year, second = match["year"], int(match["second"])
    leap_s = 1 if second == 60 else 0
    rest = (
        _MONTHS.index(match["month"].lower()) + 1,
        int(match["day"]),
        int(match["hour"]),
        int(match["minute"]),
        second - leap_s,
    )
    try:
        date = datetime(_whole_year(year, rest, now), *rest, tzinfo=UTC)
        return date + timedelta(seconds=leap_s)
    except (ValueError, OverflowError):
        raise HttpDateError("it names a day or a time that does not exist") from None


def _whole_year(digits: str, rest: tuple[int, ...], now: datetime) -> int:
    """The year; of one with two digits that which is not more than 50 years ahead of now."""
    if len(digits) == 4:
        return int(digits)
    year = now.year - now.year % 100 + int(digits)
    limit = (now.year + _FUTURE_YEARS, *now.timetuple()[1:6])
    return year - 100 if (year, *rest) > limit else year
