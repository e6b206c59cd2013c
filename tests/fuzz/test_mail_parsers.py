"""Mail's records and messages: all are read or refused by the parser's own error, in bounded steps and questions."""

import ipaddress
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from launchready.parse.dmarc_change import compare_standards
from launchready.parse.inquiry import Answer, Inquiry, Status, answered
from launchready.parse.rfc5322_fields import FieldsError, split_message
from launchready.parse.rfc6376_canonical import Form, canonical_body
from launchready.parse.rfc6376_verify import MAX_SIGNATURES, DkimOutcome, evaluate_dkim
from launchready.parse.rfc7208 import LOOKUP_LIMIT, SpfError, parse_spf
from launchready.parse.rfc7208_evaluate import MX_LIMIT, PTR_LIMIT, SpfResult, check_host, evaluate_spf
from launchready.parse.rfc7208_macros import expand, is_explain_string
from launchready.parse.rfc7208_merge import merge_texts, txt_strings
from launchready.parse.rfc7208_survey import MAX_TERMS, survey_spf, term_text
from launchready.parse.rfc7489 import check_message_by_old_rules, parse_old_dmarc
from launchready.parse.rfc7505 import MxError, read_mx
from launchready.parse.rfc8058 import ListHeaderError, parse_list_unsubscribe, read_one_click
from launchready.parse.rfc8460 import TlsRptError, parse_tls_rpt
from launchready.parse.rfc8461 import MtaStsError, parse_mta_sts_policy, parse_mta_sts_record
from launchready.parse.rfc9989 import TREE_WALK_QUERIES, DmarcError, ReportUri
from launchready.parse.rfc9989_evaluate import check_message, discover_policy
from launchready.parse.rfc9990 import check_report_consent

ANY_CHARACTER = st.characters()
fuzz = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def near(*words: str, size: int = 20) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words) | st.text(ANY_CHARACTER, max_size=4), max_size=size).map("".join)


def assert_ends_well(parse: Callable[[Any], object], error: type[ValueError], data: object) -> bool:
    """Whether it was read; the module's own error is fine, and any other one ends the test."""
    raised: ValueError | None = None
    try:
        parse(data)
    except error as its_own:
        raised = its_own
    assert raised is None or (type(raised) is error and str(raised).isprintable())
    return raised is None


class Counted:
    """Answers from a drawn zone and counts the questions."""

    def __init__(self, zone: dict[str, tuple[str, ...]], status: Status) -> None:
        self._zone = zone
        self._status = status
        self.questions = 0

    def __call__(self, name: str, rtype: str) -> Answer:
        self.questions += 1
        assert len(name) <= 253
        records = self._zone.get(rtype, ())
        return Answer(Status.ANSWER, records) if records else Answer(self._status)


SPF_WORDS = (
    *(
        " ",
        " -all",
        " ~all",
        " a",
        " mx",
        " ptr",
        " include:a.com",
        " redirect=b.com",
        " exp=c.com",
        " exists:%{p}.x.com",
    ),
    *(
        " a:%{s}",
        " mx:%{l1r-}.com/24",
        " ip4:192.0.2.0/24",
        " ip6:::/0",
        " exists:%{ir}.%{v}.x",
        " include:%{H}",
        "%",
        "{",
    ),
)
STATUSES = st.sampled_from((Status.NODATA, Status.NXDOMAIN, Status.TEMPFAIL))
RECORDS = st.fixed_dictionaries(
    {
        "TXT": st.lists(near(*SPF_WORDS).map(lambda text: f"v=spf1 {text}") | near(*SPF_WORDS), max_size=2).map(tuple),
        "MX": st.lists(
            st.sampled_from(("0 .", "10 m.com", "x", "", "9 \u00fc", "99999999 a")) | st.text(), max_size=12
        ).map(tuple),
        "A": st.lists(st.sampled_from(("192.0.2.1", "::1", "x", "")), max_size=2).map(tuple),
        "AAAA": st.lists(st.sampled_from(("2001:db8::1", "::ffff:192.0.2.1", "x%y")), max_size=2).map(tuple),
        "PTR": st.lists(st.sampled_from(("a.com", "", ".", "x" * 64, "..", "\u00fc.com")), max_size=12).map(tuple),
    }
)
MOST_QUESTIONS = 1 + LOOKUP_LIMIT * (1 + MX_LIMIT) + (1 + PTR_LIMIT) + 1
"""The domain's record, ten mx, the client's names once, the explanation."""


