"""DMARC applied: the tree walks printed in RFC 9989, the table of policies, alignment, and the old rules beside it."""

import pytest
from dns_zone import TIMEOUT, ZoneLookup

from launchready.parse.dmarc_change import DmarcChange, Reason, compare_standards
from launchready.parse.inquiry import Answer, Status, answered
from launchready.parse.rfc7489 import (
    DEFAULT_INTERVAL_S,
    OldApplied,
    OldOutcome,
    check_message_by_old_rules,
    discover_old_policy,
    parse_old_dmarc,
)
from launchready.parse.rfc9989 import DmarcError, Policy, ReportUri, parse_dmarc
from launchready.parse.rfc9989_evaluate import (
    Applied,
    DmarcOutcome,
    DmarcResult,
    discover_policy,
    evaluate_dmarc,
    walk_tree,
)
from launchready.parse.rfc9990 import Consent, ReportConsent, check_report_consent

Zone = dict[str, dict[str, tuple[str, ...]]]


def zone(**policies: str | tuple[str, ...]) -> Zone:
    """`a_example_com="p=none"` stands for a record at _dmarc.a.example.com."""
    made: Zone = {}
    for name, tags in policies.items():
        texts = tags if isinstance(tags, tuple) else (tags,)
        made[f"_dmarc.{name.replace('_', '.')}"] = {"TXT": tuple(f"v=DMARC1; {text}".rstrip("; ") for text in texts)}
    return made


def registrable(domain: str) -> str | None:
    """Two labels are an organization's, as under most suffixes; co.uk is one."""
    labels = domain.split(".")
    if domain.endswith("co.uk"):
        return ".".join(labels[-3:]) if len(labels) > 2 else None
    return ".".join(labels[-2:]) if len(labels) > 1 else None


def found(data: Zone, domain: str) -> Applied:
    return answered(discover_policy(domain), ZoneLookup(data))


def test_a_walk_asks_the_names_printed_in_section_4_10() -> None:
    lookup = ZoneLookup({})
    answered(walk_tree("a.b.c.d.e.f.g.h.i.j.mail.example.com"), lookup)
    assert [name for name, _ in lookup.asked] == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]


@pytest.mark.parametrize(
    ("data", "organization"),
    [
        # the two examples printed in section 4.10.2
        (zone(mail_example_com="p=none", example_com="p=none"), "example.com"),
        (zone(com="p=none; psd=y"), "example.com"),
        # psd=n ends the walk; psd=y right at the start does not count
        (zone(mail_example_com="p=none; psd=n", example_com="p=none"), "mail.example.com"),
        (zone(a_mail_example_com="p=none; psd=y"), "a.mail.example.com"),
        (zone(mail_example_com="p=none; psd=y", example_com="p=none"), "a.mail.example.com"),
        (zone(), "a.mail.example.com"),
        (zone(com="p=none"), "com"),
    ],
)
def test_the_organizational_domain_is_found_as_section_4_10_2_says(data: Zone, organization: str) -> None:
    walk = answered(walk_tree("a.mail.example.com"), ZoneLookup(data))
    assert walk.organizational_domain == organization


def test_a_walk_notes_several_and_broken_records_and_goes_on() -> None:
    data = zone(a_b_com=("p=none", "p=reject"), b_com="p=none; p=none", com="p=none")
    walk = answered(walk_tree("a.b.com"), ZoneLookup(data))
    assert walk.several == ("a.b.com",)
    assert [name for name, _ in walk.broken] == ["b.com"]
    assert [name for name, _ in walk.records] == ["com"]


@pytest.mark.parametrize(
    ("domain", "data", "policy", "found_at"),
    [
        ("example.com", zone(example_com="p=reject; sp=none; np=none"), Policy.REJECT, "example.com"),
        ("a.example.com", zone(example_com="p=reject"), Policy.REJECT, "example.com"),
        ("a.example.com", zone(example_com="p=reject; sp=quarantine"), Policy.QUARANTINE, "example.com"),
        ("a.example.com", zone(a_example_com="p=none", example_com="p=reject"), Policy.NONE, "a.example.com"),
        ("a.b.example.com", zone(b_example_com="p=none", example_com="p=reject"), Policy.REJECT, "example.com"),
        ("example.com", zone(com="p=reject; psd=y"), Policy.REJECT, "com"),
        ("example.com", zone(com="p=reject; psd=y; sp=none"), Policy.NONE, "com"),
        ("a.example.com", zone(com="p=reject; psd=y"), Policy.REJECT, "com"),
        ("example.com", zone(example_com="p=reject; t=y"), Policy.QUARANTINE, "example.com"),
        ("example.com", zone(example_com="p=quarantine; t=y"), Policy.NONE, "example.com"),
        ("example.com", zone(example_com="rua=mailto:a@example.com"), Policy.NONE, "example.com"),
        ("example.com", zone(example_com=""), None, "example.com"),
        ("example.com", zone(example_com="p=reject; np=no; rua=mailto:a@example.com"), Policy.NONE, "example.com"),
        ("example.com", zone(), None, None),
        ("example.com", zone(example_com=("p=none", "p=none")), None, None),
    ],
)
def test_the_policy_that_applies_is_the_one_of_section_4_10_1(
    domain: str, data: Zone, policy: Policy | None, found_at: str | None
) -> None:
    applied = found(data, domain)
    assert (applied.policy, applied.found_at, applied.is_certain) == (policy, found_at, True)


