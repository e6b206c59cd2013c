"""CAA records: RFC 8659, its examples, and the public test suite of caatestsuite.com."""

import re
import time
from typing import ClassVar

import dns.rdata
import pytest
from abnf import ParseError, Rule
from abnf.grammars.misc import load_grammar_rules
from hypothesis import example, given
from hypothesis import strategies as st

from launchready.parse.rfc8659 import (
    MAX_RECORD_CHARS,
    Caa,
    CaaError,
    Issuer,
    names_to_ask,
    parse_caa,
    parse_issuer,
    relevant,
    who_may_issue,
)


def may(*texts: str, wildcard: bool = False) -> frozenset[str] | None:
    return who_may_issue([parse_caa(text) for text in texts], wildcard=wildcard)


@pytest.mark.parametrize(
    ("records", "normal", "wild"),
    [
        # section 4.2
        (['0 issue "ca1.example.net"', '0 issue "ca2.example.org"'],) + 2 * ({"ca1.example.net", "ca2.example.org"},),
        (['0 issue ";"'], set(), set()),
        (['0 issue "%%%%%"'], set(), set()),
        (['0 issue "ca1.example.net; account=230123"'], {"ca1.example.net"}, {"ca1.example.net"}),
        # section 4.3
        (['0 issue "ca1.example.net"', '0 issuewild "ca2.example.org"'], {"ca1.example.net"}, {"ca2.example.org"}),
        (['0 issuewild "ca2.example.org"'], None, {"ca2.example.org"}),
        (['0 issuewild ";"'], None, set()),
        (['0 issue ";"', '0 issuewild "ca2.example.org"'], set(), {"ca2.example.org"}),
        # section 4.4: a place for reports restricts nothing
        (['0 iodef "mailto:security@example.com"'], None, None),
        (['0 issue "ca1.example.net"', '0 iodef "https://iodef.example.com/"'],) + 2 * ({"ca1.example.net"},),
        # section 4.5: a critical property that nobody knows
        (['0 issue "ca1.example.net"', '128 tbs "Unknown"'], set(), set()),
        (['0 issue "ca1.example.net"', '0 tbs "Unknown"'], {"ca1.example.net"}, {"ca1.example.net"}),
        # none at all (section 3)
        ([], None, None),
    ],
)
def test_the_examples_of_the_rfc_say_who_may_issue(records, normal, wild) -> None:
    for wildcard, expected in ((False, normal), (True, wild)):
        assert may(*records, wildcard=wildcard) == (None if expected is None else frozenset(expected))


BIG = [*(f'0 issue "c{number}.example"' for number in range(1_000)), '0 issue "caatestsuite.com"']


@pytest.mark.parametrize(
    ("name", "records", "wildcard"),
    [
        ("empty", ['0 issue ";"'], False),
        ("deny", ['0 issue "caatestsuite.com"'], False),
        ("uppercase-deny", ['0 ISSUE "caatestsuite.com"'], False),
        ("mixedcase-deny", ['0 IsSuE "caatestsuite.com"'], False),
        ("big", BIG, False),
        ("critical1", ['128 caatestsuitedummyproperty "test"'], False),
        ("critical2", ['130 caatestsuitedummyproperty "test"'], False),
        ("*.deny", ['0 issue "caatestsuite.com"'], True),
        ("*.deny-wild", ['0 issue "ca.example"', '0 issuewild "caatestsuite.com"'], True),
    ],
)
def test_what_caatestsuite_denies_is_denied_to_an_authority_that_is_not_named(name, records, wildcard) -> None:
    allowed = may(*records, wildcard=wildcard)
    assert allowed is not None, name
    assert "ca.example" not in allowed


