"""SPF evaluation: the examples printed in RFC 7208 section 7.4 and appendix A, and each limit from both sides."""

import pytest
from dns_zone import TIMEOUT, ZoneLookup

from launchready.parse.inquiry import Answer, Question, Status, answered, is_name
from launchready.parse.rfc7208 import Qualifier, SpfError, parse_spf
from launchready.parse.rfc7208_evaluate import (
    MAX_ARGUMENT_CHARS,
    MX_LIMIT,
    PTR_LIMIT,
    SpfOutcome,
    SpfResult,
    check_host,
    evaluate_spf,
)
from launchready.parse.rfc7208_macros import as_target, expand, is_explain_string, uses_macro

# Section 7.4, whose sender is strong-bad@email.example.com at 192.0.2.3
SIX = "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2"
PRINTED = {
    "%{s}": "strong-bad@email.example.com",
    "%{o}": "email.example.com",
    "%{d}": "email.example.com",
    "%{d4}": "email.example.com",
    "%{d3}": "email.example.com",
    "%{d2}": "example.com",
    "%{d1}": "com",
    "%{dr}": "com.example.email",
    "%{d2r}": "example.email",
    "%{l}": "strong-bad",
    "%{l-}": "strong.bad",
    "%{lr}": "strong-bad",
    "%{lr-}": "bad.strong",
    "%{l1r-}": "strong",
    "%{ir}.%{v}._spf.%{d2}": "3.2.0.192.in-addr._spf.example.com",
    "%{lr-}.lp._spf.%{d2}": "bad.strong.lp._spf.example.com",
    "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}": "bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
    "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}": "3.2.0.192.in-addr.strong.lp._spf.example.com",
    "%{d2}.trusted-domains.example.net": "example.com.trusted-domains.example.net",
}


@pytest.mark.parametrize(("text", "expanded"), PRINTED.items())
def test_macros_expand_as_printed_in_section_7_4(text: str, expanded: str) -> None:
    values = {
        "s": "strong-bad@email.example.com",
        "l": "strong-bad",
        "o": "email.example.com",
        "d": "email.example.com",
        "i": "192.0.2.3",
        "v": "in-addr",
    }
    assert expand(text, values) == expanded


def test_an_ipv6_address_expands_to_its_nibbles() -> None:
    zone = {
        "email.example.com": {"TXT": ("v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all",)},
        f"{SIX.lower()}.ip6._spf.example.com": {"A": ("127.0.0.2",)},
    }
    outcome = evaluate_spf("2001:db8::cb01", "strong-bad@email.example.com", "x", ZoneLookup(zone))
    assert outcome.result is SpfResult.PASS


def test_the_other_rules_of_section_7_hold() -> None:
    assert expand("%%%_%-", {}) == "% %20"
    assert expand("%{L}|%{l}", {"l": "a&b c"}) == "a%26b%20c|a&b c"
    assert expand("%{l3r+-}", {"l": "a+b-c-d"}) == "c.b.a"
    assert expand("%{d007}", {"d": "a.b"}) == expand("%{d" + "9" * 5_000 + "}", {"d": "a.b"}) == "a.b"
    assert uses_macro("%{P1}.x", "p")
    assert not uses_macro("%%{p}.%{d}", "x")
    assert is_explain_string("Not from %{i}, %{c} at %{t}: %{R}%_")
    assert not any(is_explain_string(text) for text in ("100%", "%{x}", "%{d0}", "na\u00efve", "a\tb"))


@pytest.mark.parametrize(("size", "kept"), [(253, 253), (254, 251), (255, 251), (600, 251)])
def test_long_names_lose_labels_at_the_left_until_253_characters_are_left(size: int, kept: int) -> None:
    name = ("ab." * 300)[-size + 2 :] + "xy"
    assert len(name) == size
    target = as_target(name)
    assert len(target) == kept
    assert name.endswith(target)


