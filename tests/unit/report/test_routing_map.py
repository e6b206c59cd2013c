"""The routing map: evidence in; tree, table, picture and JSON out."""

import io
import itertools
import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from launchready.facts.domain import HostAddresses
from launchready.facts.redirects import Entry as Way
from launchready.facts.redirects import Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.evidence import Entry, Evidence
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.report.map_svg import WIDTH, render_map_svg
from launchready.report.redirect_rules import Unseen, sentence, written_rules
from launchready.report.routing_map import (
    Route,
    RoutingMap,
    observed_rules,
    render_map_json,
    render_map_markdown,
    render_map_terminal,
    routing_map,
)

AT = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)
SITE = Host("example.com", "example.com", "landing page", "Maya", "Render", origin_addresses=("192.0.2.9",))
WWW = Host("www.example.com", "example.com", redirects_to="https://example.com")
APP = Host("app.example.com", "example.com")


def walk(*urls: str, edge: str = "", last: int = 200, end: WalkEnd = WalkEnd.ANSWERED) -> Way:
    hops = [Hop(url, 301, to, edge) for url, to in itertools.pairwise(urls)]
    hops += [Hop(urls[-1], last, "", edge)] if end is WalkEnd.ANSWERED else []
    return Way(urls[0], Measured(Walk(tuple(hops), end, urls[-1]), AT, 0.1))


def evidence(*pairs: tuple[Host, object], has_file: bool = True) -> Evidence:
    entries = tuple(
        Entry(type(value).__name__, host.id, Measured(value, AT, 0.1)) if not isinstance(value, Entry) else value
        for host, value in pairs
    )
    hosts = tuple(dict.fromkeys(host for host, _ in pairs))
    return Evidence(
        "launchready", AT, Product("Bright Path", hosts, (Domain("example.com"),), has_file=has_file), entries
    )


def route(host: Host, *values: object, has_file: bool = True) -> Route:
    (one,) = routing_map(evidence(*((host, value) for value in values or (None,)), has_file=has_file)).routes
    return one


def test_a_host_behind_an_edge_is_drawn_from_name_to_owner() -> None:
    found = HostAddresses(exists=True, addresses=("192.0.2.1", "2001:db8::1"), cname_chain=("a.host.example",))
    ways = RedirectMatrix((walk("https://example.com/", edge="Cloudflare"),))
    assert route(SITE, found, ways) == Route(
        name="example.com",
        records=("CNAME a.host.example", "A 192.0.2.1", "AAAA 2001:db8::1"),
        edge="Cloudflare",
        server="192.0.2.9, run by Render (as declared)",
        purpose="landing page",
        owner="Maya",
        status="shows a page (200)",
        mark="good",
        leads_to="",
    )


@pytest.mark.parametrize(
    ("found", "records"),
    [
        (HostAddresses(exists=False, addresses=(), cname_chain=()), ("the name does not exist",)),
        (HostAddresses(exists=True, addresses=(), cname_chain=()), ("the name exists and has no address",)),
    ],
)
def test_a_name_without_an_address_says_so(found: HostAddresses, records: tuple[str, ...]) -> None:
    assert route(APP, found).records == records


@pytest.mark.parametrize(
    ("host", "way", "has_file", "status", "mark"),
    [
        (APP, walk("https://app.example.com/"), True, "shows a page (200)", "good"),
        (APP, walk("https://app.example.com/", last=404), True, "answers with error 404", "bad"),
        (APP, walk("https://app.example.com/", last=399), True, "shows a page (399)", "good"),
        (APP, walk("https://app.example.com/", last=400), True, "answers with error 400", "bad"),
        (APP, walk("https://app.example.com/", end=WalkEnd.LOOP), True, "goes round in a circle", "bad"),
        (WWW, walk("https://www.example.com/"), True, "shows a page (200)", "bad"),
        (WWW, walk("https://www.example.com/"), False, "shows a page (200)", "good"),
        (
            WWW,
            walk("https://www.example.com/", "https://example.com/"),
            True,
            "sends visitors to https://example.com",
            "good",
        ),
        (
            APP,
            walk("https://app.example.com/", "https://example.com/"),
            True,
            "sends visitors to https://example.com",
            "bad",
        ),
        (
            APP,
            walk("https://app.example.com/", "https://example.com/"),
            False,
            "sends visitors to https://example.com",
            "open",
        ),
        (
            APP,
            Way("https://app.example.com/", Unmeasured(Why.TIMED_OUT, "no answer", AT)),
            True,
            "not seen: no answer",
            "open",
        ),
    ],
)
def test_the_state_is_what_a_visitor_of_the_front_page_meets(
    host: Host, way: Way, has_file: bool, status: str, mark: str
) -> None:
    seen = route(host, RedirectMatrix((way,)), has_file=has_file)
    assert (seen.status, seen.mark) == (status, mark)


def test_the_server_is_what_the_owner_said_or_what_can_be_concluded() -> None:
    plain = RedirectMatrix((walk("https://app.example.com/"),))
    behind = RedirectMatrix((walk("https://app.example.com/", edge="Fastly"),))
    assert route(APP, plain).server == "at that address"
    assert route(APP, plain).edge == "none seen"
    assert route(APP, behind).server == "behind the edge; its address is not declared"


def test_what_was_not_looked_at_is_not_seen_and_never_empty() -> None:
    gap = Entry("RedirectMatrix", APP.id, Unmeasured(Why.TIMED_OUT, "no answer", AT))
    seen = evidence((APP, gap))
    (one,) = routing_map(seen).routes
    assert (one.records, one.edge, one.server) == (("not seen: it was not looked at",), "not seen", "not seen")
    assert (one.status, one.mark) == ("not seen: no answer", "open")
    assert observed_rules(seen) == (
        Unseen("http://app.example.com", "no answer"),
        Unseen("https://app.example.com", "no answer"),
    )
    assert len(routing_map(seen).unseen) == 2


