"""Strict-Transport-Security: RFC 6797 sections 6.1 and 6.2."""

from typing import ClassVar

import pytest
from abnf import ParseError, Rule
from abnf.grammars.misc import load_grammar_rules
from hypothesis import example, given
from hypothesis import strategies as st

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
        # `preload` has no value (hstspreload.org); with one, it is some other directive
        ("max-age=1; preload=1", Hsts(1, include_subdomains=False, preload=False)),
        ('max-age="3\\1"', Hsts(31, include_subdomains=False, preload=False)),
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


# The grammar as the RFC prints it, with RFC 2616's whitespace written out, run by a parser that knows nothing of ours.
@load_grammar_rules([])
class Printed(Rule):
    """RFC 6797 section 6.1, RFC 2616 section 2.2."""

    grammar: ClassVar = [
        'field = OWS [ directive ] OWS *( ";" OWS [ directive ] OWS )',
        'directive = token [ OWS "=" OWS ( token / quoted-string ) ]',
        "token = 1*( %x21 / %x23-27 / %x2A-2B / %x2D-2E / %x30-39 / %x41-5A / %x5E-7A / %x7C / %x7E )",
        "quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE",
        "qdtext = %x09 / %x20-21 / %x23-5B / %x5D-7E / %x80-FF",
        "quoted-pair = %x5C ( %x09 / %x20-7E / %x80-FF )",
        "OWS = *( SP / HTAB )",
    ]


def keeps_to_the_printed_grammar(field: str) -> bool:
    try:
        Printed("field").parse_all(field)
    except ParseError:
        return False
    return True


PIECES = ("a", "max-age", "1", "=", ";", " ", "\t", '"', "\\", ",", "includeSubDomains", "\x00", "\xe9", "(")


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example('a="\\""')
@example('a="\\')
@example("a;a;=")
def test_the_grammar_is_the_printed_one(field: str) -> None:
    try:
        parse_hsts(field)
        is_grammatical = True
    except HstsError as error:
        is_grammatical = "neither a name nor name=value" not in str(error)
    assert is_grammatical == keeps_to_the_printed_grammar(field)
