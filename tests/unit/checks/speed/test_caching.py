"""The checks of `checks/speed/caching.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.speed.caching import hashed_asset_uncached, html_cached_too_long
from launchready.facts.web import Asset, FrontPage, PageAssets, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com")
SILENT = Asset("https://example.com/b.js", Unmeasured(Why.TIMED_OUT, "did not answer", AT))
HASHED = "app.3f2a9c1b.js"
FIX = Fix("Send this with hashed files", "Cache-Control: public, max-age=31536000, immutable")


def transfer(url: str, *cache_control: str, status: int = 200) -> Transfer:
    return Transfer(url, status, "text/html", cache_control, "", "", False, 10, 10, ())


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


@pytest.mark.parametrize(("age_s", "passes"), [(3599, True), (3600, True), (3601, False)])
def test_an_hour_is_allowed_for_html_and_a_second_more_is_not(age_s: int, passes: bool) -> None:
    judgement = html_cached_too_long(HOST, page(f"public, max-age={age_s}"))
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            ("https://example.com/ may be kept for 3601 seconds without asking",),
            Fix("Send this with HTML", "Cache-Control: no-cache"),
        )


@pytest.mark.parametrize("header", ["max-age=31536000, no-cache", "no-store, max-age=31536000", "s-maxage=86400", ""])
def test_html_that_browsers_ask_for_again_passes(header: str) -> None:
    assert html_cached_too_long(HOST, page(header)) == Pass()


def test_html_without_a_header_passes() -> None:
    assert html_cached_too_long(HOST, page()) == Pass()


def test_a_host_that_only_redirects_is_not_asked() -> None:
    away = page("max-age=31536000", redirects_to="https://www.example.com/")
    assert isinstance(html_cached_too_long(HOST, away), NotApplicable)
    assert isinstance(hashed_asset_uncached(HOST, away, assets(HASHED)), NotApplicable)
