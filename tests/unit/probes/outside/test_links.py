"""What the probe of `probes/links.py` sees."""

from dataclasses import replace

import pytest

from launchready.facts.links import Arrival, DeadEnd, LinkVisit, PlainHop
from launchready.facts.redirects import WalkEnd
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Link, LinkKind
from launchready.probes.links import link_visit, plain_hops

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


async def test_what_a_booking_page_says_and_offers_is_kept(internet):
    page = (
        b'<p>This Calendly URL is not valid.</p><iframe src="/own"></iframe><div data-url="https://calendly.com/m/i">'
        b'<button value="2026-03-02T09:00Z">'
    )
    internet.show(URL, page)
    went = await visit(internet)
    assert isinstance(went, Arrival)
    assert (went.notice, went.calendar) == ("This Calendly URL is not valid", "https://calendly.com/m/i")
    assert [start.hour for start in went.starts] == [9]
    assert not went.was_cut


async def test_a_page_longer_than_what_is_read_is_cut(internet):
    internet.show(URL, b"<p>" * 100_000)
    went = await visit(internet)
    assert isinstance(went, Arrival)
    assert went.was_cut


async def hops_of(internet, clock, url):
    link = Link(url, LinkKind.AD)
    return (await plain_hops(await link_visit(link, internet.http), internet.http, clock)).hops


async def test_a_step_over_http_is_asked_for_over_https(internet, clock):
    internet.redirect("http://example.com/a", "http://app.example.com/b")
    internet.show("http://app.example.com/b")
    internet.show("https://app.example.com/b", status=500)
    first, second = await hops_of(internet, clock, "http://example.com/a")
    assert first == PlainHop("http://example.com/a", Measured(True, clock.now(), 0.0))
    assert isinstance(second.answers_https, Measured)
    assert second.answers_https.value, "an error over https is no warning"
    assert await hops_of(internet, clock, "https://example.com/a") == ()


async def test_a_certificate_that_browsers_refuse_is_no_https(internet, clock):
    internet.records["plain.other.example", "A"] = ("203.0.113.10",)
    internet.show("http://plain.other.example/")
    (hop,) = await hops_of(internet, clock, "http://plain.other.example/")
    assert isinstance(hop.answers_https, Measured)
    assert not hop.answers_https.value


async def test_a_host_that_is_silent_over_https_is_not_seen(internet, clock):
    visited = await link_visit(Link("https://example.com/", LinkKind.AD), internet.http)
    assert isinstance(visited.went, Arrival)
    hop = replace(visited.went.walk.hops[0], url="http://gone.example.com/")
    walk = replace(visited.went.walk, hops=(hop,))
    seen = await plain_hops(LinkVisit(replace(visited.went, walk=walk)), internet.http, clock)
    assert isinstance(seen.hops[0].answers_https, Unmeasured)
    assert (await plain_hops(LinkVisit(DeadEnd("gone")), internet.http, clock)).hops == ()
