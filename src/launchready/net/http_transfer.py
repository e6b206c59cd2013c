"""One HTTP request on one connection to one address, by libcurl."""

import asyncio
import contextlib
import errno

import pycurl

from launchready import __version__
from launchready.model.reading import NotSeen, Why
from launchready.net.http_message import HttpResponse, Request, Target, Timings, Watcher
from launchready.net.network import Endpoint

USER_AGENT = f"launchready/{__version__}"
"""We say who we are."""

MAX_HEADER_BYTES = 256 * 1024
"""Where Chrome gives up, too; nginx and Apache send a fraction of it."""

_NO_TIME_OUT_MS = 24 * 3600 * 1000
"""libcurl's own limit on connecting, set out of reach: the engine ends a look."""

_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl has no name for: libcurl's own limit on one header line, about 100 KB."""

_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
_VERSIONS = {1: "1.0", 2: "1.1", 3: "2", 30: "3"}

_WHY = {
    pycurl.E_PEER_FAILED_VERIFICATION: Why.CERTIFICATE,
    pycurl.E_SSL_CACERT_BADFILE: Why.NOT_INSTALLED,
    pycurl.E_COULDNT_CONNECT: Why.REFUSED,
    pycurl.E_RECV_ERROR: Why.REFUSED,
    pycurl.E_SEND_ERROR: Why.REFUSED,
    pycurl.E_SSL_CONNECT_ERROR: Why.UNREADABLE,
    pycurl.E_OPERATION_TIMEDOUT: Why.TIMED_OUT,
    _TOO_LARGE: Why.TOO_LARGE,
}
_OWN_ERRORS = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM})


class CannotConnect(NotSeen):
    """No connection came about; another address of the host may do better."""


class _Receiver:
    """Keeps the last block of headers, and the body up to a limit; or hands them to a watcher as they come."""

    def __init__(self, max_bytes: int, *, headers_only: bool = False, watcher: Watcher | None = None) -> None:
        self._watcher = watcher
        self._status = 0
        self._max_bytes = max_bytes
        self._headers_only = headers_only
        self._is_interim = False
        self._header_bytes = 0
        self._block_is_open = False
        self._body = bytearray()
        self.headers: list[tuple[str, str]] = []
        self.headers_too_large = False
        self.truncated = False

    @property
    def body(self) -> bytes:
        return bytes(self._body)

    def take_header(self, line: bytes) -> int:
        """Called with each line; another length than the line's ends the transfer."""
        self._header_bytes += len(line)
        if self._header_bytes > MAX_HEADER_BYTES:
            self.headers_too_large = True
            return -1
        if line.startswith(b"HTTP/") and not self._block_is_open:
            self._block_is_open = True
            self._status = _status_in(line)
            self._is_interim = 100 <= self._status < 200
            self.headers.clear()  # an interim response (103) came before
        elif line in {b"\r\n", b"\n"}:
            self._block_is_open = False
            if self._watcher is not None and not self._is_interim:
                self._watcher.head(self._status, tuple(self.headers))
            if self._headers_only and not self._is_interim:
                self.truncated = True
                return -1
        elif self._block_is_open:  # what comes later is a trailer
            name, _, value = line.decode("latin-1").partition(":")
            self.headers.append((name.strip().lower(), value.strip(" \t\r\n")))
        return len(line)

    def take_body(self, data: bytes) -> int:
        """Called with each decoded piece; another length than the piece's ends the transfer."""
        if self._watcher is not None:
            self.truncated = not self._watcher.body(data)
            return -1 if self.truncated else len(data)
        room = self._max_bytes - len(self._body)
        self._body += data[:room]
        if len(data) > room:
            self.truncated = True
            return -1
        return len(data)


def _status_in(line: bytes) -> int:
    """The number in a status line; 0 where there is none."""
    digits = line.partition(b" ")[2][:3]
    return int(digits) if len(digits) == 3 and digits.isdigit() else 0


async def transfer(
    multi: pycurl.AsyncCurlMulti,
    request: Request,
    target: Target,
    *,
    address: str,
    endpoint: Endpoint,
    ca_file: str,
    name_s: float,
) -> HttpResponse:
    """Send a request and read the response.

    Args:
        multi: what drives the connection, keeps it open, and takes an open one where there is one.
        request: what to send.
        target: where its URL leads.
        address: the logical address.
        endpoint: where to really connect.
        ca_file: the PEM file of the trusted CAs.
        name_s: how long DNS took, for the timings.

    Raises:
        CannotConnect: REFUSED, OWN_NETWORK.
        NotSeen: CERTIFICATE, REFUSED, TOO_LARGE, UNREADABLE, NOT_INSTALLED or TIMED_OUT.
    """
    receiver = _Receiver(request.max_bytes, headers_only=request.headers_only, watcher=request.watcher)
    curl = pycurl.Curl()
    try:
        _set_way(curl, target, endpoint, ca_file, any_certificate=request.any_certificate)
        _set_request(curl, request)
        curl.setopt(pycurl.HEADERFUNCTION, receiver.take_header)
        curl.setopt(pycurl.WRITEFUNCTION, receiver.take_body)
        error = await _perform(multi, curl)
        if error is not None and not receiver.truncated:
            raise _failure(error, curl, receiver, f"{target.host} on {address} port {target.port}")
        return _response(curl, receiver, request, address, name_s)
    finally:
        curl.close()


