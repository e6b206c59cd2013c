"""The checks of `checks/tls/renewal.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.tls.renewal import caa_forbids_renewal
from launchready.facts.renewal import CaaRecords, CaaSet, CertificateIssuer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.parse.rfc8659 import parse_caa

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("app.example.com", "example.com")
UNKNOWN = Unmeasured(Why.UNREADABLE, "the issuer is Corner Shop CA", NOW)


def issuer(*names: str) -> Measured[CertificateIssuer]:
    found = CertificateIssuer("Let's Encrypt", ("letsencrypt.org", "le.example"), names or ("app.example.com",))
    return Measured(found, NOW, 0.0)


def caa(own=(), above=(), issuers=None) -> CaaRecords:
    names = {"app.example.com": own, "example.com": above}
    sets = tuple(CaaSet(name, tuple(parse_caa(text) for text in texts)) for name, texts in names.items())
    return CaaRecords(sets, (issuer(),) if issuers is None else issuers)


@pytest.mark.parametrize(
    ("own", "above"),
    [
        ([], []),
        ([], ['0 issue "letsencrypt.org"']),
        ([], ['0 issue "digicert.com"', '0 issue "LetsEncrypt.org; accounturi=https://a.example/1"']),
        ([], ['0 issue "le.example"']),
        ([], ['0 iodef "mailto:a@example.com"', '0 issuewild ";"']),
        (['0 issue "letsencrypt.org"'], ['0 issue ";"']),
        (['0 iodef "mailto:a@example.com"'], ['0 issue ";"']),
    ],
)
def test_an_issuer_that_is_named_or_free_to_go_on_passes(own, above) -> None:
    assert caa_forbids_renewal(HOST, caa(own, above)) == Pass()


def test_an_issuer_that_is_left_out_fails_with_the_record_to_add() -> None:
    judgement = caa_forbids_renewal(HOST, caa(above=['0 issue "digicert.com"', '0 issue "pki.goog"']))
    assert judgement == Fail(
        (
            (
                "app.example.com: CAA at example.com allows digicert.com and pki.goog; "
                "its certificate is from Let's Encrypt"
            ),
        ),
        Fix(
            "Allow the authority that issues the certificate of app.example.com to do it again",
            'example.com. CAA 0 issue "letsencrypt.org"',
        ),
    )


@pytest.mark.parametrize("value", ['";"', '"%%%%%"', '""'])
def test_a_record_that_allows_nobody_fails(value: str) -> None:
    judgement = caa_forbids_renewal(HOST, caa(own=[f"0 issue {value}"], above=['0 issue "letsencrypt.org"']))
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].startswith("app.example.com: CAA at app.example.com allows nobody;")


def test_a_critical_property_that_nobody_knows_fails_and_is_named_for_removal() -> None:
    judgement = caa_forbids_renewal(HOST, caa(above=['0 issue "letsencrypt.org"', '128 tbs "x"']))
    assert isinstance(judgement, Fail)
    assert "the critical CAA property 'tbs'" in judgement.offenders[0]
    assert judgement.fix.paste.startswith("Remove: example.com. CAA 128 tbs")
    assert caa_forbids_renewal(HOST, caa(above=['0 issue "letsencrypt.org"', '127 tbs "x"'])) == Pass()


def test_a_wildcard_is_judged_by_issuewild_and_by_the_records_of_its_own_level() -> None:
    of_the_host, of_the_level = issuer("*.app.example.com", "app.example.com"), issuer("*.example.com")
    only_below = caa(own=['0 issue ";"'], above=['0 issue "letsencrypt.org"'], issuers=(of_the_level,))
    assert caa_forbids_renewal(HOST, only_below) == Pass()
    wild = caa(above=['0 issue "letsencrypt.org"', '0 issuewild "digicert.com"'], issuers=(of_the_host,))
    judgement = caa_forbids_renewal(HOST, wild)
    assert isinstance(judgement, Fail)
    assert [offender.partition(":")[0] for offender in judgement.offenders] == ["*.app.example.com"]
    assert judgement.fix.paste == 'example.com. CAA 0 issuewild "letsencrypt.org"'


def test_an_unknown_issuer_neither_hides_a_known_one_nor_makes_a_failure() -> None:
    wrong = ['0 issue "digicert.com"']
    assert caa_forbids_renewal(HOST, caa(above=wrong, issuers=(UNKNOWN,))) == Pass()  # with a gap: not measured
    assert isinstance(caa_forbids_renewal(HOST, caa(above=wrong, issuers=(UNKNOWN, issuer()))), Fail)


def test_a_host_without_a_certificate_of_an_authority_is_left_to_the_other_check() -> None:
    assert isinstance(caa_forbids_renewal(HOST, caa(above=['0 issue "digicert.com"'], issuers=())), NotApplicable)
