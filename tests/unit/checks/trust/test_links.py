"""The check of `checks/trust/links.py`."""

import pytest

from launchready.checks.trust.links import link_broken
from launchready.facts.links import Arrival, DeadEnd, LinkVisit
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.model.check import Fail, Fix, Pass
from launchready.model.subject import Link, LinkKind

URL = "https://book.example/call"
LINK = Link(URL, LinkKind.BOOKING)
FIX = Fix("Renew this booking link, and replace it wherever it is used", URL)


def arrival(status: int, end: WalkEnd = WalkEnd.ANSWERED, end_url: str = URL) -> LinkVisit:
    return LinkVisit(Arrival(Walk((Hop(URL, status, ""),), end, end_url), status, ""))


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
