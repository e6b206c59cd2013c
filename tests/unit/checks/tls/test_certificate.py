"""The checks of `checks/tls/certificate.py`."""

from datetime import UTC, datetime, timedelta

import pytest

from launchready.checks.tls.certificate import certificate_renewal_overdue, certificate_untrusted
from launchready.facts.tls import AddressCertificate, Certificate, CertificateFault, Certificates
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("app.example.com", "example.com")
SILENT = AddressCertificate("192.0.2.9", Unmeasured(Why.TIMED_OUT, "did not answer", NOW))
SECOND = timedelta(seconds=1)


def shown(fault: CertificateFault | None = None, left=timedelta(days=60), lifetime=timedelta(days=90), **more):
    dates = {"not_before": NOW + left - lifetime, "not_after": NOW + left}
    made = {"words": "", "names": ("app.example.com",), "issuer": "CN=Test", "issuer_organization": "", **dates, **more}
    return AddressCertificate("192.0.2.1", Measured(Certificate(fault=fault, **made), NOW, 0.1))


def seen(*served: AddressCertificate) -> Certificates:
    return Certificates(NOW, served)


def test_a_certificate_that_browsers_accept_passes() -> None:
    assert certificate_untrusted(HOST, seen(shown())) == Pass()


def test_an_expired_certificate_fails_with_its_day_and_the_command() -> None:
    expired = shown(CertificateFault.EXPIRED, left=timedelta(days=-3))
    assert certificate_untrusted(HOST, seen(expired)) == Fail(
        ("app.example.com on 192.0.2.1: expired on 2026-06-28",),
        Fix(
            "Renew the certificate of app.example.com, and find out why it did not renew itself",
            "certbot renew --cert-name app.example.com --force-renewal",
        ),
    )


@pytest.mark.parametrize(
    ("served", "told"),
    [
        (shown(CertificateFault.NOT_YET_VALID, left=timedelta(days=91)), "not valid before 2026-07-02"),
        (
            shown(CertificateFault.WRONG_NAME, names=("a.example", "b.example")),
            "wrong name; the certificate is for a.example, b.example",
        ),
        (shown(CertificateFault.WRONG_NAME, names=()), "wrong name; the certificate is for no name at all"),
        (shown(CertificateFault.SELF_SIGNED), "self-signed"),
        (
            shown(CertificateFault.MISSING_INTERMEDIATE, words="unable to get local issuer certificate"),
            "missing intermediate (unable to get local issuer certificate; issued by CN=Test)",
        ),
        (
            shown(CertificateFault.UNTRUSTED_ROOT, words="self-signed certificate in certificate chain"),
            "untrusted root (self-signed certificate in certificate chain; issued by CN=Test)",
        ),
        (
            shown(CertificateFault.CHAIN_EXPIRED),
            "an intermediate sent along has expired; the certificate itself lasts to 2026-08-30",
        ),
        (
            shown(CertificateFault.NO_CERTIFICATE, not_before=None, not_after=None, names=()),
            "no certificate for the name",
        ),
        (shown(CertificateFault.EXPIRED, not_before=None, not_after=None), "expired"),
    ],
)
def test_each_fault_is_told_by_what_shows_it(served: AddressCertificate, told: str) -> None:
    judgement = certificate_untrusted(HOST, seen(served))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"app.example.com on 192.0.2.1: {told}",)


@pytest.mark.parametrize("fault", CertificateFault)
def test_every_fault_has_a_fix_that_names_the_host(fault: CertificateFault) -> None:
    judgement = certificate_untrusted(HOST, seen(shown(fault)))
    assert isinstance(judgement, Fail)
    assert "{" not in judgement.fix.do + judgement.fix.paste
    assert judgement.fix.do


def test_two_faults_on_two_addresses_are_two_offenders_with_both_remedies() -> None:
    served = seen(shown(CertificateFault.SELF_SIGNED), shown(CertificateFault.WEAK))
    judgement = certificate_untrusted(HOST, served)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "app.example.com on 192.0.2.1: self-signed",
        "app.example.com on 192.0.2.1: weak",
    )
    assert judgement.fix.do.count("; ") == 1


def test_a_silent_address_hides_no_fault_and_makes_none() -> None:
    assert certificate_untrusted(HOST, seen(shown(), SILENT)) == Pass()
    assert isinstance(certificate_untrusted(HOST, seen(SILENT, shown(CertificateFault.WEAK))), Fail)


@pytest.mark.parametrize("lifetime_days", [200, 90, 47, 6])
def test_exactly_a_third_left_passes_and_a_second_less_does_not(lifetime_days: int) -> None:
    lifetime = timedelta(days=lifetime_days)
    for left, passes in ((lifetime / 3 + SECOND, True), (lifetime / 3, True), (lifetime / 3 - SECOND, False)):
        assert (certificate_renewal_overdue(HOST, seen(shown(left=left, lifetime=lifetime))) == Pass()) is passes


def test_thirty_days_of_ninety_are_in_time_as_the_integration_guide_says() -> None:
    assert certificate_renewal_overdue(HOST, seen(shown(left=timedelta(days=30)))) == Pass()
    assert certificate_renewal_overdue(HOST, seen(shown(left=timedelta(days=30) - SECOND))) == Fail(
        ("app.example.com on 192.0.2.1: 29 of 90 days are left",),
        Fix(
            "Renew the certificate of app.example.com now, and mend what keeps it from renewing itself",
            "certbot renew --cert-name app.example.com",
        ),
    )


def test_amazon_renews_later_and_is_late_with_less_than_a_fifth_left() -> None:
    lifetime = timedelta(days=200)
    for left, passes in ((timedelta(days=40), True), (timedelta(days=40) - SECOND, False)):
        served = seen(shown(left=left, lifetime=lifetime, issuer_organization="Amazon"))
        assert (certificate_renewal_overdue(HOST, served) == Pass()) is passes


def test_a_certificate_that_nobody_accepts_is_left_to_the_other_check() -> None:
    judgement = certificate_renewal_overdue(HOST, seen(shown(CertificateFault.EXPIRED, left=timedelta(days=-3))))
    assert isinstance(judgement, NotApplicable)


def test_a_silent_address_beside_a_late_one_does_not_hide_it() -> None:
    assert certificate_renewal_overdue(HOST, seen(shown(), SILENT)) == Pass()
    assert isinstance(certificate_renewal_overdue(HOST, seen(SILENT, shown(left=timedelta(days=1)))), Fail)
