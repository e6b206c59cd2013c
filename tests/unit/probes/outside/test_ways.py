"""What the walks of `probes/walking.py` and `probes/redirects.py` see."""

from itertools import pairwise

from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.probes.redirects import QUERIES, redirect_matrix
from launchready.probes.walking import MAX_HOPS

SITE, WWW = Host("example.com", "example.com"), Host("www.example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE, WWW), domains=(Domain("example.com"),))
HTTP, HTTPS = "http://example.com/", "https://example.com/"


async def walk_of(internet, clock, start, host=SITE):
    """The walk of one entry."""
    matrix = await redirect_matrix(host, PRODUCT, internet.visits, internet.http, clock)
    return next(entry.walk for entry in matrix.entries if entry.start_url == start)


async def test_every_combination_of_scheme_path_slash_and_query_is_an_entry(internet, clock):
    matrix = await redirect_matrix(SITE, PRODUCT, internet.visits, internet.http, clock)
    urls = [entry.start_url for entry in matrix.entries]
    assert urls == sorted(urls)
    assert len(set(urls)) == 12
    assert {
        f"http://example.com/launchready-probe/deep/{QUERIES[1]}",
        "https://example.com/launchready-probe/deep",
    } <= set(urls)


async def test_a_walk_is_kept_hop_by_hop(internet, clock):
    internet.redirect(HTTP, HTTPS, 308)
    internet.show(HTTPS)
    walk = await walk_of(internet, clock, HTTP)
    assert isinstance(walk, Measured)
    assert walk.value == Walk((Hop(HTTP, 308, HTTPS), Hop(HTTPS, 200, "")), WalkEnd.ANSWERED, HTTPS)


async def test_walks_that_meet_ask_each_url_once(internet, clock):
    internet.redirect(HTTP, HTTPS)
    internet.show(HTTPS)
    await redirect_matrix(SITE, PRODUCT, internet.visits, internet.http, clock)
    assert len(internet.asked) == len(set(internet.asked)) == 12
    assert internet.http.requests["example.com"] == 12


async def test_a_relative_location_and_a_fragment_are_resolved(internet, clock):
    internet.redirect(HTTPS, "login#top", 302)
    internet.show("https://example.com/login")
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert walk.value.end_url == "https://example.com/login"


async def test_a_url_that_comes_back_is_a_loop(internet, clock):
    internet.redirect(HTTP, HTTPS)
    internet.redirect(HTTPS, HTTP)
    walk = await walk_of(internet, clock, HTTP)
    assert isinstance(walk, Measured)
    assert (walk.value.end, walk.value.end_url) == (WalkEnd.LOOP, HTTP)
    assert [hop.url for hop in walk.value.hops] == [HTTP, HTTPS]


async def test_a_page_that_sends_to_itself_with_a_cookie_is_no_loop(internet, clock):
    def gate(headers):
        return internet.pages["welcome" if "seen=1" in headers.get("cookie", "") else "gate"]

    internet.redirect("gate", HTTPS, 302, set_cookie="seen=1; Path=/")
    internet.show("welcome")
    internet.pages[HTTPS] = gate
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert (walk.value.end, len(walk.value.hops)) == (WalkEnd.ANSWERED, 2)


async def test_a_page_that_forgets_its_cookie_is_still_a_loop(internet, clock):
    internet.redirect(HTTPS, HTTPS, 302, set_cookie="seen=1; Path=/elsewhere")
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert walk.value.end is WalkEnd.LOOP


async def test_a_hop_says_which_edge_it_came_through_and_whether_the_site_set_a_cookie(internet, clock):
    internet.redirect(HTTP, HTTPS, cf_ray="8f0a-FRA", server="cloudflare", set_cookie="__cf_bm=x; Path=/")
    internet.show(HTTPS, set_cookie="seen=1")
    walk = await walk_of(internet, clock, HTTP)
    assert isinstance(walk, Measured)
    assert [(hop.edge, hop.sets_cookies) for hop in walk.value.hops] == [("Cloudflare", False), ("", True)]


async def test_the_query_has_an_escape_and_a_name_that_comes_twice(internet, clock):
    assert all(part in QUERIES[1] for part in ("%20", "%2B", "tag=a&tag=b", "gclid=", "utm_source="))
    await redirect_matrix(SITE, PRODUCT, internet.visits, internet.http, clock)
    assert f"https://example.com/{QUERIES[1]}" in internet.asked


async def test_ten_hops_are_walked_and_no_more(internet, clock):
    assert MAX_HOPS == 10
    steps = [HTTPS, *(f"https://example.com/{number}" for number in range(1, 11))]
    for here, there in pairwise(steps):
        internet.redirect(here, there)
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert (walk.value.end, len(walk.value.hops)) == (WalkEnd.TOO_MANY, 10)
    internet.show(steps[9])
    internet.asked.clear()
    again = await walk_of(internet, clock, HTTPS)
    assert isinstance(again, Measured)
    assert (again.value.end, len(again.value.hops)) == (WalkEnd.ANSWERED, 10)


async def test_a_host_that_is_not_declared_is_never_asked(internet, clock):
    internet.redirect(HTTPS, "https://book.vendor.example/steal")
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert (walk.value.end, walk.value.end_url) == (WalkEnd.LEFT, "https://book.vendor.example/steal")
    assert not any("vendor" in url for url in internet.asked)


async def test_another_port_or_scheme_is_somewhere_else(internet, clock):
    internet.redirect(HTTP, "https://example.com:8443/")
    internet.redirect(HTTPS, "intent://scan/#Intent;scheme=zxing;end")
    ways = [await walk_of(internet, clock, url) for url in (HTTP, HTTPS)]
    assert [walk.value.end for walk in ways if isinstance(walk, Measured)] == [WalkEnd.LEFT] * 2


async def test_a_location_that_is_no_url_trips_nothing(internet, clock):
    internet.redirect(HTTPS, "https://[half/")
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert walk.value.end is WalkEnd.LEFT


async def test_a_redirect_status_without_a_location_is_an_answer(internet, clock):
    internet.show(HTTPS, status=301)
    walk = await walk_of(internet, clock, HTTPS)
    assert isinstance(walk, Measured)
    assert walk.value.end is WalkEnd.ANSWERED


async def test_an_entry_that_can_not_be_seen_hides_no_other(internet, clock):
    internet.show(HTTPS, b"<title>Just a moment...</title>", 403, cf_mitigated="challenge", server="cloudflare")
    internet.redirect(HTTP, "https://www.example.com/")
    internet.show("https://www.example.com/")
    hidden, seen = await walk_of(internet, clock, HTTPS), await walk_of(internet, clock, HTTP)
    assert isinstance(hidden, Unmeasured)
    assert hidden.why is Why.CHALLENGED
    assert isinstance(seen, Measured)