def _set_way(curl: pycurl.Curl, target: Target, endpoint: Endpoint, ca_file: str, *, any_certificate: bool) -> None:
    """Connect to the endpoint and nowhere else: no redirect, no proxy of the environment, no other protocol."""
    ip, port = endpoint
    curl.setopt(pycurl.URL, target.url)
    # An empty host and port match whatever libcurl reads in the URL, so that it never looks up a name.
    curl.setopt(pycurl.CONNECT_TO, [f"::{f'[{ip}]' if ':' in ip else ip}:{port}"])
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.PATH_AS_IS, 1)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, _NO_TIME_OUT_MS)
    curl.setopt(pycurl.CAINFO, ca_file)
    curl.setopt(pycurl.SSL_VERIFYPEER, 0 if any_certificate else 1)
    curl.setopt(pycurl.SSL_VERIFYHOST, 0 if any_certificate else 2)


def _set_request(curl: pycurl.Curl, request: Request) -> None:
    curl.setopt(pycurl.USERAGENT, USER_AGENT)
    if request.accept_encoding is not None:
        curl.setopt(pycurl.ACCEPT_ENCODING, request.accept_encoding)
    if request.cookies is not None:
        curl.setopt(pycurl.COOKIE, request.cookies)
    body = b"" if request.body is None and request.method in _BODY_METHODS else request.body
    if body is not None:
        curl.setopt(pycurl.POSTFIELDS, body)
    if request.method == "HEAD":
        curl.setopt(pycurl.NOBODY, 1)
    else:
        curl.setopt(pycurl.CUSTOMREQUEST, request.method)
    curl.setopt(pycurl.HTTPHEADER, _header_lines(request))


def _header_lines(request: Request) -> list[bytes]:
    """The caller's headers, and without libcurl's own ideas of an Expect and a Content-Type."""
    names = {name.lower() for name, _ in request.headers}
    lines = [f"{name}: {value}" if value else f"{name};" for name, value in request.headers]
    lines += [f"{name}:" for name in ("Expect", "Content-Type") if name.lower() not in names]
    if any(character in line for line in (*lines, request.method, request.cookies or "") for character in "\r\n\0"):
        raise NotSeen(Why.UNREADABLE, "A header to send has a line break in it.")
    try:
        return [line.encode("latin-1") for line in lines]
    except UnicodeEncodeError:
        raise NotSeen(Why.UNREADABLE, "A header to send has a character that HTTP does not carry.") from None


async def _perform(multi: pycurl.AsyncCurlMulti, curl: pycurl.Curl) -> pycurl.error | None:
    try:
        await multi.perform(curl)
    except pycurl.error as error:
        return error
    except asyncio.CancelledError:
        with contextlib.suppress(RuntimeError):  # it had just ended, or the client is closed
            multi.remove_handle(curl)
        raise
    return None


def _failure(error: pycurl.error, curl: pycurl.Curl, receiver: _Receiver, where: str) -> NotSeen:
    if receiver.headers_too_large:
        return NotSeen(Why.TOO_LARGE, f"{where} sent more than {MAX_HEADER_BYTES // 1024} KiB of headers.")
    code, number = int(error.args[0]), curl.getinfo(pycurl.OS_ERRNO)
    words = str(error.args[-1]) or pycurl.easy_strerror(code)
    detail = f"{where}: {''.join(c if c.isprintable() else '?' for c in words).rstrip('.')}."
    if code == pycurl.E_RECV_ERROR and not number:  # the bytes came, and are no HTTP
        return NotSeen(Why.UNREADABLE, detail)
    if code != pycurl.E_COULDNT_CONNECT:
        return NotSeen(_WHY.get(code, Why.UNREADABLE), detail)
    why = Why.OWN_NETWORK if number in _OWN_ERRORS else Why.TIMED_OUT if number == errno.ETIMEDOUT else Why.REFUSED
    return CannotConnect(why, f"{where}: no connection ({errno.errorcode.get(number, 'refused')}).")


def _response(curl: pycurl.Curl, receiver: _Receiver, request: Request, address: str, name_s: float) -> HttpResponse:
    named, connected = curl.getinfo(pycurl.NAMELOOKUP_TIME), curl.getinfo(pycurl.CONNECT_TIME)
    return HttpResponse(
        url=request.url,
        method=request.method,
        status=curl.getinfo(pycurl.RESPONSE_CODE),
        headers=tuple(receiver.headers),
        body=receiver.body,
        body_size_on_wire_bytes=curl.getinfo(pycurl.SIZE_DOWNLOAD_T),
        truncated=receiver.truncated,
        address=address,
        http_version=_VERSIONS.get(curl.getinfo(pycurl.INFO_HTTP_VERSION), "?"),
        timings=Timings(
            name_s=name_s,
            connect_s=max(0.0, connected - named),
            tls_s=max(0.0, curl.getinfo(pycurl.APPCONNECT_TIME) - connected),
            first_byte_s=name_s + curl.getinfo(pycurl.STARTTRANSFER_TIME),
            total_s=name_s + curl.getinfo(pycurl.TOTAL_TIME),
        ),
    )
