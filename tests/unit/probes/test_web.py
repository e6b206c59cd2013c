"""What is seen of front pages, shown by real servers on loopback."""

import gzip

import pytest

from launchready.facts.redirects import WalkEnd
from launchready.facts.web import CookieSeen, FrontPage, PageAssets, Transfer
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.net.http_message import MAX_BODY_BYTES
from launchready.probes.web import MAX_ASSETS, front_page, page_assets, plain_http

APEX, WWW = Host("example.com", "example.com"), Host("www.example.com", "example.com")
PRODUCT = Product("P", (APEX, WWW), (Domain("example.com"),))
URL = "https://example.com/"
HTML = "Content-Type: text/html; charset=utf-8"


async def look(internet) -> FrontPage:
    return await front_page(APEX, PRODUCT, internet.http)


async def not_seen(internet) -> NotSeen:
    with pytest.raises(NotSeen) as caught:
        await look(internet)
    return caught.value


async def test_a_page_is_read_after_the_steps_within_its_host_with_every_cookie_on_the_way(
    internet, redirect_to
) -> None:
    internet.pages[URL] = redirect_to("/home", "Set-Cookie: a=1; Domain=.Example.com; Secure", "Set-Cookie: =; x")
    internet.show(f"{URL}home", "<title>Bright\n Path</title>", 200, HTML, "Set-Cookie: b=2; HttpOnly")
    page = await look(internet)
    assert (page.transfer.url, page.title, page.redirects_to) == (f"{URL}home", "Bright Path", "")
    assert page.cookies == (CookieSeen("a", "example.com", True, False), CookieSeen("b", "", False, True))


async def test_headers_and_sizes_are_told_as_they_came(internet, page_of) -> None:
    body = gzip.compress(b"a" * 5000)
    headers = (
        HTML,
        "Content-Encoding: GZIP",
        "Vary: Accept-Encoding",
        "Cache-Control: public",
        "cache-control: max-age=1",
    )
    internet.pages[URL] = page_of(body, 200, (*headers, 'ETag: "1"'))
    assert (await look(internet)).transfer == Transfer(
        url=URL,
        status=200,
        content_type="text/html; charset=utf-8",
        cache_control=("public", "max-age=1"),
        content_encoding="gzip",
        vary="accept-encoding",
        has_validator=True,
        size_bytes=5000,
        wire_bytes=len(body),
    )


async def test_what_comes_over_plain_http_and_what_is_code_is_found_and_nothing_is_posted(internet) -> None:
    internet.show(
        URL,
        """<base href="/static/"><link rel=stylesheet href=a.css><script src=a.js></script><script src="a.js"></script>
        <script src="//www.example.com/w.js"></script><script src="https://cdn.example/x.js"></script>
        <script src="http://example.com/old.js"></script><img src="http://cdn.example/p.png"><img src="data:,x">
        <form method=post action="http://example.com/sign-up"><input name=email></form><form></form>
        <script src="http://[::1"></script><script src="http://a\\091b/"></script>""",
    )
    page = await look(internet)
    assert page.insecure_references == (
        "http://example.com/old.js",
        "http://cdn.example/p.png",
        "http://example.com/sign-up",
    )
    assert page.asset_urls == (
        f"{URL}static/a.css",
        f"{URL}static/a.js",
        "https://www.example.com/w.js",
        "http://example.com/old.js",
    )
    assert internet.requests == [f"GET {URL}"]


async def test_a_page_that_sends_elsewhere_says_where(internet, redirect_to) -> None:
    internet.pages[URL] = redirect_to("https://www.example.com/", "Set-Cookie: a=1")
    page = await look(internet)
    assert (page.redirects_to, page.transfer.status) == ("https://www.example.com/", 301)
    assert page.cookies == (CookieSeen("a", "", False, False),)
    assert internet.requests == [f"GET {URL}"]


async def test_a_page_beyond_the_limit_is_too_large_and_one_at_it_is_not(internet, page_of) -> None:
    internet.pages[URL] = page_of(b" " * (MAX_BODY_BYTES + 1), 200, ("Content-Type: text/plain",))
    assert (await not_seen(internet)).why is Why.TOO_LARGE
    internet.pages[URL] = page_of(b" " * MAX_BODY_BYTES, 200, ("Content-Type: text/plain",))
    assert (await look(internet)).transfer.size_bytes == MAX_BODY_BYTES


@pytest.mark.parametrize("status", [500, 502])
async def test_an_error_of_the_server_is_no_page(internet, status: int) -> None:
    internet.show(URL, "<title>Sorry</title>", status)
    unseen = await not_seen(internet)
    assert (unseen.why, unseen.detail) == (Why.UNREADABLE, f"{URL} answered {status}, an error instead of a page.")


