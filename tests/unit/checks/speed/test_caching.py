"""The checks of `checks/speed/caching.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.speed.caching import hashed_asset_uncached, html_cached_too_long
from launchready.facts.web import Asset, FrontPage, PageAssets, Transfer
from launchready.model.check import Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.reading import Measured
from launchready.model.subject import Host

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SITE = Host("example.com", "example.com")
HASHED = "https://example.com/static/site.3f9a1c07b2d4.css"


def transfer(url: str, *cache_control: str, status: int = 200, kind: str = "text/css") -> Transfer:
    return Transfer(
        url, status, kind, cache_control, "gzip", "accept-encoding", has_validator=True, size_bytes=9, wire_bytes=9
    )


def page(*cache_control: str, redirects_to: str = "") -> FrontPage:
    html = transfer("https://example.com/", *cache_control, kind="text/html; charset=utf-8")
    return FrontPage(html, redirects_to, "", (), (), ())


def assets(*transfers: Transfer) -> Judgement:
    seen = PageAssets(tuple(Asset(one.url, Measured(one, NOW, 0.1)) for one in transfers))
    return hashed_asset_uncached(SITE, page(), seen)


@pytest.mark.parametrize("control", ["max-age=31536000, immutable", "immutable", "public, max-age=2592000"])
def test_a_hashed_file_that_is_kept_passes(control: str) -> None:
    assert assets(transfer(HASHED, control)) == Pass()


def test_a_month_is_the_least() -> None:
    month_s = 30 * 24 * 60 * 60
    assert isinstance(assets(transfer(HASHED, f"max-age={month_s - 1}")), Fail)
    assert assets(transfer(HASHED, f"max-age={month_s}")) == Pass()
    assert assets(transfer(HASHED, f"max-age={month_s + 1}")) == Pass()


@pytest.mark.parametrize("control", ["no-store", "no-cache", "max-age=31536000, no-store", "max-age=60"])
def test_a_hashed_file_that_is_fetched_again_fails_with_the_header_to_send(control: str) -> None:
    assert assets(transfer(HASHED, control)) == Fail(
        (f"{HASHED}: {control}",),
        Fix("Send this with hashed files", "Cache-Control: public, max-age=31536000, immutable"),
    )


def test_a_hashed_file_without_a_header_fails() -> None:
    judgement = assets(transfer(HASHED))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{HASHED}: no Cache-Control",)


@pytest.mark.parametrize(
    "name",
    [
        "index-BkY3aZ9q.js",
        "main.4f0bd2a1.chunk.js",
        "app-Q5ZT2NLW.mjs",
        "site.3f9a1c07b2d4.css",
        "application-0a1b2c3d4e5f.js",
    ],
)
def test_a_name_with_a_content_hash_is_recognised(name: str) -> None:
    assert isinstance(assets(transfer(f"https://example.com/a/{name}?v=2", "no-store")), Fail)


@pytest.mark.parametrize(
    "name",
    [
        "jquery-3.7.1.min.js",
        "bootstrap5.css",
        "theme-Bootstrap5.css",
        "swiper-bundle-v11.css",
        "site-20240101.css",
        "facade.css",
        "deadbeef.css",
        "styles.css?v=3f9a1c07b2d4",
    ],
)
def test_a_name_that_only_looks_like_one_is_not(name: str) -> None:
    assert isinstance(assets(transfer(f"https://example.com/a/{name}", "no-store")), NotApplicable)


def test_a_hashed_file_that_is_gone_is_not_judged() -> None:
    assert isinstance(assets(transfer(HASHED, "no-store", status=404)), NotApplicable)


def test_an_hour_is_the_longest_that_a_page_is_kept() -> None:
    assert html_cached_too_long(SITE, page("max-age=3599")) == Pass()
    assert html_cached_too_long(SITE, page("max-age=3600")) == Pass()
    assert html_cached_too_long(SITE, page("max-age=3601")) == Fail(
        ("https://example.com/ may be kept for 3601 seconds without asking",),
        Fix("Send this with HTML", "Cache-Control: no-cache"),
    )


@pytest.mark.parametrize("control", ["max-age=31536000, no-cache", "no-store, max-age=31536000", "private"])
def test_a_page_that_is_asked_for_again_passes(control: str) -> None:
    assert html_cached_too_long(SITE, page(control)) == Pass()


def test_must_revalidate_speaks_of_stale_pages_only() -> None:
    assert isinstance(html_cached_too_long(SITE, page("max-age=31536000, must-revalidate")), Fail)


def test_a_page_without_the_header_passes() -> None:
    assert html_cached_too_long(SITE, page()) == Pass()


def test_a_host_that_only_redirects_has_no_page() -> None:
    elsewhere = page("max-age=31536000", redirects_to="https://www.example.com/")
    assert isinstance(html_cached_too_long(SITE, elsewhere), NotApplicable)
    assert isinstance(hashed_asset_uncached(SITE, elsewhere, PageAssets(())), NotApplicable)
