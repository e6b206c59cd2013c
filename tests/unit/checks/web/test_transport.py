"""The checks of `checks/web/transport.py`."""

import pytest

from launchready.checks.web.transport import mixed_content, plain_http_served
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.facts.web import FrontPage, PlainHttp, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.subject import Host

SITE = Host("example.com", "example.com")
URL = "http://example.com/"
TRANSFER = Transfer("https://example.com/", 200, "text/html", (), "", "", False, 10, 10)


def plain(status: int, location: str = "", end: WalkEnd = WalkEnd.ANSWERED) -> PlainHttp:
    return PlainHttp(Walk((Hop(URL, status, location),), end, location or URL))


def page(*references: str, redirects_to: str = "") -> FrontPage:
    return FrontPage(TRANSFER, redirects_to, "", (), references, ())


def test_plain_http_that_sends_to_https_passes() -> None:
    assert plain_http_served(SITE, plain(301, "https://example.com/", WalkEnd.LEFT)) == Pass()


def test_a_page_over_plain_http_fails_with_the_rule_to_paste() -> None:
    judgement = plain_http_served(SITE, plain(200))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("http://example.com/ answers 200 over plain http",)
    assert "server_name example.com; return 301 https://$host$request_uri;" in judgement.fix.paste


def test_plain_http_that_sends_to_other_plain_http_fails() -> None:
    judgement = plain_http_served(SITE, plain(301, "http://old.vendor.example/", WalkEnd.LEFT))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("http://old.vendor.example/ is where plain http leads",)


@pytest.mark.parametrize(("status", "kind"), [(399, Fail), (400, NotApplicable), (404, NotApplicable)])
def test_an_error_over_plain_http_shows_nothing(status: int, kind: type) -> None:
    assert isinstance(plain_http_served(SITE, plain(status)), kind)


def test_a_circle_shows_nothing_either() -> None:
    assert isinstance(plain_http_served(SITE, plain(301, URL, WalkEnd.LOOP)), NotApplicable)


def test_a_page_that_loads_nothing_over_http_passes() -> None:
    assert mixed_content(SITE, page()) == Pass()


def test_what_is_loaded_over_http_fails_and_is_given_with_https() -> None:
    assert mixed_content(SITE, page("http://a.example/x.js", "http://b.example/join")) == Fail(
        ("http://a.example/x.js", "http://b.example/join"),
        Fix(
            "Use these addresses on https://example.com/ instead",
            "https://a.example/x.js\nhttps://b.example/join",
        ),
    )


def test_a_host_that_only_redirects_has_no_page() -> None:
    assert isinstance(mixed_content(SITE, page(redirects_to="https://www.example.com/")), NotApplicable)
