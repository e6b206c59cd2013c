"""Little real servers on loopback that misbehave on demand."""

import asyncio
import contextlib
import datetime as dt
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import dns.flags
import dns.message
import dns.name
import dns.rrset
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from launchready.model.reading import NotSeen
from launchready.net.network import Network

RESOLVER = "192.0.2.53"

Reply = dns.message.Message | bytes | None
Handler = Callable[[dns.message.Message, str], Reply | list[Reply]]


class DnsServer(asyncio.DatagramProtocol):
    """Answers what its handler says over UDP and TCP; None is silence. It knows the root, unless told otherwise."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.knows_the_root = True
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
        if query.question[0].name == dns.name.root and self.knows_the_root:
            yield answer(query, ". 60 IN NS a.root.example.").to_wire()
            return
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


class Authority:
    """A CA that signs what it is told to, however bad."""

    def __init__(self, name, folder, issuer=None):
        self.folder, self.name, self.issuer = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), issuer
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = (issuer or self).sign(self.name, self.key.public_key(), ca=True)

    @property
    def bundle(self):
        path = self.folder / "ca.pem"
        path.write_bytes(pem(self.certificate))
        return str(path)

    def sign(self, subject, public_key, *, names=(), days=(-1, 30), ca=False, digest=None):
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(
            issuer_name=self.name,
            subject_name=subject,
            public_key=public_key,
            serial_number=x509.random_serial_number(),
            not_valid_before=now + dt.timedelta(days=days[0]),
            not_valid_after=now + dt.timedelta(days=days[1]),
        ).add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        return builder.sign(self.key, digest or hashes.SHA256())

    def server_context(self, *names, key=None, chain=(), self_signed=False, **options):
        """A server that shows a leaf for the names, and the chain after it."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        signer = self
        if self_signed:
            signer = Authority.__new__(Authority)
            signer.name, signer.key = subject, key
        leaf = signer.sign(subject, key.public_key(), names=names, **options)
        path = self.folder / f"{leaf.serial_number:x}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + b"".join(pem(certificate) for certificate in (leaf, *chain)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.load_cert_chain(path)
        return context


def pem(certificate):
    return certificate.public_bytes(Encoding.PEM)


@pytest.fixture
def authority(tmp_path):
    """A root CA; `authority.bundle` is what a client trusts."""
    return Authority("Test Root", tmp_path)


@pytest.fixture
def make_authority(tmp_path):
    """`make_authority(name, issuer=None)`."""
    return lambda name, issuer=None: Authority(name, tmp_path, issuer)


@asynccontextmanager
async def serve_tcp(handler, context=None):
    """Serve `await handler(reader, writer)` and yield the port; what a handler meets when we hang up is its own."""
    open_connections = set()

    async def on_connection(reader, writer):
        open_connections.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await handler(reader, writer)
        open_connections.discard(writer)
        writer.transport.abort()

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for writer in open_connections:
            writer.transport.abort()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)


@pytest.fixture
def tcp_server():
    """`async with tcp_server(handler, context) as port`."""
    return serve_tcp


@pytest.fixture
def why_of():
    """The reason for which a look fails."""

    async def look(awaitable):
        with pytest.raises(NotSeen) as seen:
            await awaitable
        return seen.value.why

    return look


@pytest.fixture
def open_sockets():
    """How many sockets this process holds."""

    def is_socket(path):
        try:
            return str(path.readlink()).startswith("socket:")
        except FileNotFoundError:  # the folder's own
            return False

    def count():
        return sum(map(is_socket, Path("/proc/self/fd").iterdir()))

    return count
