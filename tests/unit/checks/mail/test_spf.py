"""The checks of `checks/mail/spf.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.mail.spf import spf_allows_everyone, spf_invalid, spf_missing
from launchready.facts.mail import SpfRecords
from launchready.facts.mail_spf import SpfPolicies, SpfPolicy, SpfPolicyOf, SpfReached
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.parse.rfc7208 import parse_spf
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc7208_survey import TermCost

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com", (Sender("Postmark", ("s1",)), Sender("Brevo", ())))
GOOD = "v=spf1 include:spf.mtasv.net ~all"
SILENT = Unmeasured(Why.TIMED_OUT, "did not answer", AT)


def own(*records: str) -> SpfRecords:
    return SpfRecords(records)


def policy(
    *records: str,
    result: SpfResult = SpfResult.SOFTFAIL,
    reason: str = "all of example.com matches",
    terms: tuple[TermCost, ...] = (),
    voids: tuple[str, ...] = (),
    is_complete: bool = True,
) -> SpfPolicies:
    """What a receiver makes of the records."""
    includes = (term for term in terms if term.term.startswith("include:") and not term.fault)
    reached = tuple(
        SpfReached(term.term.removeprefix("include:"), f"v=spf1{' a' * (term.lookups - 1)} -all") for term in includes
    )
    lookups = sum(term.lookups for term in terms)
    read = SpfPolicy(records, result, reason, lookups, voids, terms, reached, is_complete)
    return SpfPolicies((SpfPolicyOf("example.com", Measured(read, AT, 0.1)),))


NOTHING = policy()


def test_a_domain_with_a_record_passes() -> None:
    assert spf_missing(DOMAIN, own(GOOD)) == Pass()


def test_a_domain_without_a_record_fails_with_one_that_names_its_senders() -> None:
    assert spf_missing(DOMAIN, own()) == Fail(
        ("example.com has no TXT record that begins with v=spf1",),
        Fix(
            "Add one TXT record at example.com that begins with v=spf1 and includes Postmark, Brevo, "
            "as its help page says",
            'example.com. TXT "v=spf1 include:spf.mtasv.net include:spf.brevo.com ~all"',
        ),
    )


@pytest.mark.parametrize(
    ("sender", "names"),
    [
        (Sender("Own machine", (), addresses=("192.0.2.1", "2001:db8::1")), "ip4:192.0.2.1 ip6:2001:db8::1 "),
        (Sender("Our Resend account", ()), ""),
        (Sender("Pigeon", ()), "include:<the SPF name of Pigeon> "),
    ],
)
def test_the_record_to_paste_lets_in_what_is_known_of_a_sender(sender: Sender, names: str) -> None:
    judgement = spf_missing(Domain("example.com", (sender,)), own())
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == f'example.com. TXT "v=spf1 {names}~all"'


@pytest.mark.parametrize(
    ("bounces", "applies"),
    [(("",), True), (("example.com",), True), (("b.example.com",), False), (("b.example.com", ""), True), ((), True)],
)
def test_where_all_bounces_go_elsewhere_the_domain_itself_needs_no_record(
    bounces: tuple[str, ...], applies: bool
) -> None:
    senders = tuple(Sender("Resend", (), bounce_domain=name) for name in bounces)
    assert isinstance(spf_missing(Domain("example.com", senders), own()), Fail if applies else NotApplicable)


def test_one_readable_record_is_valid() -> None:
    assert spf_invalid(DOMAIN, own(GOOD), policy(GOOD)) == Pass()


def test_without_a_record_the_other_checks_do_not_apply() -> None:
    assert isinstance(spf_invalid(DOMAIN, own(), NOTHING), NotApplicable)
    assert isinstance(spf_allows_everyone(DOMAIN, own()), NotApplicable)


def test_two_records_fail_and_the_merged_one_is_given() -> None:
    two = own("v=spf1 include:a.example -all", "v=spf1 include:b.example ~all")
    assert spf_invalid(DOMAIN, two, NOTHING) == Fail(
        ("one of 2: v=spf1 include:a.example -all", "one of 2: v=spf1 include:b.example ~all"),
        Fix(
            "Merge the 2 SPF records of example.com into one, and delete the others",
            'example.com. TXT "v=spf1 include:a.example include:b.example -all"',
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
        (("v=spf1 a -all include:x.example", "v=spf1 mx -all"), "v=spf1 a mx -all"),
        (("v=spf1 a exp=x.example -ALL", "v=spf1 mx exp=y.example -all"), "v=spf1 a mx -all"),
    ],
)
def test_what_is_merged_is_itself_valid_and_sends_nobody_away(records: tuple[str, ...], merged: str) -> None:
    judgement = spf_invalid(DOMAIN, own(*records), NOTHING)
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == f'example.com. TXT "{merged}"'
    parse_spf(merged)


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


TOO_MANY = policy(
    "v=spf1 include:a.example include:spf.mtasv.net include:b.example mx -all",
    result=SpfResult.PERMERROR,
    reason="more than 10 DNS look-ups are needed",
    terms=(
        TermCost("include:a.example", 3),
        TermCost("include:spf.mtasv.net", 6),
        TermCost("include:b.example", 2),
        TermCost("mx", 1),
    ),
)


COSTS = (
    "12 DNS look-ups in sum, 10 are allowed: include:a.example needs 3; include:spf.mtasv.net needs 6; "
    "include:b.example needs 2; mx needs 1"
)


def test_too_many_look_ups_fail_with_the_cost_of_each_term_and_a_record_that_keeps_the_declared_senders() -> None:
    record = "v=spf1 include:a.example include:spf.mtasv.net include:b.example mx -all"
    assert spf_invalid(DOMAIN, own(record), TOO_MANY) == Fail(
        (
            "the SPF record of example.com: more than 10 DNS look-ups are needed",
            COSTS,
        ),
        Fix(
            "Replace the SPF record of example.com by one that receivers can go through; it needs 9 of 10 DNS "
            "look-ups. Look whether somebody still sends by what it leaves out: include:a.example",
            'example.com. TXT "v=spf1 include:spf.mtasv.net include:b.example mx -all"',
        ),
    )


@pytest.mark.parametrize(("mx_terms", "left_out"), [(1, ()), (2, ()), (3, ("a:a0.example",))])
def test_a_merged_record_needs_ten_look_ups_at_most(mx_terms: int, left_out: tuple[str, ...]) -> None:
    """The literal number of RFC 7208 section 4.6.4: eight for the include, and one for each other term."""
    names = [f"a:a{number}.example" for number in range(mx_terms)]
    records = ("v=spf1 include:spf.mtasv.net -all", f"v=spf1 {' '.join(names)} -all")
    terms = (TermCost("include:spf.mtasv.net", 8), *(TermCost(name, 1) for name in names))
    judgement = spf_invalid(DOMAIN, own(*records), policy(*records, result=SpfResult.PERMERROR, terms=terms))
    assert isinstance(judgement, Fail)
    kept = " ".join(name for name in names if name not in left_out)
    assert judgement.fix.paste == f'example.com. TXT "v=spf1 include:spf.mtasv.net {kept} -all"'
    assert all(term in judgement.fix.do for term in left_out)


def test_what_is_broken_goes_first_and_what_finds_nothing_is_named() -> None:
    record = "v=spf1 include:gone.example a:old.example ~all"
    gone, void = "gone.example: no SPF record", "finds nothing"
    terms = (TermCost("include:gone.example", 1, gone), TermCost("a:old.example", 1, void))
    seen = policy(
        record, result=SpfResult.PERMERROR, reason="too many find nothing", terms=terms, voids=("old.example",)
    )
    judgement = spf_invalid(DOMAIN, own(record), seen)
    assert isinstance(judgement, Fail)
    assert judgement.offenders[1:] == (
        f"2 DNS look-ups in sum, 10 are allowed: include:gone.example needs 1 ({gone}); a:old.example needs 1 ({void})",
        "asked for, and not there: old.example",
    )
    assert judgement.fix.paste == 'example.com. TXT "v=spf1 ~all"'


def test_costs_that_are_not_known_to_the_end_are_lower_bounds() -> None:
    record = "v=spf1 include:a.example -all"
    seen = policy(record, result=SpfResult.PERMERROR, terms=(TermCost("include:a.example", 50),), is_complete=False)
    judgement = spf_invalid(DOMAIN, own(record), seen)
    assert isinstance(judgement, Fail)
    assert judgement.offenders[1].startswith("at least 50 DNS look-ups in sum")


def test_an_include_that_is_too_much_alone_goes_before_the_others_even_for_a_declared_sender() -> None:
    record = "v=spf1 include:spf.mtasv.net include:b.example mx -all"
    terms = (TermCost("include:spf.mtasv.net", 11), TermCost("include:b.example", 2), TermCost("mx", 1))
    judgement = spf_invalid(DOMAIN, own(record), policy(record, result=SpfResult.PERMERROR, terms=terms))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == 'example.com. TXT "v=spf1 include:b.example mx -all"'
    assert "it needs 3 of 10" in judgement.fix.do


def test_an_include_that_another_one_leads_to_goes_without_a_question() -> None:
    record = "v=spf1 include:part.example include:all.example -all"
    reached = (
        SpfReached("part.example", f"v=spf1{' a' * 5} -all"),
        SpfReached("all.example", "v=spf1 include:part.example -all"),
    )
    terms = (TermCost("include:part.example", 6), TermCost("include:all.example", 7))
    read = SpfPolicy((record,), SpfResult.PERMERROR, "more than 10", 13, (), terms, reached, is_complete=True)
    seen = SpfPolicies((SpfPolicyOf("example.com", Measured(read, AT, 0.1)),))
    judgement = spf_invalid(DOMAIN, own(record), seen)
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == 'example.com. TXT "v=spf1 include:all.example -all"'
    assert judgement.fix.do.endswith("it needs 7 of 10 DNS look-ups")


@pytest.mark.parametrize(("size", "is_cut"), [(254, False), (255, False), (256, True)])
def test_a_record_longer_than_255_octets_is_given_as_several_strings(size: int, is_cut: bool) -> None:
    """The literal number of RFC 1035 section 3.3."""
    body = "v=spf1 a:" + ".".join(["x" * 50] * 4)
    first = body + "y" * (size - len(body) - len(".com b -all") + 2) + ".com"
    judgement = spf_invalid(DOMAIN, own(f"{first} -all", "v=spf1 -all"), NOTHING)
    assert isinstance(judgement, Fail)
    strings = judgement.fix.paste.removeprefix("example.com. TXT ").strip('"').split('" "')
    assert ("".join(strings), len(strings) > 1) == (f"{first} -all", is_cut)


def test_a_policy_that_was_not_seen_makes_no_fault_and_hides_none() -> None:
    silent = SpfPolicies((SpfPolicyOf("example.com", SILENT),))
    assert spf_invalid(DOMAIN, own(GOOD), silent) == Pass()
    assert isinstance(spf_invalid(DOMAIN, own(GOOD, "v=spf1 mx ~all"), silent), Fail)


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
