"""Structured fields: RFC 9651, its printed examples, and an independent parser of its editor's (http-sf)."""

import time
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

import http_sf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready.parse.rfc9651 import (
    MAX_FIELD_CHARS,
    SfDate,
    SfDisplayString,
    SfInnerList,
    SfItem,
    SfToken,
    StructuredFieldError,
    parse_item,
    parse_list,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),  # section 3.3, example by example
        ("4.5", Decimal("4.5")),
        ('"hello world"', "hello world"),
        ("foo123/456", SfToken("foo123/456")),
        (":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:", b"pretend this is binary content."),
        ("?1", True),
        ("@1659578233", SfDate(1_659_578_233)),
        (
            '%"This is intended for display to %c3%bcsers."',
            SfDisplayString("This is intended for display to \u00fcsers."),
        ),
        ("-999999999999999", -999_999_999_999_999),
        (r'"a\"b\\c"', 'a"b\\c'),
    ],
)
def test_each_kind_of_item_is_read(text: str, value: object) -> None:
    assert parse_item(text) == SfItem(value)


def test_parameters_and_inner_lists_are_read() -> None:
    assert parse_list(('abc;a=1;b=2; c, (ghi;jk=4 l);q="9";r=w',)) == (
        SfItem(SfToken("abc"), {"a": 1, "b": 2, "c": True}),
        SfInnerList((SfItem(SfToken("ghi"), {"jk": 4}), SfItem(SfToken("l"))), {"q": "9", "r": SfToken("w")}),
    )


def test_the_lines_of_a_field_are_one_list_and_no_line_is_the_empty_one() -> None:
    assert parse_list(("sugar, tea", "rum")) == parse_list(("sugar, tea, rum",))
    assert parse_list(()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "a,",
        ",a",
        "a b",
        "a;=1",
        "a;B",
        "1.",
        "1.2345",
        "1234567890123456",
        '"a',
        '"\u00e9"',
        "?2",
        "@1.5",
        ":a=b:",
        "(",
        "(a",
        "(a,b)",
        "a;",
        '%"%C3%BC"',
        '%"%ff"',
        "-",
        "--1",
        "\ta",
        "a=1",
        "\x00",
        "@",
        "?",
        "%",
        ":",
    ],
)
def test_what_is_not_valid_is_an_error_as_a_whole(text: str) -> None:
    with pytest.raises(StructuredFieldError):
        parse_list((text,))


def test_a_field_without_end_is_not_read() -> None:
    with pytest.raises(StructuredFieldError, match="too long"):
        parse_list(("a" * (MAX_FIELD_CHARS + 1),))


def as_ours(value: Any) -> object:
    match value:
        case http_sf.Token():
            return SfToken(str(value))
        case http_sf.DisplayString():
            return SfDisplayString(str(value))
        case datetime():
            return SfDate(int(value.timestamp()))
        case float():
            return Decimal(str(value))
        case _:
            return value


def theirs(text: str) -> object:
    """What http-sf reads, in our types; None where it refuses."""
    try:
        members = http_sf.parse(text.encode("latin-1"), tltype="list")
    except (http_sf.StructuredFieldError, OverflowError, OSError):  # the last two: a date beyond its calendar
        return None

    def parameters(found: dict[str, Any]) -> dict[str, object]:
        return {name: as_ours(value) for name, value in found.items()}

    def member(value: Any) -> object:
        content, found = value
        if isinstance(content, list):
            return SfInnerList(tuple(SfItem(as_ours(v), parameters(p)) for v, p in content), parameters(found))
        return SfItem(as_ours(content), parameters(found))

    return tuple(map(member, members))


PIECES = st.sampled_from(
    [
        "a",
        "hit",
        "*b",
        '"x"',
        '"\\""',
        "12",
        "-3",
        "1.5",
        "0.125",
        "?1",
        "?0",
        ":YQ==:",
        ":YQ:",
        "@12",
        '%"%c3%bc"',
        ";",
        "=",
        ",",
        ", ",
        " ",
        "(",
        ")",
        ";a",
        ";ttl=5",
        ";fwd=miss",
        "\t",
        ".",
        ":",
        "%",
        "A",
        "-",
        '"',
        "\\",
        "/",
    ]
)


@settings(max_examples=2000, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_we_read_what_the_editors_own_parser_reads(text: str) -> None:
    try:
        ours: object = parse_list((text,))
    except StructuredFieldError:
        ours = None
    assert ours == theirs(text)


@given(st.text())
def test_any_text_is_a_list_or_an_error(text: str) -> None:
    with suppress(StructuredFieldError):
        assert isinstance(parse_list((text,)), tuple)


UNITS = ("a", "a,", "(", "()", "(a ", "a;", ";a", '"', '\\"', ":", "%", '%"', "1", "?", " ", ";a=1")


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear(unit: str) -> None:
    started = time.process_time()
    for prefix in ("", "a;b=", "(", '"', '%"'):
        with suppress(StructuredFieldError):
            parse_list((prefix + unit * (65_000 // len(unit)),))
    assert time.process_time() - started < 2