@pytest.mark.parametrize(
    ("status", "policy", "exists", "certain"),
    [
        ({"A": ("192.0.2.1",)}, Policy.QUARANTINE, True, True),
        ({"MX": ("10 a.com",)}, Policy.QUARANTINE, True, True),
        (None, Policy.REJECT, False, True),
        ({"A": (TIMEOUT,)}, Policy.QUARANTINE, True, False),
    ],
)
def test_np_is_for_names_that_do_not_exist(
    status: dict[str, tuple[str, ...]] | None, policy: Policy, exists: bool, certain: bool
) -> None:
    data = zone(example_com="p=none; sp=quarantine; np=reject")
    if status is not None:
        data["a.example.com"] = status
    applied = found(data, "a.example.com")
    assert (applied.policy, applied.exists, applied.is_certain) == (policy, exists, certain)


def test_no_one_asks_whether_a_name_exists_where_nothing_hangs_on_it() -> None:
    for data, domain in (
        (zone(example_com="p=none"), "a.example.com"),
        (zone(example_com="p=none; np=reject"), "example.com"),
    ):
        assert found(data, domain).exists is None


def judge(data: Zone, domain: str, spf: str | None = None, dkim: tuple[str, ...] = ()) -> DmarcOutcome:
    return evaluate_dmarc(domain, spf, dkim, ZoneLookup(data))


STRICT = zone(example_com="p=reject; adkim=s; aspf=s")
RELAXED = zone(example_com="p=reject")


@pytest.mark.parametrize(
    ("data", "spf", "dkim", "passes"),
    [
        (RELAXED, "example.com", (), True),
        (RELAXED, "BOUNCE.Example.com.", (), True),
        (RELAXED, None, ("mail.example.com",), True),
        (RELAXED, "sendgrid.net", ("sendgrid.net", "example.com"), True),
        (RELAXED, "example.net", ("xexample.com", "com", "..", ""), False),
        (RELAXED, None, (), False),
        (STRICT, "example.com", (), True),
        (STRICT, "bounce.example.com", (), False),
        (STRICT, None, ("mail.example.com",), False),
        (STRICT, None, ("mail.example.com", "example.com"), True),
    ],
)
def test_one_aligned_domain_is_enough_and_strict_means_the_same(
    data: Zone, spf: str | None, dkim: tuple[str, ...], passes: bool
) -> None:
    outcome = judge(data, "example.com", spf, dkim)
    assert outcome.result is (DmarcResult.PASS if passes else DmarcResult.FAIL)
    assert outcome.disposition is (Policy.NONE if passes else Policy.REJECT)


def test_an_international_domain_is_asked_for_and_compared_in_a_labels() -> None:
    data = zone(**{"xn--bcher-kva_example": "p=reject"})
    for domain in ("b\u00fccher.example", "xn--bcher-kva.example"):
        assert judge(data, domain, "m.xn--bcher-kva.example").result is DmarcResult.PASS
        assert judge(data, "xn--bcher-kva.example", f"m.{domain}").result is DmarcResult.PASS
        seen = by_old_rules(data, domain, None, (f"m.{domain}",))
        assert seen.result is DmarcResult.PASS


def test_siblings_are_aligned_below_one_organizational_domain() -> None:
    outcome = judge(RELAXED, "app.example.com", "bounce.example.com", ("mail.example.com",))
    assert (outcome.spf_aligned, outcome.dkim_aligned) == (True, ("mail.example.com",))


def test_without_a_record_at_the_organization_siblings_are_strangers() -> None:
    data = zone(app_example_com="p=reject")
    assert judge(data, "app.example.com", "example.com").result is DmarcResult.FAIL