APPENDIX_A = {
    "example.com": {
        "MX": ("10 mail-a.example.com", "20 mail-b.example.com"),
        "A": ("192.0.2.10", "192.0.2.11"),
    },
    "amy.example.com": {"A": ("192.0.2.65",)},
    "bob.example.com": {"A": ("192.0.2.66",)},
    "mail-a.example.com": {"A": ("192.0.2.129",)},
    "mail-b.example.com": {"A": ("192.0.2.130",)},
    "example.org": {"MX": ("10 mail-c.example.org",)},
    "mail-c.example.org": {"A": ("192.0.2.140",)},
    "65.2.0.192.in-addr.arpa": {"PTR": ("amy.example.com",)},
    "66.2.0.192.in-addr.arpa": {"PTR": ("bob.example.com",)},
    "129.2.0.192.in-addr.arpa": {"PTR": ("mail-a.example.com",)},
    "130.2.0.192.in-addr.arpa": {"PTR": ("mail-b.example.com",)},
    "140.2.0.192.in-addr.arpa": {"PTR": ("mail-c.example.org",)},
    "4.0.0.10.in-addr.arpa": {"PTR": ("bob.example.com",)},
}


@pytest.mark.parametrize(
    ("record", "passing", "failing"),
    [
        ("v=spf1 +all", "192.0.2.129 10.0.0.4", ""),
        ("v=spf1 a -all", "192.0.2.10 192.0.2.11", "192.0.2.129"),
        ("v=spf1 a:example.org -all", "", "192.0.2.10 192.0.2.140"),
        ("v=spf1 mx -all", "192.0.2.129 192.0.2.130", "192.0.2.140"),
        ("v=spf1 mx:example.org -all", "192.0.2.140", "192.0.2.129"),
        ("v=spf1 mx mx:example.org -all", "192.0.2.129 192.0.2.130 192.0.2.140", "192.0.2.10"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131 192.0.2.143", "192.0.2.132 192.0.2.144"),
        ("v=spf1 ptr -all", "192.0.2.65 192.0.2.129", "192.0.2.140 10.0.0.4"),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", "192.0.2.65"),
    ],
)
def test_the_records_of_appendix_a_1_allow_whom_it_says(record: str, passing: str, failing: str) -> None:
    zone = {**APPENDIX_A, "example.com": {**APPENDIX_A["example.com"], "TXT": (record,)}}
    for ip in passing.split():
        assert evaluate_spf(ip, "a@example.com", "x", ZoneLookup(zone)).result is SpfResult.PASS
    for ip in failing.split():
        assert evaluate_spf(ip, "a@example.com", "x", ZoneLookup(zone)).result is SpfResult.FAIL


def judge(record: str, ip: str = "192.0.2.1", **zone: dict[str, tuple[str, ...]]) -> SpfOutcome:
    """`name` in the zone stands for name.com."""
    data = {"own.com": {"TXT": (record,)}} | {f"{name}.com": records for name, records in zone.items()}
    return evaluate_spf(ip, "a@own.com", "helo.com", ZoneLookup(data))


@pytest.mark.parametrize(("terms", "result"), [(9, "fail"), (10, "fail"), (11, "permerror")])
def test_ten_terms_may_ask_the_dns_and_eleven_may_not(terms: int, result: str) -> None:
    outcome = judge("v=spf1" + " a:some.com" * terms + " -all", some={"A": ("192.0.2.9",)})
    assert (outcome.result.value, outcome.lookups) == (result, terms)


@pytest.mark.parametrize(("inner", "result"), [(8, "fail"), (9, "fail"), (10, "permerror")])
def test_the_terms_of_included_records_count_too(inner: int, result: str) -> None:
    some = {"TXT": ("v=spf1" + " a" * inner,), "A": ("192.0.2.9",)}
    assert judge("v=spf1 include:some.com -all", some=some).result.value == result


@pytest.mark.parametrize(("terms", "result"), [(1, "fail"), (2, "fail"), (3, "permerror")])
def test_two_terms_may_find_nothing_and_three_may_not(terms: int, result: str) -> None:
    gone = " ".join(f"exists:gone{n}.com" for n in range(terms))
    outcome = judge(f"v=spf1 {gone} -all")
    assert (outcome.result.value, len(outcome.void_lookups)) == (result, terms)
    assert outcome.void_lookups[0] == Question("gone0.com", "A")


def test_one_mx_whose_three_hosts_have_no_address_is_one_void_term() -> None:
    hosts = {"MX": ("10 a.example", "20 b.example", "30 c.example")}
    assert judge("v=spf1 mx:some.com mx:some.com -all", some=hosts).result is SpfResult.FAIL
    assert judge("v=spf1 mx:some.com mx:some.com mx:some.com -all", some=hosts).result is SpfResult.PERMERROR


@pytest.mark.parametrize(("hosts", "result"), [(9, "pass"), (10, "pass"), (11, "permerror")])
def test_ten_mail_exchanges_are_looked_up_and_eleven_are_an_error(hosts: int, result: str) -> None:
    assert MX_LIMIT == 10
    mx = {"MX": tuple(f"{n} m.com" for n in range(hosts))}
    assert judge("v=spf1 mx:some.com -all", some=mx, m={"A": ("192.0.2.1",)}).result.value == result


@pytest.mark.parametrize(("before", "result"), [(8, "pass"), (9, "pass"), (10, "fail")])
def test_ten_names_of_a_client_are_looked_at_and_the_others_ignored(before: int, result: str) -> None:
    assert PTR_LIMIT == 10
    zone = {
        "own.com": {"TXT": ("v=spf1 ptr -all",), "A": ("192.0.2.1",)},
        "1.2.0.192.in-addr.arpa": {"PTR": (*(f"x{n}.net" for n in range(before)), "own.com")},
    }
    assert evaluate_spf("192.0.2.1", "a@own.com", "x", ZoneLookup(zone)).result.value == result


# RFC 7208 section 5.2, the table
@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 +all", "pass"),
        ("v=spf1 -all", "softfail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "softfail"),
        ("v=spf1", "softfail"),
        ("v=spf1 nonsense", "permerror"),
        ("no policy", "permerror"),
        (None, "permerror"),
        (TIMEOUT, "temperror"),
    ],
)
def test_an_include_makes_of_each_result_what_the_table_says(record: str | None, result: str) -> None:
    some = {} if record is None else {"some": {"TXT": (record,)}}
    assert judge("v=spf1 include:some.com ~all", **some).result.value == result


