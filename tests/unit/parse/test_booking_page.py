"""What can be chosen on a booking page."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.booking_page import embedded_urls, read_moment, start_times

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "html",
    [
        '<form><label><input type=radio name=at value="2026-03-02T09:00Z"> 9</label></form>',
        '<button value="2026-03-02T10:00+01:00">10</button>',
        '<select><option value="2026-03-02 09:00:00Z">9</select>',
        '<a href="/book?x"><time datetime="2026-03-02T09:00:00.000Z">9</time></a>',
        '<button><b><time datetime="2026-03-02T04:00-0500">4</time></b></button>',
    ],
)
def test_a_time_that_can_be_chosen_is_offered(html: str) -> None:
    assert start_times(html) == (NINE,)


@pytest.mark.parametrize(
    "html",
    [
        '<p>Posted <time datetime="2026-03-02T09:00Z">today</time></p>',
        '<a href="/x">book</a> <time datetime="2026-03-02T09:00Z">today</time>',
        '<form><input type=radio value="2026-03-02T09:00Z" disabled></form>',
        '<button disabled><time datetime="2026-03-02T09:00Z">9</time></button>',
        '<form><input value="2026-03-02"><input value="2026-03-02T09:00"><input value="at 2026-03-02T09:00Z"></form>',
        '<form><input value="2026-02-30T09:00Z"></form>',
        '<!-- <button value="2026-03-02T09:00Z"> -->',
        '<script>"<button value=\\"2026-03-02T09:00Z\\">"</script>',
    ],
)
def test_a_time_that_is_only_told_or_can_not_be_chosen_is_not(html: str) -> None:
    assert start_times(html) == ()


def test_times_are_sorted_and_each_is_once() -> None:
    html = "".join(f'<button value="2026-03-0{day}T09:00Z">' for day in (3, 2, 3))
    assert [moment.day for moment in start_times(html)] == [2, 3]


def test_a_moment_outside_the_calendar_is_none() -> None:
    assert read_moment("0001-01-01T00:00+23:59") is None
    assert read_moment("9999-12-31T23:59-23:59") is None


def test_frames_and_the_addresses_that_scripts_make_frames_of_are_found() -> None:
    html = '<iframe src=" https://a.example/x "></iframe><div data-url="https://b.example/y"></div><iframe></iframe>'
    assert embedded_urls(html * 2) == ("https://a.example/x", "https://b.example/y")
    assert embedded_urls('<button data-cal-link="maya/intro">') == ("https://cal.com/maya/intro",)


@given(st.text(alphabet=st.sampled_from('<>/"=abfortime button2026-03T:Z+0'), max_size=400))
def test_any_text_is_a_page(text: str) -> None:
    assert all(moment.tzinfo is UTC for moment in start_times(text))
    assert all(isinstance(url, str) for url in embedded_urls(text))


OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - given by OFFSETS


@given(MOMENTS)
def test_what_the_standard_library_writes_is_read_as_the_same_moment(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert read_moment(moment.isoformat(timespec="milliseconds")) == whole
