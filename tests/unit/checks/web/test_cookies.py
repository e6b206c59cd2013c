"""The checks of `checks/web/cookies.py`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from launchready.checks.web.cookies import (
    cookie_refused,
    login_cookie_shared,
    login_cookie_weak,
    session_cookie_shared,
    session_cookie_weak,
    session_lost_across_sites,
)
from launchready.facts.journeys import LoginCookie, SignupWalk
from launchready.facts.web import CookieSeen, FrontPage, InnerPage, InnerPages, InnerView, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Domain, EndpointKind, Host, Journey
from launchready.parse.rfc6265 import SameSite

AT = datetime(2026, 7, 1, tzinfo=UTC)
APP = Host("app.example.com", "example.com")
HOSTS = (APP, Host("example.com", "example.com"), Host("pay.app.example.com", "example.com"))
PRODUCT = Product("P", (*HOSTS, Host("other.net", "other.net")), (Domain("example.com"), Domain("other.net")))
ALONE = Product("P", (APP,), (Domain("example.com"),))
TRANSFER = Transfer("https://app.example.com/", 200, "text/html", (), "", "", 10, 10, ())
GOOD = CookieSeen("session", "", True, True, SameSite.LAX, "/", True, True, False, False)
NONE_INSIDE = InnerPages(())


def shows(*cookies: CookieSeen) -> FrontPage:
    return FrontPage(TRANSFER, "", "", cookies, (), (), "", "")


def page(domain: str, name: str = "session") -> FrontPage:
    return shows(replace(GOOD, name=name, domain=domain))


def inside(*cookies: CookieSeen) -> InnerPages:
    view = InnerView(TRANSFER, "", cookies, (), (), ())
    return InnerPages((InnerPage("https://app.example.com/login", EndpointKind.LOGIN, Measured(view, AT, 0.1)),))


def test_a_cookie_without_domain_stays_with_its_host_and_passes() -> None:
    assert session_cookie_shared(PRODUCT, APP, page(""), NONE_INSIDE) == Pass()


@pytest.mark.parametrize(
    ("front", "inner"),
    [(page("example.com"), NONE_INSIDE), (shows(), inside(replace(GOOD, domain="example.com")))],
)
def test_a_parent_domain_that_covers_other_declared_hosts_fails_with_them(front: FrontPage, inner: InnerPages) -> None:
    assert session_cookie_shared(PRODUCT, APP, front, inner) == Fail(
        ("session of app.example.com is also sent to example.com, pay.app.example.com",),
        Fix("Set these cookies without Domain=, and give them the __Host- prefix"),
    )


def test_the_hosts_own_name_as_domain_passes_where_no_declared_host_is_below_it() -> None:
    without = Product("P", HOSTS[:2], PRODUCT.domains)
    assert session_cookie_shared(without, APP, page("app.example.com"), NONE_INSIDE) == Pass()
    judgement = session_cookie_shared(PRODUCT, APP, page("app.example.com"), NONE_INSIDE)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("session of app.example.com is also sent to pay.app.example.com",)


def test_a_parent_domain_that_covers_no_other_declared_host_passes() -> None:
    assert session_cookie_shared(ALONE, APP, page("example.com"), NONE_INSIDE) == Pass()


@pytest.mark.parametrize("domain", ["other.net", "pay.app.example.com", "pp.example.com"])
def test_a_domain_that_does_not_cover_the_host_itself_is_refused_by_browsers_and_passes(domain: str) -> None:
    """RFC 6265 section 5.3, step 6."""
    assert session_cookie_shared(PRODUCT, APP, page(domain), NONE_INSIDE) == Pass()


@pytest.mark.parametrize("name", ["__cf_bm", "_cfuvid", "cf_clearance"])
def test_a_cookie_of_the_edge_itself_passes(name: str) -> None:
    assert session_cookie_shared(PRODUCT, APP, page("example.com", name), NONE_INSIDE) == Pass()


def with_(**differs: Any) -> FrontPage:
    return shows(replace(GOOD, **differs))


def test_a_log_in_cookie_with_both_passes_and_without_is_named() -> None:
    assert session_cookie_weak(APP, shows(GOOD), NONE_INSIDE) == Pass()
    weak = inside(replace(GOOD, name="connect.sid", secure=False, http_only=False, same_site=SameSite.DEFAULT))
    assert session_cookie_weak(APP, shows(GOOD), weak) == Fail(
        ("connect.sid of app.example.com lacks Secure and HttpOnly",),
        Fix(
            "Set these cookies with Secure and HttpOnly",
            "Set-Cookie: connect.sid=…; Path=/; Secure; HttpOnly; SameSite=Lax",
        ),
    )


def test_each_of_the_two_is_missed_by_itself() -> None:
    for name, attribute in (("Secure", "secure"), ("HttpOnly", "http_only")):
        judgement = session_cookie_weak(APP, with_(**{attribute: False}), NONE_INSIDE)
        assert isinstance(judgement, Fail)
        assert judgement.offenders == (f"session of app.example.com lacks {name}",)


@pytest.mark.parametrize(
    "name",
    [
        "PHPSESSID",
        "JSESSIONID",
        "sessionid",
        "_brightpath_session",
        "laravel_session",
        "__Host-session",
        "auth_token",
        "next-auth.session-token",
        "__Secure-next-auth.session-token",
        ".AspNetCore.Cookies",
        "wordpress_logged_in_0a1b",
    ],
)
def test_the_names_of_frameworks_are_known(name: str) -> None:
    assert isinstance(session_cookie_weak(APP, with_(name=name, secure=False), NONE_INSIDE), Fail)


@pytest.mark.parametrize(
    "name",
    [
        "_ga",
        "_ga_ABC123",
        "_gid",
        "_hjSession_123",
        "_hjSessionUser_1",
        "ai_session",
        "csrftoken",
        "XSRF-TOKEN",
        "_csrf",
        "__stripe_sid",
        "_fbp",
        "intercom-session-x1",
        "theme",
        "lang",
        "sb-abc-auth-token",
        "sessionless",
    ],
)
def test_what_measures_or_guards_forms_logs_nobody_in(name: str) -> None:
    assert isinstance(session_cookie_weak(APP, with_(name=name, secure=False), NONE_INSIDE), NotApplicable)


@pytest.mark.parametrize("differs", [{"is_removed": True}, {"is_ours": False}, {"keeps_prefix": False}])
def test_a_cookie_that_browsers_do_not_keep_is_not_weak(differs: dict[str, bool]) -> None:
    assert isinstance(session_cookie_weak(APP, with_(secure=False, **differs), NONE_INSIDE), NotApplicable)


def test_cookies_that_browsers_keep_pass() -> None:
    assert cookie_refused(APP, shows(GOOD, replace(GOOD, name="__Host-id")), inside()) == Pass()
    assert cookie_refused(APP, shows(), NONE_INSIDE) == Pass()
    assert cookie_refused(APP, with_(keeps_prefix=False, is_removed=True), NONE_INSIDE) == Pass()


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"name": "__Host-x", "keeps_prefix": False}, "its name promises Secure, Path=/ and no Domain, which it lacks"),
        ({"name": "__secure-x", "keeps_prefix": False}, "its name promises Secure, which it lacks"),
        ({"domain": "old.example", "is_ours": False}, "it is for old.example, where this host has no say"),
        ({"name": "csrftoken", "domain": "com", "is_ours": False}, "it is for com, where this host has no say"),
        ({"same_site": SameSite.NONE, "secure": False}, "it has SameSite=None without Secure"),
    ],
)
def test_each_reason_to_refuse_a_cookie_is_said(differs: dict[str, object], reason: str) -> None:
    judgement = cookie_refused(APP, with_(**differs), NONE_INSIDE)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{differs.get('name', 'session')} of app.example.com: {reason}",)


@pytest.mark.parametrize("name", ["ARRAffinity", "_ga"])
def test_a_hosting_companys_own_domain_is_nothing_that_people_miss(name: str) -> None:
    assert cookie_refused(APP, with_(name=name, is_ours=False, domain="x.azurewebsites.net"), NONE_INSIDE) == Pass()
    assert cookie_refused(APP, with_(name=name, secure=False, same_site=SameSite.NONE), NONE_INSIDE) == Pass()


API = Host("api.other.net", "other.net", allowed_origins=("https://app.example.com", "https://else.example"))
SPLIT = Product("P", (APP, API), (Domain("example.com"), Domain("other.net")))


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({}, "SameSite=Lax, so browsers hold it back"),
        ({"same_site": SameSite.STRICT}, "SameSite=Strict, so browsers hold it back"),
        ({"same_site": SameSite.DEFAULT}, "it has no SameSite, so browsers hold it back"),
        ({"same_site": SameSite.NONE, "secure": False}, "SameSite=None counts only with Secure"),
        ({"same_site": SameSite.NONE}, "Safari holds it back, for it is not Partitioned"),
        ({"same_site": SameSite.NONE, "partitioned": True}, ""),
    ],
)
def test_a_session_across_two_sites_fails_unless_every_browser_sends_it(
    differs: dict[str, object], reason: str
) -> None:
    judgement = session_lost_across_sites(SPLIT, API, with_(**differs), NONE_INSIDE)
    if not reason:
        assert judgement == Pass()
        return
    assert judgement == Fail(
        (f"session of api.other.net does not reach it from https://app.example.com: {reason}",),
        Fix("Serve api.other.net as a host below example.com, such as api.example.com", "api.example.com"),
    )


def test_hosts_of_one_site_and_those_that_nobody_calls_are_not_asked() -> None:
    near = Host("api.example.com", "example.com", allowed_origins=("https://app.example.com",))
    one_site = Product("P", (APP, near), (Domain("example.com"),))
    silent = Host("api.other.net", "other.net")
    for product, host in ((one_site, near), (SPLIT, APP), (Product("P", (APP, silent), SPLIT.domains), silent)):
        assert isinstance(session_lost_across_sites(product, host, shows(GOOD), NONE_INSIDE), NotApplicable)
    assert isinstance(session_lost_across_sites(SPLIT, API, with_(name="_ga"), NONE_INSIDE), NotApplicable)


def test_a_journey_that_logs_in_on_another_site_counts_as_a_call() -> None:
    app, chat = "https://app.example.com", "https://api.other.net/chat"
    journey = Journey("signup", f"{app}/signup", f"{app}/login", chat, "?", "a@b.example", "maildir:inbox")
    api = replace(API, allowed_origins=None)
    product = replace(SPLIT, hosts=(APP, api), journeys=(journey,))
    assert isinstance(session_lost_across_sites(product, api, shows(GOOD), NONE_INSIDE), Fail)


def walked(*cookies: CookieSeen, host: str = "app.example.com") -> SignupWalk:
    return SignupWalk((), (), 0, login_cookies=tuple(LoginCookie(host, cookie) for cookie in cookies))


def test_a_log_in_cookie_that_stays_and_is_guarded_passes() -> None:
    assert login_cookie_shared(PRODUCT, walked(GOOD)) == Pass()
    assert login_cookie_weak(walked(GOOD)) == Pass()


def test_a_log_in_without_cookies_is_not_asked() -> None:
    assert isinstance(login_cookie_shared(PRODUCT, walked()), NotApplicable)
    assert isinstance(login_cookie_weak(walked()), NotApplicable)


def test_a_log_in_cookie_for_all_hosts_fails_with_them() -> None:
    assert login_cookie_shared(PRODUCT, walked(replace(GOOD, domain="example.com"))) == Fail(
        ("session of app.example.com is also sent to example.com, pay.app.example.com",),
        Fix("Set these cookies without Domain=", "Set-Cookie: session=…; Path=/; Secure; HttpOnly; SameSite=Lax"),
    )


def test_a_log_in_cookie_that_lacks_something_fails() -> None:
    judgement = login_cookie_weak(walked(replace(GOOD, http_only=False)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("session of app.example.com lacks HttpOnly",)


@pytest.mark.parametrize("name", ["csrftoken", "_ga", "__cf_bm", "remember"])
def test_beside_a_named_session_nothing_else_counts(name: str) -> None:
    other = replace(GOOD, name=name, secure=False, domain="example.com")
    assert login_cookie_weak(walked(GOOD, other)) == Pass()
    assert login_cookie_shared(PRODUCT, walked(GOOD, other)) == Pass()


def test_without_a_named_session_what_nobody_knows_counts() -> None:
    unknown = replace(GOOD, name="bp", secure=False, domain="example.com")
    assert isinstance(login_cookie_weak(walked(unknown)), Fail)
    assert isinstance(login_cookie_shared(PRODUCT, walked(unknown)), Fail)
    assert login_cookie_weak(walked(replace(unknown, name="csrftoken"))) == Pass()
    assert login_cookie_shared(PRODUCT, walked(unknown, host="else.example.com")) == Pass()


def test_what_browsers_do_not_keep_is_no_log_in() -> None:
    assert login_cookie_weak(walked(replace(GOOD, secure=False, is_ours=False))) == Pass()


@pytest.mark.parametrize("name", ["lang", "CookieConsent", "pll_language", "ajs_anonymous_id", "csrftoken"])
def test_a_cookie_that_logs_nobody_in_may_go_to_all_hosts(name: str) -> None:
    assert session_cookie_shared(PRODUCT, APP, page("example.com", name), NONE_INSIDE) == Pass()