@pytest.mark.parametrize("status", [404, 499])
async def test_what_is_not_there_is_still_an_answer_of_the_host(internet, status: int) -> None:
    internet.show(URL, "<title>Gone</title>", status)
    page = await look(internet)
    assert (page.title, page.transfer.status) == ("Gone", status)


async def test_a_page_that_leads_round_is_none(internet, redirect_to) -> None:
    internet.pages[URL] = redirect_to("/home")
    internet.pages[f"{URL}home"] = redirect_to("/")
    assert (await not_seen(internet)).why is Why.UNREADABLE


@pytest.mark.parametrize(
    ("kind", "body", "title"),
    [
        ("text/html; charset=iso-8859-1", b"<title>Caf\xe9</title>", "Caf\u00e9"),
        ("text/html", "<title>Caf\u00e9</title>".encode(), "Caf\u00e9"),
        ("TEXT/HTML; charset=nonsense", b"<title>x</title>", "x"),
        ("text/html; charset=idna", b"<title>x</title>", "x"),
        ("text/html; charset=undefined", b"<title>x</title>", "x"),
        ("application/xhtml+xml", b"<title>x</title>", "x"),
        ("text/plain", b"<title>x</title>", ""),
        ("nonsense", b"<title>x</title>", ""),
    ],
)
async def test_only_html_is_read_in_whatever_charset_it_claims(internet, page_of, kind, body, title) -> None:
    internet.pages[URL] = page_of(body, 200, (f"Content-Type: {kind}",))
    assert (await look(internet)).title == title


def page_with(*urls: str) -> FrontPage:
    return FrontPage(Transfer(URL, 200, "text/html", (), "", "", False, 1, 1), "", "", (), (), urls)


async def assets_of(internet, *urls: str) -> PageAssets:
    return await page_assets(page_with(*urls), internet.http, internet.clock)


async def test_each_asset_is_seen_or_not_seen_by_itself(internet, page_of) -> None:
    internet.say("www.example.com", "A", "192.0.2.3")
    internet.pages[f"{URL}a.js"] = page_of(b"1", 200, ("Content-Type: text/javascript",))
    internet.pages[f"{URL}big.js"] = page_of(b" " * (MAX_BODY_BYTES + 1), 200, ())
    urls = tuple(f"{URL}{name}.js" for name in ("a", "gone", "big"))
    seen = await assets_of(internet, *urls, "https://www.example.com/w.js")
    assert [asset.url for asset in seen.assets] == [*urls, "https://www.example.com/w.js"]
    a, gone, big, refused = (asset.transfer for asset in seen.assets)
    assert isinstance(a, Measured)
    assert a.value.content_type == "text/javascript"
    assert isinstance(gone, Measured)
    assert gone.value.status == 404
    assert isinstance(big, Unmeasured)
    assert big.why is Why.TOO_LARGE
    assert isinstance(refused, Unmeasured)
    assert refused.why is Why.REFUSED


@pytest.mark.parametrize(("count", "beyond"), [(MAX_ASSETS - 1, 0), (MAX_ASSETS, 0), (MAX_ASSETS + 1, 1)])
async def test_assets_beyond_the_limit_are_named_as_not_seen(internet, count: int, beyond: int) -> None:
    seen = await assets_of(internet, *(f"{URL}{number}.js" for number in range(count)))
    assert len(seen.assets) == count
    unseen = [asset.transfer for asset in seen.assets if isinstance(asset.transfer, Unmeasured)]
    assert [one.why for one in unseen] == [Why.TOO_LARGE] * beyond
    assert len(internet.requests) == count - beyond


async def test_plain_http_is_followed_until_it_is_put_right(internet, redirect_to) -> None:
    internet.pages["http://example.com/"] = redirect_to("http://www.example.com/", status=302)
    internet.pages["http://www.example.com/"] = redirect_to("https://www.example.com/")
    walk = (await plain_http(APEX, PRODUCT, internet.http)).walk
    assert (walk.end, walk.end_url, len(walk.hops)) == (WalkEnd.LEFT, "https://www.example.com/", 2)
    assert internet.requests == ["GET http://example.com/", "GET http://www.example.com/"]


async def test_plain_http_that_answers_has_not_left(internet) -> None:
    internet.show("http://example.com/", "hello")
    walk = (await plain_http(APEX, PRODUCT, internet.http)).walk
    assert (walk.end, walk.end_url, walk.hops[-1].status) == (WalkEnd.ANSWERED, "http://example.com/", 200)
