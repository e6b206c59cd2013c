"""What the probes of `probes/caching.py` see."""

import base64
import itertools
import secrets
from dataclasses import replace

import pytest

from launchready.facts.web import Asset, PageAssets, Transfer
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host
from launchready.parse.rfc9211 import EdgeAnswer
from launchready.probes.caching import MAX_FILES, MAX_PAGES, REPEATS, edge_repeats, page_visits

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),))
HTTPS = "https://example.com/"


async def visits_of(internet, clock):
    (page,) = (await page_visits(SITE, PRODUCT, internet.visits, internet.http, clock)).pages
    assert page.url == HTTPS
    return page.visits.value


def cookies(internet, value_of, name="id"):
    """Serve a page that sets a cookie, its value made from the URL that was asked for."""
    internet.show(HTTPS)
    plain = internet.pages[HTTPS]

    def answer(_headers):
        line = f"{name}={value_of(internet.asked[-1])}; Secure; HttpOnly"
        return replace(plain, headers=(*plain.headers, ("set-cookie", line)))

    internet.pages[HTTPS] = answer


def forms(internet, field_of):
    """Serve a page with a hidden field made from the URL that was asked for."""
    internet.show(HTTPS)
    plain = internet.pages[HTTPS]

    def answer(_headers):
        name, value = field_of(internet.asked[-1])
        return replace(plain, body=f'<form><input type=hidden name={name} value="{value}"></form>'.encode())

    internet.pages[HTTPS] = answer


def kept(made):
    """As a cache does: one value a URL, whoever asks."""
    values = {}
    return lambda url: values.setdefault(url, made(url))


def fresh(_url):
    return secrets.token_hex(16)


async def test_a_cookie_of_their_own_is_seen_and_not_called_shared(internet, clock):
    cookies(internet, fresh)
    seen = await visits_of(internet, clock)
    assert (seen.personal_cookies, seen.shared_cookies) == (("id",), ())
    assert len(internet.asked) == 3


async def test_a_cookie_that_a_cache_hands_on_is_found(internet, clock):
    cookies(internet, kept(fresh))
    seen = await visits_of(internet, clock)
    assert (seen.personal_cookies, seen.shared_cookies) == ((), ("id",))
    assert len(internet.asked) == 6


async def test_no_value_is_in_the_fact(internet, clock):
    cookies(internet, lambda _url: "s3cr3t-s3cr3t-s3cr3t")
    assert "s3cr3t" not in repr(await page_visits(SITE, PRODUCT, internet.visits, internet.http, clock))


@pytest.mark.parametrize(
    "value_of",
    [
        lambda _url: "the-same-for-everybody-who-comes",
        kept(lambda url: f"landed-on-{url}"),  # a tracker's echo of the URL
        kept(lambda url: base64.b64encode(f'{{"landing": "{url}"}}'.encode()).decode()),
        kept(lambda _url: "short-one"),
    ],
)
async def test_a_cookie_that_is_nobodys_is_not_called_shared(internet, clock, value_of):
    cookies(internet, value_of)
    seen = await visits_of(internet, clock)
    assert (seen.personal_cookies, seen.shared_cookies) == ((), ())


async def test_a_cookie_that_says_which_of_two_servers_answered_is_not_called_shared(internet, clock):
    turns = itertools.cycle(("1677787402.36895.0000", "1694564618.36895.0000"))
    cookies(internet, lambda _url: next(turns))
    assert (await visits_of(internet, clock)).shared_cookies == ()


async def test_a_cookie_that_changes_with_time_is_not_called_shared(internet, clock):
    """Two visits in one second have one value, and the newcomer comes between them."""
    counter = itertools.count()
    cookies(internet, lambda _url: f"a-second-of-the-day-{next(counter) // 2}")
    assert (await visits_of(internet, clock)).shared_cookies == ()


@pytest.mark.parametrize(("name", "shared"), [("sessionid", ("sessionid",)), ("experiment", ())])
async def test_a_session_that_a_cache_gives_even_to_newcomers_is_found(internet, clock, name, shared):
    """A cache that heeds no query: all three get one value, and the edge says that it was kept."""
    cookies(internet, lambda _url: "0123456789abcdef0123456789abcdef", name)
    plain = internet.pages[HTTPS]
    internet.pages[HTTPS] = lambda sent: replace(plain(sent), headers=(*plain(sent).headers, ("age", "7")))
    assert (await visits_of(internet, clock)).shared_cookies == shared


@pytest.mark.parametrize("name", ["__cf_bm", "AWSALB", "BIGipServerPool", "SERVERID"])
async def test_the_networks_own_cookies_are_nobodys(internet, clock, name):
    cookies(internet, kept(fresh), name)
    assert (await visits_of(internet, clock)).shared_cookies == ()


