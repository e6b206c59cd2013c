"""What the probes of `probes/web.py` see."""

import gzip
from dataclasses import replace

import pytest

from launchready.facts.redirects import WalkEnd
from launchready.facts.web import CookieSeen
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.parse.rfc6265 import SameSite
from launchready.probes import web
from launchready.probes.web import front_page, page_assets, plain_http

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE, Host("app.example.com", "example.com")), domains=(Domain("example.com"),))
HTTPS = "https://example.com/"


def cookie(name, **differs):
    plain = CookieSeen(name, "", False, False, SameSite.DEFAULT, "", True, False, False)
    return replace(plain, **differs)


async def page_of(internet, body):
    internet.show(HTTPS, body)
    return await front_page(SITE, PRODUCT, internet.http)


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
    page = await front_page(SITE, PRODUCT, internet.http)
    assert (page.title, page.redirects_to) == ("Shop", "")
    assert (page.transfer.status, page.transfer.content_encoding, page.transfer.vary) == (
        200,
        "gzip",
        "accept-encoding",
    )
    assert (page.transfer.cache_control, page.transfer.has_validator) == (("no-cache",), True)
    assert (page.transfer.size_bytes, page.transfer.wire_bytes) == (len(text), len(gzip.compress(text)))


async def test_what_is_loaded_or_posted_over_http_is_found_and_links_are_not(internet):
    body = b"""<link rel=stylesheet href="http://a.example/x.css"><img src="http://b.example/i.png">
        <a href="http://c.example/">old</a><script src="//d.example/s.js"></script><img src="data:,http://e.example">
        <form action="http://f.example/join" method=post></form><form action="/ok"></form>
        <script src="http://a.example/x.css"></script>"""
    page = await page_of(internet, body)
    assert page.insecure_references == ("http://a.example/x.css", "http://b.example/i.png", "http://f.example/join")


async def test_a_base_over_http_makes_relative_references_insecure(internet):
    page = await page_of(internet, b'<base href="http://a.example/v1/"><script src="app.js"></script>')
    assert page.insecure_references == ("http://a.example/v1/app.js",)


async def test_styles_and_scripts_of_declared_hosts_are_the_assets(internet):
    body = b"""<link rel=stylesheet href="/s.css"><script src="https://app.example.com/a.js"></script>
        <script src="https://cdn.vendor.example/x.js"></script><img src="/i.png"><script src="/s.css"></script>"""
    page = await page_of(internet, body)
    assert page.asset_urls == ("https://example.com/s.css", "https://app.example.com/a.js")


async def test_redirects_within_the_host_are_followed_with_their_cookies(internet):
    internet.redirect(HTTPS, "/login", 302, set_cookie="session=SECRET; Domain=example.com; Secure; HttpOnly")
    internet.show("https://example.com/login", set_cookie="csrf=SECRET")
    page = await front_page(SITE, PRODUCT, internet.http)
    assert page.transfer.url == "https://example.com/login"
    assert page.cookies == (
        cookie("session", domain="example.com", secure=True, http_only=True),
        cookie("csrf"),
    )
    assert "SECRET" not in repr(page)


async def test_a_cookies_attributes_are_seen_and_what_a_browser_ignores_is_not(internet):
    lines = {
        "__Host-id=1; Path=/; Secure; SameSite=Strict; Max-Age=60": cookie(
            "__Host-id", secure=True, same_site=SameSite.STRICT, path="/", lives_on=True
        ),
        "__Host-id=1; Path=/": cookie("__Host-id", path="/", keeps_prefix=False),
        "id=; Expires=Thu, 01 Jan 1970 00:00:00 GMT": cookie("id", lives_on=True, is_removed=True),
        "id=1; Max-Age=0": cookie("id", lives_on=True, is_removed=True),
        "id=1; Max-Age=1": cookie("id", lives_on=True),
    }
    for line, seen in lines.items():
        internet.show(HTTPS, set_cookie=line)
        assert (await front_page(SITE, PRODUCT, internet.http)).cookies == (seen,)


async def test_the_headers_are_kept_in_order_without_those_that_may_hold_a_secret(internet):
    internet.show(HTTPS, set_cookie="id=SECRET", x_csrf_token="SECRET", strict_transport_security="max-age=1")
    transfer = (await front_page(SITE, PRODUCT, internet.http)).transfer
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
    page = await front_page(SITE, PRODUCT, internet.http)
    assert page.redirects_to == "https://www.example.com/"
    assert internet.asked == [HTTPS]


async def test_a_page_that_is_none_is_not_seen(internet):
    internet.redirect(HTTPS, HTTPS)
    assert await why_of(front_page(SITE, PRODUCT, internet.http)) is Why.UNREADABLE
    internet.show(HTTPS, status=503)
    assert await why_of(front_page(SITE, PRODUCT, internet.http)) is Why.UNREADABLE
    internet.show(HTTPS, b"x" * (5 * 1024 * 1024 + 1))
    assert await why_of(front_page(SITE, PRODUCT, internet.http)) is Why.TOO_LARGE


@pytest.mark.parametrize("charset", ["", "; charset=no-such-thing", "; charset=iso-8859-1"])
async def test_an_odd_charset_does_not_hide_the_page(internet, charset):
    internet.show(HTTPS, b"<title>Caf\xe9</title>", content_type=f"text/html{charset}")
    assert (await front_page(SITE, PRODUCT, internet.http)).title.startswith("Caf")


async def test_what_is_no_html_is_not_read_as_such(internet):
    internet.show(HTTPS, b'{"a": "<script src=http://x.example/></script>"}', content_type="application/json")
    assert (await front_page(SITE, PRODUCT, internet.http)).insecure_references == ()


async def test_each_asset_is_seen_by_itself(internet, clock):
    page = await page_of(internet, b'<script src="/a.js"></script><script src="https://app.example.com/b.js"></script>')
    internet.show("https://example.com/a.js", b"1", content_type="text/javascript")
    internet.resolver.failing |= {("app.example.com", "A"), ("app.example.com", "AAAA")}
    seen = await page_assets(page, internet.http, clock)
    assert [asset.url for asset in seen.assets] == ["https://example.com/a.js", "https://app.example.com/b.js"]
    assert isinstance(seen.assets[0].transfer, Measured)
    assert isinstance(seen.assets[1].transfer, Unmeasured)
    assert [transfer.content_type for transfer in seen.transfers] == ["text/javascript"]


async def test_assets_beyond_the_limit_are_named_as_not_seen(internet, clock, monkeypatch):
    monkeypatch.setattr(web, "MAX_ASSETS", 1)
    page = await page_of(internet, b'<script src="/a.js"></script><script src="/b.js"></script>')
    seen = await page_assets(page, internet.http, clock)
    assert isinstance(seen.assets[0].transfer, Measured)
    assert isinstance(seen.assets[1].transfer, Unmeasured)
    assert seen.assets[1].transfer.why is Why.TOO_LARGE


async def test_plain_http_is_walked_until_it_is_put_right(internet):
    internet.redirect("http://example.com/", "http://example.com/home")
    internet.redirect("http://example.com/home", "https://example.com/home")
    walk = (await plain_http(SITE, PRODUCT, internet.http)).walk
    assert (walk.end, walk.end_url) == (WalkEnd.LEFT, "https://example.com/home")
    assert internet.asked == ["http://example.com/", "http://example.com/home"]
