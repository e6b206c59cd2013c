"""MTA-STS: the record and the policy printed in RFC 8461, and every rule from both sides."""

import pytest

from launchready.parse.rfc8461 import (
    MAX_AGE_LIMIT_S,
    MAX_POLICY_BYTES,
    Mode,
    MtaStsError,
    MtaStsPolicy,
    is_mta_sts,
    parse_mta_sts_policy,
    parse_mta_sts_record,
)

# RFC 8461 section 3.2 and appendix A
PRINTED = b"""\
version: STSv1
mode: enforce
mx: mail.example.com
mx: *.example.net
mx: backupmx.example.com
max_age: 604800
"""


def test_the_printed_record_and_policy_are_read() -> None:
    assert parse_mta_sts_record("v=STSv1; id=20160831085700Z;") == "20160831085700Z"
    assert parse_mta_sts_policy(PRINTED) == MtaStsPolicy(
        mode=Mode.ENFORCE,
        mx=("mail.example.com", "*.example.net", "backupmx.example.com"),
        max_age_s=604_800,
        unknown=(),
        repeated=(),
        has_blank_lines=False,
    )


@pytest.mark.parametrize(
    "text",
    [
        "v=STSv1;id=a",
        "v=STSv1 ; id=a ",
        "v=STSv1; ext.x_1-=!; id=a",
        "v=STSv1; id=a; id=b",
        "v=STSv1; id=" + "a" * 32,
    ],
)
def test_records_within_the_grammar_are_read(text: str) -> None:
    assert parse_mta_sts_record(text) in {"a", "a" * 32}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=STSv1",
        "v=STSv1;",
        "v=STSv2; id=a",
        "V=STSv1; id=a",
        " v=STSv1; id=a",
        "v=STSv1; id=",
        "v=STSv1; id=a-b",
        "v=STSv1; id = a",
        "v=STSv1; ID=a",
        "v=STSv1; id=" + "a" * 33,
        "v=STSv1; id=a; x",
        "v=STSv1; id=a; x=b=c",
        "v=STSv1; id=a; x=b c",
        "v=STSv1; id=a;;",
        "v=STSv1; id=\u0661",
    ],
)
def test_records_outside_of_it_are_refused(text: str) -> None:
    with pytest.raises(MtaStsError):
        parse_mta_sts_record(text)


def test_a_record_counts_when_it_begins_with_its_version() -> None:
    assert is_mta_sts("v=STSv1; nonsense")
    assert not any(is_mta_sts(text) for text in ("v=STSv1", "v=STSv10;", "v=stsv1;", "x"))


def policy(**lines: str) -> bytes:
    fields = {"version": "STSv1", "mode": "enforce", "mx": "a.example", "max_age": "86400"} | lines
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode()


@pytest.mark.parametrize(("age", "ok"), [("0", True), ("31557599", True), ("31557600", True), ("31557601", False)])
def test_a_policy_is_kept_for_a_year_at_most(age: str, ok: bool) -> None:
    assert MAX_AGE_LIMIT_S == 31_557_600
    if ok:
        assert parse_mta_sts_policy(policy(max_age=age)).max_age_s == int(age)
    else:
        with pytest.raises(MtaStsError):
            parse_mta_sts_policy(policy(max_age=age))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"<html>",
        policy(version=""),
        policy(version="STSv2"),
        policy(mode=""),
        policy(mode="Enforce"),
        policy(mode="report"),
        policy(max_age=""),
        policy(max_age="1d"),
        policy(max_age="-1"),
        policy(max_age="12345678901"),
        policy(mx=""),
        policy(mx="", mode="testing"),
        policy(mx="*"),
        policy(mx="a.*.example"),
        policy(mx="*a.example"),
        policy(mx="a..example"),
        policy(mx="a.example."),
        policy(mx="-a.example"),
        policy(mx="a" * 64 + ".example"),
        policy() + b" mx: b.example\n",
        policy() + b"mx : b.example\n",
        policy() + b"mx\n",
        policy() + b"x:\n",
        policy() + b"x" * 33 + b": y\n",
        policy() + b"x: a\rb\n",
        policy() + b"x: " + b"y" * MAX_POLICY_BYTES,
    ],
)
def test_policies_outside_the_grammar_are_refused(body: bytes) -> None:
    with pytest.raises(MtaStsError):
        parse_mta_sts_policy(body)


def test_what_senders_ignore_is_named() -> None:
    seen = parse_mta_sts_policy(policy() + b"mode: none\nnew-field: caf\xc3\xa9 au lait \n\nmx:B.example")
    assert (seen.mode, seen.mx) == (Mode.ENFORCE, ("a.example", "b.example"))
    assert (seen.unknown, seen.repeated, seen.has_blank_lines) == (("new-field",), ("mode",), True)
    assert parse_mta_sts_policy(policy(mode="none", mx="")).mx == ()


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("mail.example.com", True),
        ("MAIL.Example.com.", True),
        ("backupmx.example.com", True),
        ("other.example.com", False),
        ("a.example.net", True),
        ("example.net", False),
        ("a.b.example.net", False),
        (".example.net", False),
        ("aexample.net", False),
    ],
)
def test_a_star_stands_for_one_label_exactly(host: str, allowed: bool) -> None:
    assert parse_mta_sts_policy(PRINTED).allows(host) is allowed