WHOLE = evidence(
    (SITE, RedirectMatrix((walk("http://example.com/", "https://example.com/"), walk("https://example.com/")))),
    (WWW, RedirectMatrix((walk("https://www.example.com/", "https://example.com/"),))),
)


def test_the_rules_in_the_markdown_are_those_that_were_seen() -> None:
    written, unread = written_rules(render_map_markdown(routing_map(WHOLE)))
    assert written == observed_rules(WHOLE)
    assert unread == ()
    assert len(written) == 3


def test_json_holds_the_whole_map() -> None:
    seen = routing_map(WHOLE)
    read = json.loads(render_map_json(seen))
    assert read["schema_version"] == 1
    assert [one["name"] for one in read["routes"]] == ["example.com", "www.example.com"]
    assert read["rules"] == list(seen.rules)
    assert render_map_json(routing_map(WHOLE)) == render_map_json(seen)


def printed(seen: RoutingMap, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    render_map_terminal(seen, console)
    text = console.file.getvalue()
    assert isinstance(text, str)
    return text


def test_the_terminal_names_every_part_in_words() -> None:
    text = printed(routing_map(WHOLE))
    for word in ("example.com  ✓ shows a page (200)", "edge", "server", "landing page", "Maya", "for good (301)"):
        assert word in text


def test_a_terminal_without_the_letters_still_gets_the_map() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    render_map_terminal(routing_map(WHOLE), Console(file=file, width=80))
    file.flush()
    shown = file.buffer.getvalue().decode("ascii")
    assert "example.com" in shown
    assert "shows a page (200)" in shown


SVG = "{http://www.w3.org/2000/svg}"
NASTY = st.text() | st.sampled_from(
    ["</text><script>alert(1)</script>", "]]>", "&lt;", '"', "\ufffe", "\x1b[2J", "a" * 99]
)


@given(NASTY, NASTY, st.sampled_from(["good", "bad", "open"]))
def test_the_picture_is_wellformed_whatever_is_in_it(text: str, other: str, mark: str) -> None:
    host = Host("example.com", "example.com", text, other, text)
    product = Product(other, (host,), (Domain("example.com"),))
    gap = Entry("RedirectMatrix", host.id, Unmeasured(Why.TIMED_OUT, text, AT))
    drawn = routing_map(Evidence("launchready", AT, product, (gap,)))
    ready = RoutingMap(drawn.product, drawn.at, drawn.routes, (), drawn.unseen)
    root = ET.fromstring(render_map_svg(ready))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "style", "rect", "line", "circle", "text"),
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert mark


def test_the_picture_asks_for_nothing_and_speaks_to_those_who_can_not_see_it() -> None:
    picture = render_map_svg(routing_map(WHOLE))
    assert "http" not in re.sub(r'xmlns="[^"]*"|<text[^>]*>[^<]*</text>|<desc[^>]*>[^<]*</desc>', "", picture)
    assert "prefers-color-scheme:dark" in picture
    assert "@media print" in picture
    root = ET.fromstring(picture)
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}desc") is not None


def test_no_line_of_the_picture_is_wider_than_a_phone() -> None:
    long = Host(
        "a-very-long-name-that-nobody-would-choose." * 3 + "example.com", "example.com", "purpose " * 30, "o" * 200
    )
    drawn = routing_map(
        evidence((long, RedirectMatrix((walk(f"https://{long.name}/", "https://" + "b" * 200 + "/"),))))
    )
    for text in ET.fromstring(render_map_svg(drawn)).iter(f"{SVG}text"):
        units = {"name": 10.4, "title": 12, "label": 7}.get(text.attrib["class"], 8)
        assert float(text.attrib["x"]) + len(text.text or "") * units <= WIDTH


def test_every_sentence_of_the_picture_is_whole() -> None:
    text = " ".join(one.text or "" for one in ET.fromstring(render_map_svg(routing_map(WHOLE))).iter(f"{SVG}text"))
    for rule in observed_rules(WHOLE):
        assert not isinstance(rule, Unseen)
        assert sentence(rule).replace("`", "") in text


EVIL = (
    *(
        "<script>alert(1)</script>",
        "`a|b`",
        "a | b | c",
        "[x](http://evil.example)",
        "https://evil.example",
        "x\ny",
        "**b**",
    ),
    *("```\n<b>", "\\`<i>\\`", "&lt;b&gt;", "| a |\n|---|", "<!-- x", "a\u202eb\x1b[2J"),
)


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_in_the_markdown_is_obeyed(evil: str) -> None:
    found = HostAddresses(exists=True, addresses=(evil,), cname_chain=(evil,))
    host = Host("example.com", "example.com", evil, evil, evil)
    gap = Entry("RedirectMatrix", host.id, Unmeasured(Why.TIMED_OUT, evil, AT))
    page = render_map_markdown(routing_map(evidence((host, found), (host, gap))))
    tokens = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").parse(page)
    inline = [child for token in tokens for child in token.children or []]
    assert {child.content for child in inline if child.type == "html_inline"} <= {"<br>"}
    assert not [token for token in (*tokens, *inline) if token.type in {"html_block", "link_open", "image", "fence"}]
    assert not [child for child in inline if child.type == "strong_open"]
    assert sum(token.type == "td_open" for token in tokens) == 7
    assert all(character.isprintable() or character == "\n" for character in page)