@fuzz
@given(
    RECORDS,
    STATUSES,
    st.sampled_from(("192.0.2.1", "2001:db8::1")),
    near("a@", "b.com", ".", "%", "@"),
    st.text(max_size=9),
)
def test_any_zone_leads_to_an_spf_result_in_few_questions(
    zone: dict[str, tuple[str, ...]], status: Status, ip: str, sender: str, helo: str
) -> None:
    lookup = Counted(zone, status)
    outcome = answered(check_host(ip, sender, helo), lookup)
    assert isinstance(outcome.result, SpfResult)
    assert outcome.reason.isprintable()
    assert outcome.lookups <= LOOKUP_LIMIT + 1
    assert lookup.questions <= MOST_QUESTIONS
    assert outcome.explanation is None or outcome.explanation.isascii()


@fuzz
@given(RECORDS, STATUSES, near("b.com", ".", "a"))
def test_any_zone_is_surveyed_in_few_questions(zone: dict[str, tuple[str, ...]], status: Status, domain: str) -> None:
    lookup = Counted(zone, status)

    def run(start: str) -> object:
        return answered(survey_spf(start), lookup)

    assert_ends_well(run, SpfError, domain)
    assert lookup.questions <= 1 + 2 * MAX_TERMS


@fuzz
@given(near("%{", "}", "%%", "%_", "%-", "%{d}", "%{L2r-}", "%{i}", "9", " ", "x"), st.text(max_size=30))
def test_any_explanation_is_expanded_or_is_none(text: str, value: str) -> None:
    if is_explain_string(text):
        expanded = expand(text, dict.fromkeys("slodiphcrtv", value))
        assert isinstance(expanded, str)
        assert "%" in text or expanded == text


ADDRESSES = st.integers(0, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number)))
NETWORKS = st.tuples(ADDRESSES, st.integers(0, 32)).map(lambda pair: f"ip4:{pair[0]}/{pair[1]}")


@fuzz
@given(st.lists(st.lists(NETWORKS, max_size=4), min_size=1, max_size=3), ADDRESSES)
def test_a_merged_record_lets_pass_exactly_whom_one_of_its_records_does(records: list[list[str]], ip: str) -> None:
    texts = [" ".join(("v=spf1", *terms, "-all")) for terms in records]
    merged = merge_texts(texts)
    assert "".join(txt_strings(merged.text)) == merged.text

    def passes(text: str) -> bool:
        return evaluate_spf(ip, "a@b.com", "x", lambda n, t: Answer(Status.ANSWER, (text,))).result is SpfResult.PASS

    assert passes(merged.text) is any(map(passes, texts))
    inside = records[0][0].partition(":")[2].partition("/")[0] if records[0] else ip
    ip = inside
    assert passes(merged.text) is any(map(passes, texts))


@fuzz
@given(st.lists(near(*SPF_WORDS).map(lambda text: f"v=spf1 {text}"), min_size=1, max_size=3))
def test_any_records_that_are_valid_merge_into_a_valid_one(texts: list[str]) -> None:
    if all(assert_ends_well(parse_spf, SpfError, text) for text in texts):
        merged = parse_spf(merge_texts(texts).text)
        assert merged.all_qualifier is not None
        assert [term_text(term) for term in merged.terms] == merge_texts(texts).text.split()[1:]


