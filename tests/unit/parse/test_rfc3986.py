"""URIs in lists: the examples printed in RFC 3986 section 1.1.2, and what a list has to encode."""

import pytest

from launchready.parse.inquiry import MAX_NAME_CHARS, as_a_labels
from launchready.parse.rfc3986 import is_listed_uri


@pytest.mark.parametrize(
    "text",
    [
        "ftp://ftp.is.co.za/rfc/rfc1808.txt",
        "http://www.ietf.org/rfc/rfc2396.txt",
        "ldap://[2001:db8::7]/c=GB?objectClass?one",
        "mailto:John.Doe@example.com",
        "news:comp.infosystems.www.servers.unix",
        "tel:+1-816-555-1212",
        "telnet://192.0.2.16:80/",
        "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
        "foo://example.com:8042/over/there?name=ferret#nose",
        "https://[::1]:8443",
        "mailto:a%2Cb@example.com",
        "x:",
    ],
)
def test_the_printed_uris_are_uris(text: str) -> None:
    assert is_listed_uri(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a@b.com",
        "1x:y",
        "x:a,b",
        "x:a;b",
        "x:a!b",
        "x:a b",
        "x:%zz",
        "x:%4",
        "x:#a#b",
        "x://[::g]/",
        "x://[:::]/",
        "x://[::1]y",
        "x:[",
        "x:\u00e9",
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert not is_listed_uri(text)


def test_a_domain_is_put_into_a_labels_where_it_can_be() -> None:
    assert as_a_labels("B\u00fccher.example.") == "xn--bcher-kva.example"
    assert as_a_labels("Example.com.") == "Example.com"
    for text in ("\u0378.example", "\u00fc" * (MAX_NAME_CHARS + 1), "\u00fc..example"):
        assert as_a_labels(text) == text
