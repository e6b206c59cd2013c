"""The checks of `checks/redirects/canonical.py`: what pages and sitemaps say in, exact failures out."""

from datetime import UTC, datetime

import pytest

from launchready.checks.redirects.canonical import (
    MIN_SHOWN_CHARS,
    SHOWN,
    canonical_contradicts,
    duplicate_pages,
    hosts_show_same_page,
)
from launchready.facts.canonical import (
    Claim,
    OriginListed,
    PageAsked,
    PageVersion,
    PageVersions,
    Place,
    Sitemaps,
    SitemapSeen,
    Variant,
    Variation,
)
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.fact import Each
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
SITE, URL = Host("example.com", "example.com"), "https://example.com/"
WWW = Host("www.example.com", "example.com", redirects_to="https://example.com")
APP = Host("app.example.com", "example.com")
DECLARED = Product("P", (SITE, WWW, APP), (Domain("example.com"),), has_file=True)
TYPED = Product("example.com", (SITE,), (Domain("example.com"),))
NO_MAP = Sitemaps(())
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)
TAG = f'<link rel="canonical" href="{URL}">'
FIX = Fix(
    "Let every page and the sitemap of example.com name https://example.com", f'<link rel="canonical" href="{URL}">'
)


def page(
    url: str = URL,
    *canonicals: str,
    og_url: str = "",
    header: str = "",
    shown: str = "page",
    status: int = 200,
    hidden: bool = False,
    chars: int = 200,
) -> PageVersion:
    claims = [Claim(Place.TAG, canonical) for canonical in canonicals]
    claims += [Claim(Place.HEADER, header)] if header else []
    claims += [Claim(Place.OG_URL, og_url)] if og_url else []
    return PageVersion(url, status, "", hidden, tuple(claims), shown, chars)


def versions(one: PageVersion, **others: PageVersion) -> PageVersions:
    variants = tuple(Variant(Variation[name], Measured(other, AT, 0.1)) for name, other in others.items())
    return PageVersions((PageAsked(Measured(one, AT, 0.1), variants),))


def listed(*urls: str) -> Sitemaps:
    origins = tuple(OriginListed("/".join(url.split("/")[:3]), 1, url) for url in urls)
    return Sitemaps((SitemapSeen("https://example.com/sitemap.xml", Measured(origins, AT, 0.1)),))


def wrong_with(url: str, product: Product = DECLARED) -> str:
    """What is said to be wrong with a canonical tag; empty where it passes."""
    judgement = canonical_contradicts(SITE, product, versions(page(URL, url)), NO_MAP)
    if judgement == Pass():
        return ""
    assert isinstance(judgement, Fail)
    (offender,) = judgement.offenders
    start = f"link rel=canonical of {URL} says {url}: "
    assert offender.startswith(start)
    return offender.removeprefix(start)


@pytest.mark.parametrize(
    ("url", "wrong", "wrong_without_a_file"),
    [
        (URL, "", ""),
        ("https://example.com/another", "", ""),
        ("https://app.example.com/", "", ""),
        ("https://www.example.com/", "that host sends visitors on to https://example.com", ""),
        ("http://example.com/", "that is the address without https", "that is the address without https"),
        ("https://example.com:8443/", "that is another port", ""),
        ("https://other.example/", "launchready.toml names no such host", ""),
        *((url, local, local) for local in ("that is the computer that it was built on",) for url in (
            "http://localhost:3000/", "https://shop.localhost/", "http://127.0.0.1/", "http://192.168.1.4:8080/",
            "http://[::1]:3000/", "http://mac.local/", "http://web.internal/",
        )),
        *((url, preview, preview) for preview in ("that is a provider's address for trying out",) for url in (
            "https://shop-git-main.vercel.app/", "https://deploy-preview-3--shop.netlify.app/", "https://a.pages.dev/",
        )),
        *((url, copy, copy) for copy in ("that is a copy for trying out",) for url in (
            "https://staging.example.com/", "https://dev.example.com/", "https://app-staging.example.com/",
        )),
        ("https://staging.other.example/", "launchready.toml names no such host", ""),
        ("https://develop.example.com/", "launchready.toml names no such host", ""),
        ("https://notvercel.app/", "launchready.toml names no such host", ""),
        ("http://8.8.8.8/", "launchready.toml names no such host", ""),
    ],
)  # fmt: skip
def test_an_address_that_is_not_the_sites_is_wrong_and_nothing_is_guessed(
    url: str, wrong: str, wrong_without_a_file: str
) -> None:
    assert wrong_with(url) == wrong
    assert wrong_with(url, TYPED) == wrong_without_a_file


