"""What the probes of `probes/canonical.py` and `probes/sitemaps.py` see."""

import gzip

import pytest

from launchready.facts.canonical import Claim, OriginListed, Place, Sitemaps, Variation
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.parse.html_page import read_page
from launchready.probes.canonical import fingerprint_of, links_to_try, page_versions, variants_of
from launchready.probes.sitemaps import MAX_SITEMAPS, origins_of, sitemaps

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE, Host("app.example.com", "example.com")), domains=(Domain("example.com"),))
URL = "https://example.com/"
ROBOTS, MAP = f"{URL}robots.txt", f"{URL}sitemap.xml"
HTML = b"<!doctype html><title>Shop</title><p>Welcome"


async def seen_pages(internet, clock):
    """Front page and linked page, as far as they were seen."""
    return (await page_versions(SITE, internet.visits, internet.http, clock)).pages


@pytest.mark.parametrize(
    ("url", "others"),
    [
        (URL, {"INDEX": f"{URL}index.html", "CAMPAIGN": f"{URL}?utm_source=launchready"}),
        (
            f"{URL}a%c3/b",
            {
                "SLASH": f"{URL}a%c3/b/",
                "CASE": f"{URL}A%c3/B",
                "CAMPAIGN": f"{URL}a%c3/b?utm_source=launchready",
            },
        ),
        (
            f"{URL}A/?b=1",
            {"SLASH": f"{URL}A?b=1", "CASE": f"{URL}a/?b=1", "CAMPAIGN": f"{URL}A/?b=1&utm_source=launchready"},
        ),
        (f"{URL}1", {"SLASH": f"{URL}1/", "CAMPAIGN": f"{URL}1?utm_source=launchready"}),
    ],
)
def test_the_other_ways_to_ask_for_a_page(url, others):
    assert dict(variants_of(url)) == {Variation[name]: other for name, other in others.items()}


def test_a_link_is_tried_where_it_is_a_page_of_the_same_origin_and_does_nothing():
    hrefs = (
        *("/", "#top", "https://other.example/a", "http://example.com/a", "/logout", "/sign-out", "/unsubscribe/x"),
        *("/brochure.pdf", "/search?q=1", "mailto:a@b", "about", "/pricing"),
    )
    page = read_page("".join(f'<a href="{href}">x</a>' for href in hrefs))
    assert list(links_to_try(page, URL)) == [f"{URL}about", f"{URL}pricing"]


def test_a_page_is_the_same_a_moment_later_and_another_is_not():
    def mark(text):
        return fingerprint_of(read_page(text))

    one = mark("<title>Shop</title><p>It is 12:41:09, order 7f3a9c0d4e5b6a718293a4b5c6d7e8f9</p>")
    assert one == mark("<title>Shop</title><p>It is 12:41:10, order 00000c0d4e5b6a718293a4b5c6d7eabc</p>")
    assert one == mark(
        "<title>Shop</title><script>x=1</script><p>It is 9:01:09, order 7f3a9c0d4e5b6a718293a4b5c6d7e8f9"
    )
    assert one != mark("<title>Shop</title><p>It was 12:41:09, order 7f3a9c0d4e5b6a718293a4b5c6d7e8f9</p>")
    assert one != mark("<title>Other</title><p>It is 12:41:09, order 7f3a9c0d4e5b6a718293a4b5c6d7e8f9</p>")


async def test_what_a_page_says_of_its_address_is_absolute_wherever_it_stands(internet, clock):
    head = b'<base href="/en/"><link rel="Canonical x" href="a"><meta property="og:url" content="//app.example.com">'
    internet.show(URL, head + HTML, link='<b>; rel="canonical", <c>; rel=next, <d>; rel=canonical; anchor="#x"')
    (page,) = await seen_pages(internet, clock)
    assert isinstance(page.version, Measured)
    assert page.version.value.claims == (
        Claim(Place.TAG, f"{URL}en/a"),
        Claim(Place.HEADER, f"{URL}b"),
        Claim(Place.OG_URL, "https://app.example.com/"),
    )
    assert page.version.value.canonical == f"{URL}en/a"


