"""The check of `checks/web/cookies.py`."""

import pytest

from launchready.checks.web.cookies import session_cookie_shared
from launchready.facts.web import CookieSeen, FrontPage, Transfer
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.product import Product
from launchready.model.subject import Domain, Host

APP, SITE = Host("app.example.com", "example.com"), Host("example.com", "example.com")
PRODUCT = Product("Shop", hosts=(APP, SITE), domains=(Domain("example.com"),), has_file=True)
TRANSFER = Transfer("https://app.example.com/", 200, "text/html", (), "", "", False, 10, 10)


def judge(*cookies: CookieSeen) -> Judgement:
    return session_cookie_shared(PRODUCT, APP, FrontPage(TRANSFER, "", "", cookies, (), ()))


def cookie(name: str, domain: str) -> CookieSeen:
    return CookieSeen(name, domain, secure=True, http_only=True)


def test_a_page_without_cookies_passes() -> None:
    assert judge() == Pass()


@pytest.mark.parametrize("domain", ["", "app.example.com", "other.example", "ample.com"])
def test_a_cookie_that_no_other_host_gets_passes(domain: str) -> None:
    assert judge(cookie("session", domain)) == Pass()


def test_a_cookie_for_the_whole_domain_fails_and_who_gets_it_is_named() -> None:
    assert judge(cookie("session", "example.com")) == Fail(
        ("session of app.example.com is also sent to example.com",),
        Fix("Set these cookies without Domain=, and give them the __Host- prefix"),
    )


def test_of_two_cookies_with_one_name_each_is_judged() -> None:
    assert isinstance(judge(cookie("session", "example.com"), cookie("session", "")), Fail)


def test_the_edges_own_cookies_log_nobody_in() -> None:
    assert judge(cookie("__cf_bm", "example.com"), cookie("_cfuvid", "example.com")) == Pass()