@pytest.mark.parametrize(
    ("record", "result"),
    [("v=spf1 -all", "fail"), ("v=spf1", "neutral"), ("nothing", "permerror"), (TIMEOUT, "temperror")],
)
def test_a_redirect_takes_over_the_result_but_for_none(record: str, result: str) -> None:
    outcome = judge("v=spf1 redirect=some.com", some={"TXT": (record,)})
    assert outcome.result.value == result
    if result == "fail":
        assert outcome.domain == "some.com"


@pytest.mark.parametrize(
    "sender", ["a@nodots", "a@b..com", f"a@{'x' * 64}.com", "a@[192.0.2.1]", f"a@{'x.' * 130}com", "a@", "@"]
)
def test_a_domain_that_can_have_no_policy_gives_none_and_no_question(sender: str) -> None:
    lookup = ZoneLookup({})
    assert evaluate_spf("192.0.2.1", sender, "nodots", lookup).result is SpfResult.NONE
    assert lookup.asked == []


def test_without_a_sender_the_helo_name_is_checked_and_the_postmaster_sends() -> None:
    zone = {"helo.com": {"TXT": ("v=spf1 exists:%{l}.%{o} -all",)}, "postmaster.helo.com": {"A": ("127.0.0.1",)}}
    assert evaluate_spf("192.0.2.1", "", "helo.com", ZoneLookup(zone)).result is SpfResult.PASS
    assert evaluate_spf("192.0.2.1", "@helo.com", "x", ZoneLookup(zone)).result is SpfResult.PASS


def test_an_international_domain_is_asked_for_in_ascii_and_a_local_part_beyond_it_matches_nothing() -> None:
    zone = {"xn--bcher-kva.example": {"TXT": ("v=spf1 exists:%{l}.x.com +all",)}}
    lookup = ZoneLookup(zone)
    outcome = evaluate_spf("192.0.2.1", "j\u00f6rg@B\u00fccher.example", "x", lookup)
    assert outcome.result is SpfResult.PASS
    assert outcome.matched is not None
    assert outcome.matched.mechanism.value == "all"
    assert lookup.asked == [("xn--bcher-kva.example", "TXT")]


def test_an_ipv4_mapped_client_is_an_ipv4_client() -> None:
    assert judge("v=spf1 ip4:192.0.2.1 -all", "::ffff:192.0.2.1").result is SpfResult.PASS
    assert judge("v=spf1 ip6:::/0 -all", "::ffff:192.0.2.1").result is SpfResult.FAIL