@pytest.mark.parametrize(
    ("body", "header", "hidden"),
    [
        (b'<meta name="robots" content="NOINDEX">', "", True),
        (b'<meta name="robots" content="none">', "", True),
        (b"", "googlebot: noindex", True),
        (b'<meta name="robots" content="nofollow, max-image-preview:none-of">', "", False),
        (b"", "", False),
    ],
)
async def test_a_page_that_hides_from_search_is_marked(internet, clock, body, header, hidden):
    internet.show(URL, body + HTML, **({"x_robots_tag": header} if header else {}))
    (page,) = await seen_pages(internet, clock)
    assert isinstance(page.version, Measured)
    assert page.version.value.is_hidden is hidden


async def test_front_page_and_first_linked_page_are_asked_for_in_other_ways(internet, clock):
    internet.show(URL, HTML + b'<a href="/about">About</a><a href="/more">More</a>')
    internet.show(f"{URL}about", b"<title>About</title><p>Us")
    internet.redirect(f"{URL}about/", "/about")
    front, about = await seen_pages(internet, clock)
    assert [variant.variation for variant in front.variants] == [Variation.INDEX, Variation.CAMPAIGN]
    slash, case, campaign = (variant.version for variant in about.variants)
    assert isinstance(slash, Measured)
    assert (slash.value.status, slash.value.location) == (301, f"{URL}about")
    assert isinstance(case, Measured)
    assert case.value.status == 404
    assert isinstance(campaign, Measured)
    assert campaign.value.fingerprint == about.version.value.fingerprint != front.version.value.fingerprint
    assert len(internet.asked) == len(set(internet.asked)) == 7


async def test_a_front_page_that_moved_within_the_host_is_asked_where_it_is(internet, clock):
    internet.redirect(URL, "/en/", 302)
    internet.show(f"{URL}en/", HTML)
    (page,) = await seen_pages(internet, clock)
    assert isinstance(page.version, Measured)
    assert page.version.value.url == f"{URL}en/"
    assert Variation.SLASH in {variant.variation for variant in page.variants}


@pytest.mark.parametrize("status", [200, 404])
async def test_a_host_that_shows_no_page_has_none(internet, clock, status):
    internet.show(URL, b"{}", status, content_type="application/json")
    assert await seen_pages(internet, clock) == ()
    internet.redirect(URL, "https://app.example.com/")
    assert await seen_pages(internet, clock) == ()


async def test_an_error_of_the_servers_says_nothing_of_the_page(internet, clock):
    internet.show(URL, HTML, 502)
    with pytest.raises(NotSeen):
        await seen_pages(internet, clock)


async def test_a_variant_that_can_not_be_seen_is_a_gap_and_hides_no_other(internet, clock):
    internet.show(URL, HTML)
    internet.show(f"{URL}index.html", b"<title>Just a moment...</title>", 403, cf_mitigated="challenge")
    (page,) = await seen_pages(internet, clock)
    assert [isinstance(variant.version, Unmeasured) for variant in page.variants] == [True, False]


