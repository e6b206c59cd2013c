"""The check of `checks/redirects/two_addresses.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.redirects.two_addresses import www_and_apex_both_answer
from launchready.facts.redirects import Entry, Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.fact import Each
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)


def matrix(name: str, status: int = 200, to: str = "") -> tuple[Host, RedirectMatrix]:
    start = f"https://{name}/"
    hops = (Hop(start, 301, to), Hop(to, status, "")) if to else (Hop(start, status, ""),)
    walk = Walk(hops, WalkEnd.ANSWERED, to or start)
    return Host(name, "example.com"), RedirectMatrix((Entry(start, Measured(walk, AT, 0.1)),))


def judged(*of: tuple[Host, RedirectMatrix]) -> object:
    return www_and_apex_both_answer(DOMAIN, Each(of))


def test_two_names_that_both_show_a_page_fail_with_the_rule() -> None:
    assert judged(matrix("example.com"), matrix("www.example.com")) == Fail(
        ("https://example.com and https://www.example.com both show pages",),
        Fix(
            "Redirect www.example.com to https://example.com, or the other way round",
            "nginx: server_name www.example.com; return 301 https://example.com$request_uri;",
        ),
    )


@pytest.mark.parametrize(
    ("apex", "www"),
    [
        (matrix("example.com"), matrix("www.example.com", to="https://example.com/")),
        (matrix("example.com", to="https://www.example.com/"), matrix("www.example.com")),
        (matrix("example.com"), matrix("www.example.com", 404)),
        (matrix("example.com", to="https://www.example.com/"), matrix("www.example.com", to="https://example.com/")),
    ],
)
def test_where_one_of_the_two_shows_the_site_all_is_well(
    apex: tuple[Host, RedirectMatrix], www: tuple[Host, RedirectMatrix]
) -> None:
    assert judged(apex, www) == Pass()


def test_a_redirect_within_the_host_still_shows_its_page() -> None:
    inside = matrix("www.example.com", to="https://www.example.com/en")
    assert isinstance(judged(matrix("example.com"), inside), Fail)


def test_a_name_below_has_its_www_too() -> None:
    assert isinstance(judged(matrix("app.example.com"), matrix("www.app.example.com")), Fail)


def test_without_a_pair_there_is_nothing_to_ask() -> None:
    assert isinstance(judged(matrix("example.com"), matrix("app.example.com")), NotApplicable)
    assert isinstance(judged(), NotApplicable)


def test_a_front_page_that_was_not_seen_shows_nothing() -> None:
    unseen = Host("www.example.com", "example.com"), RedirectMatrix((Entry("https://www.example.com/", SILENT),))
    assert judged(matrix("example.com"), unseen) == Pass()
