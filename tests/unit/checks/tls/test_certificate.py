"""The checks of `checks/tls/certificate.py`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from launchready.checks.tls.certificate import (
    MENDING,
    RENEWAL_SHARE,
    certificate_renewal_overdue,
    certificate_untrusted,
)
from launchready.facts.tls import AddressCertificate, Certificate, CertificateFault, Certificates
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
APP = Host("app.example.com", "example.com")
SECOND = timedelta(seconds=1)


def certificate(fault: CertificateFault | None = None, *, left: timedelta = timedelta(days=60)) -> Certificate:
    """A certificate of 90 days."""
    end = NOW + left
    return Certificate(fault, "words of OpenSSL" if fault else "", end - timedelta(days=90), end, (APP.name,), "CN=CA")


def seen(*shown: Certificate | None) -> Certificates:
    """One certificate an address; None is an address that did not answer."""
    served = tuple(
        AddressCertificate(
            f"203.0.113.{number}",
            Unmeasured(Why.TIMED_OUT, "silent", NOW) if one is None else Measured(one, NOW, 0.1),
        )
        for number, one in enumerate(shown, 1)
    )
    return Certificates(NOW, served)


def test_a_certificate_that_browsers_accept_passes() -> None:
    assert certificate_untrusted(APP, seen(certificate(), certificate())) == Pass()


def test_one_bad_address_of_two_fails_and_is_named() -> None:
    bad = certificate(CertificateFault.EXPIRED, left=timedelta(days=-2))
    assert certificate_untrusted(APP, seen(certificate(), bad)) == Fail(
        ("app.example.com on 203.0.113.2: expired on 2026-02-27",),
        Fix(
            "Renew the certificate of app.example.com, and find out why it did not renew itself",
            "certbot renew --cert-name app.example.com --force-renewal",
        ),
    )


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (CertificateFault.NOT_YET_VALID, "not valid before 2026-01-30"),
        (CertificateFault.WRONG_NAME, "wrong name; the certificate is for app.example.com"),
        (CertificateFault.MISSING_INTERMEDIATE, "missing intermediate (words of OpenSSL)"),
        (CertificateFault.SELF_SIGNED, "self-signed (words of OpenSSL)"),
        (CertificateFault.OTHER, "other (words of OpenSSL)"),
    ],
)
def test_each_fault_is_told_in_its_own_words(fault: CertificateFault, told: str) -> None:
    judgement = certificate_untrusted(APP, seen(certificate(fault)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"app.example.com on 203.0.113.1: {told}",)


def test_every_fault_has_its_own_way_to_mend_it() -> None:
    assert set(MENDING) == set(CertificateFault)


def test_an_edge_that_shows_nothing_for_the_name_fails_without_dates() -> None:
    nothing = Certificate(CertificateFault.NO_CERTIFICATE, "", None, None, (), "")
    judgement = certificate_untrusted(APP, seen(nothing))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com on 203.0.113.1: no certificate for the name",)


def test_two_faults_are_mended_by_two_sentences() -> None:
    two = seen(certificate(CertificateFault.SELF_SIGNED), certificate(CertificateFault.MISSING_INTERMEDIATE))
    judgement = certificate_untrusted(APP, two)
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == (
        "certbot certonly -d app.example.com\n"
        "nginx: ssl_certificate /etc/letsencrypt/live/app.example.com/fullchain.pem;"
    )


def test_renewal_is_late_when_less_than_a_third_is_left() -> None:
    assert Fraction(1, 3) == RENEWAL_SHARE
    assert certificate_renewal_overdue(APP, seen(certificate(left=timedelta(days=30) + SECOND))) == Pass()
    assert certificate_renewal_overdue(APP, seen(certificate(left=timedelta(days=30)))) == Pass()
    assert certificate_renewal_overdue(APP, seen(certificate(left=timedelta(days=30) - SECOND))) == Fail(
        ("app.example.com on 203.0.113.1: 29 of 90 days are left",),
        Fix(
            "Renew the certificate of app.example.com now, and mend what keeps it from renewing itself",
            "certbot renew --cert-name app.example.com",
        ),
    )


def test_a_short_lifetime_has_a_short_third() -> None:
    week = replace(certificate(left=timedelta(days=2)), not_before=NOW - timedelta(days=4))
    assert certificate_renewal_overdue(APP, seen(week)) == Pass()


def test_a_certificate_that_nobody_accepts_is_another_checks_matter() -> None:
    expired = certificate(CertificateFault.EXPIRED, left=timedelta(days=-2))
    assert isinstance(certificate_renewal_overdue(APP, seen(expired, None)), NotApplicable)


def test_a_late_certificate_fails_beside_one_that_nobody_accepts() -> None:
    late, refused = certificate(left=timedelta(days=1)), certificate(CertificateFault.SELF_SIGNED)
    assert isinstance(certificate_renewal_overdue(APP, seen(refused, late)), Fail)
