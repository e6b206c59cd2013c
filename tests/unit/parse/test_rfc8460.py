"""TLS reporting: the records printed in RFC 8460 section 3, and every rule from both sides."""

import pytest

from launchready.parse.rfc8460 import MAX_RECORD_CHARS, TlsRpt, TlsRptError, is_tls_rpt, parse_tls_rpt


def test_the_printed_records_are_read() -> None:
    mail = parse_tls_rpt("v=TLSRPTv1;rua=mailto:reports@example.com")
    assert mail == TlsRpt(("mailto:reports@example.com",), (), ())
    web = parse_tls_rpt("v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt")
    assert web.uris == ("https://reporting.example.com/v1/tlsrpt",)


def test_several_places_are_read_in_one_field_and_in_several() -> None:
    seen = parse_tls_rpt("v=TLSRPTv1; rua=mailto:a@b.com , tag:x,https://c.example/?d; ext=1; rua=MAILTO:e@f.com;")
    assert seen.uris == ("mailto:a@b.com", "https://c.example/?d", "MAILTO:e@f.com")
    assert (seen.ignored, seen.unknown) == (("tag:x",), ("ext",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=TLSRPTv1",
        "v=TLSRPTv1;",
        "v=TLSRPTv2; rua=mailto:a@b.com",
        "V=TLSRPTv1; rua=mailto:a@b.com",
        "v=TLSRPTv1; RUA=mailto:a@b.com",
        "v=TLSRPTv1; rua= mailto:a@b.com",
        "v=TLSRPTv1; rua=",
        "v=TLSRPTv1; rua=a@b.com",
        "v=TLSRPTv1; rua=mailto:a",
        "v=TLSRPTv1; rua=mailto:@b.com",
        "v=TLSRPTv1; rua=https:///x",
        "v=TLSRPTv1; rua=mailto:a@b.com!10m",
        "v=TLSRPTv1; rua=mailto:a@b.com,",
        "v=TLSRPTv1; rua=mailto:a@b.com mailto:c@d.com",
        "v=TLSRPTv1; rua=tag:x",
        "v=TLSRPTv1; rua=mailto:a@b.com; x",
        "v=TLSRPTv1; rua=mailto:a@b.com; x=a=b",
        "v=TLSRPTv1; rua=mailto:a@b.com;" + " " * MAX_RECORD_CHARS,
    ],
)
def test_records_outside_the_grammar_are_refused(text: str) -> None:
    with pytest.raises(TlsRptError):
        parse_tls_rpt(text)


def test_a_record_counts_when_it_begins_with_its_version() -> None:
    assert is_tls_rpt("v=TLSRPTv1; nonsense")
    assert not any(is_tls_rpt(text) for text in ("v=TLSRPTv1", "v=TLSRPTv11;", "v=tlsrptv1;"))
