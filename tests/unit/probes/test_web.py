"""How a page's bytes become text."""

import pytest

from launchready.net.http_message import HttpResponse, Timings
from launchready.probes.web import text_of

URL = "https://example.com/"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=iso-8859-1", b"Caf\xe9", "Caf\u00e9"),
        ("text/html", "Caf\u00e9".encode(), "Caf\u00e9"),
        ("TEXT/HTML; charset=nonsense", b"x", "x"),
        ("text/html; charset=idna", b"x", "x"),
        ("text/html; charset=undefined", b"x", "x"),
        ("application/xhtml+xml", b"x", "x"),
        ("text/plain", b"x", ""),
        ("nonsense", b"x", ""),
    ],
)
def test_only_html_is_read_in_whatever_charset_it_claims(kind: str, body: bytes, text: str) -> None:
    headers = (("content-type", kind),)
    answer = HttpResponse(URL, "GET", 200, headers, body, len(body), False, "", "1.1", Timings(0, 0, 0, 0, 0))
    assert text_of(answer) == text
