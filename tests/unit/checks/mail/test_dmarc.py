"""The check of `checks/mail/dmarc.py`."""

import pytest

from launchready.checks.mail.dmarc import dmarc_missing
from launchready.facts.mail import DmarcRecords
from launchready.model.check import Fail, Fix, Pass
from launchready.model.subject import Domain

DOMAIN = Domain("example.com")
PASTE = '_dmarc.example.com. TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"'


@pytest.mark.parametrize(
    "record",
    [
        "v=DMARC1; p=none",
        "v=DMARC1;p=reject;rua=mailto:dmarc@example.com",
        "v=DMARC1; rua=mailto:dmarc@example.com",
    ],
)
def test_one_record_that_receivers_apply_passes(record: str) -> None:
    assert dmarc_missing(DOMAIN, DmarcRecords((record,))) == Pass()


def test_the_record_that_we_give_passes() -> None:
    assert dmarc_missing(DOMAIN, DmarcRecords((PASTE.partition('"')[2].rstrip('"'),))) == Pass()


def test_no_record_fails_and_one_is_given() -> None:
    assert dmarc_missing(DOMAIN, DmarcRecords(())) == Fail(
        ("_dmarc.example.com has no record that begins with v=DMARC1",),
        Fix("Add this record at _dmarc.example.com", PASTE),
    )


def test_two_records_fail_and_the_first_is_kept() -> None:
    two = ("v=DMARC1; p=none", "v=DMARC1; p=reject")
    assert dmarc_missing(DOMAIN, DmarcRecords(two)) == Fail(
        ("one of 2: v=DMARC1; p=none", "one of 2: v=DMARC1; p=reject"),
        Fix("Keep one of the 2 DMARC records at _dmarc.example.com, and delete the others", "v=DMARC1; p=none"),
    )


def test_a_second_text_that_is_no_record_at_all_does_no_harm() -> None:
    assert dmarc_missing(DOMAIN, DmarcRecords(("v=DMARC1; p=none", "v=dmarc1; p=reject"))) == Pass()


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("v=dmarc1; p=none", "does not begin with v=DMARC1"),
        ("v=DMARC1; p=none; p=reject", "the tag p occurs more than once"),
        ("v=DMARC1", "it names no policy (p=) and no address for reports, so receivers pass it over"),
        ("v=DMARC1; p=noen", "it names no policy (p=) and no address for reports, so receivers pass it over"),
    ],
)
def test_a_record_that_receivers_pass_over_fails_with_the_reason(record: str, why: str) -> None:
    assert dmarc_missing(DOMAIN, DmarcRecords((record,))) == Fail(
        (f"{record}: {why}",), Fix("Replace the record at _dmarc.example.com", PASTE)
    )
