"""The check of `checks/web/own_policy.py`."""

from dataclasses import replace
from datetime import UTC, datetime

from launchready.checks.web.own_policy import csp_blocks_own_page
from launchready.facts.web import BlockedLoad, FrontPage, InnerPage, InnerPages, InnerView, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured
from launchready.model.subject import EndpointKind, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com")
URL, LOGIN = "https://example.com/", "https://example.com/login"
GUARDED = Transfer(URL, 200, "text/html", (), "", "", 10, 10, (("content-security-policy", "script-src 'self'"),))
PAGE = FrontPage(GUARDED, "", "", (), (), (), "", "")
FRAME = BlockedLoad("https://book.example/maya", "frame", "frame-src")
SCRIPT = BlockedLoad("https://w.example/e.js", "script", "script-src-elem")
NONE_INSIDE = InnerPages(())


def test_pages_whose_policy_lets_them_work_pass() -> None:
    assert csp_blocks_own_page(HOST, PAGE, NONE_INSIDE) == Pass()


def test_what_is_kept_out_is_named_with_what_lets_it_in() -> None:
    view = InnerView(replace(GUARDED, url=LOGIN), "", (), (), (), (), blocked_loads=(SCRIPT,))
    inner = InnerPages((InnerPage(LOGIN, EndpointKind.LOGIN, Measured(view, AT, 0.1)),))
    assert csp_blocks_own_page(HOST, replace(PAGE, blocked_loads=(FRAME,)), inner) == Fail(
        (
            f"{URL} names https://book.example/maya (frame), which frame-src keeps out",
            f"{LOGIN} names https://w.example/e.js (script), which script-src-elem keeps out",
        ),
        Fix("Add these to the policy", "frame-src … https://book.example\nscript-src … https://w.example"),
    )


def test_without_a_policy_in_the_headers_or_a_page_nothing_is_kept_out() -> None:
    bare = replace(PAGE, transfer=replace(GUARDED, headers=()))
    for page in (bare, replace(PAGE, redirects_to="https://www.example.com/")):
        assert isinstance(csp_blocks_own_page(HOST, page, NONE_INSIDE), NotApplicable)
