"""DNS over UDP and TCP on one loopback port: bytes in, bytes out (RFC 1035 section 4.2, RFC 6891)."""

import asyncio
import contextlib
import errno
import socket
import struct
from collections.abc import AsyncIterator, Callable
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype

from launchready_worlds.zone import Reply

Answer = Callable[[dns.name.Name, dns.rdatatype.RdataType], Reply | None]

PLAIN_UDP_BYTES = 512
"""What a client takes over UDP without EDNS (RFC 1035 section 4.2.1)."""
UDP_BYTES_MAX = 1232
"""What we send over UDP at most, whatever the client takes: avoids fragments."""
TCP_BYTES_MAX = 65535
HEADER_BYTES = 12
BIND_ATTEMPTS = 20
"""A free TCP port may be taken for UDP; another one is tried."""


def respond(wire: bytes, answer: Answer, *, recursive: bool, limit: int | None) -> bytes | None:
    """Make the response to one packed query.

    Args:
        wire: The query as received.
        answer: Turns the question into a reply, or None for silence.
        recursive: Whether to claim recursion (RA) and not authority (AA).
        limit: Bytes the transport carries; None for "as EDNS says".

    Returns:
        The packed response, or None for silence.
    """
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return _format_error(wire)
    if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
        return None
    question = query.question[0]
    reply = answer(question.name, question.rdtype)
    if reply is None:
        return None
    response = dns.message.make_response(query, recursion_available=recursive, our_payload=UDP_BYTES_MAX)
    response.set_rcode(reply.rcode)
    if reply.authoritative and not recursive:
        response.flags |= dns.flags.AA
    wants_signatures = query.ednsflags & dns.flags.DO or question.rdtype == dns.rdatatype.RRSIG
    response.answer = [r for r in reply.answer if wants_signatures or r.rdtype != dns.rdatatype.RRSIG]
    response.authority = reply.authority
    response.additional = reply.additional
    if limit is None:
        limit = min(query.payload, UDP_BYTES_MAX) if query.edns >= 0 else PLAIN_UDP_BYTES
    try:
        return response.to_wire(max_size=max(limit, PLAIN_UDP_BYTES))
    except dns.exception.TooBig:
        response.flags |= dns.flags.TC
        response.answer, response.authority, response.additional = [], [], []
        return response.to_wire(max_size=TCP_BYTES_MAX)


def _format_error(wire: bytes) -> bytes | None:
    if len(wire) < HEADER_BYTES:
        return None
    flags = dns.flags.QR | dns.rcode.FORMERR
    return wire[:2] + struct.pack("!HHHHH", flags, 0, 0, 0, 0)


class _Udp(asyncio.DatagramProtocol):
    """Answers each datagram where it came from."""

    def __init__(self, handle: Callable[[bytes, int | None], bytes | None]) -> None:
        self._handle = handle
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        # Not checked by isinstance: Python 3.11's own UDP transport is no DatagramTransport.
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        response = self._handle(data, None)
        if response is not None and self._transport is not None:
            self._transport.sendto(response, addr)


class _Tcp(asyncio.Protocol):
    """Answers each message with a two-byte length before it, in order (RFC 7766)."""

    def __init__(self, handle: Callable[[bytes, int | None], bytes | None], open_ones: set[asyncio.Transport]) -> None:
        self._handle = handle
        self._open_ones = open_ones
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._open_ones.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._transport is not None:
            self._open_ones.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while len(self._received) >= 2:
            end = 2 + int.from_bytes(self._received[:2], "big")
            if len(self._received) < end:
                return
            response = self._handle(self._received[2:end], TCP_BYTES_MAX)
            self._received = self._received[end:]
            if response is not None and self._transport is not None:
                self._transport.write(struct.pack("!H", len(response)) + response)


def _bind(address: str) -> tuple[socket.socket, socket.socket]:
    """A TCP and a UDP socket on the same free port.

    Raises:
        OSError: No port was free for both in the attempts allowed.
    """
    for attempt in range(BIND_ATTEMPTS):
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            tcp.bind((address, 0))
            udp.bind(tcp.getsockname())
        except OSError as error:
            tcp.close()
            udp.close()
            if error.errno != errno.EADDRINUSE or attempt + 1 == BIND_ATTEMPTS:
                raise
        else:
            return tcp, udp
    raise AssertionError("the loop returns or raises")


@contextlib.asynccontextmanager
async def dns_port(address: str, answer: Answer, *, recursive: bool) -> AsyncIterator[int]:
    """Serve DNS on a free port of a loopback address while the context is open; yields the port."""
    loop = asyncio.get_running_loop()
    tcp, udp = _bind(address)
    open_ones: set[asyncio.Transport] = set()

    def handle(wire: bytes, limit: int | None) -> bytes | None:
        return respond(wire, answer, recursive=recursive, limit=limit)

    server = await loop.create_server(lambda: _Tcp(handle, open_ones), sock=tcp)
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(handle), sock=udp)
    try:
        yield int(tcp.getsockname()[1])
    finally:
        transport.close()
        server.close()
        for connection in tuple(open_ones):
            connection.abort()
        await server.wait_closed()
