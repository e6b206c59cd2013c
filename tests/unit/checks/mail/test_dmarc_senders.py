"""The checks of `checks/mail/dmarc_senders.py`, and those of walks and reports in `checks/mail/dmarc.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.mail.dmarc import dmarc_policy_none, dmarc_reports_unauthorised
from launchready.checks.mail.dmarc_senders import dmarc_receivers_differ, dmarc_sender_unaligned
from launchready.facts.mail import (
    DkimKeyOf,
    DkimKeys,
    DmarcTexts,
    DmarcWalk,
    DmarcWalks,
    ReportConsent,
    ReportConsents,
)
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.parse.rfc9990 import Consent

AT = datetime(2026, 7, 1, tzinfo=UTC)
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)
STRANGER = "bounces.vendor.example"
KEY = "v=DKIM1; k=ed25519; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
RUA = "rua=mailto:dmarc@example.com"


def sender(from_domain: str = "example.com", bounces: str = STRANGER, *selectors: str) -> Sender:
    return Sender("Kit", selectors or ("cka",), from_domain=from_domain, bounce_domain=bounces)


def domain(*senders: Sender) -> Domain:
    return Domain("example.com", senders or (sender(),))


def walks(records: dict[str, str | Unmeasured], *names: str) -> DmarcWalks:
    """Walks from the domain, a stranger's bounce domain, and more names, which find these records."""
    return DmarcWalks(tuple(walk(name, records) for name in ("example.com", STRANGER, *names)))


def walk(name: str, records: dict[str, str | Unmeasured]) -> DmarcWalk:
    labels = name.split(".")
    places = [".".join(labels[at:]) for at in range(len(labels))]
    return DmarcWalk(
        name,
        Measured(value=True, at=AT, took_s=0.1),
        tuple(DmarcTexts(f"_dmarc.{place}", _seen(records.get(place))) for place in places),
    )


def _seen(record: str | Unmeasured | None) -> Measured[tuple[str, ...]] | Unmeasured:
    if isinstance(record, Unmeasured):
        return record
    return Measured(() if record is None else (record,), AT, 0.1)


def keys(*domains: str, record: str = KEY) -> DkimKeys:
    return DkimKeys(tuple(DkimKeyOf("Kit", "cka", name, Measured((record,), AT, 0.1)) for name in domains))


QUARANTINE = {"example.com": f"v=DMARC1; p=quarantine; {RUA}"}
STRICT = {"example.com": f"v=DMARC1; p=quarantine; adkim=s; aspf=s; {RUA}"}


def test_a_sender_that_signs_for_its_from_domain_passes() -> None:
    assert dmarc_sender_unaligned(domain(), walks(QUARANTINE), keys("example.com")) == Pass()


def test_a_sender_that_signs_for_the_domain_above_is_related_unless_the_record_is_strict() -> None:
    news = sender("news.example.com")
    seen = keys("example.com")
    assert dmarc_sender_unaligned(domain(news), walks(QUARANTINE, "news.example.com"), seen) == Pass()
    judgement = dmarc_sender_unaligned(domain(news), walks(STRICT, "news.example.com"), seen)
    assert judgement == Fail(
        (
            (
                "Kit: From is news.example.com, it signs with example.com and bounces to bounces.vendor.example; "
                "it fails at all receivers"
            ),
        ),
        Fix("Have each named service sign with the domain in From, or let its bounces go to a name under that domain"),
    )


def test_bounces_to_a_name_under_the_domain_are_enough_unless_the_record_is_strict() -> None:
    own = sender("example.com", "bounces.example.com")
    assert dmarc_sender_unaligned(domain(own), walks(QUARANTINE, "bounces.example.com"), keys()) == Pass()
    assert isinstance(dmarc_sender_unaligned(domain(own), walks(STRICT, "bounces.example.com"), keys()), Fail)


def test_a_key_that_counts_for_nothing_ties_nobody() -> None:
    judgement = dmarc_sender_unaligned(domain(), walks(QUARANTINE), keys("example.com", record="v=DKIM1; p="))
    assert isinstance(judgement, Fail)
    assert "signs with no key that receivers can use" in judgement.offenders[0]


@pytest.mark.parametrize("record", [None, f"v=DMARC1; p=none; {RUA}", f"v=DMARC1; p=quarantine; t=y; pct=0; {RUA}"])
def test_where_no_policy_asks_for_anything_it_does_not_apply(record: str | None) -> None:
    found = {} if record is None else {"example.com": record}
    assert isinstance(dmarc_sender_unaligned(domain(), walks(found), keys()), NotApplicable)


