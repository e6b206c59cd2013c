"""Where an answer sends a visitor, whatever its Location says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.facts.redirects import Hop, origin_of
from launchready.model.subject import host_of
from launchready.net.http_message import HttpResponse, Timings
from launchready.probes.walking import absolute_url, hop_of

START = "http://example.com/"


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
        (302, (r"http://other.example\047.example.com/",), "http://other.example/047.example.com/"),
        (302, ("http://other.example%5C047.example.com/",), "http://other.example%5c047.example.com/"),
        (302, (r"/\other.example/a\b?c\d",), "http://other.example/a/b?c%5Cd"),
        (302, ("///other.example",), "http://other.example/"),
        (302, ("/\t/other.example",), "http://other.example/"),
        (302, ("http:a",), "http://example.com/a"),
        (302, ("https:a.example",), "https://a.example/"),
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
