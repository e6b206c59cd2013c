"""Strict-Transport-Security: RFC 6797 sections 6.1 and 6.2."""

import pytest

from launchready.parse.rfc6797 import MAX_FIELD_CHARS, Hsts, HstsError, parse_hsts


@pytest.mark.parametrize(
    ("text", "read"),
    [
        # section 6.2, the examples
        ("max-age=31536000", Hsts(31_536_000, include_subdomains=False, preload=False)),
        ("max-age=15768000 ; includeSubDomains", Hsts(15_768_000, include_subdomains=True, preload=False)),
        ('max-age="31536000"', Hsts(31_536_000, include_subdomains=False, preload=False)),
        ("max-age=0", Hsts(0, include_subdomains=False, preload=False)),
        ("max-age=0; includeSubDomains", Hsts(0, include_subdomains=True, preload=False)),
        # section 6.1: order and case are free, unknown directives are ignored, empty ones are allowed
        ("INCLUDESUBDOMAINS;MAX-AGE=1", Hsts(1, include_subdomains=True, preload=False)),
        (";; max-age=1 ;", Hsts(1, include_subdomains=False, preload=False)),
        ('max-age = 1; foo=bar; baz="a;b"; qux', Hsts(1, include_subdomains=False, preload=False)),
        ("max-age=63072000; includeSubDomains; preload", Hsts(63_072_000, include_subdomains=True, preload=True)),
        ("max-age=" + "9" * 5_000, Hsts(2**31, include_subdomains=False, preload=False)),
    ],
)
def test_a_policy_is_read(text: str, read: Hsts) -> None:
    assert parse_hsts(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "includeSubDomains",
        "max-age",
        "max-age=",
        'max-age=""',
        "max-age=-1",
        "max-age=1.0",
        "max-age=1y",
        'max-age="1',
        "max-age=1 includeSubDomains",
        "max-age=1, includeSubDomains",
        "max-age=1; max-age=1",
        "max-age=1; MAX-AGE=2",
        "max-age=1; includeSubDomains; includesubdomains",
        "max-age=1; x; X",
        "max-age=1; includeSubDomains=1",
        'max-age=1; includeSubDomains=""',
        "max-age=1; =x",
        "max-age=1; a b",
        "max-age=\u0661",
        "max-age=1\n",
        "max-age=1; x=\x00",
    ],
)
def test_a_field_that_browsers_ignore_is_refused(text: str) -> None:
    with pytest.raises(HstsError):
        parse_hsts(text)


def test_a_field_is_read_up_to_its_limit() -> None:
    start = "max-age=1;"
    parse_hsts(start + ";" * (MAX_FIELD_CHARS - len(start)))
    with pytest.raises(HstsError):
        parse_hsts(start + ";" * (MAX_FIELD_CHARS - len(start) + 1))