def urlset(*urls: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def index(*urls: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


async def look(internet, clock) -> Sitemaps:
    return await sitemaps(SITE, PRODUCT, internet.http, clock)


def origins(seen: Sitemaps, url: str) -> list[str]:
    (one,) = (sitemap.origins for sitemap in seen.seen if sitemap.url == url)
    assert isinstance(one, Measured)
    return [listed.origin for listed in one.value]


async def test_the_usual_place_is_asked_where_robots_names_none(internet, clock):
    internet.show(MAP, urlset(URL, "https://APP.example.com:443/a", "/relative", "http://localhost:3000/x"))
    seen = await look(internet, clock)
    assert origins(seen, MAP) == ["https://example.com", "https://app.example.com", "", "http://localhost:3000"]
    assert internet.asked == [ROBOTS, MAP]


async def test_robots_names_sitemaps_and_an_index_names_more(internet, clock):
    internet.show(ROBOTS, b"Sitemap: /a.xml\nSitemap: https://app.example.com/b.xml", content_type="text/plain")
    internet.show(f"{URL}a.xml", index(f"{URL}c.xml.gz", f"{URL}a.xml"))
    internet.show("https://app.example.com/b.xml", urlset("https://app.example.com/"))
    internet.show(f"{URL}c.xml.gz", gzip.compress(urlset(URL)), content_type="application/gzip")
    seen = await look(internet, clock)
    assert [sitemap.url for sitemap in seen.seen] == [f"{URL}a.xml", "https://app.example.com/b.xml", f"{URL}c.xml.gz"]
    assert origins(seen, f"{URL}c.xml.gz") == ["https://example.com"]
    assert MAP not in internet.asked


async def test_an_index_in_an_index_goes_no_further(internet, clock):
    internet.show(MAP, index(f"{URL}a.xml"))
    internet.show(f"{URL}a.xml", index(f"{URL}b.xml"))
    assert len((await look(internet, clock)).seen) == 2


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_site_without_a_sitemap_has_none(internet, clock, status):
    internet.show(MAP, HTML, status)
    assert await look(internet, clock) == Sitemaps(())


async def test_a_page_in_the_usual_place_is_no_sitemap(internet, clock):
    internet.show(ROBOTS, HTML)
    internet.show(MAP, HTML)
    assert await look(internet, clock) == Sitemaps(())


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_in_trouble_says_nothing_of_sitemaps(internet, clock, status):
    internet.show(MAP, HTML, status)
    (seen,) = (await look(internet, clock)).seen
    assert isinstance(seen.origins, Unmeasured)
    internet.show(ROBOTS, HTML, status)
    with pytest.raises(NotSeen):
        await look(internet, clock)


@pytest.mark.parametrize(("body", "status"), [(HTML, 200), (b"<urlset>", 200), (urlset(URL), 403)])
async def test_a_sitemap_that_robots_names_and_nobody_can_read_is_a_gap(internet, clock, body, status):
    internet.show(ROBOTS, f"Sitemap: {MAP}".encode())
    internet.show(MAP, body, status)
    (seen,) = (await look(internet, clock)).seen
    assert isinstance(seen.origins, Unmeasured)
    assert seen.origins.why is Why.UNREADABLE


async def test_a_named_sitemap_that_is_gone_lists_nothing(internet, clock):
    internet.show(ROBOTS, f"Sitemap: {MAP}".encode())
    (seen,) = (await look(internet, clock)).seen
    assert isinstance(seen.origins, Measured)
    assert seen.origins.value == ()


async def test_a_sitemap_on_a_host_that_is_not_declared_is_never_asked_for(internet, clock):
    internet.show(ROBOTS, b"Sitemap: https://book.vendor.example/map.xml")
    (seen,) = (await look(internet, clock)).seen
    assert isinstance(seen.origins, Unmeasured)
    assert seen.origins.why is Why.NOT_DECLARED
    assert internet.asked == [ROBOTS]


@pytest.mark.parametrize("count", [MAX_SITEMAPS - 1, MAX_SITEMAPS, MAX_SITEMAPS + 1])
async def test_eight_sitemaps_of_an_index_are_read_and_the_rest_is_a_gap(internet, clock, count):
    assert MAX_SITEMAPS == 8
    internet.show(MAP, index(*(f"{URL}{n}.xml" for n in range(count))))
    seen = (await look(internet, clock)).seen[1:]
    gaps = [sitemap for sitemap in seen if isinstance(sitemap.origins, Unmeasured)]
    assert len(seen) == count
    assert len(gaps) == max(0, count - 8)


def test_origins_are_counted_with_the_first_url_of_each():
    assert origins_of([f"{URL}a", f"{URL}b", "https://[half/", "HTTP://example.com/c"]) == (
        OriginListed("https://example.com", 2, f"{URL}a"),
        OriginListed("", 1, "https://[half/"),
        OriginListed("http://example.com", 1, "HTTP://example.com/c"),
    )
