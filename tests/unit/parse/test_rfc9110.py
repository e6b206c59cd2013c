"""Pieces of HTTP field grammar: RFC 9110 section 5.6."""

import pytest

from launchready.parse.rfc9110 import split_outside_quotes, unquote


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [""]),
        (" a , b,\tc ", ["a", "b", "c"]),
        ('a="x, y", b', ['a="x, y"', "b"]),
        (r'a="x\", y", b', [r'a="x\", y"', "b"]),
        ('a="x, y', ['a="x, y']),
        (r"a\,b", ["a\\", "b"]),
        (",,", ["", "", ""]),
        ("a;b,c", ["a;b", "c"]),
        ('a="\n,",b', ['a="\n,"', "b"]),
    ],
)
def test_lists_are_cut_outside_quotes(text: str, pieces: list[str]) -> None:
    assert split_outside_quotes(text, ",") == pieces


def test_quotes_and_escapes_are_taken_away() -> None:
    assert unquote("5") == "5"
    assert unquote('"5"') == "5"
    assert unquote(r'"a\"b\\c"') == r'a"b\c'