async def test_a_forms_key_that_a_cache_hands_on_is_found(internet, clock):
    key = kept(fresh)
    forms(internet, lambda url: ("csrfmiddlewaretoken", key(url)))
    assert (await visits_of(internet, clock)).shared_keys == ("csrfmiddlewaretoken",)


async def test_another_hidden_field_may_be_shared(internet, clock):
    key = kept(fresh)
    forms(internet, lambda url: ("form_build_id", key(url)))
    assert (await visits_of(internet, clock)).shared_keys == ()


def asking(internet, answer_of, **headers):
    """Serve a page with headers, and answer who asks with what they have by `answer_of`."""
    internet.show(HTTPS, b"<p>page</p>", **headers)
    plain = internet.pages[HTTPS]
    internet.pages[HTTPS] = lambda sent: answer_of(sent, plain) or plain


async def test_who_has_the_page_is_told_that_it_did_not_change(internet, clock):
    def answer(sent, plain):
        known = sent.get("if-none-match") == '"1"' and sent.get("if-modified-since") == "Wed, 01 Jul 2026 08:00:00 GMT"
        return replace(plain, status=304, body=b"") if known else None

    asking(internet, answer, etag='"1"', last_modified="Wed, 01 Jul 2026 08:00:00 GMT")
    again = (await visits_of(internet, clock)).again.value
    assert (again.asked_with, again.status) == (("If-None-Match", "If-Modified-Since"), 304)


async def test_the_same_page_sent_whole_is_seen(internet, clock):
    asking(internet, lambda _sent, _plain: None, etag='"1"')
    again = (await visits_of(internet, clock)).again.value
    assert (again.status, again.same_content, again.same_validators) == (200, True, True)


async def test_a_page_that_changed_is_seen(internet, clock):
    def answer(sent, plain):
        return replace(plain, body=b"<p>new</p>") if "if-none-match" in sent else None

    asking(internet, answer, etag='"1"')
    assert not (await visits_of(internet, clock)).again.value.same_content


async def test_a_page_without_a_tag_is_not_asked_for_again(internet, clock):
    internet.show(HTTPS)
    assert (await visits_of(internet, clock)).again is None
    assert len(internet.asked) == 3


async def test_an_error_when_asked_again_is_no_answer(internet, clock):
    asking(internet, lambda sent, plain: replace(plain, status=503) if "if-none-match" in sent else None, etag='"1"')
    assert isinstance((await visits_of(internet, clock)).again, Unmeasured)


async def test_an_error_and_a_circle_are_no_page(internet, clock):
    internet.show(HTTPS, status=500)
    assert isinstance(
        (await page_visits(SITE, PRODUCT, internet.visits, internet.http, clock)).pages[0].visits,
        Unmeasured,
    )
    internet.redirect(HTTPS, HTTPS)
    assert isinstance(
        (await page_visits(SITE, PRODUCT, internet.visits, internet.http, clock)).pages[0].visits,
        Unmeasured,
    )


async def test_declared_pages_are_visited_up_to_a_limit(internet, clock):
    pages = tuple(Endpoint(f"https://example.com/{n}", EndpointKind.PAGE) for n in range(MAX_PAGES))
    health = Endpoint("https://example.com/health", EndpointKind.HEALTH)
    product = replace(PRODUCT, endpoints=(health, *pages))
    seen = await page_visits(SITE, product, internet.visits, internet.http, clock)
    assert [page.url for page in seen.pages] == [HTTPS, *(page.url for page in pages[: MAX_PAGES - 1])]


def asset(name, clock, *headers, status=200):
    transfer = Transfer(f"https://example.com/{name}", status, "text/css", (), "", "", 10, 10, headers)
    return Asset(transfer.url, Measured(transfer, clock.now(), 0.1))


async def test_hashed_files_behind_an_edge_are_asked_for_again(internet, clock):
    url = "https://example.com/app.3f2a9c1b.css"
    internet.show(url, cf_cache_status="HIT")
    miss = ("cf-cache-status", "MISS")
    gone = Asset("https://example.com/b.3f2a9c1b.css", Unmeasured(Why.TIMED_OUT, "did not answer", clock.now()))
    files = (
        asset("app.3f2a9c1b.css", clock, miss),
        asset("plain.css", clock, miss),
        asset("lost.3f2a9c1b.css", clock, miss, status=404),
        asset("bare.3f2a9c1b.css", clock),
        gone,
    )
    (file,) = (await edge_repeats(PageAssets(files), internet.http, clock)).files
    assert (file.url, file.answers.value) == (url, (EdgeAnswer.MISS, EdgeAnswer.HIT, EdgeAnswer.HIT))
    assert internet.asked == [url] * REPEATS


async def test_no_more_files_than_a_few_are_asked_for_again(internet, clock):
    files = tuple(asset(f"{n}.3f2a9c1b.css", clock, ("x-cache", "MISS")) for n in range(MAX_FILES + 1))
    assert len((await edge_repeats(PageAssets(files), internet.http, clock)).files) == MAX_FILES