def test_the_tree_is_climbed_to_the_first_name_with_records_and_no_further() -> None:
    assert names_to_ask("sub2.sub1.deny.basic.example") == (
        "sub2.sub1.deny.basic.example",
        "sub1.deny.basic.example",
        "deny.basic.example",
        "basic.example",
        "example",
    )
    assert names_to_ask("*.x.example.") == ("x.example", "example")
    deny, permit = parse_caa('0 issue ";"'), parse_caa('0 issue "ca.example"')
    assert relevant([[], [], [deny], [permit]]) == (deny,)
    assert relevant([[permit], [deny]]) == (permit,)
    assert relevant([[], []]) == ()
    # a record that says nothing of issuing ends the climb as well (section 3)
    report = parse_caa('0 iodef "mailto:a@b.example"')
    assert who_may_issue(relevant([[report], [deny]]), wildcard=False) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('0 issue "ca.example.net"', Caa(0, "issue", "ca.example.net")),
        ("0 issue ca.example.net", Caa(0, "issue", "ca.example.net")),
        ('255 ISSUE ""', Caa(255, "issue", "")),
        (r'0 issue "a\"b\\c\059\255"', Caa(0, "issue", 'a"b\\c;\xff')),
        ('\t0\t issue \t"a b" ', Caa(0, "issue", "a b")),
        ('128 tbs "Unknown"', Caa(128, "tbs", "Unknown")),
    ],
)
def test_a_record_is_read(text: str, read: Caa) -> None:
    assert parse_caa(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0 issue",
        '256 issue "a"',
        '-1 issue "a"',
        '0 is-sue "a"',
        '0 issue "a',
        '0 issue "a" b',
        r'0 issue "\256"',
        r'0 issue "a\"',
        '0 "issue" "a"',
        '0 é "a"',
        "\u0660 issue a",
        'issue 0 "a"',
        "0 issue a b",
        r'0 issue "\12"',
    ],
)
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(CaaError):
        parse_caa(text)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("ca.example.net", Issuer("ca.example.net")),
        (" CA.Example.net\t", Issuer("ca.example.net")),
        ("", Issuer("")),
        (";", Issuer("")),
        (" ; ", Issuer("")),
        ("ca.example;", Issuer("ca.example")),
        ("ca.example; account=230123", Issuer("ca.example", (("account", "230123"),))),
        ("ca.example;a = b;c=", Issuer("ca.example", (("a", "b"), ("c", "")))),
        ("; policy=ev", Issuer("", (("policy", "ev"),))),
        # RFC 8657 section 4's examples
        (
            "example.net; accounturi=https://example.net/account/1234; validationmethods=dns-01",
            Issuer(
                "example.net", (("accounturi", "https://example.net/account/1234"), ("validationmethods", "dns-01"))
            ),
        ),
    ],
)
def test_an_issuer_is_read(value: str, read: Issuer) -> None:
    assert parse_issuer(value) == read


@pytest.mark.parametrize(
    "value",
    [
        *("%%%%%", "ca.example.", ".example", "-a.example", "a-.example", "a..b", "a b", "a_b.example", "https://a/"),
        *("ca.example; x", "ca.example; a=b;", "ca.example; a=b c", "ca.example;;", "ca.example; -a=b", "ca.example\n"),
        *("ca.example account=1", "ca.example; =b", "ca.example; a=é", "a.example, b.example"),
    ],
)
def test_an_issuer_that_breaks_the_grammar_allows_nobody(value: str) -> None:
    assert parse_issuer(value) is None
    assert who_may_issue([Caa(0, "issue", value)], wildcard=False) == frozenset()


# The grammar as the RFC prints it, run by a parser that knows nothing of ours.
@load_grammar_rules([])
class Printed(Rule):
    """RFC 8659 section 4.2."""

    grammar: ClassVar = [
        'issue-value = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]',
        'issuer-domain-name = label *("." label)',
        'label = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT))',
        'parameters = (parameter *WSP ";" *WSP parameters) / parameter',
        'parameter = tag *WSP "=" *WSP value',
        'tag = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT))',
        "value = *(%x21-3A / %x3C-7E)",
    ]


def keeps_to_the_printed_grammar(value: str) -> bool:
    try:
        Printed("issue-value").parse_all(value)
    except ParseError:
        return False
    return True


VALUES = st.lists(st.sampled_from(("a", "Z9", "-", ".", ";", "=", " ", "\t", "%", "ca.example", "é", "_")), max_size=9)


@given(VALUES.map("".join))
@example("a--b.c; x--y = z")
def test_the_grammar_is_the_printed_one(value: str) -> None:
    assert (parse_issuer(value) is not None) == keeps_to_the_printed_grammar(value)


@given(st.integers(0, 255), st.from_regex(r"[0-9A-Za-z]{1,15}", fullmatch=True), st.binary(max_size=30))
def test_whatever_dnspython_writes_is_read_back(flags: int, tag: str, value: bytes) -> None:
    wire = bytes([flags, len(tag)]) + tag.encode() + value
    text = dns.rdata.from_wire("IN", "CAA", wire, 0, len(wire)).to_text()
    assert parse_caa(text) == Caa(flags, tag.lower(), value.decode("latin-1"))


@given(st.text())
def test_any_text_is_a_record_or_the_parsers_own_error(text: str) -> None:
    try:
        record = parse_caa(text)
    except CaaError:
        record = None
    assert record is None or (0 <= record.flags <= 255 and record.tag == record.tag.lower())
    assert isinstance(parse_issuer(text), Issuer | None)


def test_time_is_linear_in_the_size() -> None:
    def seconds(size: int) -> float:
        hostile = ("a" * size, "a-" * size, "a." * size, ";" * size, "a=" * size, "\\" * size, " " * size)
        started = time.perf_counter()
        for text in hostile:
            parse_issuer(text)
            with pytest.raises(CaaError, match=re.compile("")):
                parse_caa(f'0 issue "{text}'[:MAX_RECORD_CHARS])
        return time.perf_counter() - started

    seconds(1_000)
    assert seconds(40_000) < 60 * max(seconds(4_000), 0.001)
