"""The check of `checks/trust/links.py`."""

import pytest

from launchready.checks.trust.links import link_broken
from launchready.facts.links import Arrival, DeadEnd, LinkVisit
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.model.check import Fail, Fix, Pass
from launchready.model.subject import Link, LinkKind

URL = "https://book.calendar.example/maya"
LINK = Link(URL, LinkKind.BOOKING)
FIX = Fix("Renew this booking link, and replace it wherever it is used", URL)


def arrived(status: int, end: WalkEnd = WalkEnd.ANSWERED, end_url: str = URL) -> LinkVisit:
    return LinkVisit(Arrival(Walk((Hop(URL, status, ""),), end, end_url), status, "Book a call"))


@pytest.mark.parametrize("status", [200, 204, 399])
def test_a_link_to_a_page_passes(status: int) -> None:
    assert link_broken(LINK, arrived(status)) == Pass()


@pytest.mark.parametrize("status", [400, 401, 404, 410, 500])
def test_a_link_to_an_error_fails_with_where_it_ended(status: int) -> None:
    visit = arrived(status, end_url=f"{URL}/intro")
    assert link_broken(LINK, visit) == Fail((f"{URL} ends at {URL}/intro with {status}",), FIX)


@pytest.mark.parametrize("end", [WalkEnd.LOOP, WalkEnd.TOO_MANY, WalkEnd.LEFT])
def test_a_link_that_comes_to_no_page_fails(end: WalkEnd) -> None:
    assert link_broken(LINK, arrived(302, end)) == Fail((f"{URL} leads round in a circle, or nowhere",), FIX)


def test_a_link_to_a_name_that_is_gone_fails_with_the_reason() -> None:
    visit = LinkVisit(DeadEnd("book.calendar.example does not exist in DNS."))
    assert link_broken(LINK, visit) == Fail((f"{URL}: book.calendar.example does not exist in DNS.",), FIX)
