"""What `probes/visits.py` shares between looks."""

import pytest

from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.probes.canonical import page_versions
from launchready.probes.left_on import front_door
from launchready.probes.nested import all_at_once
from launchready.probes.web import front_page

SITE = Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),))
HTTPS = "https://example.com/"


async def test_looks_at_once_at_one_page_ask_for_it_once(internet, clock):
    internet.show(HTTPS, b"<title>Shop</title>")
    visits = internet.visits
    page, door, versions = await all_at_once(
        (
            front_page(SITE, PRODUCT, visits, internet.http, clock),
            front_door(SITE, visits),
            page_versions(SITE, visits, internet.http, clock),
        )
    )
    assert (page.title, door.shows_page, len(versions.pages)) == ("Shop", True, 1)
    assert internet.asked.count(HTTPS) == 1


async def test_what_was_not_seen_once_is_not_asked_for_again(internet):
    internet.records["example.com", "A"] = ("203.0.113.250",)
    visits = internet.visits
    for _ in range(2):
        with pytest.raises(NotSeen) as unseen:
            await visits.to(HTTPS)
        assert unseen.value.why is not Why.UNREADABLE
    assert sum(internet.http.requests.values()) <= 1


async def test_a_visit_ends_where_it_leaves_the_origin_and_keeps_the_cookies_of_the_way(internet):
    internet.redirect(HTTPS, "/en/", 302, set_cookie="a=1")
    internet.redirect(f"{HTTPS}en/", "https://app.example.com/", 302)
    visit = await internet.visits.to(HTTPS)
    assert (visit.sent_to, len(visit.answers), visit.end().status) == ("https://app.example.com/", 2, 302)
    assert visit.cookies.header_for(HTTPS) == "a=1"


@pytest.mark.parametrize("status", [499, 500, 501])
async def test_an_error_of_the_server_is_an_end_and_no_page(internet, status):
    """RFC 9110 section 15.6: 500 and above."""
    internet.show(HTTPS, status=status)
    visit = await internet.visits.to(HTTPS)
    assert visit.end().status == status
    if status < 500:
        assert visit.page().status == status
        return
    with pytest.raises(NotSeen) as unseen:
        visit.page()
    assert unseen.value.why is Why.UNREADABLE


async def test_a_circle_has_no_end(internet):
    internet.redirect(HTTPS, HTTPS)
    visit = await internet.visits.to(HTTPS)
    with pytest.raises(NotSeen) as unseen:
        visit.end()
    assert unseen.value.why is Why.UNREADABLE


async def test_a_way_that_was_not_seen_to_its_end_has_a_first_answer_and_no_last_one(internet):
    internet.redirect(HTTPS, "/en/", 302)
    visits = internet.visits
    internet.show(f"{HTTPS}en/", b"<title>Just a moment...</title>", 403, cf_mitigated="challenge")
    visit = await visits.to(HTTPS)
    assert visit.answers[0].status == 302
    for look in (visit.end, visit.page):
        with pytest.raises(NotSeen) as unseen:
            look()
        assert unseen.value.why is Why.CHALLENGED
    assert visit.sent_to == ""