def test_without_a_policy_there_is_no_result_and_without_an_answer_a_temporary_one() -> None:
    assert judge({}, "example.com", "example.com").result is DmarcResult.NONE
    silent = {"_dmarc.example.com": {"TXT": (TIMEOUT,)}}
    assert judge(silent, "example.com", "example.com").result is DmarcResult.TEMPERROR
    half = RELAXED | {"_dmarc.bounce.example.net": {"TXT": (TIMEOUT,)}}
    assert judge(half, "example.com", "bounce.example.net").result is DmarcResult.TEMPERROR
    assert judge(half, "example.com", "bounce.example.net", ("example.com",)).result is DmarcResult.PASS


def test_what_is_no_domain_name_is_an_error() -> None:
    for start in (walk_tree, discover_policy):
        with pytest.raises(DmarcError):
            next(start("a..b"))
    with pytest.raises(DmarcError):
        next(discover_old_policy("a..b", registrable))
    with pytest.raises(DmarcError):
        next(check_report_consent("example.com", ReportUri("https://x.example/", None, None)))


# RFC 9990 section 4


def consent(data: Zone, host: str, *, failure: bool = False) -> ReportConsent:
    uri = ReportUri(f"mailto:dmarc@{host}", host, None)
    return answered(check_report_consent("example.com", uri, failure=failure), ZoneLookup(data))


def test_reports_within_an_organization_need_nobodys_consent() -> None:
    assert consent(RELAXED, "example.com").consent is Consent.OWN
    assert consent(RELAXED, "reports.example.com").consent is Consent.OWN


def test_others_have_to_agree_at_a_name_of_theirs() -> None:
    name = "example.com._report._dmarc.thirdparty.example.net"
    assert consent(RELAXED, "thirdparty.example.net") == ReportConsent(Consent.MISSING, name)
    for text in ("v=DMARC1", "v=DMARC1;", "v=DMARC1; unknown=1"):
        agreed = RELAXED | {name: {"TXT": ("hello", text)}}
        assert consent(agreed, "thirdparty.example.net") == ReportConsent(Consent.GIVEN, name)
    for text in ("v=DMARC2", "v=DMARC1; x=1; x=2"):
        assert consent(RELAXED | {name: {"TXT": (text,)}}, "thirdparty.example.net").consent is Consent.MISSING
    assert consent(RELAXED | {name: {"TXT": (TIMEOUT,)}}, "thirdparty.example.net").consent is Consent.UNKNOWN


def test_the_other_side_may_name_another_mailbox_but_no_other_host() -> None:
    name = "example.com._report._dmarc.other.net"
    here = RELAXED | {name: {"TXT": ("v=DMARC1; rua=mailto:new@other.net; ruf=mailto:x@else.net",)}}
    assert consent(here, "other.net").overrides[0].uri == "mailto:new@other.net"
    assert consent(here, "other.net").consent is Consent.GIVEN
    assert consent(here, "other.net", failure=True).consent is Consent.ELSEWHERE


def test_a_name_too_long_to_ask_for_gives_no_consent() -> None:
    host = ".".join(["a" * 60] * 4)
    assert consent(RELAXED, host).consent is Consent.MISSING


# RFC 7489


def by_old_rules(data: Zone, from_domain: str, spf_domain: str | None, dkim_domains: tuple[str, ...]) -> OldOutcome:
    inquiry = check_message_by_old_rules(from_domain, spf_domain, dkim_domains, registrable)
    return answered(inquiry, ZoneLookup(data))


def old(data: Zone, domain: str) -> OldApplied:
    return answered(discover_old_policy(domain, registrable), ZoneLookup(data))


@pytest.mark.parametrize(
    ("text", "percent", "invalid"),
    [
        ("p=none", 100, ()),
        ("p=none; pct=0", 0, ()),
        ("p=none; pct=99", 99, ()),
        ("p=none; pct=100", 100, ()),
        ("p=none; pct=101", 100, ("pct",)),
        ("p=none; pct=-1", 100, ("pct",)),
        ("p=none; ri=4294967295; rf=afrf : iodef", 100, ()),
        ("p=none; ri=4294967296; rf=::", 100, ("rf", "ri")),
    ],
)
def test_the_old_tags_are_read_within_their_limits(text: str, percent: int, invalid: tuple[str, ...]) -> None:
    record = parse_old_dmarc(f"v=DMARC1; {text}")
    assert (record.percent, record.invalid) == (percent, invalid)
    assert record.policy_is_second
    if invalid:
        assert (record.report_formats, record.interval_s) == (("afrf",), DEFAULT_INTERVAL_S)


def test_the_old_standard_wants_p_second() -> None:
    assert not parse_old_dmarc("v=DMARC1; rua=mailto:a@b.com; p=none").policy_is_second


