"""What the probe of `probes/links.py` sees."""

import pytest

from launchready.facts.links import Arrival, DeadEnd
from launchready.facts.redirects import WalkEnd
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Link, LinkKind
from launchready.probes.links import link_visit

URL = "https://book.vendor.example/maya"


async def visit(internet, url=URL):
    return (await link_visit(Link(url, LinkKind.BOOKING), internet.http)).went


async def test_a_link_is_followed_over_any_host(internet):
    internet.redirect("https://example.com/book#now", "/b", 302)
    internet.redirect("https://example.com/book", URL, 302)
    internet.show(URL, b"<title>Book a call</title>")
    went = await visit(internet, "https://example.com/book#now")
    assert isinstance(went, Arrival)
    assert (went.walk.end, went.walk.end_url, went.status, went.title) == (WalkEnd.ANSWERED, URL, 200, "Book a call")


async def test_a_page_that_is_gone_is_an_arrival_with_its_status(internet):
    went = await visit(internet)
    assert isinstance(went, Arrival)
    assert went.status == 404


async def test_a_circle_is_seen_as_one(internet):
    internet.redirect(URL, URL)
    went = await visit(internet)
    assert isinstance(went, Arrival)
    assert went.walk.end is WalkEnd.LOOP


@pytest.mark.parametrize("status", [403, 429])
async def test_being_turned_away_says_nothing_about_customers(internet, status):
    internet.show(URL, status=status)
    with pytest.raises(NotSeen) as seen:
        await visit(internet)
    assert seen.value.why is Why.CHALLENGED


async def test_a_name_that_is_gone_and_a_bad_certificate_are_dead_ends(internet):
    assert isinstance(await visit(internet, "https://gone.vendor.example/"), DeadEnd)
    internet.records["other.example", "A"] = ("203.0.113.10",)
    assert isinstance(await visit(internet, "https://other.example/"), DeadEnd)


async def test_a_link_to_a_private_address_is_not_followed(internet):
    internet.redirect(URL, "http://169.254.169.254/latest/meta-data/")
    with pytest.raises(NotSeen) as seen:
        await visit(internet)
    assert seen.value.why is Why.PRIVATE_ADDRESS
