"""One question to one DNS server, over UDP and, where the reply does not fit, over TCP."""

import asyncio
import struct
from collections.abc import Sequence

import dns.flags
import dns.message

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_message import CODEC_ERRORS
from launchready.net.network import Endpoint
from launchready.net.socket_errors import socket_failure

RETRANSMIT_WAITS_S = (0.6, 0.9, 1.5)
"""How long each copy of a question waits for its reply: it is sent at 0, 0.6 and 1.5 s, and given up at 3 s.

A resolver that answers at all does so within 0.6 s nearly always; the second copy is for a lost packet.
"""


class NoReply(NotSeen):
    """The server gave no reply at all; another one may be asked."""


async def exchange(
    query: dns.message.Message, server: str, endpoint: Endpoint, waits_s: Sequence[float]
) -> dns.message.Message:
    """Send a question and return the reply to it.

    Args:
        query: the question.
        server: the logical address, for the sentence of a failure.
        endpoint: where to really send it.
        waits_s: seconds to wait after each copy.

    Raises:
        NoReply: TIMED_OUT, REFUSED or OWN_NETWORK.
        NotSeen: UNREADABLE, where bytes came that are no reply.
    """
    try:
        reply = await _over_udp(query, endpoint, waits_s)
        if reply.flags & dns.flags.TC:
            async with asyncio.timeout(sum(waits_s)):
                reply = await _over_tcp(query, endpoint)
    except TimeoutError:
        raise NoReply(Why.TIMED_OUT, f"The DNS server {server} did not answer.") from None
    except CODEC_ERRORS as error:
        detail = f"The DNS server {server} sent bytes that are no reply ({type(error).__name__})."
        raise NotSeen(Why.UNREADABLE, detail) from None
    except asyncio.IncompleteReadError:
        raise NoReply(Why.REFUSED, f"The DNS server {server} closed its TCP connection without a reply.") from None
    except OSError as error:
        failure = socket_failure(error, f"The DNS server {server}")
        raise NoReply(failure.why, failure.detail) from None
    return reply


class _Replies(asyncio.DatagramProtocol):
    """Takes the first datagram that replies to the question. Others are strangers' and are passed over."""

    def __init__(self, query: dns.message.Message) -> None:
        self._query = query
        self.reply: asyncio.Future[dns.message.Message | Exception] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        """Read a datagram; one with our id that can't be read ends the wait, since only the server knows the id."""
        if data[:2] != struct.pack("!H", self._query.id):
            return
        try:
            message = dns.message.from_wire(data)
        except CODEC_ERRORS as error:
            self._settle(error)
            return
        if self._query.is_response(message):
            self._settle(message)

    def error_received(self, error: Exception) -> None:
        """The operating system reports a refusal or a missing route."""
        self._settle(error)

    def _settle(self, outcome: dns.message.Message | Exception) -> None:
        if not self.reply.done():
            self.reply.set_result(outcome)


async def _over_udp(query: dns.message.Message, endpoint: Endpoint, waits_s: Sequence[float]) -> dns.message.Message:
    """Ask through a socket of its own, whose random port a forger would have to guess along with the id."""
    loop = asyncio.get_running_loop()
    transport, replies = await loop.create_datagram_endpoint(lambda: _Replies(query), remote_addr=endpoint)
    try:
        wire = query.to_wire()
        for wait_s in waits_s:
            transport.sendto(wire)
            await asyncio.wait([replies.reply], timeout=wait_s)
            if replies.reply.done():
                return _message(replies.reply.result())
    finally:
        transport.abort()
    raise TimeoutError


def _message(outcome: dns.message.Message | Exception) -> dns.message.Message:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def _over_tcp(query: dns.message.Message, endpoint: Endpoint) -> dns.message.Message:
    """Ask over a connection of its own (RFC 7766)."""
    reader, writer = await asyncio.open_connection(*endpoint)
    try:
        wire = query.to_wire()
        writer.write(struct.pack("!H", len(wire)) + wire)
        (size,) = struct.unpack("!H", await reader.readexactly(2))
        reply = dns.message.from_wire(await reader.readexactly(size))
    finally:
        writer.transport.abort()
    if not query.is_response(reply):
        raise ValueError("another question's reply")
    return reply