def test_a_trial_that_only_older_receivers_enforce_names_them() -> None:
    judgement = dmarc_sender_unaligned(domain(), walks({"example.com": "v=DMARC1; p=quarantine; t=y"}), keys())
    assert isinstance(judgement, Fail)
    assert judgement.offenders[0].endswith("it fails at receivers of the older one (RFC 7489)")


def test_what_the_owner_has_not_said_is_no_fault() -> None:
    unsaid = Sender("Kit", ("cka",), from_domain="example.com")
    assert isinstance(dmarc_sender_unaligned(domain(unsaid), walks(QUARANTINE), keys()), NotApplicable)


def test_what_was_not_seen_is_no_fault() -> None:
    assert dmarc_sender_unaligned(domain(), walks({"example.com": SILENT}), keys()) == Pass()
    lost = DkimKeys((DkimKeyOf("Kit", "cka", "example.com", SILENT),))
    assert dmarc_sender_unaligned(domain(), walks(QUARANTINE), lost) == Pass()
    assert dmarc_receivers_differ(domain(), walks({"example.com": SILENT})) == Pass()
    assert dmarc_policy_none(domain(), walks({"example.com": SILENT})) == Pass()


@pytest.mark.parametrize("percent", ["", "pct=100; ", "t=n; np=reject; "])
def test_a_record_that_both_standards_read_alike_passes(percent: str) -> None:
    seen = walks({"example.com": f"v=DMARC1; p=reject; {percent}{RUA}"})
    assert dmarc_receivers_differ(domain(), seen) == Pass()


def test_a_share_of_the_mail_is_for_older_receivers_alone() -> None:
    """`pct` at n - 1 of all mail; all of it is above."""
    assert dmarc_receivers_differ(domain(), walks({"example.com": f"v=DMARC1; p=reject; pct=99; {RUA}"})) == Fail(
        (
            (
                "example.com: receivers of today's standard (RFC 9989) apply p=reject, found at example.com; "
                "receivers of the older one (RFC 7489) p=reject to 99 % of the mail, found at example.com. "
                "pct is for old receivers alone: new ones apply the policy to all mail."
            ),
        ),
        Fix(
            "Decide what you want, and give example.com a record that both read alike, such as this one",
            f'_dmarc.example.com. TXT "v=DMARC1; p=reject; {RUA}"',
        ),
    )


def test_a_record_that_only_the_newer_receivers_find_differs() -> None:
    found = {"news.example.com": f"v=DMARC1; p=reject; psd=n; adkim=s; {RUA}"} | QUARANTINE
    one = domain(sender("a.news.example.com"))
    judgement = dmarc_receivers_differ(one, walks(found, "a.news.example.com"))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == f'_dmarc.a.news.example.com. TXT "v=DMARC1; p=reject; adkim=s; {RUA}"'


def test_without_a_record_the_checks_of_it_do_not_apply() -> None:
    assert isinstance(dmarc_receivers_differ(domain(), walks({})), NotApplicable)
    assert isinstance(dmarc_policy_none(domain(), walks({})), NotApplicable)


def test_a_policy_that_only_watches_is_noted_with_the_next_one() -> None:
    assert dmarc_policy_none(domain(), walks({"example.com": f"v=DMARC1; p=none; {RUA}"})) == Fail(
        ("p=none, found at _dmarc.example.com",),
        Fix(
            "Once the reports show that all your own mail passes, publish this",
            f'_dmarc.example.com. TXT "v=DMARC1; p=quarantine; {RUA}"',
        ),
    )
    assert dmarc_policy_none(domain(), walks(QUARANTINE)) == Pass()


def test_reports_go_to_strangers_with_their_consent_alone() -> None:
    name = "example.com._report._dmarc.vendor.example"
    given = ReportConsent("vendor.example", name, Measured(Consent.GIVEN, AT, 0.1))
    refused = ReportConsent("vendor.example", name, Measured(Consent.MISSING, AT, 0.1))
    silent = ReportConsent("vendor.example", name, SILENT)
    assert dmarc_reports_unauthorised(domain(), ReportConsents((given, silent))) == Pass()
    assert isinstance(dmarc_reports_unauthorised(domain(), ReportConsents(())), NotApplicable)
    assert dmarc_reports_unauthorised(domain(), ReportConsents((given, refused))) == Fail(
        (f"vendor.example has no record at {name}",),
        Fix(
            "Have vendor.example add this, or send the reports to example.com",
            f'{name}. TXT "v=DMARC1;"',
        ),
    )
    elsewhere = ReportConsent("vendor.example", name, Measured(Consent.ELSEWHERE, AT, 0.1))
    judgement = dmarc_reports_unauthorised(domain(), ReportConsents((elsewhere,)))
    assert isinstance(judgement, Fail)
    assert "sends the reports on" in judgement.offenders[0]
