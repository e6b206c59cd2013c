"""Leaving a list: the examples printed in RFC 2369 section 3.2 and RFC 8058 section 8, and each thing that is wrong."""

import pytest

from launchready.parse.rfc5322_fields import MAX_FIELDS, MAX_MESSAGE_BYTES, Field, FieldsError, split_message
from launchready.parse.rfc8058 import (
    MAX_FIELD_CHARS,
    ListHeaderError,
    OneClickFault,
    parse_list_unsubscribe,
    read_one_click,
)


@pytest.mark.parametrize(
    ("value", "uris"),
    [
        ("<mailto:list@host.com?subject=unsubscribe>", ("mailto:list@host.com?subject=unsubscribe",)),
        (
            "(Use this command to get off the list) <mailto:list-manager@host.com?body=unsubscribe%20list>",
            ("mailto:list-manager@host.com?body=unsubscribe%20list",),
        ),
        ("<mailto:list-off@host.com>", ("mailto:list-off@host.com",)),
        (
            "<http://www.host.com/list.cgi?cmd=unsub&lst=list>, <mailto:list-request@host.com?subject=unsubscribe>",
            ("http://www.host.com/list.cgi?cmd=unsub&lst=list", "mailto:list-request@host.com?subject=unsubscribe"),
        ),
        ("<https://a.example/very/\t long>,", ("https://a.example/very/long",)),
    ],
)
def test_the_printed_headers_are_read(value: str, uris: tuple[str, ...]) -> None:
    assert parse_list_unsubscribe(value) == uris


@pytest.mark.parametrize(
    "value",
    [
        "",
        "mailto:a@b.com",
        "<>",
        "<a@b.com>",
        "<mailto:a> x <mailto:b>",
        "<mailto:a><mailto:b>",
        "x <mailto:a>",
        "<mailto:a",
        "<<mailto:a>>",
        "<mailto:a>" * 1_000,
    ],
)
def test_other_texts_are_refused(value: str) -> None:
    with pytest.raises(ListHeaderError):
        parse_list_unsubscribe(value)


# RFC 8058 section 8.2
URI = "https://example.com/unsubscribe/opaquepart"
LISTED = f"<mailto:listrequest@example.com?subject=unsubscribe>, <{URI}>"
POST = "List-Unsubscribe=One-Click"
BOTH = ("From", "List-Unsubscribe", "LIST-UNSUBSCRIBE-POST")


def fields(*pairs: tuple[str, str]) -> list[Field]:
    return [Field(name, f"{name}: {value}\r\n".encode()) for name, value in pairs]


def test_the_printed_message_offers_one_click() -> None:
    seen = read_one_click(fields(("List-Unsubscribe", LISTED), ("list-unsubscribe-post", POST)), [("from",), BOTH])
    assert (seen.uri, seen.faults) == (URI, ())
    assert len(seen.uris) == 2


@pytest.mark.parametrize(
    ("pairs", "signed", "fault"),
    [
        ([("X", LISTED), ("List-Unsubscribe-Post", POST)], [BOTH], OneClickFault.NO_LIST_UNSUBSCRIBE),
        (
            [("List-Unsubscribe", LISTED), ("List-Unsubscribe", LISTED), ("List-Unsubscribe-Post", POST)],
            [BOTH],
            OneClickFault.SEVERAL_LIST_UNSUBSCRIBE,
        ),
        ([("List-Unsubscribe", URI), ("List-Unsubscribe-Post", POST)], [BOTH], OneClickFault.UNREADABLE),
        ([("List-Unsubscribe", LISTED)], [BOTH], OneClickFault.NO_POST),
        ([("List-Unsubscribe", LISTED), *[("List-Unsubscribe-Post", POST)] * 2], [BOTH], OneClickFault.SEVERAL_POST),
        ([("List-Unsubscribe", LISTED), ("List-Unsubscribe-Post", "One-Click")], [BOTH], OneClickFault.WRONG_POST),
        ([("List-Unsubscribe", "<mailto:a@b.com>"), ("List-Unsubscribe-Post", POST)], [BOTH], OneClickFault.NO_HTTPS),
        (
            [("List-Unsubscribe", f"<{URI}>, <{URI}2>"), ("List-Unsubscribe-Post", POST)],
            [BOTH],
            OneClickFault.SEVERAL_HTTPS,
        ),
        (
            [("List-Unsubscribe", f"<{URI}>, <http://a.example/>"), ("List-Unsubscribe-Post", POST)],
            [BOTH],
            OneClickFault.INSECURE_HTTP,
        ),
        (
            [("List-Unsubscribe", LISTED), ("List-Unsubscribe-Post", POST)],
            [("from", "list-unsubscribe"), ("list-unsubscribe-post",)],
            OneClickFault.NOT_SIGNED,
        ),
        ([("List-Unsubscribe", LISTED), ("List-Unsubscribe-Post", POST)], [], OneClickFault.NOT_SIGNED),
    ],
)
def test_each_thing_that_is_wrong_is_named_alone(
    pairs: list[tuple[str, str]], signed: list[tuple[str, ...]], fault: OneClickFault
) -> None:
    assert read_one_click(fields(*pairs), signed).faults == (fault,)


def test_a_message_is_cut_into_fields_and_body_octet_by_octet() -> None:
    raw = b"From: a@b.com\nSubject : \tone\n two\r\n\r\nBody\n\r\nend"
    parts, body = split_message(raw)
    assert parts == (Field("From", b"From: a@b.com\r\n"), Field("Subject", b"Subject : \tone\r\n two\r\n"))
    assert body == b"Body\r\n\r\nend"
    assert parts[1].value == "one two"
    assert split_message(b"A: b\r\n") == ((Field("A", b"A: b\r\n"),), b"")
    assert split_message(b"A: b\r\n\r\n") == ((Field("A", b"A: b\r\n"),), b"")


@pytest.mark.parametrize("raw", [b"", b"\r\nA: b", b"no colon\r\n", b" A: b\r\n", b"A b: c\r\n", b"\xc3\xa9: b\r\n"])
def test_what_begins_with_no_header_is_an_error(raw: bytes) -> None:
    with pytest.raises(FieldsError):
        split_message(raw)


def test_the_limits_of_a_message_hold() -> None:
    split_message(b"A: b\r\n" * MAX_FIELDS)
    for raw in (b"A: b\r\n" * (MAX_FIELDS + 1), b"A: b\r\n\r\n" + b"x" * MAX_MESSAGE_BYTES):
        with pytest.raises(FieldsError):
            split_message(raw)
    assert parse_list_unsubscribe(f"<mailto:{'a' * (MAX_FIELD_CHARS - 9)}>")
    with pytest.raises(ListHeaderError):
        parse_list_unsubscribe(f"<mailto:{'a' * (MAX_FIELD_CHARS - 8)}>")