def test_a_site_that_is_declared_at_its_providers_address_is_at_home_there() -> None:
    host = Host("shop.vercel.app", "vercel.app")
    product = Product("P", (host,), (Domain("vercel.app"),), has_file=True)
    at_home = versions(page("https://shop.vercel.app/", "https://shop.vercel.app/"))
    assert canonical_contradicts(host, product, at_home, NO_MAP) == Pass()


def test_a_staging_host_that_is_declared_may_be_named() -> None:
    product = Product("P", (SITE, Host("staging.example.com", "example.com")), (Domain("example.com"),), has_file=True)
    assert wrong_with("https://staging.example.com/", product) == ""


def test_each_place_is_named_with_what_it_says() -> None:
    seen = versions(page(URL, og_url="https://a.vercel.app/"))
    preview = "that is a provider's address for trying out"
    judgement = canonical_contradicts(SITE, DECLARED, seen, listed(URL, "http://localhost/x"))
    assert judgement == Fail(
        (
            f"og:url of {URL} says https://a.vercel.app/: {preview}",
            "https://example.com/sitemap.xml says http://localhost/x: that is the computer that it was built on",
        ),
        FIX,
    )


def test_two_canonical_addresses_of_one_page_are_at_odds() -> None:
    twice = canonical_contradicts(SITE, DECLARED, versions(page(URL, URL, header=f"{URL}a")), NO_MAP)
    assert twice == Fail((f"{URL} names several addresses as its own: {URL} and {URL}a",), FIX)
    same = versions(page(URL, URL, URL, header=URL, og_url=f"{URL}share"))
    assert canonical_contradicts(SITE, DECLARED, same, NO_MAP) == Pass()


def test_a_site_that_says_nothing_of_itself_is_not_asked() -> None:
    assert isinstance(canonical_contradicts(SITE, DECLARED, versions(page()), NO_MAP), NotApplicable)
    assert isinstance(
        canonical_contradicts(SITE, DECLARED, PageVersions(()), listed("http://localhost/")), NotApplicable
    )


def test_a_page_that_hides_from_search_may_say_what_it_likes() -> None:
    seen = versions(page(URL, "http://localhost/", hidden=True))
    assert isinstance(canonical_contradicts(SITE, DECLARED, seen, NO_MAP), NotApplicable)


def test_a_sitemap_alone_is_something_said() -> None:
    assert canonical_contradicts(SITE, DECLARED, versions(page()), listed(URL)) == Pass()


@pytest.mark.parametrize("count", [SHOWN - 1, SHOWN, SHOWN + 1])
def test_ten_wrong_addresses_are_shown_at_most(count: int) -> None:
    maps = listed(*(f"https://a{n}.vercel.app/" for n in range(count)))
    judgement = canonical_contradicts(SITE, DECLARED, versions(page()), maps)
    assert isinstance(judgement, Fail)
    assert len(judgement.offenders) == min(count, 10)


def test_what_was_not_seen_hides_no_wrong_address() -> None:
    gap = PageVersions((PageAsked(SILENT, ()), *versions(page(URL, "http://localhost/")).pages))
    maps = Sitemaps((SitemapSeen(URL, SILENT),))
    assert isinstance(canonical_contradicts(SITE, DECLARED, gap, maps), Fail)


ABOUT, SLASHED = "https://example.com/about", "https://example.com/about/"


