"""The checks of `checks/web/transport.py`."""

import pytest

from launchready.checks.web.transport import plain_http_served
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.facts.web import PlainHttp
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.subject import Host

APP = Host("app.example.com", "example.com")
HTTP, HTTPS = "http://app.example.com/", "https://app.example.com/"
FIX = Fix(
    "Redirect http://app.example.com to https",
    "nginx:   listen 80; server_name app.example.com; return 301 https://$host$request_uri;\n"
    "Cloudflare: SSL/TLS, Edge Certificates, Always Use HTTPS: on",
)


def ends(status: int, end: WalkEnd = WalkEnd.ANSWERED, end_url: str = HTTP) -> PlainHttp:
    return PlainHttp(Walk((Hop(HTTP, status, "" if end is WalkEnd.ANSWERED else end_url),), end, end_url))


@pytest.mark.parametrize("status", [301, 302, 308])
def test_a_redirect_to_https_passes(status: int) -> None:
    assert plain_http_served(APP, ends(status, WalkEnd.LEFT, HTTPS)) == Pass()


def test_a_page_over_plain_http_fails() -> None:
    assert plain_http_served(APP, ends(200)) == Fail((f"{HTTP} answers 200 over plain http",), FIX)


@pytest.mark.parametrize(("status", "shows"), [(399, True), (400, False), (401, False), (404, False), (503, False)])
def test_an_error_shows_nothing_and_begins_at_400(status: int, shows: bool) -> None:
    judgement = plain_http_served(APP, ends(status))
    assert isinstance(judgement, Fail if shows else NotApplicable)


def test_plain_http_that_leads_to_plain_http_elsewhere_fails_with_the_place() -> None:
    elsewhere = ends(301, WalkEnd.LEFT, "http://builder.example/")
    assert plain_http_served(APP, elsewhere) == Fail(("http://builder.example/ is where plain http leads",), FIX)


@pytest.mark.parametrize("end", [WalkEnd.LOOP, WalkEnd.TOO_MANY])
def test_a_circle_over_plain_http_is_left_to_its_own_check(end: WalkEnd) -> None:
    assert isinstance(plain_http_served(APP, ends(301, end)), NotApplicable)