def test_old_receivers_ask_the_domain_and_then_its_organization() -> None:
    assert old(zone(b_example_com="p=none", example_com="p=reject"), "a.b.example.com").found_at == "example.com"
    assert old(zone(example_co_uk="p=reject; sp=none"), "a.example.co.uk").policy is Policy.NONE
    assert old(zone(com="p=reject; psd=y"), "example.com").record is None
    assert (
        old(zone(a_example_com=("p=none", "p=none"), example_com="p=reject"), "a.example.com").several
        == "a.example.com"
    )
    assert not old({"_dmarc.example.com": {"TXT": (TIMEOUT,)}}, "example.com").is_certain


def test_old_receivers_take_what_they_cannot_read_for_no_policy() -> None:
    assert old(zone(example_com="p=none; p=none"), "example.com").policy is None
    assert old(zone(example_com="rua=mailto:a@b.com"), "example.com").policy is Policy.NONE
    assert old(zone(example_com="p=none; sp=x"), "example.com").policy is None
    silent = {"_dmarc.example.com": {"TXT": (TIMEOUT,)}}
    for data, result in (({}, DmarcResult.NONE), (silent, DmarcResult.TEMPERROR)):
        outcome = by_old_rules(data, "example.com", None, ())
        assert (outcome.result, outcome.disposition) == (result, Policy.NONE)


def test_old_receivers_align_by_the_list_of_suffixes() -> None:
    data = zone(app_example_com="p=quarantine; pct=20")
    outcome = by_old_rules(data, "app.example.com", "example.com", ())
    assert outcome.result is DmarcResult.PASS
    failed = by_old_rules(data, "app.example.com", "other.com", ("co.uk",))
    assert (failed.result, failed.disposition, failed.policy.percent) == (DmarcResult.FAIL, Policy.QUARANTINE, 20)
    strict = by_old_rules(STRICT, "example.com", "a.example.com", ("b.example.com",))
    assert strict.result is DmarcResult.FAIL


def change(data: Zone, domain: str) -> DmarcChange:
    return answered(compare_standards(domain, registrable), ZoneLookup(data))


@pytest.mark.parametrize(
    ("domain", "data", "before", "after", "reasons"),
    [
        ("example.com", zone(example_com="p=reject"), Policy.REJECT, Policy.REJECT, ()),
        ("a.example.com", zone(example_com="p=reject; sp=none"), Policy.NONE, Policy.NONE, ()),
        ("example.com", zone(), None, None, ()),
        ("example.com", zone(example_com="p=none; pct=50"), Policy.NONE, Policy.NONE, ()),
        ("example.com", zone(example_com="p=reject; pct=50"), Policy.REJECT, Policy.REJECT, (Reason.PERCENT,)),
        ("example.com", zone(example_com="p=reject; t=y"), Policy.REJECT, Policy.QUARANTINE, (Reason.TESTING,)),
        ("a.example.com", zone(example_com="p=none; np=reject"), Policy.NONE, Policy.REJECT, (Reason.NONEXISTENT,)),
        ("example.com", zone(com="p=reject; psd=y"), None, Policy.REJECT, (Reason.PLACE,)),
        (
            "a.example.com",
            zone(a_example_com=("p=none", "p=none"), example_com="p=reject"),
            None,
            Policy.REJECT,
            (Reason.SEVERAL_RECORDS,),
        ),
        (
            "example.com",
            zone(example_com="p=reject; np=maybe; rua=mailto:a@example.com"),
            Policy.REJECT,
            Policy.NONE,
            (Reason.NO_POLICY,),
        ),
        ("a.example.com", zone(a_example_com="p=reject"), Policy.REJECT, Policy.REJECT, (Reason.ORGANIZATION,)),
    ],
)
def test_the_two_standards_are_compared_and_each_difference_has_its_reason(
    domain: str, data: Zone, before: Policy | None, after: Policy | None, reasons: tuple[Reason, ...]
) -> None:
    seen = change(data, domain)
    assert (seen.old.policy, seen.new.policy, seen.reasons, seen.is_certain) == (before, after, reasons, True)


def test_nothing_is_claimed_where_the_dns_left_a_question_open() -> None:
    seen = answered(compare_standards("example.com", registrable), lambda name, rtype: Answer(Status.TEMPFAIL))
    assert (seen.is_certain, seen.reasons) == (False, ())


def test_a_mailbox_domain_with_an_underscore_and_a_fragment_are_uris() -> None:
    record = parse_dmarc("v=DMARC1; rua=mailto:a@b_c.com,mailto:a@b.com#x,https://[::1]/r; ruf=https://[::g]/")
    assert [one.mailbox_domain for one in record.aggregate_uris] == ["b_c.com", "b.com", None]
    assert record.invalid == ("ruf",)
