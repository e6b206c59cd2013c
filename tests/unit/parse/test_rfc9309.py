"""robots.txt: RFC 9309 with its printed examples, and an independent parser (protego)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego

from launchready.parse.rfc9309 import MAX_FILE_BYTES, Group, Rule, parse_robots


def allows(text: str, agent: str, path: str) -> bool:
    return parse_robots(text.encode()).allows(agent, path)


SIMPLE = """User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot

EOF"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("anybot", "/a.gif", False),  # section 5.1
        ("anybot", "/a.gifs", True),
        ("anybot", "/example/x", False),
        ("anybot", "/publications/", True),
        ("anybot", "/", True),
        ("foobot", "/", False),
        ("FooBot", "/example/page.html", True),
        ("foobot", "/example/allowed.gif", True),
        ("foobot", "/publications/", False),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/a.gif", True),
        ("quxbot", "/example/", True),
        ("foobot", "/robots.txt", True),  # section 2.2.2
    ],
)
def test_the_simple_example_of_the_rfc(agent: str, path: str, allowed: bool) -> None:
    assert allows(SIMPLE, agent, path) is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        # Section 5.2: the longest match decides.
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallow.gif", True),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
        ("Disallow: /a\nAllow: /a", "/a", True),  # section 2.2.2: the same length, so it is allowed
        ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow:", "/", True),
        ("Disallow: /", "/", False),
        ("Disallow: *", "/x", False),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/x", True),
        ("Disallow: /a*b$", "/axxb", False),
        ("Disallow: /a*b$", "/ab", False),
        ("Disallow: /a*b$", "/axxbc", True),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: /*?draft=", "/x?draft=1", False),
        ("Disallow: /a$b", "/a$b", False),  # "$" means the end only at the end
        ("Disallow: /A", "/a", True),
        ("DISALLOW : /a", "/a", False),
        ("disallow: /a # not this", "/a", False),
        # Section 2.2.2, its table of escapes.
        ("Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("Disallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar", False),
        ("Disallow: /foo/bar/\u30c4", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /a%2Fb", "/a/b", True),  # a reserved character is another one when it is escaped
    ],
)
def test_rules_are_matched_as_the_rfc_says(rules: str, path: str, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rules}", "bot", path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("Disallow: /", True),  # before any group
        ("<!doctype html><p>User-agent: *</p><p>Disallow: /</p>", True),
        ("User-agent: bot\nDisallow: /\nUser-agent: bot\nAllow: /x", True),  # groups of one name count together
        ("User-agent: other\nUser-agent: bot\nDisallow: /", False),
        ("User-agent: other\nSitemap: /s\nUser-agent: bot\nDisallow: /", False),  # other records end no group
        ("User-agent: other\nCrawl-delay: 5\nUser-agent: bot\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nUser-agent: bot\n", True),  # a group without rules
        ("User-agent: bot/2.1\nDisallow: /", False),
        ("User-agent: Bot Two\nDisallow: /", False),
        ("User-agent: botany\nDisallow: /", True),
        ("User-agent:\nDisallow: /", True),
        ("User-agent: 9\nDisallow: /", True),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("User-agent: *\rDisallow: /", False),
        ("User-agent: *\r\n\r\nDisallow: /", False),
        ("User-agent *\nDisallow: /", True),
    ],
)
def test_groups_are_found_as_the_rfc_says(text: str, allowed: bool) -> None:
    assert allows(text, "bot", "/x") is allowed


def test_names_tells_whether_a_crawler_has_a_group_of_its_own() -> None:
    robots = parse_robots(b"User-agent: *\nDisallow: /\nUser-agent: AdsBot-Google\nAllow: /")
    assert robots.names("adsbot-google")
    assert not robots.names("Googlebot")
    assert robots.groups[1] == Group(frozenset({"adsbot-google"}), (Rule(True, "/"),))


def test_half_a_megabyte_is_read_and_a_line_that_is_cut_is_not() -> None:
    begin = b"User-agent: *\n"
    rule = b"Disallow: /x\n"
    filler = b"#" * (MAX_FILE_BYTES - len(begin) - len(rule) - 1) + b"\n"
    assert not parse_robots(begin + filler + rule).allows("bot", "/x")
    assert parse_robots(begin + filler + b"#" + rule).allows("bot", "/x")


# Without Crawl-delay, which protego takes for the end of a group; RFC 9309 section 2.2.4 says that no other record is.
STARTS = ("User-agent: *", "User-agent: bot", "User-agent: other")
RULES = ("Disallow: /", "Disallow: /a", "Allow: /a/b", "Allow: /", "Disallow:", "Disallow: /*.gif$", "Allow: /a*c")
LINES = st.sampled_from((*STARTS, *RULES, "Disallow: /a/b$", "Disallow: /a/", "", "# note"))


@settings(max_examples=1000, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from(["/", "/a", "/a/b", "/a/b/c", "/x.gif", "/x.gifs", "/b"]))
def test_we_allow_what_an_independent_parser_allows(lines: list[str], path: str) -> None:
    text = "\n".join(lines)
    assert allows(text, "bot", path) is Protego.parse(text).can_fetch(path, "bot")


@given(st.binary(max_size=3000), st.text(max_size=5), st.text(max_size=20))
def test_any_bytes_are_read(content: bytes, agent: str, path: str) -> None:
    assert parse_robots(content).allows(agent, f"/{path}") in {True, False}


@pytest.mark.parametrize("unit", ["*", "/", "a*", "%", "%4", "$", "User-agent: a\n", "Disallow: /*a*b*\n", "\r", ":"])
def test_time_is_linear(unit: str) -> None:
    text = "User-agent: *\nDisallow: /" + unit * (MAX_FILE_BYTES // len(unit))
    started = time.process_time()
    parse_robots(text.encode()).allows("bot", "/" + "a" * 200)
    assert time.process_time() - started < 4
