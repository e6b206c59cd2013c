"""What the probes of `probes/web.py` see."""

import datetime as dt
import gzip
from dataclasses import replace

import pytest

from launchready.facts.redirects import WalkEnd
from launchready.facts.web import BlockedLoad, CookieSeen, Handling, InnerPages, PlainReference
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host
from launchready.net.clock import Clock
from launchready.parse.rfc6265 import SameSite
from launchready.probes import web
from launchready.probes.web import front_page, inner_pages, page_assets, plain_http

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE, Host("app.example.com", "example.com")), domains=(Domain("example.com"),))
HTTPS = "https://example.com/"
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def cookie(name, **differs):
    plain = CookieSeen(name, "", False, False, SameSite.DEFAULT, "", True, True, False, False)
    return replace(plain, **differs)


CLOCK = Clock(lambda: NOW, lambda: 0.0)
NONE_INSIDE = InnerPages(())


async def open_front(internet):
    return await front_page(SITE, PRODUCT, internet.visits, internet.http, CLOCK)


async def page_of(internet, body, **headers):
    internet.show(HTTPS, body, **headers)
    return await open_front(internet)


async def assets_of(internet, page, inner=NONE_INSIDE):
    return await page_assets(page, inner, PRODUCT, internet.http, CLOCK)


def urls(references):
    return tuple(reference.url for reference in references)


async def why_of(look):
    with pytest.raises(NotSeen) as seen:
        await look
    return seen.value.why


async def test_headers_and_sizes_of_the_page_are_seen(internet):
    text = b"<!doctype html><title>Shop</title>" + b"<p>coaching</p>" * 200
    internet.show(
        HTTPS,
        gzip.compress(text),
        content_encoding="gzip",
        cache_control="no-cache",
        vary="Accept-Encoding",
        etag='"1"',
    )
    page = await open_front(internet)
    assert (page.title, page.redirects_to) == ("Shop", "")
    assert (page.transfer.status, page.transfer.content_encoding, page.transfer.vary) == (
        200,
        "gzip",
        "accept-encoding",
    )
    assert page.transfer.cache_control == ("no-cache",)
    assert (page.transfer.size_bytes, page.transfer.wire_bytes) == (len(text), len(gzip.compress(text)))


async def test_what_is_loaded_or_posted_over_http_is_found_and_links_are_not(internet):
    body = b"""<link rel=stylesheet href="http://a.example/x.css"><img src="http://b.example/i.png">
        <a href="http://c.example/">old</a><script src="//d.example/s.js"></script><img src="data:,http://e.example">
        <form action="http://f.example/join" method=post></form><form action="/ok"></form>
        <script src="http://a.example/x.css"></script>"""
    page = await page_of(internet, body)
    assert urls(page.plain_references) == ("http://a.example/x.css", "http://b.example/i.png", "http://f.example/join")


async def test_a_base_over_http_makes_relative_references_insecure(internet):
    page = await page_of(internet, b'<base href="http://a.example/v1/"><script src="app.js"></script>')
    assert urls(page.plain_references) == ("http://a.example/v1/app.js",)


async def test_styles_and_scripts_of_declared_hosts_are_the_assets(internet):
    body = b"""<link rel=stylesheet href="/s.css"><script src="https://app.example.com/a.js"></script>
        <script src="https://cdn.vendor.example/x.js"></script><img src="/i.png"><script src="/s.css"></script>"""
    page = await page_of(internet, body)
    assert page.asset_urls == ("https://example.com/s.css", "https://app.example.com/a.js")


async def test_redirects_within_the_host_are_followed_with_their_cookies(internet):
    internet.redirect(HTTPS, "/login", 302, set_cookie="session=SECRET; Domain=example.com; Secure; HttpOnly")
    internet.show("https://example.com/login", set_cookie="csrf=SECRET")
    page = await open_front(internet)
    assert page.transfer.url == "https://example.com/login"
    assert page.cookies == (
        cookie("session", domain="example.com", secure=True, http_only=True),
        cookie("csrf"),
    )
    assert "SECRET" not in repr(page)


