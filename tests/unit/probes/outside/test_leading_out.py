"""What the probes of `probes/leading_out.py` see."""

from urllib.parse import parse_qs, urlsplit

import pytest

from launchready.facts.redirects import LeadOut
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host, Journey
from launchready.probes.leading_out import MAX_PAGES, PARAMETERS, PATHS, SHAPES, lead, leads_out, pages_of

SITE = Host("example.com", "example.com")
LOGIN = Endpoint("https://example.com/login?lang=en", EndpointKind.LOGIN)
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),), endpoints=(LOGIN,))


async def led_to(internet, clock) -> set[str]:
    leads = await leads_out(SITE, PRODUCT, internet.http, clock)
    return {one.value.leads_to for one in leads.tries if isinstance(one, Measured) and one.value.leads_to}


def test_every_parameter_has_a_host_of_its_own_in_every_shape():
    for shape in SHAPES:
        values = parse_qs(urlsplit(lead("https://example.com/", shape, "example.com")).query)
        assert set(values) == set(PARAMETERS)
        assert len({value for (value,) in values.values()}) == len(PARAMETERS)


def test_front_page_and_log_ins_are_asked_and_no_more_than_the_limit():
    assert pages_of(SITE, PRODUCT) == ["https://example.com/", "https://example.com/login"]
    many = tuple(Endpoint(f"https://example.com/{n}", EndpointKind.LOGIN) for n in range(9))
    of = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),), endpoints=many)
    assert MAX_PAGES == 4
    assert len(pages_of(SITE, of)) == 4


def test_a_journeys_log_in_is_asked_where_it_is_on_the_host():
    way = Journey("a", "https://x.example/s", "https://example.com/enter", "https://x.example/c", "?", "a", "b")
    of = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),), journeys=(way,))
    assert pages_of(SITE, of) == ["https://example.com/", "https://example.com/enter"]


async def test_each_page_is_asked_once_in_each_shape_and_nothing_is_followed(internet, clock):
    internet.redirect("https://example.com/login", "https://next.launchready-probe.invalid/", 302)
    internet.show("https://example.com/")
    assert await led_to(internet, clock) == {"next.launchready-probe.invalid"}
    assert len(internet.asked) == 2 * len(SHAPES) + len(PATHS)
    assert all(url.startswith("https://example.com/") for url in internet.asked)


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("//next.launchready-probe.invalid/", "next.launchready-probe.invalid"),
        ("/\\next.launchready-probe.invalid/", "next.launchready-probe.invalid"),
        ("https://example.com@next.launchready-probe.invalid/", "next.launchready-probe.invalid"),
        ("/signup?next=https://next.launchready-probe.invalid/", "example.com"),
        ("https:next.launchready-probe.invalid/", "example.com"),
        ("mailto:next@launchready-probe.invalid", None),
    ],
)
async def test_the_host_of_a_location_is_read_as_a_browser_reads_it(internet, clock, location, host):
    internet.redirect("https://example.com/", location, 302)
    assert await led_to(internet, clock) == ({host} if host else set())


async def test_a_page_that_shows_the_strangers_address_leads_nowhere(internet, clock):
    internet.show("https://example.com/", b"<a href='https://next.launchready-probe.invalid/'>Go on?</a>")
    assert await led_to(internet, clock) == set()


async def test_a_rule_that_adds_a_slash_to_any_path_leads_out(internet, clock):
    internet.redirect(f"https://example.com{PATHS[0]}", f"{PATHS[0]}/")
    assert await led_to(internet, clock) == {"path.launchready-probe.invalid"}


async def test_a_bot_wall_on_one_page_is_a_gap_and_hides_no_other(internet, clock):
    internet.show("https://example.com/login", b"<title>Just a moment...</title>", 403, cf_mitigated="challenge")
    internet.show("https://example.com/")
    leads = await leads_out(SITE, PRODUCT, internet.http, clock)
    gaps = [one.why for one in leads.tries if isinstance(one, Unmeasured)]
    assert gaps == [Why.CHALLENGED] * len(SHAPES)
    seen = [one.value for one in leads.tries if isinstance(one, Measured)]
    assert seen[0] == LeadOut(lead("https://example.com/", SHAPES[0], "example.com"), 200, "")
