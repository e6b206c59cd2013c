"""The check of `checks/mail/dmarc.py`."""

import pytest

from launchready.checks.mail.dmarc import dmarc_missing
from launchready.facts.mail import DmarcRecords
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.subject import Domain

DOMAIN = Domain("example.com")
PASTE = '_dmarc.example.com. TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"'


def judge(*records: str) -> Judgement:
    return dmarc_missing(DOMAIN, DmarcRecords(records))


@pytest.mark.parametrize(
    "record",
    ["v=DMARC1; p=none", "v=DMARC1;p=reject;x=1", "v=DMARC1; rua=mailto:d@example.com", "v=DMARC1; p=none; pct=20"],
)
def test_one_record_that_receivers_apply_passes(record: str) -> None:
    assert judge(record) == Pass()


def test_no_record_fails_with_one_to_paste() -> None:
    assert judge() == Fail(
        ("_dmarc.example.com has no record that begins with v=DMARC1",),
        Fix("Add this record at _dmarc.example.com", PASTE),
    )


def test_two_records_fail_for_both_are_discarded() -> None:
    assert judge("v=DMARC1; p=none", "v=DMARC1; p=reject") == Fail(
        ("one of 2: v=DMARC1; p=none", "one of 2: v=DMARC1; p=reject"),
        Fix("Keep one of the 2 DMARC records at _dmarc.example.com, and delete the others", "v=DMARC1; p=none"),
    )


def test_a_record_that_receivers_do_not_take_for_one_makes_no_second() -> None:
    assert judge("v=DMARC1; p=none", "v=DMARC1.1; p=reject") == Pass()


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("v=DMARC1 p=none", "does not begin with v=DMARC1"),
        ("v=DMARC1; p=none; p=reject", "the tag p occurs more than once"),
        ("v=DMARC1; p=maybe", "it names no policy (p=) and no address for reports, so receivers pass it over"),
        ("v=DMARC1", "it names no policy (p=) and no address for reports, so receivers pass it over"),
    ],
)
def test_a_record_that_receivers_pass_over_fails_with_the_reason(record: str, why: str) -> None:
    assert judge(record) == Fail((f"{record}: {why}",), Fix("Replace the record at _dmarc.example.com", PASTE))
