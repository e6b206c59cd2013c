"""Which host a browser goes to when it meets a URL, by the URL Standard (https://url.spec.whatwg.org/).

Browsers read a Location differently from RFC 3986: a backslash is a slash, tabs and line breaks fall out, and any
number of slashes begins a host. Who checks an address by other rules than the browser that follows it is deceived.
"""

import re
from typing import Final
from urllib.parse import unquote

import idna

MAX_REFERENCE_CHARS: Final = 8_192
"""Longer ones lead nowhere: no server sends them, and common browsers and proxies cut them off."""

_SPECIAL: Final = frozenset({"http", "https", "ws", "wss", "ftp"})
"""The special schemes with hosts (section 4.2)."""

_C0_AND_SPACE: Final = "".join(map(chr, range(0x21)))
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(.*)", re.DOTALL)
_AUTHORITY_END: Final = re.compile(r"[/\\?#]")
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")
"""Forbidden domain code points (section 3.1)."""

MAX_PORT: Final = 65_535


def in_plain_form(reference: str, base_scheme: str) -> str:
    """A reference written so that RFC 3986 reads it as browsers read the original.

    Args:
        reference: as it stands in a Location or a page.
        base_scheme: "http" or "https", of the page that it stands on.
    """
    text = _cleaned(reference)
    match = _SCHEME.fullmatch(text)
    scheme, rest = (match[1].lower(), match[2]) if match else ("", text)
    if scheme and scheme not in _SPECIAL:
        return text
    end = next((at for at, letter in enumerate(rest) if letter in "?#"), len(rest))
    head, tail = rest[:end].replace("\\", "/"), rest[end:]
    if scheme and (scheme != base_scheme or head.startswith("//")):
        return f"{scheme}://{head.lstrip('/')}{tail}"
    return (f"//{head.lstrip('/')}" if head.startswith("//") else head) + tail


def host_led_to(reference: str, base_scheme: str, base_host: str) -> str | None:
    """The host that a reference on a page of the web leads to, as a browser reads it (section 4.4).

    Args:
        reference: a URL, absolute or not, such as the value of a Location.
        base_scheme: "http" or "https", of the page that it stands on.
        base_host: that page's host, which a relative reference stays on.

    Returns:
        The host in lower case and ASCII, an IPv6 address in its brackets, an IPv4 address as it is written; None where
        it leads to no web server (mailto:, javascript:) or is no URL.
    """
    if len(reference) > MAX_REFERENCE_CHARS:
        return None
    text = _cleaned(reference)
    match = _SCHEME.fullmatch(text)
    if match is None:
        return _relative(text, base_host)
    scheme, rest = match[1].lower(), match[2]
    if scheme not in _SPECIAL:
        return None
    if scheme == base_scheme and not rest.startswith("//"):
        return _relative(rest, base_host)
    return _host_of_authority(rest)


def _cleaned(reference: str) -> str:
    """Without control characters and spaces around it, and without tabs and line breaks anywhere (section 4.4)."""
    return reference.strip(_C0_AND_SPACE).translate({9: None, 10: None, 13: None})


def _relative(text: str, base_host: str) -> str | None:
    """Two slashes of either kind begin a host; all else stays ("relative state")."""
    return _host_of_authority(text) if text[:1] in {"/", "\\"} and text[1:2] in {"/", "\\"} else base_host


def _host_of_authority(text: str) -> str | None:
    """Any number of slashes, then the user's name, host and port ("special authority ignore slashes state")."""
    authority = _AUTHORITY_END.split(text.lstrip("/\\"), maxsplit=1)[0]
    host_and_port = authority.rpartition("@")[2]
    if host_and_port.startswith("["):
        address, bracket, port = host_and_port.partition("]")
        return f"{address}]".lower() if bracket and re.fullmatch(r"(:[0-9]*)?", port) else None
    host, colon, port = host_and_port.partition(":")
    if colon and port and (not port.isascii() or not port.isdigit() or int(port[:6]) > MAX_PORT):
        return None
    return _domain_to_ascii(unquote(host, errors="replace"))


def _domain_to_ascii(domain: str) -> str | None:
    """The domain as DNS is asked for it (section 3.3, "domain to ASCII", not strict)."""
    if not domain.isascii():
        try:
            mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
            domain = ".".join(_label_to_ascii(label) for label in mapped.split("."))
        except (idna.IDNAError, UnicodeError):
            return None
    return domain.lower() if domain and not _FORBIDDEN.search(domain) else None


def _label_to_ascii(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
