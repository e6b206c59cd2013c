"""The checks of `checks/trust/links.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.trust.links import (
    IS_AD,
    IS_CAMPAIGN,
    IS_NO_AD,
    ad_link_over_http,
    link_begins_over_http,
    link_broken,
    link_loses_parameters,
    link_over_http,
)
from launchready.facts.links import Arrival, DeadEnd, LinkVisit, PlainHop, PlainHops
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Link, LinkKind

AT = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://book.example/call"
LINK = Link(URL, LinkKind.BOOKING)
FIX = Fix("Renew this booking link, and replace it wherever it is used", URL)
AD = Link("https://a.example/?utm_source=ad&gclid=x%2Fy&page=2", LinkKind.AD)
PLAIN_AD = Link("http://a.example/", LinkKind.AD)


def arrival(status: int, end: WalkEnd = WalkEnd.ANSWERED, end_url: str = URL) -> LinkVisit:
    return LinkVisit(Arrival(Walk((Hop(URL, status, ""),), end, end_url), status, "", "", (), "", was_cut=False))


def plain(*answers: bool | None) -> PlainHops:
    readings = [Unmeasured(Why.TIMED_OUT, "", AT) if yes is None else Measured(yes, AT, 0.1) for yes in answers]
    return PlainHops(tuple(PlainHop(f"http://{n}.example/", reading) for n, reading in enumerate(readings)))


@pytest.mark.parametrize(("status", "passes"), [(200, True), (399, True), (400, False), (401, False), (503, False)])
def test_an_error_is_what_begins_at_400(status: int, passes: bool) -> None:
    assert (link_broken(LINK, arrival(status)) == Pass()) is passes


def test_a_page_that_is_gone_fails_with_where_it_ended() -> None:
    gone = arrival(404, end_url="https://book.example/gone")
    assert link_broken(LINK, gone) == Fail((f"{URL} ends at https://book.example/gone with 404",), FIX)


@pytest.mark.parametrize("end", [WalkEnd.LOOP, WalkEnd.TOO_MANY, WalkEnd.LEFT])
def test_a_way_without_an_end_fails(end: WalkEnd) -> None:
    assert link_broken(LINK, arrival(302, end)) == Fail((f"{URL} leads round in a circle, or nowhere",), FIX)


def test_what_a_browser_can_not_open_fails_in_the_words_of_the_look() -> None:
    visit = LinkVisit(DeadEnd("book.example does not exist in DNS."))
    assert link_broken(LINK, visit) == Fail((f"{URL}: book.example does not exist in DNS.",), FIX)


@pytest.mark.parametrize(
    "end_url",
    [
        AD.url,
        "https://www.a.example/?utm_source=ad&gclid=x%2Fy",
        "https://www.a.example/?page=3&gclid=x/y&utm_source=ad#top",
    ],
)
def test_parameters_that_arrive_pass_in_any_order_and_spelling(end_url: str) -> None:
    assert link_loses_parameters(AD, arrival(200, end_url=end_url)) == Pass()


def test_a_parameter_that_is_lost_is_named_and_the_address_to_use_has_it() -> None:
    assert link_loses_parameters(AD, arrival(200, end_url="https://www.a.example/?gclid=x%2Fy")) == Fail(
        (f"{AD.url} ends at https://www.a.example/?gclid=x%2Fy without utm_source",),
        Fix(
            "Let this redirect keep what stands behind the question mark, or use the address where it ends",
            "https://www.a.example/?gclid=x%2Fy&utm_source=ad",
        ),
    )


@pytest.mark.parametrize("lost", ["?utm_source=AD&gclid=x%2Fy", "?utm_source=ad", "", "#utm_source=ad&gclid=x%2Fy"])
def test_a_parameter_that_is_changed_or_hidden_from_servers_is_lost(lost: str) -> None:
    assert isinstance(link_loses_parameters(AD, arrival(200, end_url=f"https://a.example/{lost}")), Fail)


def test_where_there_is_nothing_to_lose_or_no_page_it_does_not_apply() -> None:
    bare = Link("https://a.example/?page=2", LinkKind.AD)
    assert isinstance(link_loses_parameters(bare, arrival(200)), NotApplicable)
    assert isinstance(link_loses_parameters(AD, LinkVisit(DeadEnd("gone"))), NotApplicable)
    assert isinstance(link_loses_parameters(AD, arrival(302, WalkEnd.LOOP)), NotApplicable)


@pytest.mark.parametrize("check", [ad_link_over_http, link_over_http])
def test_a_browser_warns_where_there_is_no_https(check) -> None:
    assert check(PLAIN_AD, plain()) == Pass()
    assert check(PLAIN_AD, plain(True, None)) == Pass(), (
        "the engine makes it unmeasured, for there is a gap in the fact"
    )
    assert check(PLAIN_AD, plain(True, False)) == Fail(
        ("http://a.example/ goes over http://1.example/, and there is no https there",),
        Fix("Give 1.example a valid certificate, or replace this link wherever it is used", "http://a.example/"),
    )


def test_a_step_that_could_be_on_https_is_told_with_the_address_to_write() -> None:
    assert link_begins_over_http(PLAIN_AD, plain(False)) == Pass()
    assert link_begins_over_http(PLAIN_AD, plain(False, True)) == Fail(
        ("http://a.example/ goes over http://1.example/",),
        Fix("Write this address into the ad link", "https://1.example/"),
    )


def test_each_check_is_asked_of_its_kind_of_link() -> None:
    product = Product("P", (), ())
    kinds = {
        intent: [intent.read(product, Link(URL, kind)) for kind in LinkKind]
        for intent in (IS_AD, IS_NO_AD, IS_CAMPAIGN)
    }
    assert list(LinkKind) == [LinkKind.BOOKING, LinkKind.AD, LinkKind.NEWSLETTER]
    assert kinds == {IS_AD: [False, True, False], IS_NO_AD: [True, False, True], IS_CAMPAIGN: [False, True, True]}
