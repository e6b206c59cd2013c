"""The checks of `checks/speed/caching.py`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready.checks.speed.caching import (
    edge_cache_cold,
    hashed_asset_uncached,
    html_cached_too_long,
    revalidation_broken,
    set_cookie_cacheable,
    visitor_page_shared,
)
from launchready.facts.caching import AskedAgain, EdgeRepeats, PageVisits, RepeatedFile, TwoVisits, VisitedPage
from launchready.facts.web import Asset, FrontPage, PageAssets, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.parse.rfc9211 import EdgeAnswer

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com")
SILENT = Asset("https://example.com/b.js", Unmeasured(Why.TIMED_OUT, "did not answer", AT))
HASHED = "app.3f2a9c1b.js"
FIX = Fix("Send this with hashed files", "Cache-Control: public, max-age=31536000, immutable")


def transfer(url: str, *cache_control: str, status: int = 200) -> Transfer:
    return Transfer(url, status, "text/html", cache_control, "", "", 10, 10, ())


def page(*cache_control: str, redirects_to: str = "") -> FrontPage:
    return FrontPage(transfer("https://example.com/", *cache_control), redirects_to, "", (), (), (), "", "")


def assets(name: str, *cache_control: str, status: int = 200) -> PageAssets:
    url = f"https://example.com/static/{name}"
    return PageAssets((Asset(url, Measured(transfer(url, *cache_control, status=status), AT, 0.1)),))


@pytest.mark.parametrize(
    ("age_s", "passes"),
    [(30 * 24 * 3600 - 1, False), (30 * 24 * 3600, True), (30 * 24 * 3600 + 1, True), (2_592_000, True)],
)
def test_thirty_days_are_long_and_a_second_less_is_not(age_s: int, passes: bool) -> None:
    judgement = hashed_asset_uncached(HOST, page(), assets(HASHED, f"public, max-age={age_s}"))
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail((f"https://example.com/static/{HASHED}: public, max-age=2591999",), FIX)


def test_a_hashed_file_without_a_header_fails() -> None:
    assert hashed_asset_uncached(HOST, page(), assets(HASHED)) == Fail(
        (f"https://example.com/static/{HASHED}: no Cache-Control",), FIX
    )


@pytest.mark.parametrize(
    "header",
    [
        "max-age=31536000, no-store",
        "no-cache, max-age=31536000",
        "max-age=60, immutable",
        "immutable",
        "s-maxage=31536000",
        "max-age=a-year",
    ],
)
def test_what_browsers_do_not_keep_for_a_month_fails(header: str) -> None:
    """`immutable` alone says nothing of how long (RFC 8246 section 2)."""
    judgement = hashed_asset_uncached(HOST, page(), assets(HASHED, header))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"https://example.com/static/{HASHED}: {header}",)


def test_headers_on_several_lines_are_read_together_and_the_first_lifetime_counts() -> None:
    assert hashed_asset_uncached(HOST, page(), assets(HASHED, "public", "max-age=31536000")) == Pass()
    assert isinstance(hashed_asset_uncached(HOST, page(), assets(HASHED, "max-age=60", "max-age=31536000")), Fail)


@pytest.mark.parametrize(
    "name", ["main-DkZ3x9Qa.js", "chunk~0a1b2c3d4e.css", "app-4c3b2a1f00.min.js", "index.B7yT4kQz.css"]
)
def test_the_hashes_of_the_usual_builders_are_recognised(name: str) -> None:
    assert isinstance(hashed_asset_uncached(HOST, page(), assets(name)), Fail)


@pytest.mark.parametrize("name", ["app.js", "style-20260701.css", "Bootstrap5.css", "deadbeef.js", "a1b2c3d.js", ""])
def test_names_without_a_hash_are_no_question(name: str) -> None:
    assert isinstance(hashed_asset_uncached(HOST, page(), assets(name)), NotApplicable)


def test_a_hashed_file_that_is_gone_is_not_judged() -> None:
    assert isinstance(hashed_asset_uncached(HOST, page(), assets(HASHED, status=404)), NotApplicable)


def test_a_hashed_file_that_was_not_seen_makes_no_fault_and_hides_none() -> None:
    kept, bad = assets(HASHED, "max-age=31536000"), assets(HASHED)
    assert hashed_asset_uncached(HOST, page(), PageAssets((SILENT, *kept.assets))) == Pass()
    assert isinstance(hashed_asset_uncached(HOST, page(), PageAssets((SILENT, *bad.assets))), Fail)


PAGE_URL = "https://example.com/"


def visited(
    *headers: tuple[str, str],
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    personal: tuple[str, ...] = (),
    cookies: tuple[str, ...] = (),
    keys: tuple[str, ...] = (),
    again: AskedAgain | Unmeasured | None = None,
) -> PageVisits:
    first = Transfer(PAGE_URL, status, kind, (), "", "", 10, 10, headers)
    reading = Measured(again, AT, 0.1) if isinstance(again, AskedAgain) else again
    visits = TwoVisits(first, AT, personal, cookies, keys, reading)
    return PageVisits((VisitedPage(PAGE_URL, Measured(visits, AT, 0.1)),))


def control(value: str) -> tuple[str, str]:
    return ("cache-control", value)


NO_FILES = PageAssets(())
UNSEEN = PageVisits((VisitedPage(PAGE_URL, Unmeasured(Why.TIMED_OUT, "did not answer", AT)),))


@pytest.mark.parametrize(("age_s", "passes"), [(3599, True), (3600, True), (3601, False)])
def test_an_hour_is_allowed_for_html_and_a_second_more_is_not(age_s: int, passes: bool) -> None:
    judgement = html_cached_too_long(visited(control(f"public, max-age={age_s}")))
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            ("https://example.com/ may be kept for 3601 seconds without asking",),
            Fix("Send this with HTML", "Cache-Control: no-cache"),
        )


@pytest.mark.parametrize(
    "headers",
    [
        (control("max-age=31536000, no-cache"),),
        (control("no-store, max-age=31536000"),),
        (control("s-maxage=31536000"),),  # an edge can be emptied by its owner
        (control(""),),
        (),
        (("expires", "0"), ("last-modified", "Wed, 01 Jul 2020 00:00:00 GMT")),
        (control("max-age=7200"), ("age", "3600")),
        (control("max-age=31536000"), ("vary", "*")),
        (("last-modified", "Tue, 30 Jun 2026 15:00:00 GMT"),),  # nine hours ago: kept for 54 minutes
    ],
)
def test_html_that_browsers_ask_for_again_passes(headers: tuple[tuple[str, str], ...]) -> None:
    assert html_cached_too_long(visited(*headers)) == Pass()


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ((("expires", "Wed, 01 Jul 2026 02:00:00 GMT"),), "7200 seconds without asking, by Expires"),
        (
            (("last-modified", "Sun, 21 Jun 2026 00:00:00 GMT"),),
            "86400 seconds without asking, by a guess from Last-Modified",
        ),
        ((control("max-age=7201"), ("age", "3600")), "3601 seconds without asking"),
    ],
)
def test_html_is_kept_by_expires_and_by_guess_too(headers: tuple[tuple[str, str], ...], words: str) -> None:
    judgement = html_cached_too_long(visited(*headers))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{PAGE_URL} may be kept for {words}",)


def test_what_is_no_page_is_not_asked() -> None:
    year = control("max-age=31536000")
    for pages in (visited(year, status=301), visited(year, kind="application/json"), UNSEEN):
        assert isinstance(html_cached_too_long(pages), NotApplicable)
        assert isinstance(revalidation_broken(pages), NotApplicable)


def test_a_host_that_only_redirects_is_not_asked() -> None:
    away = page("max-age=31536000", redirects_to="https://www.example.com/")
    assert isinstance(hashed_asset_uncached(HOST, away, assets(HASHED)), NotApplicable)
    assert isinstance(edge_cache_cold(HOST, away, EdgeRepeats(())), NotApplicable)


def test_a_page_that_is_told_unchanged_passes() -> None:
    again = AskedAgain(("If-None-Match",), 304, same_content=False, same_validators=True)
    assert revalidation_broken(visited(again=again)) == Pass()


@pytest.mark.parametrize(("same_validators", "end"), [(True, ""), (False, " under another tag")])
def test_the_same_page_sent_whole_again_fails(same_validators: bool, end: str) -> None:
    asked = ("If-None-Match", "If-Modified-Since")
    judgement = revalidation_broken(visited(again=AskedAgain(asked, 200, True, same_validators)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        f"{PAGE_URL}: asked with If-None-Match and If-Modified-Since, answered 200 with the same page{end}",
    )


@pytest.mark.parametrize("again", [None, AskedAgain(("If-None-Match",), 200, False, False)])
def test_a_page_without_a_tag_or_that_changed_is_no_question(again: AskedAgain | None) -> None:
    assert isinstance(revalidation_broken(visited(again=again)), NotApplicable)


@pytest.mark.parametrize(
    ("value", "fails"),
    [
        ("public, max-age=1", True),
        ("max-age=1", True),
        ("s-maxage=1, max-age=0", True),
        ("max-age=600, no-cache=x-other", True),
        ("max-age=0", False),
        ("private, max-age=600", False),
        ("no-cache, max-age=600", False),
        ("no-store", False),
        ('max-age=600, private="Set-Cookie"', False),
        ("max-age=600, no-cache=set-cookie", False),
        ("", False),
    ],
)
def test_a_visitors_own_cookie_may_not_be_handed_on(value: str, fails: bool) -> None:
    judgement = set_cookie_cacheable(visited(control(value), personal=("session",)), NO_FILES)
    assert isinstance(judgement, Fail) is fails
    assert set_cookie_cacheable(visited(control(value)), NO_FILES) == Pass()


def test_a_guess_by_a_shared_cache_is_not_held_against_a_cookie() -> None:
    old = ("last-modified", "Wed, 01 Jul 2020 00:00:00 GMT")
    assert set_cookie_cacheable(visited(old, personal=("session",)), NO_FILES) == Pass()


def test_what_strangers_share_fails_by_name() -> None:
    assert visitor_page_shared(visited(personal=("session",))) == Pass()
    judgement = visitor_page_shared(visited(cookies=("session", "id"), keys=("csrf",)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        f"{PAGE_URL}: strangers get one value of the cookie session, id, which newcomers get anew",
        f"{PAGE_URL}: strangers get one value of the form's key csrf, which newcomers get anew",
    )


def repeats(*answers: EdgeAnswer) -> EdgeRepeats:
    return EdgeRepeats((RepeatedFile("https://example.com/a.js", Measured(answers, AT, 0.1)),))


@pytest.mark.parametrize(
    ("answers", "fails"),
    [
        ((EdgeAnswer.MISS, EdgeAnswer.MISS, EdgeAnswer.MISS), True),
        ((EdgeAnswer.PASSED, EdgeAnswer.PASSED, EdgeAnswer.PASSED), True),
        ((EdgeAnswer.MISS, EdgeAnswer.MISS, EdgeAnswer.HIT), False),
        ((EdgeAnswer.HIT, EdgeAnswer.HIT, EdgeAnswer.HIT), False),
    ],
)
def test_an_edge_that_never_answers_itself_fails(answers: tuple[EdgeAnswer, ...], fails: bool) -> None:
    judgement = edge_cache_cold(HOST, page(), repeats(*answers))
    assert isinstance(judgement, Fail) is fails
    if isinstance(judgement, Fail):
        assert judgement.offenders == (f"https://example.com/a.js: {', '.join(answers)}",)


def test_without_an_edge_that_speaks_there_is_no_question() -> None:
    assert isinstance(edge_cache_cold(HOST, page(), EdgeRepeats(())), NotApplicable)


@pytest.mark.parametrize(
    ("value", "cookies", "fails"),
    [
        ("public, max-age=1", ("session",), True),
        ("public, max-age=1", (), False),
        ("private, max-age=1", ("session",), False),
        ('max-age=1, private="set-cookie"', ("session",), False),
        ("max-age=0", ("session",), False),
    ],
)
def test_a_file_for_everybody_sets_no_cookie_of_ones_own(value: str, cookies: tuple[str, ...], fails: bool) -> None:
    one = replace(transfer("https://example.com/a.js", value), personal_cookies=cookies)
    judgement = set_cookie_cacheable(visited(), PageAssets((Asset(one.url, Measured(one, AT, 0.1)),)))
    assert isinstance(judgement, Fail) is fails
    if isinstance(judgement, Fail):
        assert judgement.offenders == (
            "https://example.com/a.js sets session, and a shared cache may hand it on for 1 seconds",
        )
