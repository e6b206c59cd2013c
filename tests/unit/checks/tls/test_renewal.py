"""The checks of `checks/tls/renewal.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.tls.renewal import LET_THROUGH, caa_forbids_renewal, renewal_blocked
from launchready.facts.renewal import (
    AddressProof,
    CaaRecords,
    CaaSet,
    CertificateIssuer,
    ProofEnd,
    ProofPath,
    ProofWay,
)
from launchready.facts.tls import AddressCertificate, Certificate, Certificates
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


URL = "http://app.example.com/.well-known/acme-challenge/…"


def ways(**ends: ProofEnd | None) -> ProofPath:
    silent = Unmeasured(Why.TIMED_OUT, "silent", NOW)
    return ProofPath(
        tuple(
            AddressProof(address, silent if end is None else Measured(ProofWay(end, URL), NOW, 0.1))
            for address, end in ends.items()
        )
    )


def shown(*names: str) -> Certificates:
    certificate = Certificate(None, "", None, None, names, "CN=X", "")
    return Certificates(NOW, (AddressCertificate("192.0.2.1", Measured(certificate, NOW, 0.1)),))


EXACT = shown("app.example.com", "*.example.com")


def test_a_path_that_is_answered_on_every_address_passes() -> None:
    assert renewal_blocked(HOST, EXACT, ways(a=ProofEnd.ANSWERED, b=ProofEnd.ANSWERED)) == Pass()
    assert renewal_blocked(HOST, shown(), ways(a=ProofEnd.ANSWERED)) == Pass()


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (ProofEnd.FORBIDDEN, f"{URL} is refused, and other paths are not"),
        (ProofEnd.WALLED, f"a bot protection stands before {URL}, and not before other paths"),
        (ProofEnd.ENDLESS, f"redirects without an end, at last to {URL}"),
        (ProofEnd.ANOTHER_PORT, f"sent to {URL}, and authorities go to ports 80 and 443 alone"),
    ],
)
def test_each_way_to_turn_an_authority_away_is_told(end: ProofEnd, told: str) -> None:
    fix = Fix("Let the proof for the certificate of app.example.com through over plain http", LET_THROUGH)
    assert renewal_blocked(HOST, EXACT, ways(a=ProofEnd.ANSWERED, b=end)) == Fail(
        (f"app.example.com on b: {told}",), fix
    )


def test_an_address_that_is_closed_beside_an_open_one_fails_unless_the_other_is_the_fallback() -> None:
    v4, other, v6 = "192.0.2.1", "192.0.2.2", "2001:db8::1"
    closed, answered = ProofEnd.CLOSED, ProofEnd.ANSWERED
    judgement = renewal_blocked(HOST, EXACT, ways(**{v4: closed, other: answered}))
    assert isinstance(judgement, Fail)
    assert [offender.partition(":")[0] for offender in judgement.offenders] == [f"app.example.com on {v4}"]
    assert renewal_blocked(HOST, EXACT, ways(**{v4: answered, v6: closed})) == Pass()
    assert renewal_blocked(HOST, EXACT, ways(**{v4: closed, v6: answered})) == Pass()
    assert isinstance(renewal_blocked(HOST, EXACT, ways(**{v6: answered, "2001:db8::2": closed})), Fail)


def test_a_wildcard_alone_is_renewed_in_another_way() -> None:
    blocked = ways(a=ProofEnd.FORBIDDEN)
    assert isinstance(renewal_blocked(HOST, shown("*.example.com", "example.com"), blocked), NotApplicable)
    assert isinstance(renewal_blocked(HOST, shown("other.example"), blocked), Fail)


def test_an_address_that_was_not_seen_makes_no_failure_and_hides_none() -> None:
    assert renewal_blocked(HOST, EXACT, ways(a=None, b=ProofEnd.ANSWERED)) == Pass()
    assert isinstance(renewal_blocked(HOST, EXACT, ways(a=None, b=ProofEnd.WALLED)), Fail)
