"""The checks of `checks/mail/spf_senders.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.mail.spf_senders import bounce_domain_without_spf, spf_sender_refused
from launchready.facts.mail_spf import SenderSpf, SendersSpf, SpfPolicies, SpfPolicy, SpfPolicyOf, SpfVerdict
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.parse.rfc7208_evaluate import SpfResult

AT = datetime(2026, 7, 1, tzinfo=UTC)
BOUNCES = "bounces.example.com"
DOMAIN = Domain("example.com", (Sender("Postmark", ("s1",), bounce_domain=BOUNCES),))
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)
RECORD = "v=spf1 include:a.example -all"


def judged(result: SpfResult, *records: str, address: str = "192.0.2.1") -> SenderSpf:
    verdict = SpfVerdict(result, "all of example.com matches", records or (RECORD,))
    return SenderSpf("Postmark", address, "example.com", Measured(verdict, AT, 0.1))


def policies(*records: str, result: SpfResult = SpfResult.SOFTFAIL) -> SpfPolicies:
    bounces = SpfPolicy(records, result, f"{BOUNCES} has a typo", 0, (), (), (), is_complete=True)
    return SpfPolicies((SpfPolicyOf("example.com", SILENT), SpfPolicyOf(BOUNCES, Measured(bounces, AT, 0.1))))


@pytest.mark.parametrize("result", [SpfResult.PASS, SpfResult.NONE, SpfResult.NEUTRAL])
def test_a_sender_that_nobody_speaks_against_passes(result: SpfResult) -> None:
    assert spf_sender_refused(DOMAIN, SendersSpf((judged(result),))) == Pass()


def test_a_refused_address_fails_with_the_record_that_lets_it_in() -> None:
    assert spf_sender_refused(DOMAIN, SendersSpf((judged(SpfResult.PASS), judged(SpfResult.FAIL)))) == Fail(
        (f"Postmark: mail from 192.0.2.1 is refused (fail: all of example.com matches; example.com has {RECORD})",),
        Fix(
            "Replace the SPF record of example.com by this one, which lets Postmark in",
            'example.com. TXT "v=spf1 ip4:192.0.2.1 include:a.example -all"',
        ),
    )


def test_all_refused_addresses_of_a_name_are_let_in_at_once() -> None:
    refused = (judged(SpfResult.SOFTFAIL), judged(SpfResult.SOFTFAIL, address="2001:db8::1"))
    judgement = spf_sender_refused(DOMAIN, SendersSpf(refused))
    assert isinstance(judgement, Fail)
    assert len(judgement.offenders) == 2
    assert judgement.fix.paste == 'example.com. TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:a.example -all"'


def test_a_broken_record_is_mended_before_anything_is_added() -> None:
    judgement = spf_sender_refused(DOMAIN, SendersSpf((judged(SpfResult.PERMERROR, RECORD, RECORD),)))
    assert isinstance(judgement, Fail)
    assert judgement.fix == Fix("Mend the SPF record of example.com first: all of example.com matches")


def test_without_declared_addresses_there_is_nothing_to_ask() -> None:
    assert isinstance(spf_sender_refused(DOMAIN, SendersSpf(())), NotApplicable)


def test_an_address_that_was_not_judged_makes_no_fault_and_hides_none() -> None:
    silent = SenderSpf("Postmark", "192.0.2.1", "example.com", SILENT)
    assert spf_sender_refused(DOMAIN, SendersSpf((silent,))) == Pass()
    assert isinstance(spf_sender_refused(DOMAIN, SendersSpf((silent, judged(SpfResult.FAIL)))), Fail)


def test_a_bounce_domain_with_a_record_passes() -> None:
    assert bounce_domain_without_spf(DOMAIN, policies(RECORD)) == Pass()


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (policies(), "no record that begins with v=spf1"),
        (policies(RECORD, result=SpfResult.PERMERROR), f"{BOUNCES} has a typo"),
    ],
)
def test_a_bounce_domain_without_a_usable_record_fails(seen: SpfPolicies, why: str) -> None:
    assert bounce_domain_without_spf(DOMAIN, seen) == Fail(
        (f"{BOUNCES} (Postmark): {why}",),
        Fix(f"Copy the record of the return path again from the sender's page, to {BOUNCES}"),
    )


def test_bounces_to_the_domain_itself_are_another_checks_matter() -> None:
    own = SpfPolicies((SpfPolicyOf("example.com", SILENT),))
    assert isinstance(bounce_domain_without_spf(DOMAIN, own), NotApplicable)
