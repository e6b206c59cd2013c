"""The checks of `checks/mail/spf.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.mail.spf import spf_allows_everyone, spf_invalid, spf_missing
from launchready.facts.mail import SpfIncluded, SpfOf, SpfRecords
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.parse.rfc7208 import parse_spf

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com", (Sender("Postmark", ("s1",)), Sender("Brevo", ())))
GOOD = "v=spf1 include:spf.mtasv.net ~all"
NOTHING = SpfIncluded(())
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)


def own(*records: str) -> SpfRecords:
    return SpfRecords(records)


def included(**records: tuple[str, ...]) -> SpfIncluded:
    """The records of names, whose dots are written as underscores."""
    return SpfIncluded(tuple(SpfOf(n.replace("_", "."), Measured(r, AT, 0.1)) for n, r in records.items()))


def test_a_domain_with_a_record_passes() -> None:
    assert spf_missing(DOMAIN, own(GOOD)) == Pass()


def test_a_domain_without_a_record_fails_with_one_that_names_its_senders() -> None:
    assert spf_missing(DOMAIN, own()) == Fail(
        ("example.com has no TXT record that begins with v=spf1",),
        Fix(
            "Add one TXT record at example.com that begins with v=spf1 and includes Postmark, Brevo, "
            "as its help page says",
            'example.com. TXT "v=spf1 include:<the SPF name of Postmark> include:<the SPF name of Brevo> ~all"',
        ),
    )


def test_one_readable_record_is_valid() -> None:
    assert spf_invalid(DOMAIN, own(GOOD), included(spf_mtasv_net=("v=spf1 ip4:192.0.2.0/24 ~all",))) == Pass()


def test_without_a_record_the_other_checks_do_not_apply() -> None:
    assert isinstance(spf_invalid(DOMAIN, own(), NOTHING), NotApplicable)
    assert isinstance(spf_allows_everyone(DOMAIN, own()), NotApplicable)


def test_two_records_fail_and_the_merged_one_is_given() -> None:
    two = own("v=spf1 include:a.example -all", "v=spf1 include:b.example ~all")
    assert spf_invalid(DOMAIN, two, NOTHING) == Fail(
        ("one of 2: v=spf1 include:a.example -all", "one of 2: v=spf1 include:b.example ~all"),
        Fix(
            "Merge the 2 SPF records of example.com into one, and delete the others",
            "v=spf1 include:a.example include:b.example -all",
        ),
    )


@pytest.mark.parametrize(
    ("records", "merged"),
    [
        (("v=spf1 mx ~all", "v=spf1 mx a ?all"), "v=spf1 mx a ~all"),
        (("v=spf1 +all", "v=spf1 a"), "v=spf1 a ~all"),
        (("v=spf1", "v=spf1"), "v=spf1 ~all"),
        (
            ("v=spf1 redirect=_spf.a.example", "v=spf1 Redirect=_spf.b.example"),
            "v=spf1 include:_spf.a.example include:_spf.b.example ~all",
        ),
        (
            ("v=spf1 redirect=_spf.a.example", "v=spf1 include:b.example -all"),
            "v=spf1 include:_spf.a.example include:b.example -all",
        ),
        (("v=spf1 redirect=_spf.a.example -all", "v=spf1 a -all"), "v=spf1 a -all"),
        (("v=spf1 a exp=x.example -ALL", "v=spf1 mx exp=y.example -all"), "v=spf1 a mx -all"),
    ],
)
def test_what_is_merged_is_itself_valid_and_sends_nobody_away(records: tuple[str, ...], merged: str) -> None:
    judgement = spf_invalid(DOMAIN, own(*records), NOTHING)
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == merged
    parse_spf(judgement.fix.paste)


def test_records_of_which_one_can_not_be_read_are_not_merged() -> None:
    judgement = spf_invalid(DOMAIN, own("v=spf1 a ~all", "v=spf1 ipv4:192.0.2.1"), NOTHING)
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == ""


def test_a_slip_fails_with_the_term() -> None:
    judgement = spf_invalid(DOMAIN, own("v=spf1 ipv4:192.0.2.1 ~all"), NOTHING)
    assert isinstance(judgement, Fail)
    (offender,) = judgement.offenders
    assert offender.startswith("v=spf1 ipv4:192.0.2.1 ~all: ")
    assert "'ipv4'" in offender


@pytest.mark.parametrize(("lookups", "passes"), [(9, True), (10, True), (11, False), (12, False)])
def test_ten_look_ups_are_allowed_and_eleven_are_not(lookups: int, passes: bool) -> None:
    """The literal numbers of RFC 7208 section 4.6.4."""
    record = own("v=spf1 " + " ".join(f"a:a{n}.example" for n in range(lookups)) + " ~all")
    if passes:
        assert spf_invalid(DOMAIN, record, NOTHING) == Pass()
    else:
        assert spf_invalid(DOMAIN, record, NOTHING) == Fail(
            ("the SPF record of example.com needs more than 10 DNS look-ups",),
            Fix("Take out the include of each service that no longer sends, until ten look-ups are enough"),
        )


@pytest.mark.parametrize(("inside", "passes"), [(8, True), (9, False)])
def test_what_is_included_counts_too(inside: int, passes: bool) -> None:
    """One for the include, one for mx, and as many as stand inside."""
    there = included(b_example=("v=spf1 " + " ".join(f"a:a{n}.example" for n in range(inside)),))
    assert (spf_invalid(DOMAIN, own("v=spf1 include:b.example mx ~all"), there) == Pass()) is passes


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ((), "no SPF record there"),
        (("v=spf1 a", "v=spf1 mx"), "2 SPF records there"),
    ],
)
def test_a_broken_include_fails_with_its_name(records: tuple[str, ...], why: str) -> None:
    there = included(spf_mtasv_net=records)
    assert spf_invalid(DOMAIN, own(GOOD), there) == Fail(
        (f"include of spf.mtasv.net: {why}",),
        Fix("Take the broken include out of the SPF record of example.com, or have it mended"),
    )


def test_an_include_that_was_not_seen_makes_no_fault_and_hides_none() -> None:
    silent = SpfOf("spf.mtasv.net", SILENT)
    assert spf_invalid(DOMAIN, own(GOOD), SpfIncluded((silent,))) == Pass()
    record = own("v=spf1 include:spf.mtasv.net include:b.example ~all")
    assert isinstance(spf_invalid(DOMAIN, record, SpfIncluded((silent, *included(b_example=()).of))), Fail)
    many = own("v=spf1 include:spf.mtasv.net " + " ".join(f"a:a{n}.example" for n in range(10)))
    assert isinstance(spf_invalid(DOMAIN, many, SpfIncluded((silent,))), Fail)


@pytest.mark.parametrize("end", ["-all", "~all", "?all", "", "-all +all", "a:all.example"])
def test_a_record_that_ends_with_a_no_allows_not_everyone(end: str) -> None:
    assert spf_allows_everyone(DOMAIN, own(f"v=spf1 mx {end}")) == Pass()


@pytest.mark.parametrize("end", ["+all", "all", "ALL", "+ALL -all", "redirect=a.example +all"])
def test_a_yes_to_all_fails_and_the_record_is_given_back_closed(end: str) -> None:
    judgement = spf_allows_everyone(DOMAIN, own(f"v=spf1 mx {end}"))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"v=spf1 mx {end}",)
    assert spf_allows_everyone(DOMAIN, own(judgement.fix.paste)) == Pass()


def test_the_fix_of_an_open_record_is_exact() -> None:
    assert spf_allows_everyone(DOMAIN, own("v=spf1 mx +all")) == Fail(
        ("v=spf1 mx +all",), Fix("End the SPF record of example.com with ~all", "v=spf1 mx ~all")
    )


def test_a_record_that_nobody_can_read_allows_nobody() -> None:
    assert spf_allows_everyone(DOMAIN, own("v=spf1 nonsense +all")) == Pass()
