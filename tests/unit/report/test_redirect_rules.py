"""Redirect rules: walks in, sentences out, and back."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.facts.redirects import Entry, Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.report.redirect_rules import (
    Checked,
    Circles,
    Goes,
    Parts,
    Rule,
    State,
    Stays,
    Unseen,
    check_rules,
    read_sentence,
    rules_of,
    sentence,
    written_rules,
)

AT = datetime(2026, 7, 1, tzinfo=UTC)
WWW, HTTP, HTTPS = "https://www.example.com", "http://example.com", "https://example.com"


def way(*urls: str, statuses: tuple[int, ...] = (), end: WalkEnd = WalkEnd.ANSWERED, last: int = 200) -> Entry:
    """A walk over the URLs; it is answered at the last one, or ends on the way to it."""
    codes = statuses or (301,) * len(urls)
    hops = tuple(Hop(url, status, to) for (url, to), status in zip(pairwise(urls), codes, strict=False))
    if end is WalkEnd.ANSWERED:
        hops += (Hop(urls[-1], last, ""),)
    return Entry(urls[0], Measured(Walk(hops, end, urls[-1]), AT, 0.1))


def rule_of(*entries: Entry) -> Rule | Unseen:
    (rule,) = rules_of(RedirectMatrix(entries))
    return rule


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        (
            (way(f"{WWW}/", f"{HTTPS}/"), way(f"{WWW}/a?utm=b", f"{HTTPS}/a?utm=b")),
            "goes to `https://example.com`, keeping the page and its campaign tags, for good (301).",
        ),
        (
            (way(f"{WWW}/?a=1", f"{HTTPS}/?a=1"), way(f"{WWW}/a", f"{HTTPS}/a/", f"{HTTPS}/a", statuses=(308, 302))),
            "goes to `https://example.com`, keeping the page and its campaign tags, for good (308).",
        ),
        (
            (way(f"{WWW}/a?b=c", f"{HTTPS}/a", statuses=(302,)),),
            "goes to `https://example.com`, keeping the page and losing its campaign tags, for now (302).",
        ),
        (
            (way(f"{WWW}/?b=c", f"{HTTPS}/?b=c"), way(f"{WWW}/a?b=c", f"{HTTPS}/?b=c")),
            "goes to `https://example.com`, losing the page and keeping its campaign tags, for good (301).",
        ),
        (
            (way(f"{WWW}/a?b=c", f"{HTTPS}/"),),
            "goes to `https://example.com`, losing the page and its campaign tags, for good (301).",
        ),
        (
            (way(f"{WWW}/a", f"{HTTP}/a", f"{HTTPS}/a", statuses=(301, 307)),),
            "goes to `https://example.com` in 2 steps, keeping the page and its campaign tags, for now (301, 307).",
        ),
        ((way(f"{WWW}/", last=503), way(f"{WWW}/a")), "stays there, and the front page answers 503."),
        ((way(f"{WWW}/", f"{WWW}/en"), way(f"{WWW}/a", last=404)), "stays there, and the front page answers 200."),
        (
            (way(f"{WWW}/", f"{HTTPS}/", f"{WWW}/", end=WalkEnd.LOOP),),
            "goes round in a circle and sees no page.",
        ),
        (
            (way(f"{WWW}/", f"{HTTPS}/"), way(f"{WWW}/a"), way(f"{WWW}/b", f"{WWW}/b", end=WalkEnd.LOOP)),
            ("ends at different places, page by page: a circle without end and `https://example.com` and "
            "`https://www.example.com`."),
        ),
        (
            (way(f"{WWW}/", "https://book.example/x", end=WalkEnd.LEFT),),
            "goes to `https://book.example`, keeping the page and its campaign tags, for good (301).",
        ),
    ],
)  # fmt: skip
def test_what_visitors_meet_is_said_in_one_sentence_that_can_be_read_again(
    entries: tuple[Entry, ...], text: str
) -> None:
    rule = rule_of(*entries)
    assert not isinstance(rule, Unseen)
    assert sentence(rule) == f"Anyone who opens `{WWW}` {text}"
    assert read_sentence(sentence(rule)) == rule


def test_a_way_that_was_not_seen_makes_no_rule() -> None:
    gap = Entry(f"{WWW}/a", Unmeasured(Why.TIMED_OUT, "no answer within 5 seconds", AT))
    assert rule_of(way(f"{WWW}/"), gap) == Unseen(WWW, "no answer within 5 seconds")


def test_each_scheme_has_a_rule_of_its_own() -> None:
    rules = rules_of(RedirectMatrix((way(f"{HTTP}/", f"{HTTPS}/"), way(f"{HTTPS}/"))))
    assert rules == (Goes(HTTP, HTTPS, keeps_page=True, keeps_tags=True, statuses=(301,)), Stays(HTTPS, 200))


ORIGINS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.from_regex(r"[a-z0-9.-]{1,20}", fullmatch=True),
    st.sampled_from(["", ":8443"]),
)
STATUSES = st.integers(100, 999)
RULES = st.one_of(
    st.builds(
        Goes, ORIGINS, ORIGINS, st.booleans(), st.booleans(), st.lists(STATUSES, min_size=1, max_size=4).map(tuple)
    ),
    st.builds(Stays, ORIGINS, STATUSES),
    st.builds(Circles, ORIGINS),
    st.builds(Parts, ORIGINS, st.lists(ORIGINS | st.just(""), min_size=2, max_size=4).map(tuple)),
)


@given(RULES)
def test_every_rule_comes_back_from_its_sentence(rule: Rule) -> None:
    assert read_sentence(sentence(rule)) == rule


@given(st.text())
def test_any_text_is_a_sentence_or_none(text: str) -> None:
    assert read_sentence(text) is None or text
    assert read_sentence(f"Anyone who opens `{HTTPS}` {text}") is None or text


@pytest.mark.parametrize(
    "text",
    [
        "Anyone who opens `https://example.com` goes to `https://www.example.com`.",
        (
            "Anyone who opens `https://a.example` goes to `https://b.example`, keeping the page and its campaign tags, "
            "for good (302)."
        ),
        (
            "Anyone who opens `https://a.example` goes to `https://b.example` in 2 steps, keeping the page and its "
            "campaign tags, for good (301)."
        ),
        "Anyone who opens `https://a.example` stays there, and the front page answers 2000.",
        "Anyone who opens a.example stays there, and the front page answers 200.",
    ],
)
def test_a_sentence_that_was_changed_so_that_its_parts_disagree_is_not_read(text: str) -> None:
    assert read_sentence(text) is None
    assert written_rules(f"- {text}") == ((), (text,))


def test_rules_are_found_among_the_lines_of_a_page() -> None:
    one, other = Stays(HTTPS, 200), Circles(WWW)
    page = f"# Map\n\n| a | b |\n\n- {sentence(one)}\r\n  * {sentence(other)}  \nAnyone may read this.\n"
    assert written_rules(page) == ((one, other), ())


GOOD = Goes(WWW, HTTPS, keeps_page=True, keeps_tags=True, statuses=(301,))
TEMPORARY = Goes(WWW, HTTPS, keeps_page=True, keeps_tags=True, statuses=(302,))


@pytest.mark.parametrize(
    ("written", "seen", "checked"),
    [
        ((GOOD,), (GOOD,), Checked(State.HOLDS, WWW, sentence(GOOD), sentence(GOOD))),
        ((GOOD,), (TEMPORARY,), Checked(State.OUT_OF_DATE, WWW, sentence(GOOD), sentence(TEMPORARY))),
        ((GOOD,), (Unseen(WWW, "timed out"),), Checked(State.NOT_SEEN, WWW, sentence(GOOD), "timed out")),
        ((GOOD,), (), Checked(State.OUT_OF_DATE, WWW, sentence(GOOD), "It is not declared any more.")),
        ((), (GOOD,), Checked(State.NOT_WRITTEN, WWW, "", sentence(GOOD))),
    ],
)
def test_a_written_rule_holds_only_where_the_same_is_seen(
    written: tuple[Rule, ...], seen: tuple[Rule | Unseen, ...], checked: Checked
) -> None:
    assert check_rules(written, seen) == (checked,)


def test_what_was_not_seen_and_not_written_is_not_asked_for() -> None:
    assert check_rules((), (Unseen(WWW, "timed out"),)) == ()
