"""The checks of `checks/web/mixed_content.py`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready.checks.web.mixed_content import mixed_content, script_calls_plain_http
from launchready.facts.web import (
    Asset,
    FrontPage,
    Handling,
    InnerPage,
    InnerPages,
    InnerView,
    PageAssets,
    PlainReference,
    Transfer,
)
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import EndpointKind, Host

APP = Host("app.example.com", "example.com")
HTTPS, LOGIN, CSS = "https://app.example.com/", "https://app.example.com/login", "https://app.example.com/a.css"
AT = datetime(2026, 7, 1, tzinfo=UTC)
TRANSFER = Transfer(HTTPS, 200, "text/html", (), "", "", 10, 10, ())
PAGE = FrontPage(TRANSFER, "", "", (), (), (), "", "")
AWAY = replace(PAGE, redirects_to="https://example.com/")
NO_ASSETS, NONE_INSIDE = PageAssets(()), InnerPages(())
SCRIPT = PlainReference("http://a.example/x.js", HTTPS, "script", Handling.BLOCKED, None)
IMAGE = PlainReference("http://a.example/i.png", CSS, "image", Handling.UPGRADED, None)
FORM = PlainReference("http://b.example/join", LOGIN, "form", Handling.WARNED, None)
CALL = PlainReference("ws://a.example/s", HTTPS, "new WebSocket", Handling.BLOCKED, None)


def assets(*references: PlainReference, calls: tuple[PlainReference, ...] = ()) -> PageAssets:
    return PageAssets((Asset(CSS, Measured(TRANSFER, AT, 0.1), references, calls),))


def inside(*references: PlainReference, redirects_to: str = "") -> InnerPages:
    view = InnerView(TRANSFER, redirects_to, (), references, (), ())
    return InnerPages((InnerPage(LOGIN, EndpointKind.LOGIN, Measured(view, AT, 0.1)),))


def answers(reference: PlainReference, status: int) -> PlainReference:
    return replace(reference, over_https=Measured(status, AT, 0.1))


def test_pages_that_load_all_over_https_pass() -> None:
    assert mixed_content(APP, PAGE, assets(), inside()) == Pass()


def test_each_place_fails_with_what_browsers_do_and_the_https_address() -> None:
    assert mixed_content(APP, replace(PAGE, plain_references=(SCRIPT,)), assets(IMAGE), inside(FORM)) == Fail(
        (
            f"{HTTPS} loads http://a.example/x.js (script): browsers block it",
            f"{LOGIN} posts to http://b.example/join (form): browsers warn before it is sent",
            f"{CSS} loads {IMAGE.url} (image): older browsers warn, newer ones ask for it over https instead",
        ),
        Fix(
            "Use these addresses instead",
            "https://a.example/x.js\nhttps://b.example/join\nhttps://a.example/i.png",
        ),
    )


@pytest.mark.parametrize(
    ("reference", "status", "passes"),
    [
        (SCRIPT, 200, True),
        (SCRIPT, 399, True),
        (SCRIPT, 400, False),
        (FORM, 405, True),
        (FORM, 499, True),
        (FORM, 500, False),
    ],
)
def test_what_browsers_upgrade_fails_only_where_nothing_is_there(
    reference: PlainReference, status: int, passes: bool
) -> None:
    page = replace(PAGE, plain_references=(answers(reference, status),))
    judgement = mixed_content(APP, page, NO_ASSETS, NONE_INSIDE)
    assert isinstance(judgement, Pass if passes else Fail)
    if isinstance(judgement, Fail):
        assert f"browsers go to https instead, which answers {status}" in judgement.offenders[0]


def test_an_upgrade_that_was_not_seen_is_no_failure_of_its_own() -> None:
    unseen = replace(SCRIPT, over_https=Unmeasured(Why.REFUSED, "refused", AT))
    assert mixed_content(APP, replace(PAGE, plain_references=(unseen,)), NO_ASSETS, NONE_INSIDE) == Pass()


def test_a_host_that_only_redirects_has_no_content_to_mix_but_its_inner_pages_have() -> None:
    assert isinstance(mixed_content(APP, AWAY, NO_ASSETS, NONE_INSIDE), NotApplicable)
    assert isinstance(mixed_content(APP, AWAY, NO_ASSETS, inside(redirects_to=HTTPS)), NotApplicable)
    assert isinstance(mixed_content(APP, AWAY, NO_ASSETS, inside(FORM)), Fail)


def test_scripts_that_call_nothing_in_plain_pass() -> None:
    assert script_calls_plain_http(APP, PAGE, assets(), inside()) == Pass()
    assert isinstance(script_calls_plain_http(APP, AWAY, NO_ASSETS, NONE_INSIDE), NotApplicable)


def test_an_open_socket_fails_with_its_secure_address() -> None:
    fetch = replace(CALL, url="http://b.example/", found_in=CSS, what="fetch")
    page = replace(PAGE, plain_calls=(CALL,))
    assert script_calls_plain_http(APP, page, assets(calls=(fetch,)), NONE_INSIDE) == Fail(
        (f"{HTTPS} calls new WebSocket(ws://a.example/s)", f"{CSS} calls fetch(http://b.example/)"),
        Fix("Call these addresses instead", "wss://a.example/s\nhttps://b.example/"),
    )