def test_the_explanation_of_a_fail_is_expanded_and_silence_where_anything_is_wrong_with_it() -> None:
    def explained(*texts: str) -> str | None:
        return judge("v=spf1 -all exp=why.com", why={"TXT": texts}).explanation

    assert (
        explained("%{i} may not send for %{o} (%{c} %{r} %{t})")
        == "192.0.2.1 may not send for own.com (192.0.2.1 unknown 0)"
    )
    assert explained("one", "two") is None
    assert explained("100%") is None
    assert explained("caf\u00e9") is None
    assert judge("v=spf1 -all exp=gone.com").explanation is None
    assert judge("v=spf1 -all exp=a..%{d}").explanation is None
    assert judge("v=spf1 ~all exp=why.com", why={"TXT": ("x",)}).explanation is None
    assert judge("v=spf1 include:in.com -all", **{"in": {"TXT": ("v=spf1 -all exp=why.com",)}}).explanation is None


@pytest.mark.parametrize("term", ["a:slow.com", "mx:slow.com", "exists:slow.com", "mx:some.com"])
def test_a_question_without_an_answer_is_a_temporary_error(term: str) -> None:
    outcome = judge(f"v=spf1 {term} -all", slow={TIMEOUT: (TIMEOUT,)}, some={"MX": ("10 slow.com",)})
    assert outcome.result is SpfResult.TEMPERROR


def test_records_that_make_no_sense_match_nothing() -> None:
    assert judge("v=spf1 a:odd.com mx:odd.com -all", odd={"A": ("x",), "MX": ("x", "1 .", "2 a..b")}).result is (
        SpfResult.FAIL
    )


def test_the_outcome_names_what_matched() -> None:
    outcome = judge("v=spf1 a:gone.com ~ip4:192.0.2.0/24 -all")
    assert (outcome.result, outcome.lookups) == (SpfResult.SOFTFAIL, 1)
    assert outcome.matched == parse_spf("v=spf1 ~ip4:192.0.2.0/24").directives[0]
    assert outcome.matched.qualifier is Qualifier.SOFTFAIL
    assert outcome.reason == "ip4 of own.com matches"


@pytest.mark.parametrize("ip", ["", "192.0.2", "192.0.2.1/24", "fe80::1%eth0", "host.example"])
def test_what_is_no_address_is_an_error(ip: str) -> None:
    with pytest.raises(SpfError):
        next(check_host(ip, "a@own.com", "x"))


@pytest.mark.parametrize("sender", ["a" * (MAX_ARGUMENT_CHARS - 1), "a" * MAX_ARGUMENT_CHARS])
def test_senders_up_to_the_limit_are_evaluated(sender: str) -> None:
    assert evaluate_spf("192.0.2.1", sender, "x", ZoneLookup({})).result is SpfResult.NONE


def test_a_sender_or_a_helo_name_beyond_the_limit_is_an_error() -> None:
    for sender, helo in (("a" * (MAX_ARGUMENT_CHARS + 1), "x"), ("x", "a" * (MAX_ARGUMENT_CHARS + 1))):
        with pytest.raises(SpfError):
            next(check_host("192.0.2.1", sender, helo))


def test_the_driver_is_asked_one_question_at_a_time_and_its_answers_count() -> None:
    inquiry = check_host("192.0.2.1", "a@own.com", "x")
    assert next(inquiry) == Question("own.com", "TXT")
    assert inquiry.send(Answer(Status.ANSWER, ("v=spf1 a -all",))) == Question("own.com", "A")
    with pytest.raises(StopIteration) as end:
        inquiry.send(Answer(Status.TEMPFAIL))
    assert end.value.value.result is SpfResult.TEMPERROR
    assert answered(check_host("192.0.2.1", "a@own.com", "x"), lambda n, t: Answer(Status.NXDOMAIN)).result is (
        SpfResult.NONE
    )


@pytest.mark.parametrize(("label", "ok"), [(62, True), (63, True), (64, False)])
def test_labels_have_63_characters_at_most(label: int, ok: bool) -> None:
    assert is_name("a" * label + ".com") is ok


@pytest.mark.parametrize(("size", "ok"), [(252, True), (253, True), (254, False)])
def test_names_have_253_characters_at_most(size: int, ok: bool) -> None:
    name = "a." * 126
    name = name[: size - 2] + "bb" if size % 2 == 0 else name[: size - 1] + "b"
    assert len(name) == size
    assert is_name(name.replace("..", ".")) is ok
