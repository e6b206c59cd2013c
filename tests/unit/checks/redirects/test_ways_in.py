"""The checks of `checks/redirects/ways_in.py`."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from launchready.checks.redirects.ways_in import (
    redirect_loop,
    redirect_loses_query,
    redirect_not_canonical,
    redirect_temporary,
)
from launchready.facts.redirects import Entry, Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.check import Fail, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SITE = Host("example.com", "example.com")
WWW = Host("www.example.com", "example.com", redirects_to="https://example.com")
QUERY = "?utm_source=launchready&gclid=probe"


def way(*urls: str, status: int = 301, end: WalkEnd = WalkEnd.ANSWERED) -> Walk:
    """A walk over the URLs; the last one answers, or is where the walk was sent."""
    hops = [Hop(url, status, to) for url, to in pairwise(urls)]
    if end is WalkEnd.ANSWERED:
        hops.append(Hop(urls[-1], 200, ""))
    return Walk(tuple(hops), end, urls[-1])


def matrix(*walks: Walk) -> RedirectMatrix:
    return RedirectMatrix(tuple(Entry(walk.hops[0].url, Measured(walk, NOW, 0.1)) for walk in walks))


GOOD = matrix(way("http://example.com/", "https://example.com/"), way("https://example.com/"))
CIRCLE = way("http://example.com/", "https://example.com/", "http://example.com/", end=WalkEnd.LOOP)


def test_ways_that_arrive_make_no_loop() -> None:
    assert redirect_loop(SITE, GOOD) == Pass()


def test_a_circle_fails_and_is_shown_once_for_all_queries() -> None:
    with_query = way(
        f"http://example.com/{QUERY}",
        f"https://example.com/{QUERY}",
        f"http://example.com/{QUERY}",
        end=WalkEnd.LOOP,
    )
    judgement = redirect_loop(SITE, matrix(CIRCLE, with_query))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("round and round: https://example.com/ → http://example.com/",)


def test_more_hops_than_anybody_follows_is_a_loop_too() -> None:
    urls = [f"https://example.com/{number}" for number in range(11)]
    assert isinstance(redirect_loop(SITE, matrix(way(*urls, end=WalkEnd.TOO_MANY))), Fail)


def test_a_circle_is_seen_beside_a_way_that_was_not() -> None:
    unseen = Entry("https://example.com/", Unmeasured(Why.TIMED_OUT, "silent", NOW))
    assert isinstance(redirect_loop(SITE, RedirectMatrix((*matrix(CIRCLE).entries, unseen))), Fail)


def test_a_site_that_answers_on_its_own_https_address_is_canonical() -> None:
    assert redirect_not_canonical(SITE, GOOD) == Pass()


def test_an_apps_own_path_redirect_is_no_stray() -> None:
    assert redirect_not_canonical(SITE, matrix(way("https://example.com/", "https://example.com/login"))) == Pass()


def test_a_host_that_redirects_as_declared_is_canonical() -> None:
    ways = matrix(way("https://www.example.com/", "https://example.com/"))
    assert redirect_not_canonical(WWW, ways) == Pass()


def test_a_declared_target_that_is_nobody_of_ours_need_not_be_followed() -> None:
    shop = Host("shop.example.com", "example.com", redirects_to="https://store.vendor.example")
    left = way("https://shop.example.com/", "https://store.vendor.example/", end=WalkEnd.LEFT)
    assert redirect_not_canonical(shop, matrix(left)) == Pass()


def test_a_second_copy_on_www_fails_with_the_rule_to_paste() -> None:
    judgement = redirect_not_canonical(WWW, matrix(way("https://www.example.com/")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "https://www.example.com ends at https://www.example.com, not at https://example.com",
    )
    assert "return 301 https://example.com$request_uri;" in judgement.fix.paste


def test_content_over_plain_http_is_not_the_one_address() -> None:
    judgement = redirect_not_canonical(SITE, matrix(way("http://example.com/")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("http://example.com ends at http://example.com, not at https://example.com",)


def test_another_port_is_another_address() -> None:
    left = way("http://example.com/", "https://example.com:8443/", end=WalkEnd.LEFT)
    assert isinstance(redirect_not_canonical(SITE, matrix(left)), Fail)


def test_a_host_that_sends_its_visitors_away_undeclared_fails() -> None:
    left = way("https://example.com/", "https://parking.vendor.example/x", end=WalkEnd.LEFT)
    judgement = redirect_not_canonical(SITE, matrix(left))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "https://example.com ends at https://parking.vendor.example, not at https://example.com",
    )


def test_a_way_that_goes_round_is_neither_right_nor_wrong() -> None:
    assert isinstance(redirect_not_canonical(SITE, matrix(CIRCLE, way("https://example.com/"))), NotApplicable)


@pytest.mark.parametrize(
    "to",
    [
        f"https://example.com/deep{QUERY}",
        f"https://example.com/deep/{QUERY}",
        "https://example.com/deep?gclid=probe&from=http&utm_source=launchready",
    ],
)
def test_a_redirect_that_brings_path_and_query_along_passes(to: str) -> None:
    assert redirect_loses_query(SITE, matrix(way(f"http://example.com/deep{QUERY}", to))) == Pass()


@pytest.mark.parametrize(
    "to",
    ["https://example.com/deep", "https://example.com/deep?gclid=probe", f"https://example.com/{QUERY}"],
)
def test_a_redirect_that_drops_path_or_query_fails_and_is_shown(to: str) -> None:
    start = f"http://example.com/deep{QUERY}"
    judgement = redirect_loses_query(SITE, matrix(way(start, to)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{start} sends to {to}",)


def test_a_slash_rule_that_drops_the_query_fails() -> None:
    ways = matrix(way(f"https://example.com/deep/{QUERY}", "https://example.com/deep"))
    assert isinstance(redirect_loses_query(SITE, ways), Fail)


def test_an_app_may_send_its_own_paths_where_it_likes() -> None:
    assert (
        redirect_loses_query(SITE, matrix(way(f"https://example.com/{QUERY}", "https://example.com/login"))) == Pass()
    )


def test_a_log_in_elsewhere_is_no_step_to_the_one_address() -> None:
    ways = matrix(way(f"https://example.com/deep{QUERY}", "https://id.vendor.example/", status=302, end=WalkEnd.LEFT))
    assert redirect_loses_query(SITE, ways) == Pass()
    assert isinstance(redirect_temporary(SITE, ways), NotApplicable)


def test_a_host_answers_for_its_own_redirects_only() -> None:
    ways = matrix(
        way(f"http://www.example.com/deep{QUERY}", f"http://example.com/deep{QUERY}", "https://example.com/deep")
    )
    assert redirect_loses_query(WWW, ways) == Pass()


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_passes(status: int) -> None:
    assert redirect_temporary(SITE, matrix(way("http://example.com/", "https://example.com/", status=status))) == Pass()


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_to_https_fails_once_for_all_queries(status: int) -> None:
    ways = matrix(
        way("http://example.com/", "https://example.com/", status=status),
        way(f"http://example.com/{QUERY}", f"https://example.com/{QUERY}", status=status),
    )
    judgement = redirect_temporary(SITE, ways)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"http://example.com/ answers {status}",)
    assert judgement.fix.paste.startswith("nginx:      listen 80; server_name example.com; return 301")


def test_a_temporary_redirect_within_the_site_is_no_matter() -> None:
    ways = matrix(way("https://example.com/", "https://example.com/login", status=302))
    assert isinstance(redirect_temporary(SITE, ways), NotApplicable)
