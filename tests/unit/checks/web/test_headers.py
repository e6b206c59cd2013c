"""The checks of `checks/web/headers.py`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready.checks.web.headers import (
    csp_ineffective,
    framing_allowed,
    guards_missing,
    headers_missing_on_errors,
)
from launchready.facts.errors import MissingPage
from launchready.facts.web import FrontPage, InnerPage, InnerPages, InnerView, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured
from launchready.model.subject import EndpointKind, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
APP = Host("app.example.com", "example.com")
FRONT, LOGIN, GONE = (f"https://app.example.com/{path}" for path in ("", "login", "gone"))
CSP, XFO, NOSNIFF = "content-security-policy", "x-frame-options", ("x-content-type-options", "nosniff")
NONE_INSIDE = InnerPages(())
Headers = tuple[tuple[str, str], ...]


def transfer(url: str, *headers: tuple[str, str], status: int = 200, kind: str = "text/html") -> Transfer:
    return Transfer(url, status, kind, (), "", "", 10, 10, headers)


def page(*headers: tuple[str, str], metas: tuple[str, ...] = ()) -> FrontPage:
    return FrontPage(transfer(FRONT, *headers), "", "", (), (), (), "", "", policies=metas)


def login(*headers: tuple[str, str], status: int = 200, redirects_to: str = "") -> InnerPages:
    view = InnerView(transfer(LOGIN, *headers, status=status), redirects_to, (), (), (), ())
    return InnerPages((InnerPage(LOGIN, EndpointKind.LOGIN, Measured(view, AT, 0.1)),))


@pytest.mark.parametrize(
    "policy",
    [
        "script-src 'self'",
        "default-src 'none'",
        "script-src 'nonce-abc' 'unsafe-inline' https: 'strict-dynamic'",
        "script-src 'unsafe-inline' *, script-src 'self'",  # both apply
        "script-src * 'unsafe-inline'; script-src-elem 'self'",
        "script-src 'unsafe-inline' 'nonce-abc'",
    ],
)
def test_a_policy_that_keeps_scripts_out_passes(policy: str) -> None:
    assert csp_ineffective(APP, page((CSP, policy)), NONE_INSIDE) == Pass()


@pytest.mark.parametrize(
    ("policy", "holes"),
    [
        ("script-src 'self' 'unsafe-inline'", 1),
        ("default-src *", 1),
        ("default-src 'self' data:", 1),
        ("script-src https: 'nonce-abc'", 1),
        ("script-src * 'unsafe-inline'", 2),
        ("script-src 'unsafe-inline', script-src *", 2),
        ("script-src 'unsafe-inline', script-src 'unsafe-inline' 'self'", 1),
    ],
)
def test_a_policy_with_a_hole_fails_and_names_it(policy: str, holes: int) -> None:
    judgement = csp_ineffective(APP, page((CSP, policy)), NONE_INSIDE)
    assert isinstance(judgement, Fail)
    assert len(judgement.offenders) == holes
    assert judgement.offenders[0].startswith(f"{FRONT}: its policy allows ")


def test_a_policy_in_the_page_counts_and_one_that_only_reports_does_not() -> None:
    assert isinstance(csp_ineffective(APP, page(metas=("script-src *",)), NONE_INSIDE), Fail)
    assert csp_ineffective(APP, page((CSP, "script-src *"), metas=("script-src 'self'",)), NONE_INSIDE) == Pass()
    for headers in ((), ((f"{CSP}-report-only", "script-src *"),), ((CSP, "frame-ancestors 'none'"),)):
        assert isinstance(csp_ineffective(APP, page(*headers), NONE_INSIDE), NotApplicable)


def test_inner_pages_are_judged_and_a_front_page_that_only_redirects_is_not() -> None:
    away = replace(page((CSP, "script-src *")), redirects_to="https://example.com/")
    assert isinstance(csp_ineffective(APP, away, NONE_INSIDE), NotApplicable)
    judgement = csp_ineffective(APP, away, login((CSP, "script-src *")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].startswith(f"{LOGIN}: ")


@pytest.mark.parametrize(("status", "is_page"), [(299, True), (300, False), (401, False), (404, False)])
def test_an_error_is_no_page(status: int, is_page: bool) -> None:
    front = page((CSP, "script-src *"))
    shown = replace(front, transfer=replace(front.transfer, status=status))
    assert isinstance(csp_ineffective(APP, shown, NONE_INSIDE), Fail if is_page else NotApplicable)


@pytest.mark.parametrize("header", [(CSP, "frame-ancestors 'self'"), (XFO, "DENY"), (XFO, "sameorigin")])
def test_a_log_in_page_that_others_can_not_frame_passes(header: tuple[str, str]) -> None:
    assert framing_allowed(APP, login(header)) == Pass()


@pytest.mark.parametrize(
    "headers", [(), ((XFO, "ALLOW-FROM https://a.example"),), ((CSP, "frame-ancestors *"), (XFO, "DENY"))]
)
def test_a_log_in_page_that_anybody_can_frame_fails(headers: Headers) -> None:
    assert framing_allowed(APP, login(*headers)) == Fail(
        (f"{LOGIN} may be shown inside of any site's page",),
        Fix("Send this with log-in pages", "Content-Security-Policy: frame-ancestors 'self'"),
    )


def test_what_is_no_log_in_page_or_is_not_shown_is_not_asked() -> None:
    assert isinstance(framing_allowed(APP, NONE_INSIDE), NotApplicable)
    assert isinstance(framing_allowed(APP, login(redirects_to=FRONT)), NotApplicable)
    assert isinstance(framing_allowed(APP, login(status=300)), NotApplicable)
    assert isinstance(framing_allowed(APP, login(status=299)), Fail)


def test_guards_are_asked_for_where_people_log_in() -> None:
    good = ((CSP, "script-src 'self'"), NOSNIFF)
    assert guards_missing(APP, page(*good), login(*good)) == Pass()
    assert isinstance(guards_missing(APP, page(), NONE_INSIDE), NotApplicable)
    judgement = guards_missing(APP, page(*good), login((f"{CSP}-report-only", "script-src 'self'")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        f"{LOGIN} has no policy on scripts that counts, only one that reports",
        f"{LOGIN} has no X-Content-Type-Options: nosniff",
    )


@pytest.mark.parametrize(
    ("value", "passes"), [("NoSniff", True), ("nosniff, x", True), ("x, nosniff", False), ("", False)]
)
def test_nosniff_is_the_first_word(value: str, passes: bool) -> None:
    """Fetch standard, section 3.6."""
    headers = ((CSP, "script-src 'self'"), ("x-content-type-options", value))
    assert isinstance(guards_missing(APP, page(*headers), login(*headers)), Pass if passes else Fail)


XFO_LINE = 'X-Frame-Options "DENY"'
HSTS = ("strict-transport-security", "max-age=31536000")


def gone(*headers: tuple[str, str], status: int = 404, kind: str = "text/html") -> MissingPage:
    return MissingPage(transfer(GONE, *headers, status=status, kind=kind), ())


def test_errors_with_the_headers_of_pages_pass() -> None:
    headers = ((CSP, "script-src 'self'"), NOSNIFF, HSTS)
    assert headers_missing_on_errors(APP, page(*headers), gone((CSP, "default-src 'none'"), NOSNIFF, HSTS)) == Pass()
    assert headers_missing_on_errors(APP, page(), gone()) == Pass()
    assert headers_missing_on_errors(APP, page(*headers), gone(NOSNIFF, HSTS, kind="application/json")) == Pass()


def test_what_errors_lose_is_named_with_the_line_that_keeps_it() -> None:
    assert headers_missing_on_errors(APP, page((XFO, "DENY"), HSTS), gone()) == Fail(
        (
            f"{GONE} (404) has no strict-transport-security, which the front page has",
            f"{GONE} (404) has no x-frame-options, which the front page has",
        ),
        Fix(
            "Send these with errors as well (nginx; in an app, its outermost layer)",
            "\n".join(f"add_header {x} always;" for x in ('Strict-Transport-Security "max-age=31536000"', XFO_LINE)),
        ),
    )


def test_without_an_error_or_a_page_there_is_nothing_to_compare() -> None:
    guarded = page(HSTS)
    assert isinstance(headers_missing_on_errors(APP, guarded, gone(status=399)), NotApplicable)
    assert isinstance(headers_missing_on_errors(APP, guarded, gone(status=400)), Fail)
    away = replace(guarded, redirects_to="https://example.com/")
    assert isinstance(headers_missing_on_errors(APP, away, gone()), NotApplicable)
