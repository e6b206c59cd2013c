"""The check of `checks/web/cookies.py`."""

import pytest

from launchready.checks.web.cookies import session_cookie_shared
from launchready.facts.web import CookieSeen, FrontPage, Transfer
from launchready.model.check import Fail, Fix, Pass
from launchready.model.product import Product
from launchready.model.subject import Domain, Host
from launchready.parse.rfc6265 import SameSite

APP = Host("app.example.com", "example.com")
HOSTS = (APP, Host("example.com", "example.com"), Host("pay.app.example.com", "example.com"))
PRODUCT = Product("P", (*HOSTS, Host("other.net", "other.net")), (Domain("example.com"), Domain("other.net")))
ALONE = Product("P", (APP,), (Domain("example.com"),))
TRANSFER = Transfer("https://app.example.com/", 200, "text/html", (), "", "", False, 10, 10, ())


def page(domain: str, name: str = "session") -> FrontPage:
    cookie = CookieSeen(name, domain, True, True, SameSite.LAX, "/", True, True, False)
    return FrontPage(TRANSFER, "", "", (cookie,), (), (), "", "")


def test_a_cookie_without_domain_stays_with_its_host_and_passes() -> None:
    assert session_cookie_shared(PRODUCT, APP, page("")) == Pass()


def test_a_parent_domain_that_covers_other_declared_hosts_fails_with_them() -> None:
    assert session_cookie_shared(PRODUCT, APP, page("example.com")) == Fail(
        ("session of app.example.com is also sent to example.com, pay.app.example.com",),
        Fix("Set these cookies without Domain=, and give them the __Host- prefix"),
    )


def test_the_hosts_own_name_as_domain_passes_where_no_declared_host_is_below_it() -> None:
    without = Product("P", HOSTS[:2], PRODUCT.domains)
    assert session_cookie_shared(without, APP, page("app.example.com")) == Pass()
    judgement = session_cookie_shared(PRODUCT, APP, page("app.example.com"))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("session of app.example.com is also sent to pay.app.example.com",)


def test_a_parent_domain_that_covers_no_other_declared_host_passes() -> None:
    assert session_cookie_shared(ALONE, APP, page("example.com")) == Pass()


@pytest.mark.parametrize("domain", ["other.net", "pay.app.example.com", "pp.example.com"])
def test_a_domain_that_does_not_cover_the_host_itself_is_refused_by_browsers_and_passes(domain: str) -> None:
    """RFC 6265 section 5.3, step 6."""
    assert session_cookie_shared(PRODUCT, APP, page(domain)) == Pass()


@pytest.mark.parametrize("name", ["__cf_bm", "_cfuvid", "cf_clearance"])
def test_a_cookie_of_the_edge_itself_passes(name: str) -> None:
    assert session_cookie_shared(PRODUCT, APP, page("example.com", name)) == Pass()