async def test_a_cookies_attributes_are_seen_and_what_a_browser_ignores_is_not(internet):
    lines = {
        "__Host-id=1; Path=/; Secure; SameSite=Strict; Max-Age=60": cookie(
            "__Host-id", secure=True, same_site=SameSite.STRICT, path="/"
        ),
        "__Host-id=1; Path=/": cookie("__Host-id", path="/", keeps_prefix=False),
        "id=; Expires=Thu, 01 Jan 1970 00:00:00 GMT": cookie("id", is_removed=True),
        "id=1; Max-Age=0": cookie("id", is_removed=True),
        "id=1; Max-Age=1": cookie("id"),
        "id=1; Expires=Sun, 01 Mar 2026 00:00:00 GMT": cookie("id", is_removed=True),
        "id=1; Expires=Sun, 01 Mar 2026 00:00:01 GMT": cookie("id"),
        "id=1; Domain=www.example.com": cookie("id", domain="www.example.com", is_ours=False),
        "id=1; Domain=com": cookie("id", domain="com", is_ours=False),
        "id=1; Domain=.Example.com": cookie("id", domain="example.com"),
    }
    for line, seen in lines.items():
        internet.show(HTTPS, set_cookie=line)
        assert (await open_front(internet)).cookies == (seen,)


async def test_the_headers_are_kept_in_order_without_those_that_may_hold_a_secret(internet):
    internet.show(HTTPS, set_cookie="id=SECRET", x_csrf_token="SECRET", strict_transport_security="max-age=1")
    transfer = (await open_front(internet)).transfer
    assert transfer.values("strict-transport-security") == ("max-age=1",)
    assert not transfer.values("set-cookie")
    assert "SECRET" not in repr(transfer)


async def test_canonical_and_robots_are_seen_as_written_and_absolute(internet):
    page = await page_of(internet, b'<link rel=canonical href="/a"><meta name=robots content="NOINDEX">')
    assert (page.canonical, page.robots) == ("https://example.com/a", "noindex")
    page = await page_of(internet, b"<p>neither</p>")
    assert (page.canonical, page.robots) == ("", "")


async def test_a_redirect_elsewhere_is_not_followed(internet):
    internet.redirect(HTTPS, "https://www.example.com/")
    page = await open_front(internet)
    assert page.redirects_to == "https://www.example.com/"
    assert internet.asked == [HTTPS]


async def test_a_page_that_is_none_is_not_seen(internet):
    internet.redirect(HTTPS, HTTPS)
    assert await why_of(open_front(internet)) is Why.UNREADABLE
    internet.show(HTTPS, status=503)
    assert await why_of(open_front(internet)) is Why.UNREADABLE
    internet.show(HTTPS, b"x" * (5 * 1024 * 1024 + 1))
    assert await why_of(open_front(internet)) is Why.TOO_LARGE


@pytest.mark.parametrize("charset", ["", "; charset=no-such-thing", "; charset=iso-8859-1"])
async def test_an_odd_charset_does_not_hide_the_page(internet, charset):
    internet.show(HTTPS, b"<title>Caf\xe9</title>", content_type=f"text/html{charset}")
    assert (await open_front(internet)).title.startswith("Caf")


async def test_what_is_no_html_is_not_read_as_such(internet):
    internet.show(HTTPS, b'{"a": "<script src=http://x.example/></script>"}', content_type="application/json")
    assert (await open_front(internet)).plain_references == ()


async def test_what_stands_inside_the_page_is_read_too(internet):
    body = b"""<style>@import "http://a.example/a.css"; p{background:url(http://b.example/b.png)}</style>
        <p style="background:url('http://c.example/c.png')"><button formaction=http://d.example/>x</button>
        <script>fetch("http://e.example/"); new WebSocket("ws://localhost:3000/");</script>
        <noscript><img src=http://f.example/></noscript>"""
    page = await page_of(internet, body)
    assert [(one.url, one.what, one.handling) for one in page.plain_references] == [
        ("http://d.example/", "form", Handling.WARNED),
        ("http://a.example/a.css", "style sheet", Handling.BLOCKED),
        ("http://b.example/b.png", "image", Handling.UPGRADED),
        ("http://c.example/c.png", "image", Handling.UPGRADED),
    ]
    assert page.plain_calls == (PlainReference("http://e.example/", HTTPS, "fetch", Handling.BLOCKED, None),)


