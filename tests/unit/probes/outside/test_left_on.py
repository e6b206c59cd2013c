"""What the probes of `probes/left_on.py` see."""

from datetime import UTC, datetime

import pytest

from launchready.facts.left_on import Crawler, RobotsFile, SecurityTxt, ShutOut
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host, Link, LinkKind
from launchready.probes.left_on import front_door, robots_file, security_txt

SITE = Host("example.com", "example.com")
LINKS = (
    Link("https://example.com/offer?utm=1", LinkKind.AD),
    Link("https://example.com/news", LinkKind.NEWSLETTER),
    Link("https://other.example/offer", LinkKind.AD),
)
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),), links=LINKS)
HTTPS = "https://example.com/"
ROBOTS = "https://example.com/robots.txt"
SECURITY = "https://example.com/.well-known/security.txt"


async def why_of(look):
    with pytest.raises(NotSeen) as seen:
        await look
    return seen.value.why


async def test_a_page_is_seen_with_what_it_says(internet):
    body = b"""<title>Shop</title><meta name=googlebot content=noindex>
        <a href=/datenschutz>Datenschutz</a><a href="/impressum">Wer wir sind</a>"""
    internet.show(HTTPS, body, x_robots_tag="noindex")
    door = await front_door(SITE, internet.visits)
    assert (door.url, door.status, door.sent_to, door.wall, door.placeholder) == (HTTPS, 200, "", "", "")
    assert (door.hidden_by_header, door.hidden_by_page) == (("robots",), ("googlebot",))
    assert (door.privacy_url, door.legal_url) == (f"{HTTPS}datenschutz", f"{HTTPS}impressum")
    assert door.shows_page


async def test_a_page_without_such_links_has_none(internet):
    internet.show(HTTPS, b'<a href="/prices">Prices</a>')
    door = await front_door(SITE, internet.visits)
    assert (door.privacy_url, door.legal_url) == ("", "")


async def test_a_wall_elsewhere_is_seen(internet):
    internet.redirect(HTTPS, "https://team.cloudflareaccess.com/cdn-cgi/access/login/example.com", 302)
    door = await front_door(SITE, internet.visits)
    assert (door.wall, door.shows_page) == ("Cloudflare Access", False)
    assert door.sent_to.startswith("https://team.cloudflareaccess.com/")


async def test_a_password_is_seen_behind_a_redirect_within_the_host(internet):
    internet.redirect(HTTPS, "/en/", 302)
    internet.show(f"{HTTPS}en/", b"", status=401, www_authenticate="Basic")
    assert (await front_door(SITE, internet.visits)).wall == "a password"


async def test_a_placeholder_is_seen_also_as_an_error(internet):
    internet.show(HTTPS, b"Not Found - Request ID: 01J2\n", status=404, content_type="text/plain")
    assert (await front_door(SITE, internet.visits)).placeholder == "Netlify without a site"
    internet.show(HTTPS, b"<title>Welcome to nginx!</title>is successfully installed", status=503)
    assert (await front_door(SITE, internet.visits)).placeholder == "the default page of nginx"


async def test_an_error_and_a_circle_are_no_page(internet):
    internet.show(HTTPS, status=500)
    assert await why_of(front_door(SITE, internet.visits)) is Why.UNREADABLE
    internet.redirect(HTTPS, HTTPS)
    assert await why_of(front_door(SITE, internet.visits)) is Why.UNREADABLE


async def test_robots_is_asked_for_the_front_page_and_the_advertised_ones(internet):
    rules = b"User-agent: *\nDisallow: /offer\nUser-agent: AdsBot-Google\nDisallow: /offer?utm\n"
    internet.show(ROBOTS, rules, content_type="text/plain")
    offer = "/offer?utm=1"
    assert await robots_file(SITE, PRODUCT, internet.http) == RobotsFile(
        200, tuple(ShutOut(crawler, offer) for crawler in Crawler)
    )


async def test_googles_adsbot_heeds_no_rules_for_everybody(internet):
    internet.show(ROBOTS, b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    seen = await robots_file(SITE, Product("Shop", (SITE,), (Domain("example.com"),)), internet.http)
    assert seen.shut_out == (ShutOut(Crawler.GOOGLE, "/"), ShutOut(Crawler.BING, "/"))


@pytest.mark.parametrize(("status", "shut_out"), [(404, ()), (403, ()), (503, tuple(ShutOut(c, "/") for c in Crawler))])
async def test_no_file_lets_all_in_and_an_error_of_the_server_none(internet, status, shut_out):
    """RFC 9309 sections 2.3.1.3 and 2.3.1.4."""
    internet.show(ROBOTS, b"User-agent: *\nDisallow: /\n", status=status)
    assert await robots_file(SITE, PRODUCT, internet.http) == RobotsFile(status, shut_out)


async def test_redirects_to_another_host_are_followed_for_robots(internet):
    internet.redirect(ROBOTS, "https://www.example.com/robots.txt")
    internet.show("https://www.example.com/robots.txt", b"User-agent: bingbot\nDisallow: /\n")
    seen = await robots_file(SITE, PRODUCT, internet.http)
    assert {out.crawler for out in seen.shut_out} == {Crawler.BING}


async def test_a_silent_host_says_nothing(internet):
    gone = Host("gone.example.com", "example.com")
    assert await why_of(robots_file(gone, PRODUCT, internet.http)) is Why.NO_NAME


async def test_security_txt_is_read(internet, clock):
    internet.show(
        SECURITY, b"Contact: mailto:a@example.com\nExpires: 2027-01-01T00:00:00Z\n", content_type="text/plain"
    )
    expires = datetime(2027, 1, 1, tzinfo=UTC)
    assert await security_txt(SITE, internet.http, clock) == SecurityTxt(True, expires, clock.now())


@pytest.mark.parametrize(("body", "status"), [(b"<title>Shop</title>", 200), (b"Contact: mailto:a@example.com", 404)])
async def test_what_is_no_security_txt_is_not_there(internet, clock, body, status):
    internet.show(SECURITY, body, status=status)
    assert await security_txt(SITE, internet.http, clock) == SecurityTxt(False, None, clock.now())


async def test_an_error_of_the_server_is_no_security_txt_and_no_lack_of_one(internet, clock):
    internet.show(SECURITY, status=502)
    assert await why_of(security_txt(SITE, internet.http, clock)) is Why.UNREADABLE


@pytest.mark.parametrize("status", [403, 429])
async def test_who_is_turned_away_has_not_seen_the_file(internet, clock, status):
    internet.show(SECURITY, status=status)
    assert await why_of(security_txt(SITE, internet.http, clock)) is Why.UNREADABLE


async def test_robots_that_we_asked_for_too_often_say_nothing(internet):
    internet.show(ROBOTS, status=429)
    assert await why_of(robots_file(SITE, PRODUCT, internet.http)) is Why.CHALLENGED
