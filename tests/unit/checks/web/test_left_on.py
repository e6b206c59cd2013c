"""The checks of `checks/web/left_on.py` and `checks/web/notes.py`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from launchready.checks.web.left_on import noindex_left_on, placeholder_page, preview_protection_on
from launchready.checks.web.notes import privacy_page_unlinked, security_txt_expired, security_txt_missing
from launchready.facts.left_on import Crawler, FrontDoor, RobotsFile, SecurityTxt, ShutOut
from launchready.model.check import Fail, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host, Journey

AT = datetime(2026, 7, 1, tzinfo=UTC)
URL = "https://example.com/"
LANDING = Host("example.com", "example.com", "landing page")
ADMIN = Host("example.com", "example.com", "admin")
DOOR = FrontDoor(URL, 200, "", "", "", (), (), True, f"{URL}privacy", f"{URL}terms")
OPEN = RobotsFile(200, ())


def product(*, endpoints: tuple[Endpoint, ...] = (), journeys: tuple[Journey, ...] = ()) -> Product:
    return Product("Shop", (LANDING,), (Domain("example.com"),), endpoints=endpoints, journeys=journeys)


def offenders(judgement: object) -> tuple[str, ...]:
    assert isinstance(judgement, Fail)
    assert judgement.fix.do
    return judgement.offenders


def test_an_open_page_passes() -> None:
    assert noindex_left_on(LANDING, DOOR, OPEN) == Pass()


@pytest.mark.parametrize(
    ("door", "robots", "words"),
    [
        (replace(DOOR, hidden_by_header=("robots",)), OPEN, f"{URL} says X-Robots-Tag: noindex"),
        (replace(DOOR, hidden_by_header=("bingbot",)), OPEN, f"{URL} says X-Robots-Tag: noindex for bingbot"),
        (replace(DOOR, hidden_by_page=("googlebot",)), OPEN, f'{URL} holds <meta name="googlebot"> with noindex'),
        (DOOR, RobotsFile(200, (ShutOut(Crawler.GOOGLE, "/"),)), f"{URL}robots.txt keeps Googlebot away from /"),
        (
            DOOR,
            RobotsFile(200, (ShutOut(Crawler.GOOGLE_ADS, "/offer"),)),
            f"{URL}robots.txt keeps AdsBot-Google away from /offer, so advertisements for it may be refused",
        ),
        (
            DOOR,
            RobotsFile(500, tuple(ShutOut(crawler, "/") for crawler in Crawler)),
            f"{URL}robots.txt answers 500, which crawlers must take for: stay away",
        ),
    ],
)
def test_each_way_of_hiding_a_landing_page_fails_by_its_name(door: FrontDoor, robots: RobotsFile, words: str) -> None:
    assert offenders(noindex_left_on(LANDING, door, robots)) == (words,)
    assert isinstance(noindex_left_on(ADMIN, door, robots), NotApplicable)


@pytest.mark.parametrize(
    ("door", "robots"),
    [
        (replace(DOOR, hidden_by_header=("greedybot",), hidden_by_page=("greedybot",)), OPEN),
        (DOOR, RobotsFile(404, ())),
        (DOOR, RobotsFile(200, (ShutOut(Crawler.GOOGLE, "/offer"),))),  # an offer may be kept out of search on purpose
    ],
)
def test_what_hides_nothing_from_those_who_matter_passes(door: FrontDoor, robots: RobotsFile) -> None:
    assert noindex_left_on(LANDING, door, robots) == Pass()


def test_a_host_that_sends_visitors_on_is_not_asked() -> None:
    away = replace(DOOR, sent_to="https://www.example.com/", hidden_by_header=("robots",))
    assert isinstance(noindex_left_on(LANDING, away, OPEN), NotApplicable)
    assert isinstance(placeholder_page(LANDING, away), NotApplicable)


@pytest.mark.parametrize("purpose", ["landing page", "Marketing site", "our website", "web shop", "the online store"])
def test_a_purpose_says_that_strangers_are_to_find_a_host(purpose: str) -> None:
    host = Host("example.com", "example.com", purpose)
    assert isinstance(noindex_left_on(host, replace(DOOR, hidden_by_page=("robots",)), OPEN), Fail)


WALLED = replace(DOOR, status=401, wall="a password", shows_page=False)


def test_a_wall_before_a_page_for_strangers_fails() -> None:
    assert offenders(preview_protection_on(product(), LANDING, WALLED)) == (
        f"{URL} answers 401: a password stands before it",
    )
    sent = replace(WALLED, status=302, wall="Cloudflare Access", sent_to="https://t.cloudflareaccess.com/")
    assert offenders(preview_protection_on(product(), LANDING, sent)) == (
        f"{URL} answers 302: Cloudflare Access stands before it, and sends visitors to https://t.cloudflareaccess.com/",
    )
    assert preview_protection_on(product(), LANDING, DOOR) == Pass()


def test_whose_page_is_for_strangers_is_declared() -> None:
    page, login, api = (Endpoint(URL, kind) for kind in (EndpointKind.PAGE, EndpointKind.LOGIN, EndpointKind.API))
    journey = Journey("a", URL, URL, URL, "?", "a+{tag}@example.com", "maildir:x")
    assert isinstance(preview_protection_on(product(), ADMIN, WALLED), NotApplicable)
    assert isinstance(preview_protection_on(product(endpoints=(api,)), ADMIN, WALLED), NotApplicable)
    for declared in (product(endpoints=(page,)), product(endpoints=(login,)), product(journeys=(journey,))):
        assert isinstance(preview_protection_on(declared, ADMIN, WALLED), Fail)


def test_a_placeholder_fails_by_its_name() -> None:
    shown = replace(DOOR, placeholder="a parking page")
    assert offenders(placeholder_page(ADMIN, shown)) == (f"{URL} shows a parking page",)
    assert placeholder_page(ADMIN, DOOR) == Pass()


def policy(*, is_there: bool = True, days: int | None = 100) -> SecurityTxt:
    return SecurityTxt(is_there, None if days is None else AT + timedelta(days=days), AT)


def test_a_missing_security_txt_is_noted_with_the_lines_to_serve() -> None:
    judgement = security_txt_missing(LANDING, policy(is_there=False, days=None))
    assert offenders(judgement) == (f"{URL}.well-known/security.txt names no contact",)
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == "Contact: mailto:security@example.com\nExpires: 2027-06-26T00:00:00Z"
    assert security_txt_missing(LANDING, policy()) == Pass()
    www = Host("www.example.com", "example.com", redirects_to="https://example.com")
    assert isinstance(security_txt_missing(www, policy(is_there=False)), NotApplicable)


@pytest.mark.parametrize(("days", "fails"), [(1, False), (0, True), (-1, True), (None, True)])
def test_a_security_txt_holds_until_its_date(days: int | None, fails: bool) -> None:
    assert isinstance(security_txt_expired(LANDING, policy(days=days)), Fail) is fails


def test_the_moment_of_expiry_is_past_it() -> None:
    just = SecurityTxt(True, AT + timedelta(seconds=1), AT)
    assert security_txt_expired(LANDING, just) == Pass()
    assert isinstance(security_txt_expired(LANDING, replace(just, expires=AT)), Fail)
    assert isinstance(security_txt_expired(LANDING, policy(is_there=False, days=None)), NotApplicable)


def test_a_landing_page_links_to_privacy_and_contact() -> None:
    assert privacy_page_unlinked(LANDING, DOOR) == Pass()
    bare = replace(DOOR, privacy_url="", legal_url="")
    assert offenders(privacy_page_unlinked(LANDING, bare)) == (
        f"{URL} links to no privacy notice",
        f"{URL} links to no terms, imprint or contact",
    )
    assert isinstance(privacy_page_unlinked(ADMIN, bare), NotApplicable)
    assert isinstance(privacy_page_unlinked(LANDING, replace(bare, shows_page=False)), NotApplicable)


def test_a_host_that_should_only_send_visitors_on_needs_no_links() -> None:
    www = Host("www.example.com", "example.com", "sends to the landing page", redirects_to="https://example.com")
    assert isinstance(privacy_page_unlinked(www, replace(DOOR, privacy_url="")), NotApplicable)
