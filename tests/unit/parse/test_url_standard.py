"""Which host a browser goes to; ada (the URL parser of Node.js) is the judge."""

import re
from urllib.parse import urljoin, urlsplit

import ada_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from launchready.parse.url_standard import MAX_REFERENCE_CHARS, host_led_to, in_plain_form

BASE = "https://shop.example/login?next=x"


def by_ada(reference: str, base: str = BASE) -> str | None:
    """The host in ada's reading; None where it is no URL of the web."""
    try:
        url = ada_url.URL(reference, base)
    except ValueError:
        return None
    return url.hostname if url.protocol in {"http:", "https:", "ws:", "wss:", "ftp:"} else None


@pytest.mark.parametrize(
    ("reference", "host"),
    [
        ("https://evil.example/", "evil.example"),
        ("//evil.example", "evil.example"),
        ("///evil.example", "evil.example"),
        ("/\\evil.example", "evil.example"),
        ("\\/evil.example", "evil.example"),
        ("\\\\evil.example", "evil.example"),
        ("/\t/evil.example", "evil.example"),
        ("/\n/evil.example", "evil.example"),
        ("\x01 //evil.example ", "evil.example"),
        ("https:\\\\evil.example", "evil.example"),
        ("https:evil.example", "shop.example"),
        ("https:/evil.example", "shop.example"),
        ("http:evil.example", "evil.example"),
        ("http:/evil.example", "evil.example"),
        ("HTTP:\\evil.example", "evil.example"),
        ("https:///evil.example", "evil.example"),
        ("https://shop.example@evil.example/", "evil.example"),
        ("https://shop.example:443@evil.example/", "evil.example"),
        ("https://evil.example\\@shop.example/", "evil.example"),
        ("https://evil.example#@shop.example/", "evil.example"),
        ("https://a@b@evil.example/", "evil.example"),
        ("https://shop.example.evil.example/", "shop.example.evil.example"),
        ("https://EVIL%2eexample/", "evil.example"),
        ("https://\uff45vil\u3002example/", "evil.example"),
        ("https://b\u00fccher.example/", "xn--bcher-kva.example"),
        ("https://[2001:db8::1]:8443/", "[2001:db8::1]"),
        ("/path?next=https://evil.example/", "shop.example"),
        ("?next=//evil.example/", "shop.example"),
        ("#//evil.example/", "shop.example"),
        ("path", "shop.example"),
        ("", "shop.example"),
        ("/path//evil.example", "shop.example"),
        (".//evil.example", "shop.example"),
        ("mailto:a@evil.example", None),
        ("javascript://evil.example/%0aalert(1)", None),
        ("https://evil.example:99999/", None),
        ("https://evil.example:8o/", None),
        ("https://ev il.example/", None),
        ("https://", None),
        ("https://@/", None),
    ],
)
def test_a_browser_goes_where_the_standard_says(reference: str, host: str | None) -> None:
    assert host_led_to(reference, "https", "shop.example") == host
    assert by_ada(reference) == host


def test_a_reference_beyond_all_measure_leads_nowhere() -> None:
    longest = "/" * MAX_REFERENCE_CHARS
    assert host_led_to(longest[:-1] + "a", "https", "shop.example") == "a"
    assert host_led_to(longest + "a", "https", "shop.example") is None


PIECES = st.sampled_from(
    [
        *"/\\:@?#[]%. \t\n",
        "//",
        "https:",
        "http:",
        "https://",
        "evil.example",
        "shop.example",
        "%2f",
        "%40",
        "%2e",
        "é",
        "x",
        ":80",
        ":443",
        "ftp:",
        "data:",
        "@evil.example",
        "\u3002",
        "\uff0f",
        "\xad",
        "ß",
        "xn--",
        "\x00",
        "-",
    ]
)
REFERENCES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20)
NUMBERS = re.compile(r"(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)\.?$")
"""Hosts that end in a number are IPv4 addresses to browsers; this module leaves them, and IPv6 ones, unchecked."""


@given(REFERENCES, st.sampled_from(["http", "https"]))
@example("https:\\\\evil.example", "https")
@example("//evil.example\\@shop.example", "http")
def test_every_reference_is_read_as_the_judge_reads_it(reference: str, scheme: str) -> None:
    host = host_led_to(reference, scheme, "shop.example")
    judge = by_ada(reference, f"{scheme}://shop.example/login")
    if judge is None:
        assert host is None or "xn--" in host or NUMBERS.search(host) or host.startswith("[")
    elif "xn--" not in judge and not NUMBERS.search(judge) and not judge.startswith("["):
        assert host == judge


@given(st.text(), st.sampled_from(["http", "https"]))
def test_any_text_leads_to_a_host_or_nowhere(text: str, scheme: str) -> None:
    host = host_led_to(text, scheme, "shop.example")
    assert host is None or (host.isascii() and host)


@given(REFERENCES, st.sampled_from(["http", "https"]))
def test_the_plain_form_leads_rfc_3986_to_the_host_that_a_browser_goes_to(reference: str, scheme: str) -> None:
    base = f"{scheme}://shop.example/login"
    judge = by_ada(reference, base)
    if judge is None or not judge.isascii() or "xn--" in judge or NUMBERS.search(judge) or "%" in reference:
        return
    try:
        host = urlsplit(urljoin(base, in_plain_form(reference, scheme))).hostname
    except ValueError:
        return  # refused, where a browser goes on: nothing is judged by it
    assert host is None or not host.isascii() or host == judge
