"""The checks of `checks/redirects/circles.py`: circles in, the pair of layers out."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from launchready.checks.redirects.circles import cause_of, circle_of, edge_origin_loop, redirect_loop
from launchready.facts.redirects import Entry, Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
APEX = Host("example.com", "example.com")
SITE, PLAIN = "https://example.com/", "http://example.com/"
WWW = "https://www.example.com/"
SILENT = Entry(PLAIN, Unmeasured(Why.TIMED_OUT, "did not answer", AT))


def circle(*urls: str, edge: str = "", cookies: bool = False, end: WalkEnd = WalkEnd.LOOP) -> Walk:
    """A walk over the URLs, the last of which is where it is sent again."""
    hops = tuple(Hop(url, 301, to, edge, cookies) for url, to in pairwise(urls))
    return Walk(hops, end, urls[-1])


def page(url: str, edge: str = "") -> Walk:
    return Walk((Hop(url, 200, "", edge),), WalkEnd.ANSWERED, url)


def seen(*walks: Walk) -> RedirectMatrix:
    return RedirectMatrix(tuple(Entry(walk.hops[0].url, Measured(walk, AT, 0.1)) for walk in walks))


FLEXIBLE = (circle(PLAIN, SITE, SITE, edge="Cloudflare"), circle(SITE, SITE, edge="Cloudflare"))


def words_of(walk: Walk) -> str | None:
    cause = cause_of(walk)
    return None if cause is None else cause.words


def test_ways_that_come_to_a_page_pass() -> None:
    assert redirect_loop(APEX, seen(page(SITE))) == Pass()
    assert edge_origin_loop(seen(page(SITE, "Cloudflare"))) == Pass()


def test_a_circle_fails_once_whatever_the_query() -> None:
    ways = seen(circle(PLAIN, SITE, PLAIN), circle(f"{PLAIN}?a", f"{SITE}?a", f"{PLAIN}?a"))
    words = "one layer sends example.com to https, and another sends it back to http"
    do = "Give the server https://example.com as its public address, and take its redirect to http out"
    assert redirect_loop(APEX, ways) == Fail(
        (f"round and round: {SITE} → {PLAIN} ({words})",), Fix(do, "https://example.com")
    )


def test_a_circle_of_unknown_cause_has_the_general_advice() -> None:
    ways = seen(circle(SITE, "https://example.com/a", SITE))
    do = "Let one layer alone decide about https and www for example.com; two of them undo each other"
    look = f"curl -sIL --max-redirs 6 '{SITE}' | grep -iE '^(HTTP|location|server|via|cf-ray)'"
    words = "round and round: https://example.com/a → https://example.com/"
    assert redirect_loop(APEX, ways) == Fail((words,), Fix(do, look))


def test_each_cause_is_named_once_with_the_first_of_its_circles() -> None:
    judgement = redirect_loop(APEX, seen(*FLEXIBLE, circle(f"{SITE}deep", f"{SITE}deep", edge="Cloudflare")))
    assert isinstance(judgement, Fail)
    (offender,) = judgement.offenders
    assert offender.startswith(f"round and round: {SITE} (Cloudflare talks plain http")


def test_a_way_of_too_many_steps_fails_as_a_circle() -> None:
    endless = circle(*(f"https://example.com/{n}" for n in range(4)), end=WalkEnd.TOO_MANY)
    assert isinstance(redirect_loop(APEX, seen(endless)), Fail)
    assert cause_of(endless) is None


def test_a_way_that_was_not_seen_hides_no_circle() -> None:
    assert redirect_loop(APEX, RedirectMatrix((SILENT,))) == Pass()
    assert isinstance(redirect_loop(APEX, RedirectMatrix((SILENT, *seen(*FLEXIBLE).entries))), Fail)


def test_the_part_that_comes_again_is_the_circle() -> None:
    assert [hop.url for hop in circle_of(circle(PLAIN, SITE, WWW, SITE))] == [SITE, WWW]


def test_an_edge_that_fetches_over_plain_http_is_named_with_its_mode_and_the_call_that_mends_it() -> None:
    judgement = edge_origin_loop(seen(*FLEXIBLE))
    assert isinstance(judgement, Fail)
    words = (
        "Cloudflare talks plain http to your server for example.com (SSL/TLS mode Flexible), and your server sends "
        "plain http back to https"
    )
    assert judgement.offenders == (words,)
    assert "/settings/ssl" in judgement.fix.paste
    assert '"value":"strict"' in judgement.fix.paste
    assert judgement.fix.paste.index("certificate") < judgement.fix.paste.index("strict"), "a certificate comes first"


def test_an_edge_without_a_mode_that_we_know_is_mended_at_the_server() -> None:
    judgement = edge_origin_loop(seen(circle(SITE, SITE, edge="Fastly")))
    assert isinstance(judgement, Fail)
    assert "Flexible" not in judgement.offenders[0]
    assert "x_forwarded_proto" in judgement.fix.paste


def test_an_edge_and_a_server_that_undo_each_other_are_named() -> None:
    judgement = edge_origin_loop(seen(circle(PLAIN, SITE, PLAIN, edge="Cloudflare")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("Cloudflare sends example.com to https, and your server sends it back to http",)


@pytest.mark.parametrize(
    "walks",
    [
        (circle(SITE, SITE),),
        (circle(PLAIN, SITE, PLAIN),),
        (circle(SITE, WWW, SITE, edge="Cloudflare"),),
        (*FLEXIBLE, page(f"{SITE}deep", "Cloudflare")),
        (*FLEXIBLE, circle(f"{SITE}deep", f"{SITE}deep/", f"{SITE}deep", edge="Cloudflare")),
    ],
    ids=["no edge seen", "no edge in the flip", "www", "one page answers", "one circle of another kind"],
)
def test_a_circle_that_is_not_surely_between_edge_and_server_is_not_diagnosed(walks: tuple[Walk, ...]) -> None:
    assert isinstance(edge_origin_loop(seen(*walks)), NotApplicable)
    assert isinstance(redirect_loop(APEX, seen(*walks)), Fail)


@pytest.mark.parametrize(
    ("walk", "words"),
    [
        (page(SITE), None),
        (circle(SITE, SITE), "something in front ends TLS and fetches over plain http"),
        (circle(PLAIN, PLAIN), None),
        (circle(SITE, SITE, cookies=True), "it sets a cookie, asks again"),
        (circle(SITE, SITE, cookies=True, edge="Cloudflare"), None),
        (circle(SITE, WWW, SITE), "one rule sends example.com to www.example.com"),
        (circle(PLAIN, WWW, PLAIN), "one rule sends example.com to www.example.com"),
        (circle(f"{SITE}a", f"{SITE}a/", f"{SITE}a"), "one rule adds the slash at the end"),
        (circle(f"{SITE}a?b=/", f"{SITE}a/?b=/", f"{SITE}a?b=/"), "one rule adds the slash at the end"),
        (circle(f"{SITE}A", f"{SITE}a", f"{SITE}A"), "one rule changes small and capital letters"),
        (circle(SITE, f"{SITE}en/", SITE), None),
        (
            circle(SITE, f"{SITE}en/", f"{SITE}en/en/", f"{SITE}en/en/en/", end=WalkEnd.TOO_MANY),
            "one rule makes the address longer",
        ),
    ],
)
def test_the_pair_of_layers_is_named_where_the_hops_tell(walk: Walk, words: str | None) -> None:
    said = words_of(walk)
    assert said is words if words is None or said is None else said.startswith(words)