@pytest.mark.parametrize(
    ("one", "other", "passes"),
    [
        (page(ABOUT), page(SLASHED), False),
        (page(ABOUT), page(SLASHED, status=301, shown=""), True),
        (page(ABOUT), page(SLASHED, status=404), True),
        (page(ABOUT), page(SLASHED, shown="other"), True),
        (page(ABOUT, ABOUT), page(SLASHED, ABOUT), True),
        (page(ABOUT), page(SLASHED, header=ABOUT), False),
        (page(ABOUT, ABOUT), page(SLASHED, header=ABOUT), True),
        (page(ABOUT, ABOUT), page(SLASHED, SLASHED), False),
        (page(ABOUT, ABOUT), page(SLASHED), False),
        (page(ABOUT, og_url=ABOUT), page(SLASHED, og_url=ABOUT), False),
        (page(ABOUT), page(SLASHED, hidden=True), True),
        (page(ABOUT, hidden=True), page(SLASHED), True),
        (page(ABOUT, shown=""), page(SLASHED, shown=""), True),
    ],
)
def test_a_second_address_counts_where_it_shows_the_same_and_names_no_first(
    one: PageVersion, other: PageVersion, passes: bool
) -> None:
    judgement = duplicate_pages(versions(one, SLASH=other))
    if passes:
        assert judgement == Pass()
    else:
        fix = Fix("Redirect to the one address, or name it in the page", f'<link rel="canonical" href="{ABOUT}">')
        assert judgement == Fail((f"{SLASHED} shows the same page as {ABOUT}",), fix)


def test_a_campaigns_address_counts_only_where_the_page_calls_it_its_own() -> None:
    campaign = "https://example.com/about?utm_source=launchready"
    assert duplicate_pages(versions(page(ABOUT), CAMPAIGN=page(campaign))) == Pass()
    assert duplicate_pages(versions(page(ABOUT, ABOUT), CAMPAIGN=page(campaign, ABOUT))) == Pass()
    assert isinstance(duplicate_pages(versions(page(ABOUT, ABOUT), CAMPAIGN=page(campaign, campaign))), Fail)


def test_a_host_without_a_page_has_no_copies() -> None:
    assert isinstance(duplicate_pages(PageVersions(())), NotApplicable)
    gap = PageVersions((PageAsked(Measured(page(ABOUT), AT, 0.1), (Variant(Variation.SLASH, SILENT),)),))
    assert duplicate_pages(gap) == Pass()


APP_URL = "https://app.example.com/"


def compared(one: PageVersion, other: PageVersion, host: Host = APP) -> object:
    return hosts_show_same_page(Each(((SITE, versions(one)), (host, versions(other)))))


@pytest.mark.parametrize(
    ("one", "other", "passes"),
    [
        (page(URL), page(APP_URL), False),
        (page(URL, URL), page(APP_URL), False),
        (page(URL, URL), page(APP_URL, APP_URL), False),
        (page(URL, URL), page(APP_URL, URL), True),
        (page(URL), page(APP_URL, shown="other"), True),
        (page(URL), page(APP_URL, hidden=True), True),
    ],
)
def test_two_hosts_with_one_page_say_whose_it_is(one: PageVersion, other: PageVersion, passes: bool) -> None:
    if passes:
        assert compared(one, other) == Pass()
    else:
        fix = Fix("Redirect one of the two to the other, or name one address in both pages", TAG)
        assert compared(one, other) == Fail((f"{URL} and {APP_URL} show the same page",), fix)


def test_a_name_and_its_www_are_left_to_their_own_check() -> None:
    assert compared(page(URL), page("https://www.example.com/"), WWW) == Pass()


@pytest.mark.parametrize("chars", [MIN_SHOWN_CHARS - 1, MIN_SHOWN_CHARS, MIN_SHOWN_CHARS + 1])
def test_the_frame_of_an_application_is_not_compared(chars: int) -> None:
    judgement = compared(page(URL, chars=chars), page(APP_URL, chars=chars))
    assert isinstance(judgement, Fail if chars >= 200 else NotApplicable)


def test_one_host_alone_has_no_twin() -> None:
    assert isinstance(hosts_show_same_page(Each(((SITE, versions(page())), (APP, PageVersions(()))))), NotApplicable)