DMARC_WORDS = (
    "v=DMARC1;",
    " p=none;",
    "p=reject;",
    "sp=x;",
    "np=reject;",
    "t=y;",
    "psd=y;",
    "psd=n;",
    "rua=mailto:a@b.com;",
    "pct=5;",
)
DMARC_ZONES = st.fixed_dictionaries(
    {"TXT": st.lists(near(*DMARC_WORDS, size=6).map(lambda t: f"v=DMARC1;{t}"), max_size=2).map(tuple)}
)
DOMAINS = near("a", ".", "b.com", "\u0130", "x" * 63, size=8)


@fuzz
@given(DMARC_ZONES, STATUSES, DOMAINS, DOMAINS)
def test_any_zone_leads_to_a_dmarc_result_in_few_questions(
    zone: dict[str, tuple[str, ...]], status: Status, domain: str, other: str
) -> None:
    def registrable(name: str) -> str:
        return ".".join(name.split(".")[-2:])

    inquiries: tuple[tuple[int, Callable[[], Inquiry[object]]], ...] = (
        (TREE_WALK_QUERIES + 1, lambda: discover_policy(domain)),
        (3 * TREE_WALK_QUERIES + 1, lambda: check_message(domain, other, (other,))),
        (2, lambda: check_message_by_old_rules(domain, other, (other,), registrable)),
        (TREE_WALK_QUERIES + 3, lambda: compare_standards(domain, registrable)),
        (2 * TREE_WALK_QUERIES + 1, lambda: check_report_consent(domain, ReportUri(other, other.lower(), None))),
    )
    for most, begin in inquiries:
        lookup = Counted(zone, status)
        assert_ends_well(lambda start, ask=lookup: answered(start(), ask), DmarcError, begin)
        assert lookup.questions <= most
    for text in zone["TXT"]:
        assert_ends_well(parse_old_dmarc, DmarcError, text)


MESSAGE = (
    b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/simple; d=b.com; s=s; h=From:To; l=2;\r\n"
    b" bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=AAAA\r\nFrom: a@b.com\r\nTo: c@d.com\r\n\r\nhi\r\n"
)
KEYS = (
    "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "p=",
    "v=DKIM1; t=s; h=sha1; s=x; p=AAAA",
    "",
    "k=ed25519; p=" + "A" * 43 + "=",
)


@fuzz
@given(st.binary(max_size=30), st.integers(0, len(MESSAGE)), st.integers(0, 20), st.sampled_from(KEYS), STATUSES)
@example(b"", 0, 0, KEYS[0], Status.NODATA)
def test_any_message_has_outcomes_or_is_none(patch: bytes, at: int, gone: int, key: str, status: Status) -> None:
    raw = MESSAGE[:at] + patch + MESSAGE[at + gone :]
    lookup = Counted({"TXT": (key,)} if key else {}, status)

    def run(message: bytes) -> None:
        for outcome in evaluate_dkim(message, lookup, now_s=0):
            assert isinstance(outcome, DkimOutcome)
            assert outcome.reason.isprintable()

    assert_ends_well(run, FieldsError, raw)
    assert_ends_well(run, FieldsError, patch)
    assert lookup.questions <= MAX_SIGNATURES


@fuzz
@given(st.lists(st.sampled_from((b"\r\n", b" ", b"\t", b"x", b"\r", b"\n")), max_size=30).map(b"".join))
def test_canonical_bodies_are_their_own_canonical_form(body: bytes) -> None:
    for form in Form:
        once = canonical_body(body, form)
        assert canonical_body(once, form) == once
    relaxed = canonical_body(body, Form.RELAXED)
    assert canonical_body(canonical_body(body, Form.SIMPLE), Form.RELAXED) == relaxed


STS_WORDS = (
    "v=STSv1",
    "; ",
    "id=",
    "a",
    "=",
    "version: STSv1\n",
    "mode: none\n",
    "mode:enforce\r\n",
    "max_age: 1\n",
    "mx: *.a.com\n",
    "\n",
    ":",
)
RPT_WORDS = (
    "v=TLSRPTv1;",
    "rua=",
    "mailto:a@b.com",
    ",",
    ";",
    "https://x",
    "https://[::1]",
    "[",
    "]",
    "!",
    "=",
    "ext=1",
)
LIST_WORDS = ("<", ">", ",", "mailto:a@b.com", "https://x", "(", ")", " ", "\r\n ", "List-Unsubscribe=One-Click")


