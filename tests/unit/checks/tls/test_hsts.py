"""The checks of `checks/tls/hsts.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.tls.hsts import (
    HALF_A_YEAR_S,
    PASTE,
    YEAR_S,
    hsts_breaks_host,
    hsts_missing,
    hsts_preload_unready,
)
from launchready.facts.hsts import DomainPromise, FirstAnswer
from launchready.facts.tls import AddressCertificate, Certificate, CertificateFault, Certificates
from launchready.facts.web import FrontPage, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
APEX, HOST = Host("example.com", "example.com"), Host("app.example.com", "example.com")


def page(*fields: str, redirects_to: str = "") -> FrontPage:
    headers = tuple(("strict-transport-security", field) for field in fields)
    transfer = Transfer("https://app.example.com/", 200, "text/html", (), "", "", 9, 9, headers)
    return FrontPage(transfer, redirects_to, "Shop", (), (), (), "", "")


def promise(*fields: str, plain: FirstAnswer | Unmeasured | None = None) -> DomainPromise:
    seen = Measured(plain, NOW, 0.1) if isinstance(plain, FirstAnswer) else plain
    return DomainPromise(FirstAnswer(200, "", fields), seen)


def served(*faults: CertificateFault | Why | None) -> Certificates:
    readings = [
        Unmeasured(fault, "not seen", NOW)
        if isinstance(fault, Why)
        else Measured(Certificate(fault, "", None, None, (), "", ""), NOW, 0.1)
        for fault in faults
    ]
    return Certificates(NOW, tuple(AddressCertificate(f"192.0.2.{n}", reading) for n, reading in enumerate(readings)))


@pytest.mark.parametrize("age", [HALF_A_YEAR_S - 1, HALF_A_YEAR_S, HALF_A_YEAR_S + 1])
def test_half_a_year_is_the_shortest_time_that_passes(age: int) -> None:
    assert (hsts_missing(HOST, page(f"max-age={age}")) == Pass()) is (age >= 15_768_000)


def test_a_missing_header_fails_with_the_line_to_paste() -> None:
    assert hsts_missing(HOST, page()) == Fail(
        ("https://app.example.com/: no Strict-Transport-Security header",),
        Fix("Send the HSTS header from app.example.com", PASTE),
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (("max-age=0",), "tells browsers to forget it"),
        (("includeSubDomains",), "browsers ignore the Strict-Transport-Security header (no max-age"),
        (("max-age=1; max-age=31536000",), "occurs more than once"),
        (("max-age=60", "max-age=31536000"), "for 60 seconds, less than half a year"),
    ],
)
def test_a_header_that_does_not_count_is_told_from_a_missing_one(fields: tuple[str, ...], told: str) -> None:
    judgement = hsts_missing(HOST, page(*fields))
    assert isinstance(judgement, Fail)
    assert told in judgement.offenders[0]


def test_of_two_headers_the_first_counts() -> None:
    assert hsts_missing(HOST, page("max-age=31536000", "nonsense")) == Pass()


def test_hosts_that_send_on_and_names_that_browsers_know_already_are_not_asked() -> None:
    assert isinstance(hsts_missing(HOST, page(redirects_to="https://example.com/")), NotApplicable)
    assert isinstance(hsts_missing(Host("shop.app", "shop.app"), page()), NotApplicable)


ALL = "max-age=31536000; includeSubDomains"


def test_a_host_without_a_good_certificate_under_the_promise_fails() -> None:
    assert hsts_breaks_host(DOMAIN, HOST, promise(ALL), served(None, CertificateFault.EXPIRED)) == Fail(
        ("app.example.com on 192.0.2.1: expired, and example.com forbids to go on for 365 days",),
        Fix(
            "Give app.example.com a good certificate; until it has one, send this header from example.com",
            "Strict-Transport-Security: max-age=31536000",
        ),
    )


def test_a_host_without_any_https_fails_only_if_every_address_refuses() -> None:
    judgement = hsts_breaks_host(DOMAIN, HOST, promise(ALL), served(Why.REFUSED, Why.REFUSED))
    assert isinstance(judgement, Fail)
    assert "no https there" in judgement.offenders[0]
    for seen in (served(Why.REFUSED, None), served(Why.REFUSED, Why.TIMED_OUT), served(Why.TIMED_OUT)):
        assert hsts_breaks_host(DOMAIN, HOST, promise(ALL), seen) == Pass()  # with a gap: not measured


@pytest.mark.parametrize(
    "fields", [(), ("max-age=31536000",), ("max-age=0; includeSubDomains",), ("includeSubDomains",), ("max-age=9", ALL)]
)
def test_without_a_promise_for_subdomains_no_host_is_shut_out(fields: tuple[str, ...]) -> None:
    assert hsts_breaks_host(DOMAIN, HOST, promise(*fields), served(CertificateFault.EXPIRED)) == Pass()
    assert hsts_breaks_host(DOMAIN, HOST, DomainPromise(None, None), served(CertificateFault.EXPIRED)) == Pass()


def test_good_hosts_and_the_domain_itself_are_not_shut_out() -> None:
    assert hsts_breaks_host(DOMAIN, HOST, promise(ALL), served(None)) == Pass()
    assert hsts_breaks_host(DOMAIN, APEX, promise(ALL), served(CertificateFault.EXPIRED)) == Pass()


def test_under_an_ending_that_browsers_know_every_host_needs_https_without_any_promise() -> None:
    shop = Host("shop.app", "shop.app")
    assert hsts_breaks_host(Domain("shop.app"), shop, promise(), served(Why.REFUSED)) == Fail(
        ("shop.app on 192.0.2.0: no https there, and browsers go to names under .app over https alone",),
        Fix("Give shop.app a good certificate", "certbot certonly -d shop.app"),
    )
    assert hsts_breaks_host(Domain("shop.app"), shop, promise(), served(None)) == Pass()


TO_HTTPS = FirstAnswer(301, "https://example.com/", ())


@pytest.mark.parametrize("age", [YEAR_S - 1, YEAR_S, YEAR_S + 1])
def test_a_year_is_the_shortest_time_for_the_list(age: int) -> None:
    judgement = hsts_preload_unready(DOMAIN, promise(f"max-age={age}; includeSubDomains; preload", plain=TO_HTTPS))
    assert (judgement == Pass()) is (age >= 31_536_000)


@pytest.mark.parametrize(
    ("field", "plain", "told"),
    [
        ("max-age=31536000; preload", TO_HTTPS, "includeSubDomains is missing"),
        (
            ALL + "; preload",
            FirstAnswer(301, "https://www.example.com/", ()),
            "http://example.com/ sends to https://www.example.com/ in the place of https on the same name",
        ),
        (
            ALL + "; preload",
            FirstAnswer(200, "", ()),
            "http://example.com/ answers with 200 in the place of https on the same name",
        ),
    ],
)
def test_each_condition_that_is_not_met_is_told(field: str, plain: FirstAnswer, told: str) -> None:
    judgement = hsts_preload_unready(DOMAIN, promise(field, plain=plain))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"example.com: {told}",)
    assert judgement.fix.paste == "Strict-Transport-Security: max-age=31536000"


def test_a_closed_port_for_plain_http_is_in_order() -> None:
    assert hsts_preload_unready(DOMAIN, promise(ALL + "; preload")) == Pass()


def test_who_does_not_ask_to_be_built_in_is_not_asked() -> None:
    for fields in ((), (ALL,), ("preload",), (ALL + "; preload=1",)):
        assert isinstance(hsts_preload_unready(DOMAIN, promise(*fields)), NotApplicable)
    assert isinstance(hsts_preload_unready(DOMAIN, DomainPromise(None, None)), NotApplicable)
