"""What caches do with a response: RFC 9111 sections 3, 4.2, 5.1 and 5.3."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc9111 import (
    HEURISTICALLY_CACHEABLE,
    Basis,
    CachedResponse,
    Lifetime,
    current_age_s,
    field_is_kept,
    fresh_for_s,
    freshness_lifetime,
    may_be_stored,
    read_response,
)

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def at(seconds: int) -> str:
    """An HTTP date so many seconds after NOW."""
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


def response(*headers: tuple[str, str], status: int = 200, login: bool = False) -> CachedResponse:
    return read_response(status, headers, NOW, asked_with_authorization=login)


def cached(*control: str, status: int = 200, login: bool = False, **fields: str) -> CachedResponse:
    lines = [("cache-control", value) for value in control]
    named = [(name.replace("_", "-"), value) for name, value in fields.items()]
    return response(*lines, *named, status=status, login=login)


@pytest.mark.parametrize(
    ("made", "browser", "shared"),
    [
        (cached("max-age=5"), Lifetime(5, Basis.MAX_AGE), Lifetime(5, Basis.MAX_AGE)),
        (cached("max-age=5, s-maxage=9"), Lifetime(5, Basis.MAX_AGE), Lifetime(9, Basis.S_MAXAGE)),
        (cached("s-maxage=9"), Lifetime(0, Basis.NOTHING), Lifetime(9, Basis.S_MAXAGE)),
        (cached("max-age=5", expires=at(60)), Lifetime(5, Basis.MAX_AGE), Lifetime(5, Basis.MAX_AGE)),
        (cached(expires=at(60)), Lifetime(60, Basis.EXPIRES), Lifetime(60, Basis.EXPIRES)),
        (cached(expires=at(60), date=at(20)), Lifetime(40, Basis.EXPIRES), Lifetime(40, Basis.EXPIRES)),
        (cached(expires=at(-60)), Lifetime(0, Basis.EXPIRES), Lifetime(0, Basis.EXPIRES)),
        (cached(expires="0"), Lifetime(0, Basis.EXPIRES), Lifetime(0, Basis.EXPIRES)),  # section 5.3
        (cached(expires="0", last_modified=at(-1000)), Lifetime(0, Basis.EXPIRES), Lifetime(0, Basis.EXPIRES)),
        (cached("max-age=x"), Lifetime(0, Basis.MAX_AGE), Lifetime(0, Basis.MAX_AGE)),  # section 4.2.1
        (cached("max-age=x", expires=at(60)), Lifetime(0, Basis.MAX_AGE), Lifetime(0, Basis.MAX_AGE)),
        (cached("max-age=5", "max-age=9"), Lifetime(5, Basis.MAX_AGE), Lifetime(5, Basis.MAX_AGE)),
        (cached(last_modified=at(-1000)), Lifetime(100, Basis.HEURISTIC), Lifetime(100, Basis.HEURISTIC)),
        (cached(last_modified=at(10)), Lifetime(0, Basis.HEURISTIC), Lifetime(0, Basis.HEURISTIC)),
        (cached(last_modified=at(-1000), status=403), Lifetime(0, Basis.NOTHING), Lifetime(0, Basis.NOTHING)),
        (
            cached("public", last_modified=at(-1000), status=403),  # section 4.2.2: or marked as public
            Lifetime(100, Basis.HEURISTIC),
            Lifetime(100, Basis.HEURISTIC),
        ),
        (cached(), Lifetime(0, Basis.NOTHING), Lifetime(0, Basis.NOTHING)),
    ],
)
def test_the_lifetime_is_the_first_that_matches(made: CachedResponse, browser: Lifetime, shared: Lifetime) -> None:
    assert freshness_lifetime(made, shared=False) == browser
    assert freshness_lifetime(made, shared=True) == shared


def test_of_two_lines_of_expires_the_first_counts() -> None:
    two = response(("expires", at(60)), ("expires", at(600)))
    assert freshness_lifetime(two, shared=False) == Lifetime(60, Basis.EXPIRES)


@pytest.mark.parametrize(
    ("made", "age_s"),
    [
        (cached(date=at(0)), 0),
        (cached(date=at(-30)), 30),  # apparent age
        (cached(date=at(30)), 0),  # a clock that goes ahead
        (cached(date=at(-30), age="100"), 100),
        (cached(date=at(-30), age="10"), 30),
        (cached(age="100"), 100),
        (cached(age="-1"), 0),  # section 5.1: what is no number is ignored
        (cached(age="1.5"), 0),
        (cached(age="7, 200"), 7),  # section 5.1: of a list the first
        (response(("age", "7"), ("age", "200")), 7),
        (cached(age="9" * 30), 2**31),
        (cached(date="yesterday", age="3"), 3),
    ],
)
def test_the_age_is_what_the_rfc_calculates(made: CachedResponse, age_s: int) -> None:
    assert current_age_s(made, NOW) == age_s
    assert current_age_s(made, NOW + timedelta(seconds=40)) == age_s + 40


def test_the_delay_of_the_response_counts_beside_age_alone() -> None:
    """Section 4.2.3: corrected_age_value = age_value + response_delay; apparent_age is not corrected."""
    assert current_age_s(cached(age="100", date=at(-30)), NOW, response_delay_s=8) == 108
    assert current_age_s(cached(age="10", date=at(-30)), NOW, response_delay_s=8) == 30


@pytest.mark.parametrize(
    ("made", "browser", "shared"),
    [
        (cached(), True, True),  # 200 is heuristically cacheable
        (cached(status=206), True, True),
        (cached(status=302), False, False),
        (cached(status=302, expires=at(60)), True, True),
        (cached("max-age=0", status=500), True, True),
        (cached("public", status=302), True, True),
        (cached("private", status=302), True, False),
        (cached("s-maxage=5", status=302), False, True),
        (cached("max-age=x", status=302), False, False),
        (cached("max-age=5", status=103), False, False),
        (cached("no-store"), False, False),
        (cached("no-store, max-age=60, public"), False, False),
        (cached("no-store, must-understand, max-age=60"), True, True),  # section 5.2.2.3
        (cached("no-cache"), True, True),
        (cached("private, max-age=60"), True, False),
        (cached('private="set-cookie", max-age=60'), True, True),  # section 5.2.2.7
        (cached('private="", max-age=60'), True, False),  # not valid, so unqualified
        (cached("max-age=60", login=True), True, False),  # section 3.5
        (cached("max-age=60, public", login=True), True, True),
        (cached("max-age=60, must-revalidate", login=True), True, True),
        (cached("s-maxage=60", login=True), True, True),
        (cached("max-age=60, proxy-revalidate", login=True), True, False),
        (cached("public, private", login=True), True, False),
    ],
)
def test_what_may_be_stored_by_whom(made: CachedResponse, browser: bool, shared: bool) -> None:
    assert may_be_stored(made, shared=False) is browser
    assert may_be_stored(made, shared=True) is shared


def test_the_statuses_that_may_be_kept_by_guess_are_those_of_the_rfc() -> None:
    """RFC 9110 section 15.1, word for word."""
    assert sorted(HEURISTICALLY_CACHEABLE) == [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]


@pytest.mark.parametrize(
    ("made", "browser_s", "shared_s"),
    [
        (cached("max-age=60"), 60, 60),
        (cached("max-age=60", age="20"), 40, 40),
        (cached("max-age=60", age="60"), 0, 0),
        (cached("max-age=60", age="61"), 0, 0),
        (cached("max-age=60, no-cache"), 0, 0),
        (cached('max-age=60, no-cache="set-cookie"'), 60, 60),
        (cached("max-age=60, no-store"), 0, 0),
        (cached("max-age=60, private"), 60, 0),
        (cached("max-age=60", vary="*"), 0, 0),
        (cached("max-age=60", vary="Accept-Encoding, *"), 0, 0),
        (cached("max-age=60", vary="Accept-Encoding"), 60, 60),
        (cached("max-age=60, immutable"), 60, 60),
        (cached("immutable"), 0, 0),  # RFC 8246 section 2: only within the freshness lifetime
        (cached(pragma="no-cache", expires=at(60)), 60, 60),  # section 5.4: no meaning in a response
    ],
)
def test_how_long_a_cache_answers_without_asking(made: CachedResponse, browser_s: int, shared_s: int) -> None:
    assert fresh_for_s(made, shared=False) == browser_s
    assert fresh_for_s(made, shared=True) == shared_s


def test_a_qualified_directive_keeps_the_named_field_out() -> None:
    assert field_is_kept(cached("max-age=60"), "Set-Cookie", shared=True)
    assert not field_is_kept(cached('max-age=60, private="Set-Cookie"'), "set-cookie", shared=True)
    assert field_is_kept(cached('max-age=60, private="Set-Cookie"'), "set-cookie", shared=False)
    assert not field_is_kept(cached("max-age=60, no-cache=Set-Cookie"), "Set-Cookie", shared=False)


CONTROLS = st.lists(
    st.sampled_from(
        ["public", "private", "no-store", "no-cache", "must-revalidate", "max-age=60", "s-maxage=9", "max-age=x"]
    ),
    max_size=4,
).map(", ".join)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["cache-control", "expires", "date", "age", "last-modified", "vary"]), st.text() | CONTROLS
    ),
    max_size=6,
)


@given(HEADERS, st.integers(100, 999), st.booleans())
def test_any_headers_are_read_and_a_shared_cache_never_stores_more_than_it_may(
    headers: list[tuple[str, str]], status: int, login: bool
) -> None:
    made = read_response(status, headers, NOW, asked_with_authorization=login)
    for shared in (True, False):
        assert fresh_for_s(made, shared=shared) >= 0
        if not may_be_stored(made, shared=shared):
            assert fresh_for_s(made, shared=shared) == 0
    if may_be_stored(made, shared=True):
        assert may_be_stored(made, shared=False) or made.control.s_maxage_s is not None


@given(HEADERS, st.integers(100, 599), CONTROLS)
def test_no_store_and_private_only_ever_take_away(headers: list[tuple[str, str]], status: int, more: str) -> None:
    before = read_response(status, [*headers, ("cache-control", more)], NOW)
    stricter = read_response(status, [*headers, ("cache-control", f"{more}, private")], NOW)
    forbidden = read_response(status, [*headers, ("cache-control", f"no-store, {more}")], NOW)
    assert fresh_for_s(stricter, shared=True) <= fresh_for_s(before, shared=True)
    assert fresh_for_s(forbidden, shared=False) == 0
