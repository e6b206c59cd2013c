"""Little real servers on loopback that misbehave on demand."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import MappingProxyType

import dns.flags
import dns.message
import dns.rrset
import pytest

from launchready.net.network import Network

RESOLVER = "192.0.2.53"

Reply = dns.message.Message | bytes | None
Handler = Callable[[dns.message.Message, str], Reply | list[Reply]]


class DnsServer(asyncio.DatagramProtocol):
    """Answers what its handler says over UDP and TCP; None is silence."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.asked: list[tuple[str, str]] = []
        self.port = 0

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        for wire in self.replies(data, "udp"):
            self.transport.sendto(wire, addr)

    async def over_tcp(self, reader, writer):
        try:
            (size,) = struct.unpack("!H", await reader.readexactly(2))
            for wire in self.replies(await reader.readexactly(size), "tcp"):
                writer.write(struct.pack("!H", len(wire)) + wire)
            await writer.drain()
        finally:
            writer.close()

    def replies(self, data, transport):
        query = dns.message.from_wire(data)
        self.asked.append((str(query.question[0]), transport))
        reply = self.handler(query, transport)
        for one in reply if isinstance(reply, list) else [reply]:
            if one is not None:
                yield one if isinstance(one, bytes) else one.to_wire()


@asynccontextmanager
async def serve_dns(handler: Handler) -> AsyncIterator[DnsServer]:
    loop = asyncio.get_running_loop()
    server = DnsServer(handler)
    tcp = await asyncio.start_server(server.over_tcp, "127.0.0.1", 0)
    server.port = tcp.sockets[0].getsockname()[1]
    udp, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", server.port))
    try:
        yield server
    finally:
        udp.close()
        tcp.close()
        await tcp.wait_closed()


def answer(query, *records, rcode=0, authority=(), authoritative=False, truncated=False):
    """A reply with records such as "example.com. 60 IN A 192.0.2.1"."""
    reply = dns.message.make_response(query)
    reply.set_rcode(rcode)
    if authoritative:
        reply.flags |= dns.flags.AA
    if truncated:
        reply.flags |= dns.flags.TC
    for section, texts in ((reply.answer, records), (reply.authority, authority)):
        for text in texts:
            name, ttl, rdclass, rdtype, rdata = text.split(" ", 4)
            section.append(dns.rrset.from_text(name, int(ttl), rdclass, rdtype, rdata))
    return reply


@pytest.fixture
def dns_server():
    """`async with dns_server(handler) as server`."""
    return serve_dns


@pytest.fixture
def dns_answer():
    """Make a reply from record texts."""
    return answer


@pytest.fixture
def network_to():
    """A network whose logical endpoints are the given real ports on loopback."""

    def make(resolver=None, connect=None, **options):
        ways = {(ip, port): ("127.0.0.1", to) for (ip, port), to in (connect or {}).items()}
        if resolver is not None:
            ways[RESOLVER, 53] = ("127.0.0.1", resolver)
        return Network((RESOLVER,), connect=MappingProxyType(ways), loopback_only=True, **options)

    return make
