"""The check of `checks/web/purposes.py`."""

from dataclasses import replace

import pytest

from launchready.checks.web.purposes import host_serves_other_purpose
from launchready.facts.web import FrontPage, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.fact import Each
from launchready.model.product import Product
from launchready.model.subject import Domain, Host

SITE = Host("example.com", "example.com", purpose="landing page")
API = Host("api.example.com", "example.com", purpose="the app's API")
PRODUCT = Product("P", (SITE, API), (Domain("example.com"),), has_file=True)
LANDING = FrontPage(
    Transfer("https://example.com/", 200, "text/html", (), "", "", 1000, 400, ()), "", "Shop", (), (), (), "", ""
)


def sized(size_bytes: int) -> FrontPage:
    return replace(LANDING, transfer=replace(LANDING.transfer, size_bytes=size_bytes))


def ask(api: FrontPage, landing: FrontPage = LANDING, host: Host = API):
    return host_serves_other_purpose(PRODUCT, Each(((host, api), (SITE, landing))))


def test_an_api_that_shows_the_landing_page_fails_with_both_names() -> None:
    assert ask(LANDING) == Fail(
        ("api.example.com (the app's API) shows the page of example.com (landing page): “Shop”",),
        Fix(
            "Point each name at its own service, and refuse names that are not known",
            "nginx: server { listen 443 ssl default_server; ssl_reject_handshake on; }",
        ),
    )


@pytest.mark.parametrize(
    ("size_bytes", "passes"), [(979, True), (980, False), (1000, False), (1020, False), (1021, True)]
)
def test_pages_of_about_one_size_are_one(size_bytes: int, passes: bool) -> None:
    assert isinstance(ask(sized(size_bytes)), Pass if passes else Fail)


@pytest.mark.parametrize(
    "api",
    [
        replace(LANDING, title="API"),
        replace(LANDING, redirects_to="https://example.com/"),
        replace(LANDING, transfer=replace(LANDING.transfer, status=404)),
    ],
)
def test_another_page_a_redirect_and_an_error_pass(api: FrontPage) -> None:
    assert ask(api) == Pass()


def test_pages_without_a_title_are_not_compared() -> None:
    untitled = replace(LANDING, title="")
    assert ask(untitled, untitled) == Pass()


@pytest.mark.parametrize("purpose", ["chat app", "", "rapid answers", "capitals"])
def test_where_no_name_is_for_an_api_nothing_is_compared(purpose: str) -> None:
    assert isinstance(ask(LANDING, host=replace(API, purpose=purpose)), NotApplicable)
