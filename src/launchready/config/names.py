"""Host names and addresses as people type them, made canonical: lower-case A-labels without a final dot."""

import functools
import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from launchready.config.errors import ValueProblem, shown

MAX_NAME_CHARS = 253
"""Longest host name in characters: 255 octets on the wire less the root and a length octet (RFC 1035 section 2.3.4)."""

MAX_LABEL_CHARS = 63
"""Longest part between two dots, in characters (RFC 1035 section 2.3.4)."""

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_SELECTOR = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LETTERS_DIGITS = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})
"""General categories that an internationalised label may hold (RFC 5892 section 2.1, LetterDigits, in lower case)."""

_EXAMPLE = "Type a name such as app.example.com."
_WEB_PORTS = frozenset({None, 80, 443})


def dns_name(text: str) -> str:
    """A canonical DNS name of two labels or more, which may be a public suffix.

    Raises:
        ValueProblem: it is no such name.
    """
    name = unicodedata.normalize("NFKC", text).replace("\u3002", ".").lower().removesuffix(".")
    if not name:
        raise ValueProblem("is empty", _EXAMPLE)
    if len(name) > MAX_NAME_CHARS:
        raise ValueProblem(f"is longer than {MAX_NAME_CHARS} characters", _EXAMPLE)
    if _is_address(name):
        raise ValueProblem(
            "is an IP address, not a name", "Type the name that customers type, such as app.example.com."
        )
    name = ".".join(_a_label(label) for label in name.split("."))
    if len(name) > MAX_NAME_CHARS:
        raise ValueProblem(f"is longer than {MAX_NAME_CHARS} characters", _EXAMPLE)
    if "." not in name:
        raise ValueProblem(f"{shown(name)} has no dot", "Type a public name such as example.com.")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise ValueProblem("ends in a number, as an IP address does", _EXAMPLE)
    return name


def host_name(text: str) -> str:
    """A canonical name that somebody can own: a registrable domain or a name under one.

    Raises:
        ValueProblem: it is no such name; a URL is answered with the name in it.
    """
    if "/" in text or "@" in text:
        host = _host_in(text)
        step = f"Type the name alone: {host}" if host else _EXAMPLE
        raise ValueProblem("is more than a host name", step)
    name = dns_name(text)
    if _suffixes().privatesuffix(name) is None:
        step = f"Type a name under it, such as yourname.{name}."
        raise ValueProblem(f"{shown(name)} is a public suffix, under which others register names", step)
    return name


def typed_host(text: str) -> str:
    """The canonical host name in what somebody typed or pasted: a name, or the URL of a page.

    Raises:
        ValueProblem: there is no name in it that somebody can own.
    """
    pasted = text.strip()
    if _is_address(pasted) or not ("/" in pasted or ":" in pasted):
        return host_name(pasted)
    try:
        parts = urlsplit(pasted if "//" in pasted else f"//{pasted}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueProblem("is not a host name", _EXAMPLE) from None
    if parts.scheme not in {"", "http", "https"}:
        raise ValueProblem("is not the address of a web page", _EXAMPLE)
    name = host_name(host)
    if port not in _WEB_PORTS:
        raise ValueProblem(f"has port {port}, and only 80 and 443 are looked at", f"Type {name}")
    return name


def registrable(name: str) -> str:
    """The domain that one registers for a host name: a label more than its public suffix.

    Args:
        name: What `host_name` gave.
    """
    domain = _suffixes().privatesuffix(name)
    assert domain is not None, "host_name lets no public suffix pass"
    return domain


def ip_address(text: str) -> str:
    """A canonical IP address without a zone.

    Raises:
        ValueProblem: it is no such address.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        address = None
    if address is None or "%" in text:
        step = 'Write an IPv4 or IPv6 address such as "203.0.113.10"; a name belongs under cname.'
        raise ValueProblem(f"{shown(text)} is not an IP address", step)
    return str(address)


def dkim_selector(text: str) -> str:
    """A canonical DKIM selector: labels between dots (RFC 6376 section 3.1).

    Raises:
        ValueProblem: it is no such selector.
    """
    selector = text.lower()
    if not _SELECTOR.fullmatch(selector) or len(selector) > MAX_NAME_CHARS:
        step = 'Write only what stands before "._domainkey", such as "s1".'
        raise ValueProblem(f"{shown(text)} is not a selector", step)
    return selector


@functools.cache
def _suffixes() -> PublicSuffixList:
    """The list that came with the installed package; read once, in about 40 ms, and only when needed."""
    return PublicSuffixList()


def _a_label(label: str) -> str:
    """One label in the form that DNS knows, for a label in lower case and NFKC (RFC 5890 section 2.3.2.1)."""
    if not label:
        raise ValueProblem("has an empty part between two dots", _EXAMPLE)
    ascii_label = label
    if not label.isascii():
        for character in label:
            if character != "-" and unicodedata.category(character) not in _LETTERS_DIGITS:
                raise ValueProblem(f"holds {shown(character)}, which no host name may hold", _EXAMPLE)
        ascii_label = "xn--" + label.encode("punycode").decode("ascii")
    if len(ascii_label) > MAX_LABEL_CHARS:
        raise ValueProblem(f"has a part that is longer than {MAX_LABEL_CHARS} characters", _EXAMPLE)
    if not _LABEL.fullmatch(ascii_label):
        raise ValueProblem(f"{shown(label)} is not a part of a host name: letters, digits and inner hyphens", _EXAMPLE)
    return ascii_label


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _host_in(text: str) -> str:
    """The name in a URL; empty where there is none."""
    try:
        return typed_host(text) if "//" in text else ""
    except ValueProblem:
        return ""
