"""The checks of `checks/redirects/ways_in.py`: walks in, exact failures out."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from launchready.checks.redirects.ways_in import (
    redirect_chain_long,
    redirect_loses_query,
    redirect_not_canonical,
    redirect_temporary,
)
from launchready.facts.redirects import Entry, Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
APEX = Host("example.com", "example.com")
WWW = Host("www.example.com", "example.com", redirects_to="https://example.com")
SILENT = Entry("http://example.com/", Unmeasured(Why.TIMED_OUT, "did not answer", AT))
QUERY = "?utm_source=launchready&gclid=probe"
APEX_RULE = (
    "nginx:      listen 80; server_name example.com; return 301 https://$host$request_uri;\n"
    "Cloudflare: SSL/TLS, Edge Certificates, Always Use HTTPS: on"
)
WWW_RULE = (
    "nginx:      server_name www.example.com; return 301 https://example.com$request_uri;\n"
    'Cloudflare: when http.host eq "www.example.com", redirect 301 to '
    'concat("https://example.com", http.request.uri.path), preserve query string: on'
)


def way(*urls: str, status: int = 301, end: WalkEnd = WalkEnd.ANSWERED, last: int = 200) -> Entry:
    """A walk over the URLs; it is answered at the last one, or ends on the way to it."""
    hops = tuple(Hop(url, status, to) for url, to in pairwise(urls))
    if end is WalkEnd.ANSWERED:
        hops += (Hop(urls[-1], last, ""),)
    return Entry(urls[0], Measured(Walk(hops, end, urls[-1]), AT, 0.1))


def seen(*entries: Entry) -> RedirectMatrix:
    return RedirectMatrix(entries)


GOOD = seen(way("http://example.com/", "https://example.com/"), way("https://example.com/"))
LOOP = way("http://example.com/", "https://example.com/", "http://example.com/", end=WalkEnd.LOOP)


def test_ways_that_come_to_a_page_pass_all_checks() -> None:
    for check in (redirect_not_canonical, redirect_loses_query, redirect_temporary):
        assert check(APEX, GOOD) == Pass()
    assert redirect_chain_long(GOOD) == Pass()


def test_a_circle_is_left_to_its_own_check() -> None:
    assert isinstance(redirect_not_canonical(APEX, seen(LOOP)), NotApplicable)


def test_plain_http_that_answers_is_not_the_declared_address() -> None:
    matrix = seen(way("http://example.com/"), way("http://example.com/deep"), way("https://example.com/"))
    assert redirect_not_canonical(APEX, matrix) == Fail(
        ("http://example.com ends at http://example.com, not at https://example.com",),
        Fix("Redirect example.com to https://example.com, for ever and with path and query", APEX_RULE),
    )


def test_an_error_page_at_the_declared_address_is_still_there() -> None:
    assert redirect_not_canonical(APEX, seen(way("https://example.com/deep", last=404))) == Pass()


def test_another_port_is_another_address() -> None:
    matrix = seen(way("https://example.com/", "https://example.com:8443/", end=WalkEnd.LEFT))
    judgement = redirect_not_canonical(APEX, matrix)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://example.com ends at https://example.com:8443, not at https://example.com",)


def test_a_host_answers_only_for_its_own_redirects() -> None:
    """The www host hands over to the apex, and the apex goes astray: only the apex is to be mended."""
    on = ("https://example.com/", "https://builder.example/site")
    ways = seen(way("https://www.example.com/", *on, end=WalkEnd.LEFT))
    assert redirect_not_canonical(WWW, ways) == Pass()
    assert redirect_not_canonical(APEX, seen(way(*on, end=WalkEnd.LEFT))) == Fail(
        ("https://example.com ends at https://builder.example, not at https://example.com",),
        Fix("Redirect example.com to https://example.com, for ever and with path and query", APEX_RULE),
    )


def test_a_host_that_should_redirect_and_shows_a_page_fails_with_its_rule() -> None:
    assert redirect_not_canonical(WWW, seen(way("https://www.example.com/"))) == Fail(
        ("https://www.example.com ends at https://www.example.com, not at https://example.com",),
        Fix("Redirect www.example.com to https://example.com, for ever and with path and query", WWW_RULE),
    )


def test_a_host_that_hands_over_by_way_of_plain_http_has_still_handed_over() -> None:
    steps = ("http://www.example.com/", "http://example.com/", "https://example.com/")
    assert redirect_not_canonical(WWW, seen(way(*steps))) == Pass()


@pytest.mark.parametrize(
    ("asked", "sent", "passes"),
    [
        (f"https://www.example.com/a{QUERY}", f"https://example.com/a{QUERY}", True),
        (f"https://www.example.com/a{QUERY}", f"https://example.com/a/{QUERY}", True),
        (f"https://www.example.com/a{QUERY}", f"https://example.com/a{QUERY}&lang=en", True),
        (f"https://www.example.com/a{QUERY}", "https://example.com/a", False),
        (f"https://www.example.com/a{QUERY}", "https://example.com/a?utm_source=launchready", False),
        (f"https://www.example.com/a{QUERY}", f"https://example.com/{QUERY}", False),
        ("https://www.example.com/a", "https://example.com/", False),
        (f"https://www.example.com/a{QUERY}", f"https://www.example.com/a/{QUERY}", True),
        (f"https://www.example.com/a{QUERY}", "https://www.example.com/a/", False),
        (f"https://www.example.com/{QUERY}", "https://www.example.com/welcome", True),
        (f"https://www.example.com/a{QUERY}", "https://login.example/", True),
    ],
)
def test_path_and_query_are_kept_where_the_origin_changes(asked: str, sent: str, passes: bool) -> None:
    judgement = redirect_loses_query(WWW, seen(way(asked, sent)))
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            (f"{asked} sends to {sent}",), Fix("Keep path and query in the redirects of www.example.com", WWW_RULE)
        )


@pytest.mark.parametrize(
    ("asked", "sent", "passes"),
    [
        ("?a=1&b=2", "?b=2&a=1", True),
        ("?a=x%20y", "?a=x+y", True),
        ("?a=%2f", "?a=%2F", True),
        ("?a=%2f", "?a=/", True),
        ("?a=%7Ex", "?a=~x", True),
        ("?a=1&a=2", "?a=2&a=1", True),
        ("?a=1&a=2", "?a=2", False),
        ("?a=1&a=1", "?a=1", False),
        ("?a=x%26b=2", "?a=x&b=2", False),
        ("?a=x%2By", "?a=x+y", False),
        ("?a=%2541", "?a=%41", False),
        ("?a=x%20y", "?a=x%2520y", False),
        ("?A=1", "?a=1", False),
        ("?a=", "", False),
    ],
)
def test_a_query_is_kept_by_what_it_says_not_by_how_it_is_written(asked: str, sent: str, passes: bool) -> None:
    judgement = redirect_loses_query(WWW, seen(way(f"https://www.example.com/{asked}", f"https://example.com/{sent}")))
    assert isinstance(judgement, Pass if passes else Fail)


CHAIN = (
    "http://www.example.com/deep",
    "https://www.example.com/deep",
    "https://example.com/deep",
    "https://example.com/deep/",
)


@pytest.mark.parametrize("redirects", [1, 2, 3])
def test_two_steps_to_the_one_address_pass_and_a_third_fails(redirects: int) -> None:
    judgement = redirect_chain_long(seen(way(*CHAIN[: redirects + 1]), way(*CHAIN[2:])))
    if redirects <= 2:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            (" → ".join(CHAIN),),
            Fix(
                "Let http://www.example.com/deep send to https://example.com/deep/ in one step",
                "nginx: server_name www.example.com; return 301 https://example.com$request_uri;",
            ),
        )


def test_what_an_app_does_among_its_own_pages_is_no_step_to_its_address() -> None:
    inside = ("https://example.com/", "https://example.com/home", "https://example.com/login")
    assert redirect_chain_long(seen(way("http://example.com/", *inside))) == Pass()


def test_a_circle_is_no_chain() -> None:
    flips = (CHAIN[0], CHAIN[1]) * 3
    assert redirect_chain_long(seen(way(*flips, end=WalkEnd.LOOP))) == Pass()


def test_what_another_host_loses_is_not_this_hosts_fault() -> None:
    steps = (f"https://www.example.com/{QUERY}", f"https://example.com/{QUERY}", "https://example.com/x/")
    lossy = seen(way(*steps[:2], "https://example.com/"))
    assert redirect_loses_query(WWW, lossy) == Pass()
    assert isinstance(redirect_loses_query(APEX, lossy), Fail)


@pytest.mark.parametrize(("status", "passes"), [(301, True), (302, False), (303, False), (307, False), (308, True)])
def test_only_the_statuses_of_rfc_9110_for_ever_are_permanent(status: int, passes: bool) -> None:
    matrix = seen(way("http://example.com/a?b", "https://example.com/a?b", status=status))
    if passes:
        assert redirect_temporary(APEX, matrix) == Pass()
    else:
        assert redirect_temporary(APEX, matrix) == Fail(
            (f"http://example.com/a answers {status}",),
            Fix("Answer 301 or 308 in the redirects of example.com", APEX_RULE),
        )


def test_an_app_may_send_within_itself_and_to_a_log_in_for_the_moment() -> None:
    inside = way("https://example.com/", "https://example.com/home", status=302)
    log_in = way("https://example.com/chat", "https://login.example/", status=302, end=WalkEnd.LEFT)
    assert isinstance(redirect_temporary(APEX, seen(inside, log_in)), NotApplicable)


def test_a_way_that_was_not_seen_makes_no_fault_and_hides_none() -> None:
    for check in (redirect_not_canonical, redirect_loses_query):
        assert check(APEX, seen(SILENT)) == Pass()
    assert isinstance(redirect_not_canonical(APEX, seen(SILENT, way("http://example.com/"))), Fail)


AUTH0 = "https://shop.eu.auth0.com/authorize?client_id=1&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback"


def leaving(to: str, status: int = 302, start: str = "https://app.example.com/") -> RedirectMatrix:
    return seen(way(start, to, status=status, end=WalkEnd.LEFT))


@pytest.mark.parametrize(
    "to",
    [
        AUTH0,
        "https://clerk.example.com/v1/client/handshake?redirect_url=https%3A%2F%2Fapp.example.com%2F",
        "https://accounts.example.com/sign-in",
        "https://example.com/login",
        "https://login.example.net/",
        "https://portal.example.net/x?next=https://app.example.com/",
    ],
)
def test_an_app_may_send_a_stranger_to_a_log_in_elsewhere(to: str) -> None:
    app = Host("app.example.com", "example.com", purpose="app")
    assert redirect_not_canonical(app, leaving(to)) == Pass()


@pytest.mark.parametrize(
    ("host", "matrix"),
    [
        (Host("app.example.com", "example.com"), leaving(AUTH0, 301)),
        (Host("app.example.com", "example.com"), leaving(AUTH0, start="http://app.example.com/")),
        (Host("app.example.com", "example.com"), leaving("https://parked.example/?d=app.example.com")),
        (Host("app.example.com", "example.com"), leaving("https://shop.vercel.app/")),
        (Host("app.example.com", "example.com", purpose="website"), leaving(AUTH0)),
        (Host("app.example.com", "example.com", redirects_to="https://example.com"), leaving(AUTH0)),
    ],
)
def test_any_other_way_out_is_astray(host: Host, matrix: RedirectMatrix) -> None:
    assert isinstance(redirect_not_canonical(host, matrix), Fail)