@fuzz
@given(near(*STS_WORDS), near(*RPT_WORDS), near(*LIST_WORDS), near("0", " ", ".", "10 a.com"), st.binary(max_size=50))
def test_any_text_is_read_or_refused(sts: str, rpt: str, listed: str, record: str, raw: bytes) -> None:
    for text in (sts, f"v=STSv1; id=a;{sts}"):
        assert_ends_well(parse_mta_sts_record, MtaStsError, text)
    assert_ends_well(parse_mta_sts_policy, MtaStsError, raw)
    assert_ends_well(parse_mta_sts_policy, MtaStsError, sts.encode("utf-8", "surrogatepass"))
    for text in (rpt, f"v=TLSRPTv1;rua={rpt}"):
        assert_ends_well(parse_tls_rpt, TlsRptError, text)
    assert_ends_well(parse_list_unsubscribe, ListHeaderError, listed)
    assert_ends_well(read_mx, MxError, (record,))
    assert_ends_well(split_message, FieldsError, raw)
    message = f"List-Unsubscribe: {listed}\r\nList-Unsubscribe-Post: {listed}\r\n".encode("utf-8", "replace")
    assert_ends_well(lambda one: read_one_click(split_message(one)[0], [("from",)]), FieldsError, message)


# Steps instead of seconds: how often a line of our own code runs must no more than double with twice the input.


MAX_STEPS_A_CHARACTER = 60
"""The dearest unit, a mechanism of SPF, takes 35; what goes over its input again and again takes thousands."""


def steps(run: Callable[[], object]) -> int:
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


def read(data: str) -> None:
    """Every parser of this module over one text."""
    raw = data.encode("utf-8", "replace")
    assert_ends_well(parse_mta_sts_record, MtaStsError, f"v=STSv1; id=a;{data}")
    assert_ends_well(parse_mta_sts_policy, MtaStsError, raw)
    assert_ends_well(parse_tls_rpt, TlsRptError, f"v=TLSRPTv1;rua={data}")
    assert_ends_well(parse_old_dmarc, DmarcError, f"v=DMARC1;p=none;{data}")
    assert_ends_well(lambda text: merge_texts([f"v=spf1 {text}"] * 2), SpfError, data)
    is_explain_string(data)
    for prefix in (b"DKIM-Signature: v=1; h=", b"DKIM-Signature: ", b"A: b\r\n", b"A: b\r\n\r\n"):
        assert_ends_well(
            lambda one: evaluate_dkim(one, lambda n, t: Answer(Status.NODATA), now_s=0), FieldsError, prefix + raw
        )


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "%",
        "%{d}",
        "%{l9r-}",
        ":",
        "=",
        ";",
        "; ",
        ",",
        "<a:b>,",
        "(",
        " ",
        "\r\n ",
        "\r\n",
        "a=b;",
        "a: b\n",
        "mx: a.com\n",
        " ip4:192.0.2.1",
        " include:a.com",
        " a:b.com",
        "From:",
        "DKIM-Signature: v=1\r\n",
        "mailto:a@b.com,",
        "\r",
    ],
)
def test_twice_the_input_takes_no_more_than_twice_the_steps(unit: str) -> None:
    size = 4_000 // len(unit)
    once, twice = steps(lambda: read(unit * size)), steps(lambda: read(unit * size * 2))
    assert twice <= 2 * once + 1_000


@pytest.mark.parametrize(
    "unit", ["a", ".", "%{d}", "(", "<", "a: b\n", "\r\n ", " ip4:192.0.2.1", "a=b;", "mailto:a@b.com,", " \t"]
)
def test_the_longest_input_is_read_to_the_end(unit: str) -> None:
    """A regular expression that goes over its input again and again would hang here."""
    ended = steps(lambda: read(unit * (65_000 // len(unit))))
    assert ended <= MAX_STEPS_A_CHARACTER * 65_000
