"""The check of `checks/domain/dnssec.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.domain.dnssec import SAID, dnssec_broken
from launchready.facts.dnssec import Dnssec, SignedRecords, Signing, SigningServer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
DS = "12345 13 2 abcd"


def seen(*records: SignedRecords, signers: tuple[str, ...] = (DS,)) -> Dnssec:
    return Dnssec(signers, (SigningServer("ns.example", "192.0.2.1", Measured(records, AT, 0.1)),))


def test_a_domain_whose_every_signature_is_valid_passes() -> None:
    assert (
        dnssec_broken(DOMAIN, seen(SignedRecords("DNSKEY", Signing.VALID), SignedRecords("A", Signing.VALID))) == Pass()
    )


def test_a_domain_without_ds_record_is_not_signed_which_is_no_fault() -> None:
    assert dnssec_broken(DOMAIN, Dnssec((), ())) == NotApplicable(
        "example.com is not signed (no DS record at the registrar)"
    )


def test_a_ds_record_left_behind_is_to_be_deleted_at_the_registrar() -> None:
    assert dnssec_broken(DOMAIN, seen(SignedRecords("DNSKEY", Signing.NO_KEYS))) == Fail(
        ("the registrar says that the domain is signed, and ns.example (192.0.2.1) has no keys for it",),
        Fix("Delete this DS record at the registrar, or replace it by your DNS company's", f"example.com. DS {DS}"),
    )


def test_a_signature_that_ran_out_is_mended_where_the_dns_is_kept() -> None:
    judgement = dnssec_broken(DOMAIN, seen(SignedRecords("DNSKEY", Signing.VALID), SignedRecords("A", Signing.EXPIRED)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("the signature over the A records on ns.example (192.0.2.1) has run out",)
    assert judgement.fix.do.startswith("Let your DNS company sign example.com again")


@pytest.mark.parametrize("signing", [one for one in Signing if one is not Signing.VALID])
def test_whatever_is_not_valid_fails_and_has_words(signing: Signing) -> None:
    judgement = dnssec_broken(DOMAIN, seen(SignedRecords("SOA", signing)))
    assert isinstance(judgement, Fail)
    assert "ns.example" in judgement.offenders[0]
    assert set(SAID) == set(Signing) - {Signing.VALID}


def test_one_bad_server_fails_whatever_another_hides() -> None:
    silent = SigningServer("b.example", "192.0.2.2", Unmeasured(Why.TIMED_OUT, "no answer", AT))
    bad = seen(SignedRecords("DNSKEY", Signing.NO_KEYS)).servers
    assert isinstance(dnssec_broken(DOMAIN, Dnssec((DS,), (silent, *bad))), Fail)
    assert dnssec_broken(DOMAIN, Dnssec((DS,), (silent,))) == Pass()  # the engine makes NOT_MEASURED of it
