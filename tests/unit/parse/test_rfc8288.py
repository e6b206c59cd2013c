"""Link fields; the examples are those that RFC 8288 prints."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.rfc8288 import Link, LinkError, parse_links


@pytest.mark.parametrize(
    ("field", "links"),
    [
        (
            '<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter"',
            (Link("http://example.com/TheBook/chapter2", frozenset({"previous"})),),
        ),
        ('</>; rel="http://example.net/foo"', (Link("/", frozenset({"http://example.net/foo"})),)),
        ('</terms>; rel="copyright"; anchor="#foo"', (Link("/terms", frozenset({"copyright"}), has_anchor=True),)),
        (
            (
                "</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, "
                "</TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel"
            ),
            (Link("/TheBook/chapter2", frozenset({"previous"})), Link("/TheBook/chapter4", frozenset({"next"}))),
        ),
        (
            '<http://example.org/>; rel="start http://example.net/relation/other"',
            (Link("http://example.org/", frozenset({"start", "http://example.net/relation/other"})),),
        ),
        ("<https://a.example/x,y>; rel=canonical", (Link("https://a.example/x,y", frozenset({"canonical"})),)),
        ('<a>; REL = "Canonical"', (Link("a", frozenset({"canonical"})),)),
        ('<a>; rel="canonical"; rel="next"', (Link("a", frozenset({"canonical"})),)),
        ('<a>; title="x, <b>; rel=canonical"', (Link("a", frozenset()),)),
        ("<a>", (Link("a", frozenset()),)),
        ("<a>;", (Link("a", frozenset()),)),
        ("<a>; ; rel=next", (Link("a", frozenset({"next"})),)),
        (", <a>,, <b> ,", (Link("a", frozenset()), Link("b", frozenset()))),
        ("", ()),
    ],
)
def test_a_field_is_read_as_the_rfc_says(field: str, links: tuple[Link, ...]) -> None:
    assert parse_links(field) == links


@pytest.mark.parametrize("field", ["a", "<a", "<a>b", "<a> <b>", '<a>; rel="x', "<a>; =x", "<a>; rel=x y"])
def test_what_breaks_the_grammar_is_refused(field: str) -> None:
    with pytest.raises(LinkError):
        parse_links(field)


@given(st.text() | st.lists(st.sampled_from(["<", ">", ";", ",", '"', "=", "rel", " ", "\\", "a"])).map("".join))
def test_any_text_is_links_or_refused(field: str) -> None:
    with contextlib.suppress(LinkError):
        assert all(isinstance(link, Link) for link in parse_links(field))


@pytest.mark.parametrize("piece", ["<a>, ", "<a>; rel=x, ", "; ", '<a>; t="', "<", ", "])
def test_time_is_linear_in_the_length(piece: str) -> None:
    started = time.perf_counter()
    with contextlib.suppress(LinkError):
        parse_links(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 2.0
