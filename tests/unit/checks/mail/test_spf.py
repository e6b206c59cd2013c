"""The checks of `checks/mail/spf.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.mail.spf import spf_allows_everyone, spf_invalid, spf_missing
from launchready.facts.mail import SpfIncluded, SpfOf, SpfRecords
from launchready.model.check import Fail, Fix, Judgement, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Sender

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DOMAIN = Domain("example.com", (Sender("Postmark", ("s1",)),))
GOOD = "v=spf1 include:spf.mail.example -all"


def invalid(*records: str, **included: tuple[str, ...] | None) -> Judgement:
    """Judge records; what is included has "_" for each dot of its name, and None where it was not answered."""
    of = tuple(
        SpfOf(
            name.replace("_", "."),
            Unmeasured(Why.TIMED_OUT, "silent", NOW) if found is None else Measured(found, NOW, 0.1),
        )
        for name, found in included.items()
    )
    return spf_invalid(DOMAIN, SpfRecords(records), SpfIncluded(of))


def test_a_domain_that_names_its_senders_passes() -> None:
    assert spf_missing(DOMAIN, SpfRecords((GOOD,))) == Pass()


def test_no_record_fails_with_one_to_paste() -> None:
    assert spf_missing(DOMAIN, SpfRecords(())) == Fail(
        ("example.com has no TXT record that begins with v=spf1",),
        Fix(
            "Add one TXT record at example.com that begins with v=spf1 and includes Postmark, as its help page says",
            'example.com. TXT "v=spf1 include:<the SPF name of Postmark> ~all"',
        ),
    )


def test_one_readable_record_within_the_limit_passes() -> None:
    assert invalid(GOOD, spf_mail_example=("v=spf1 ip4:203.0.113.40 -all",)) == Pass()


def test_two_records_fail_and_are_merged_into_one() -> None:
    assert invalid("v=spf1 a include:one.example ~all", "v=spf1 a include:two.example -all") == Fail(
        (
            "one of 2: v=spf1 a include:one.example ~all",
            "one of 2: v=spf1 a include:two.example -all",
        ),
        Fix(
            "Merge the 2 SPF records of example.com into one, and delete the others",
            "v=spf1 a include:one.example include:two.example -all",
        ),
    )


def test_two_records_of_which_one_is_broken_fail_without_a_guess() -> None:
    judgement = invalid(GOOD, "v=spf1 inlcude:two.example -all")
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == ""


def test_a_typo_fails_and_its_place_is_named() -> None:
    judgement = invalid("v=spf1 inlcude:spf.mail.example -all")
    assert isinstance(judgement, Fail)
    assert "'inlcude'" in judgement.offenders[0]


def chain(lookups: int) -> Judgement:
    """A record that costs so many look-ups: an include, and `a` terms behind it."""
    terms = " ".join(f"a:h{number}.example.com" for number in range(lookups - 1))
    return invalid(GOOD, spf_mail_example=(f"v=spf1 {terms} -all",))


def test_ten_look_ups_are_the_most_that_is_allowed() -> None:
    assert chain(9) == Pass()
    assert chain(10) == Pass()
    assert chain(11) == Fail(
        ("the SPF record of example.com needs more than 10 DNS look-ups",),
        Fix("Take out the include of each service that no longer sends, until ten look-ups are enough"),
    )


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ((), "no SPF record there"),
        (("v=spf1 -all", "v=spf1 ~all"), "2 SPF records there"),
    ],
)
def test_an_include_that_leads_to_no_record_fails(found: tuple[str, ...], why: str) -> None:
    judgement = invalid(GOOD, spf_mail_example=found)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"include of spf.mail.example: {why}",)


def test_an_included_record_with_a_typo_fails() -> None:
    assert isinstance(invalid(GOOD, spf_mail_example=("v=spf1 ip4:1.2.3 -all",)), Fail)


def test_a_broken_include_is_seen_beside_one_that_was_not_answered() -> None:
    judgement = invalid("v=spf1 include:a.example include:b.example -all", a_example=None, b_example=())
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("include of b.example: no SPF record there",)


def test_without_a_record_there_is_nothing_to_judge() -> None:
    assert isinstance(invalid(), NotApplicable)
    assert isinstance(spf_allows_everyone(DOMAIN, SpfRecords(())), NotApplicable)


@pytest.mark.parametrize("end", ["-all", "~all", "?all", "redirect=all.example"])
def test_a_record_that_ends_with_a_no_passes(end: str) -> None:
    assert spf_allows_everyone(DOMAIN, SpfRecords((f"v=spf1 include:all.example {end}",))) == Pass()


@pytest.mark.parametrize("end", ["+all", "all", "ALL", "all include:later.example"])
def test_a_record_for_the_whole_world_fails_and_is_closed(end: str) -> None:
    record = f"v=spf1 include:all.example {end}"
    assert spf_allows_everyone(DOMAIN, SpfRecords((record,))) == Fail(
        (record,), Fix("End the SPF record of example.com with ~all", "v=spf1 include:all.example ~all")
    )


def test_a_record_that_nobody_can_read_allows_nobody() -> None:
    assert spf_allows_everyone(DOMAIN, SpfRecords(("v=spf1 inlcude:x.example +all",))) == Pass()
