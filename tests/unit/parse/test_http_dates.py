"""HTTP dates: RFC 9110 section 5.6.7 and what RFC 9111 section 4.2 adds for caches."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc9110 import HttpDateError, parse_http_date

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
EXAMPLE = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",  # the three that section 5.6.7 prints
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "sun, 06 nov 1994 08:49:37 gmt",  # RFC 9111 section 4.2
        "Mon, 06 Nov 1994 08:49:37 GMT",  # the day's name is not compared
    ],
)
def test_the_three_printed_formats_are_one_moment(text: str) -> None:
    assert parse_http_date(text, NOW) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT\n",
        "Sun, 0\u0666 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:60 GMT",
    ],
)
def test_any_other_text_is_an_error(text: str) -> None:
    with pytest.raises(HttpDateError):
        parse_http_date(text, NOW)


def test_a_leap_second_is_the_second_after_it() -> None:
    assert parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", NOW) == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Monday, 01-Jul-76 11:59:59 GMT", 2076),
        ("Monday, 01-Jul-76 12:00:00 GMT", 2076),
        ("Monday, 01-Jul-76 12:00:01 GMT", 1976),  # more than fifty years ahead
        ("Monday, 01-Jul-00 12:00:01 GMT", 2000),
        ("Thursday, 29-Feb-96 00:00:00 GMT", 1996),
    ],
)
def test_a_year_of_two_digits_is_at_most_fifty_years_ahead(text: str, year: int) -> None:
    assert parse_http_date(text, NOW).year == year


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001 - gets UTC below
def test_what_the_standard_library_writes_is_read_as_it_reads_it(moment: datetime) -> None:
    text = format_datetime(moment.replace(tzinfo=UTC, microsecond=0), usegmt=True)
    assert parse_http_date(text, NOW) == parsedate_to_datetime(text) == moment.replace(tzinfo=UTC, microsecond=0)


@given(st.text(max_size=40), st.timedeltas(timedelta(0), timedelta(days=30_000)))
def test_any_text_is_a_date_or_an_error(text: str, later: timedelta) -> None:
    with suppress(HttpDateError):
        assert parse_http_date(text, NOW + later).tzinfo is UTC
