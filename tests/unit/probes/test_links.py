"""Where links lead, over real servers on loopback."""

import pytest

from launchready.checks.trust.links import link_broken
from launchready.facts.links import Arrival, DeadEnd
from launchready.facts.redirects import WalkEnd
from launchready.model.check import Fail
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Link, LinkKind
from launchready.probes.links import link_visit

URL = "https://book.example/call"


def link(url: str = URL) -> Link:
    return Link(url, LinkKind.BOOKING)


async def arrival(internet, url: str = URL) -> Arrival:
    went = (await link_visit(link(url), internet.http)).went
    assert isinstance(went, Arrival)
    return went


async def test_a_link_is_followed_over_any_host_to_its_page(internet, redirect_to) -> None:
    internet.pages["http://book.example/call"] = redirect_to(URL)
    internet.pages[URL] = redirect_to("https://other.example/maya?month=7", status=302)
    internet.show("https://other.example/maya", "<title>Book a call</title>")
    went = await arrival(internet, "http://book.example/call")
    assert (went.status, went.title, went.walk.end) == (200, "Book a call", WalkEnd.ANSWERED)
    assert went.walk.end_url == "https://other.example/maya?month=7"
    assert len(internet.requests) == 3


async def test_a_link_that_needs_its_own_cookie_arrives(internet, redirect_to) -> None:
    internet.pages[URL] = redirect_to("/call", "Set-Cookie: seen=1", status=302)
    internet.show(f"{URL} with seen=1", "<title>Call</title>")
    went = await arrival(internet)
    assert (went.status, went.title) == (200, "Call")


@pytest.mark.parametrize("status", [404, 410, 500])
async def test_a_page_that_is_gone_is_an_arrival_with_its_status(internet, status: int) -> None:
    internet.show(URL, "<title>Gone</title>", status)
    went = await arrival(internet)
    assert (went.status, went.title) == (status, "Gone")


@pytest.mark.parametrize("status", [403, 429, 999])
async def test_what_sites_say_to_programs_says_nothing_of_customers(internet, status: int) -> None:
    internet.show(URL, "no", status)
    with pytest.raises(NotSeen) as caught:
        await link_visit(link(), internet.http)
    assert caught.value.why is Why.CHALLENGED
    assert f"answered {status}" in caught.value.detail


async def test_a_name_that_does_not_exist_is_a_dead_end_also_behind_a_redirect(internet, redirect_to) -> None:
    dead_end = DeadEnd("gone.example does not exist in DNS.")
    assert (await link_visit(link("https://gone.example/"), internet.http)).went == dead_end
    internet.pages[URL] = redirect_to("https://gone.example/")
    assert (await link_visit(link(), internet.http)).went == dead_end


async def test_a_certificate_that_browsers_refuse_is_a_dead_end(internet) -> None:
    internet.say("book.example", "A", "192.0.2.2")
    went = (await link_visit(link(), internet.http)).went
    assert isinstance(went, DeadEnd)
    assert "self" in went.words


async def test_a_refused_connection_may_be_ours_alone(internet) -> None:
    internet.say("book.example", "A", "192.0.2.3")
    with pytest.raises(NotSeen) as caught:
        await link_visit(link(), internet.http)
    assert caught.value.why is Why.REFUSED


async def test_a_resolver_that_denies_even_the_root_proves_no_dead_end(internet) -> None:
    del internet.resolver.records[".", "NS"]
    with pytest.raises(NotSeen) as caught:
        await link_visit(link("https://gone.example/"), internet.http)
    assert caught.value.why is Why.NO_RESOLVER


@pytest.mark.parametrize(("location", "end"), [("/call", WalkEnd.LOOP), ("mailto:maya@book.example", WalkEnd.LEFT)])
async def test_a_way_to_nowhere_is_told_by_its_end_and_fails(internet, redirect_to, location, end) -> None:
    internet.pages[URL] = redirect_to(location)
    visit = await link_visit(link(), internet.http)
    assert isinstance(visit.went, Arrival)
    assert visit.went.walk.end is end
    assert isinstance(link_broken(link(), visit), Fail)