@pytest.mark.parametrize("where", ["header", "meta"])
async def test_a_page_that_has_browsers_upgrade_is_tried_over_https(internet, where):
    policy, script = "upgrade-insecure-requests", '<script>fetch("http://e.example/")</script>'
    body = '<img src="http://www.example.com/a.png"><img src="http://gone.example/b.png">' + script
    meta = f'<meta http-equiv="content-security-policy" content="{policy}">'
    headers = {"content_security_policy": policy} if where == "header" else {}
    internet.show("https://www.example.com/a.png", b"1", content_type="image/png")
    page = await page_of(internet, ((meta if where == "meta" else "") + body).encode(), **headers)
    good, gone = page.plain_references
    assert page.upgrades
    assert isinstance(good.over_https, Measured)
    assert good.over_https.value == 200
    assert isinstance(gone.over_https, Unmeasured)
    assert page.plain_calls == ()


async def test_what_the_pages_own_policy_keeps_out_is_seen(internet):
    body = b"""<script src=/a.js></script><script src=https://w.vendor.example/b.js></script>
        <script nonce=k1 src=https://w.vendor.example/c.js></script><iframe src=https://w.vendor.example/d></iframe>
        <link rel=stylesheet href=/e.css><img src=https://w.vendor.example/f.png>"""
    policy = "default-src 'self'; script-src 'self' 'nonce-k1', img-src *"
    page = await page_of(internet, body, content_security_policy=policy)
    assert page.blocked_loads == (
        BlockedLoad("https://w.vendor.example/b.js", "script", "script-src-elem"),
        BlockedLoad("https://w.vendor.example/d", "frame", "frame-src"),
    )
    meta = b"<meta http-equiv=content-security-policy content=\"script-src 'none'\"><script src=/a.js></script>"
    assert (await page_of(internet, meta)).blocked_loads == ()


async def test_a_policy_that_only_reports_upgrades_nothing(internet):
    page = await page_of(internet, b"", content_security_policy_report_only="upgrade-insecure-requests")
    assert not page.upgrades


async def test_style_sheets_are_followed_through_their_imports_to_what_they_load(internet):
    internet.show("https://example.com/a.css", b'@import "b.css";', content_type="text/css")
    internet.show("https://example.com/b.css", b"a{b:url(http://x.example/)}", content_type="text/css; charset=utf-8")
    page = await page_of(internet, b"<link rel=stylesheet href=/a.css>")
    first, second = (await assets_of(internet, page)).assets
    assert (first.url, second.url) == ("https://example.com/a.css", "https://example.com/b.css")
    assert second.plain_references == (
        PlainReference("http://x.example/", second.url, "image", Handling.UPGRADED, None),
    )


async def test_imports_that_never_end_are_named_as_not_seen(internet, monkeypatch):
    for number in range(9):
        text = f'@import "/{number + 1}.css";@import "/0.css";'.encode()
        internet.show(f"https://example.com/{number}.css", text, content_type="text/css")
    seen = await assets_of(internet, await page_of(internet, b"<link rel=stylesheet href=/0.css>"))
    assert [asset.url[-5:] for asset in seen.assets] == ["0.css", "1.css", "2.css", "3.css", "4.css"]
    assert isinstance(seen.assets[-1].transfer, Unmeasured)
    assert all(isinstance(asset.transfer, Measured) for asset in seen.assets[:-1])


async def test_a_script_file_is_read_for_its_calls_and_for_where_it_redirects(internet):
    internet.show("https://example.com/a.js", b"fetch('http://x.example/')", content_type="text/javascript")
    internet.redirect("https://example.com/b.js", "http://example.com/c.js")
    page = await page_of(internet, b"<script src=/a.js></script><script src=/b.js></script>")
    first, second = (await assets_of(internet, page)).assets
    assert urls(first.plain_calls) == ("http://x.example/",)
    assert urls(second.plain_references) == ("http://example.com/c.js",)


