"""The ways into a host, walked against real servers whose requests are counted."""

from collections import Counter

import pytest

from launchready.facts.redirects import RedirectMatrix, WalkEnd
from launchready.model.product import Product
from launchready.model.reading import Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.probes.redirects import is_declared, redirect_matrix

APEX, WWW = Host("example.com", "example.com"), Host("www.example.com", "example.com")
PRODUCT = Product("P", (APEX, WWW), (Domain("example.com"),))
QUERY = "?utm_source=launchready&gclid=probe"


async def look(internet, host: Host = APEX) -> RedirectMatrix:
    return await redirect_matrix(host, PRODUCT, internet.http, internet.clock)


async def test_twelve_ways_are_walked_in_the_order_of_their_urls(internet) -> None:
    starts = [entry.start_url for entry in (await look(internet)).entries]
    assert starts == sorted(starts)
    assert set(starts) == {
        f"{scheme}://example.com/{path}{query}"
        for scheme in ("http", "https")
        for path in ("", "launchready-probe/deep", "launchready-probe/deep/")
        for query in ("", QUERY)
    }


async def test_ways_that_meet_share_their_steps_and_nothing_is_posted(internet, redirect_to) -> None:
    for path in ("", "launchready-probe/deep", "launchready-probe/deep/"):
        for query in ("", QUERY):
            internet.pages[f"http://example.com/{path}{query}"] = redirect_to(f"https://example.com/{path}{query}")
    matrix = await look(internet)
    assert {walk.end for walk in matrix.walks} == {WalkEnd.ANSWERED}
    assert len(internet.requests) == 12
    assert set(Counter(internet.requests).values()) == {1}
    assert all(request.startswith("GET ") for request in internet.requests)


async def test_a_declared_host_is_followed_and_a_stranger_is_not(internet, redirect_to) -> None:
    internet.pages["https://example.com/"] = redirect_to("https://www.example.com/")
    internet.pages["https://www.example.com/"] = redirect_to("https://other.example/")
    matrix = await look(internet)
    (walk,) = [entry.walk.value for entry in matrix.entries if entry.start_url == "https://example.com/"]
    assert (walk.end, walk.end_url) == (WalkEnd.LEFT, "https://other.example/")
    assert [hop.url for hop in walk.hops] == ["https://example.com/", "https://www.example.com/"]
    assert not any("other.example" in request for request in internet.requests)


async def test_a_way_that_needs_a_cookie_is_taken_again_with_it(internet, redirect_to) -> None:
    internet.pages["https://example.com/"] = redirect_to("/", "Set-Cookie: seen=1", status=302)
    internet.show("https://example.com/ with seen=1")
    internet.pages["http://example.com/"] = redirect_to("/")
    ends = {entry.start_url: entry.walk.value.end for entry in (await look(internet)).entries}
    assert ends["https://example.com/"] is WalkEnd.ANSWERED
    assert ends["http://example.com/"] is WalkEnd.LOOP


async def test_a_way_that_was_not_seen_is_a_gap_among_those_that_were(internet, redirect_to) -> None:
    internet.say("www.example.com", "A", "192.0.2.3")
    internet.pages["https://example.com/"] = redirect_to("https://www.example.com/")
    entries = {entry.start_url: entry.walk for entry in (await look(internet)).entries}
    gaps = {url: walk.why for url, walk in entries.items() if isinstance(walk, Unmeasured)}
    assert gaps == {"https://example.com/": Why.REFUSED, f"https://example.com/{QUERY}": Why.REFUSED}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a", True),
        ("http://www.example.com/", True),
        ("https://example.com:8443/", False),
        ("https://app.example.com/", False),
        ("https://example.com.other.example/", False),
        ("mailto:help@example.com", False),
        ("", False),
    ],
)
def test_a_walk_goes_only_to_declared_hosts_on_their_own_port(url: str, expected: bool) -> None:
    assert is_declared(PRODUCT, url) is expected
