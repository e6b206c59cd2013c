"""Walks, against real servers whose requests are counted."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.facts.redirects import Hop, Walk, WalkEnd, origin_of
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import host_of
from launchready.net.http_client import Visitor
from launchready.net.http_message import HttpResponse, Timings
from launchready.probes.walking import MAX_HOPS, Walker, absolute_url, hop_of

START, END = "http://example.com/", "https://example.com/"


def everywhere(_url: str) -> bool:
    return True


def walker(internet, may_follow=everywhere) -> Walker:
    return Walker(internet.http.fetch, may_follow)


async def test_a_walk_tells_each_step_and_ends_at_an_answer(internet, redirect_to) -> None:
    internet.pages[START] = redirect_to(END)
    internet.show(END, status=404)
    walk = await walker(internet).walk("http://EXAMPLE.com")
    assert walk == Walk((Hop(START, 301, END), Hop(END, 404, "")), WalkEnd.ANSWERED, END)


async def test_walks_that_meet_ask_for_the_rest_once(internet, redirect_to) -> None:
    internet.pages["http://example.com/a"] = redirect_to(END)
    internet.pages["http://example.com/b"] = redirect_to(END)
    internet.show(END)
    one = walker(internet)
    await one.walk("http://example.com/a")
    await one.walk("http://example.com/b")
    await one.walk("http://example.com/a")
    assert internet.requests == ["GET http://example.com/a", f"GET {END}", "GET http://example.com/b"]


async def test_a_circle_ends_where_a_url_comes_back(internet, redirect_to) -> None:
    internet.pages[START], internet.pages[END] = redirect_to(END), redirect_to(START)
    walk = await walker(internet).walk(START)
    assert (walk.end, walk.end_url, len(walk.hops)) == (WalkEnd.LOOP, START, 2)
    assert len(internet.requests) == 2


@pytest.mark.parametrize(
    ("redirects", "end"), [(MAX_HOPS - 1, WalkEnd.ANSWERED), (MAX_HOPS, WalkEnd.TOO_MANY), (11, WalkEnd.TOO_MANY)]
)
async def test_ten_answers_are_asked_for_and_no_more(internet, redirect_to, redirects: int, end: WalkEnd) -> None:
    for number in range(redirects):
        internet.pages[f"http://example.com/{number}"] = redirect_to(f"/{number + 1}")
    walk = await walker(internet).walk("http://example.com/0")
    assert (walk.end, walk.end_url, len(walk.hops)) == (end, f"http://example.com/{min(redirects, 10)}", 10)
    assert len(internet.requests) == 10


async def test_a_walk_stops_before_what_it_may_not_follow(internet, redirect_to) -> None:
    internet.pages[START] = redirect_to("https://other.example/")
    walk = await walker(internet, lambda url: host_of(url) == "example.com").walk(START)
    assert (walk.end, walk.end_url) == (WalkEnd.LEFT, "https://other.example/")
    assert internet.requests == [f"GET {START}"]


async def test_what_was_not_seen_stops_every_walk_over_it_and_is_asked_once(internet, redirect_to) -> None:
    internet.pages[START] = redirect_to("http://gone.example/")
    one = walker(internet)
    for _ in range(2):
        with pytest.raises(NotSeen, match=r"gone\.example does not exist") as caught:
            await one.walk(START)
        assert caught.value.why is Why.NO_NAME
    assert internet.resolver.asked.count(("gone.example", "A")) == 1
    assert internet.requests == [f"GET {START}"]


async def test_a_url_that_comes_back_with_another_cookie_is_no_circle(internet, redirect_to) -> None:
    internet.pages[END] = redirect_to("/", "Set-Cookie: seen=1", status=302)
    internet.show(f"{END} with seen=1")
    async with Visitor(internet.http) as visitor:
        walk = await Walker(partial(visitor.fetch), everywhere, visitor.cookies).walk(END)
    assert [hop.status for hop in walk.hops] == [302, 200]


def answer(status: int, *locations: str) -> HttpResponse:
    headers = tuple(("location", location) for location in locations)
    return HttpResponse(START, "GET", status, headers, b"", 0, False, "", "1.1", Timings(0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("status", "locations", "location"),
    [
        (301, ("/a?b#c",), "http://example.com/a?b"),
        (308, ("https://Other.Example",), "https://other.example/"),
        (302, ("/caf\u00c3\u00a9",), "http://example.com/caf%C3%A9"),
        (302, ("/caf\u00e9",), "http://example.com/caf%C3%A9"),
        (302, ("/a", "/b"), "http://example.com/a"),
        (302, (), ""),
        (200, ("/a",), ""),
        (300, ("/a",), ""),
        (304, ("/a",), ""),
        (302, ("mailto:help@example.com",), "mailto:help@example.com"),
        (302, ("http://[::1",), "http://%5B::1"),
        (302, (r"http://other.example\047.example.com/",), "http://other.example%5C047.example.com/"),
    ],
)
def test_where_an_answer_sends_to(status: int, locations: tuple[str, ...], location: str) -> None:
    assert hop_of(START, answer(status, *locations)) == Hop(START, status, location)


@given(st.text(), st.sampled_from(["", "/", "//", "http://", "http://[", "https://a\\091", "http://example.com"]))
def test_no_location_makes_a_url_that_trips_its_readers(text: str, before: str) -> None:
    location = (before + text).encode("utf-8", "replace").decode("latin-1")
    url = hop_of(START, answer(301, location)).location
    assert url.isascii()
    assert url.isprintable()
    assert origin_of(url) is not None
    assert host_of(url) is not None
    read = absolute_url(START, location)
    assert read is None or absolute_url(START, read) == read
