"""What is asked and what comes back over HTTP, and where a URL leads."""

import functools
from dataclasses import dataclass
from typing import Final, Protocol, TypedDict
from urllib.parse import quote, urlsplit

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_message import name_text, parse_name

MAX_BODY_BYTES = 5 * 1024 * 1024
"""What is kept of a body: over twice the median page with all that it inlines, and harmless for our memory."""

ACCEPT_ENCODING = "gzip, deflate, br"
"""What browsers offer, without zstd, which our libcurl can't decode."""

_PORTS = {"http": 80, "https": 443}
_URL_SAFE = "%/:=&?~#+!$,;'@()*[]"


class Watcher(Protocol):
    """Sees a response while it comes, as the measurement of a stream needs it. It must not raise."""

    def head(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        """Status and headers of the final response; names in lower case."""

    def body(self, piece: bytes) -> bool:
        """A decoded piece of the body, as it arrives; False hangs up."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        url: http or https, without a user name.
        method: sent as it is.
        headers: sent in order; an empty value is sent empty.
        body: sent as it is; the caller names its Content-Type.
        cookies: the value of a Cookie header.
        max_bytes: how much of the decoded body is kept; the rest is never fetched.
        accept_encoding: what the body may be packed with; None offers nothing and decodes nothing.
        address: ask this address instead of those that DNS gives.
        even_if_challenged: return the page of a bot wall or captive portal instead of raising.
        headers_only: hang up after the headers, so that a stream without end is no wait.
        any_certificate: go on whoever the server says it is; only to see whether it answers strangers.
        watcher: gets the body piece by piece in place of the response, in which none of it is kept.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    cookies: str | None = None
    max_bytes: int = MAX_BODY_BYTES
    accept_encoding: str | None = ACCEPT_ENCODING
    address: str | None = None
    even_if_challenged: bool = False
    headers_only: bool = False
    any_certificate: bool = False
    watcher: Watcher | None = None


class RequestOptions(TypedDict, total=False):
    """Everything about a request but its URL; see `Request`."""

    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    cookies: str | None
    max_bytes: int
    accept_encoding: str | None
    address: str | None
    even_if_challenged: bool
    headers_only: bool
    any_certificate: bool
    watcher: Watcher | None


@dataclass(frozen=True, slots=True)
class Timings:
    """How long things took, in seconds.

    Attributes:
        name_s: asking DNS; about 0 where the answer was known.
        connect_s: the TCP handshake; 0 on a connection that was open.
        tls_s: the TLS handshake; 0 without TLS or on a connection that was open.
        first_byte_s: from the question to DNS to the first byte of the response.
        total_s: from the question to DNS to the last byte that was read.
    """

    name_s: float
    connect_s: float
    tls_s: float
    first_byte_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response, whatever its status.

    Attributes:
        url: as it was asked.
        method: as it was sent.
        status: of the final response; 1xx are passed over.
        headers: (lower-case name, value) in order, one character a byte.
        body: decoded, at most `max_bytes` of it.
        body_size_on_wire_bytes: as it came, packed, as far as it was read.
        truncated: whether we cut the body at `max_bytes`, or hung up after the headers.
        address: the logical address that answered.
        http_version: "1.0", "1.1", "2" or "3".
        timings: see `Timings`.
    """

    url: str
    method: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    body_size_on_wire_bytes: int
    truncated: bool
    address: str
    http_version: str
    timings: Timings

    def values(self, name: str) -> tuple[str, ...]:
        """The values of all headers of one name, in order."""
        return tuple(value for key, value in self.headers if key == name.lower())


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: the URL in ASCII, its scheme, the host as DNS writes it, and the port."""

    url: str
    scheme: str
    host: str
    port: int


URLS_REMEMBERED: Final = 1024
"""URLs that are kept taken apart: an audit of ten hosts asks for some hundred, and reads each several times."""


@functools.lru_cache(maxsize=URLS_REMEMBERED)
def read_url(url: str) -> Target:
    """Take a URL apart as browsers do: percent-encode what is not ASCII, encode the host, drop the fragment.

    Raises:
        NotSeen: UNREADABLE where it is no http or https URL, or names a user; NO_NAME where the host can be none.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotSeen(Why.UNREADABLE, f"{url!r} is no URL: {error}") from None
    if parts.scheme not in _PORTS or not host or "\\" in host:  # DNS undoes escapes: it would be another host's name
        raise NotSeen(Why.UNREADABLE, f"{url!r} is no http or https URL.")
    if parts.username is not None or parts.password is not None:
        raise NotSeen(Why.UNREADABLE, f"A URL on {host} names a user, which browsers no longer accept.")
    if ":" not in host:
        host = name_text(parse_name(host))
    port = _PORTS[parts.scheme] if port is None else port
    authority = (f"[{host}]" if ":" in host else host) + ("" if port == _PORTS[parts.scheme] else f":{port}")
    query = f"?{quote(parts.query, safe=_URL_SAFE)}" if parts.query else ""
    path = quote(parts.path or "/", safe=_URL_SAFE)
    return Target(f"{parts.scheme}://{authority}{path}{query}", parts.scheme, host, port)