async def test_declared_pages_besides_the_front_page_are_opened_each_by_a_new_visitor(internet):
    pages = ("https://example.com/", "https://example.com/login", "https://app.example.com/x", "https://example.com/p")
    kinds = (EndpointKind.PAGE, EndpointKind.LOGIN, EndpointKind.PAGE, EndpointKind.PAGE)
    product = replace(PRODUCT, endpoints=tuple(map(Endpoint, pages, kinds)))
    product = replace(product, endpoints=(*product.endpoints, Endpoint("https://example.com/h", EndpointKind.HEALTH)))
    internet.show(pages[1], b"<form action=http://x.example/><script src=/a.js></script>", set_cookie="a=1")
    internet.redirect(pages[3], "https://app.example.com/")
    login, elsewhere = (await inner_pages(SITE, product, internet.visits, internet.http, CLOCK)).pages
    assert (login.url, login.kind, elsewhere.url) == (pages[1], EndpointKind.LOGIN, pages[3])
    assert urls(login.view.value.plain_references) == ("http://x.example/",)
    assert login.view.value.cookies == (cookie("a"),)
    assert login.view.value.asset_urls == ("https://example.com/a.js",)
    assert elsewhere.view.value.redirects_to == "https://app.example.com/"


async def test_a_declared_page_that_fails_is_not_seen_by_itself_and_one_too_many_is_said(internet, monkeypatch):
    monkeypatch.setattr(web, "MAX_INNER_PAGES", 1)
    product = replace(PRODUCT, endpoints=tuple(Endpoint(f"{HTTPS}{n}", EndpointKind.PAGE) for n in range(2)))
    internet.show(f"{HTTPS}0", status=500)
    broken, rest = (await inner_pages(SITE, product, internet.visits, internet.http, CLOCK)).pages
    assert (broken.view.why, rest.view.why) == (Why.UNREADABLE, Why.TOO_LARGE)


async def test_assets_are_those_of_inner_pages_too(internet):
    product = replace(PRODUCT, endpoints=(Endpoint(f"{HTTPS}login", EndpointKind.LOGIN),))
    internet.show(f"{HTTPS}login", b"<script src=/b.js></script><script src=/a.js></script>")
    inner = await inner_pages(SITE, product, internet.visits, internet.http, CLOCK)
    seen = await assets_of(internet, await page_of(internet, b"<script src=/a.js></script>"), inner)
    assert [asset.url for asset in seen.assets] == ["https://example.com/a.js", "https://example.com/b.js"]


async def test_each_asset_is_seen_by_itself(internet):
    page = await page_of(internet, b'<script src="/a.js"></script><script src="https://app.example.com/b.js"></script>')
    internet.show("https://example.com/a.js", b"1", content_type="text/javascript")
    internet.resolver.failing |= {("app.example.com", "A"), ("app.example.com", "AAAA")}
    seen = await assets_of(internet, page)
    assert [asset.url for asset in seen.assets] == ["https://example.com/a.js", "https://app.example.com/b.js"]
    assert isinstance(seen.assets[0].transfer, Measured)
    assert isinstance(seen.assets[1].transfer, Unmeasured)
    assert [transfer.content_type for transfer in seen.transfers] == ["text/javascript"]


async def test_assets_beyond_the_limit_are_named_as_not_seen(internet, monkeypatch):
    monkeypatch.setattr(web, "MAX_ASSETS", 1)
    page = await page_of(internet, b'<script src="/a.js"></script><script src="/b.js"></script>')
    seen = await assets_of(internet, page)
    assert isinstance(seen.assets[0].transfer, Measured)
    assert isinstance(seen.assets[1].transfer, Unmeasured)
    assert seen.assets[1].transfer.why is Why.TOO_LARGE


async def test_plain_http_is_walked_until_it_is_put_right(internet):
    internet.redirect("http://example.com/", "http://example.com/home")
    internet.redirect("http://example.com/home", "https://example.com/home")
    walk = (await plain_http(SITE, PRODUCT, internet.http)).walk
    assert (walk.end, walk.end_url) == (WalkEnd.LEFT, "https://example.com/home")
    assert internet.asked == ["http://example.com/", "http://example.com/home"]
