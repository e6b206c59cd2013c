"""A very small internet on loopback: a resolver, name servers, and web servers with a page for each URL."""

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.network import Network
from launchready.net.tls_client import TlsClient
from launchready.probes.visits import FirstVisits

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
RESOLVER = "192.0.2.53"
WEB = "203.0.113.10"
NAMES = ("example.com", "*.example.com", "*.vendor.example", "api.cal.com", "calendly.com")
WAITS_S = (0.1,)  # how long a silent name server is waited for


@dataclass
class Page:
    """What a web server answers."""

    status: int = 200
    body: bytes = b"<!doctype html><title>Shop</title>"
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/html"),)


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Records by name and type, and a mood."""

    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    delegates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failing: set[tuple[str, str]] = field(default_factory=set)
    authoritative: bool = True
    refuses: bool = False
    silent: bool = False

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if not self.silent:
            self.transport.sendto(self.reply(dns.message.from_wire(data)).to_wire(), addr)

    def reply(self, query):
        reply = dns.message.make_response(query)
        name, rtype = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
        if self.refuses or (str(name).rstrip("."), rtype) in self.failing:
            reply.set_rcode(dns.rcode.REFUSED if self.refuses else dns.rcode.SERVFAIL)
            return reply
        if name == dns.name.root:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "NS", "a.root.example."))
            return reply
        self.fill(reply, str(name).rstrip(".").lower(), rtype)
        return reply

    def fill(self, reply, name, rtype):
        if name in self.delegates:
            reply.authority.append(rrset(name, "NS", self.delegates[name]))
            return
        reply.flags |= dns.flags.AA if self.authoritative else 0
        while (name, rtype) not in self.records and (name, "CNAME") in self.records:
            reply.answer.append(rrset(name, "CNAME", self.records[name, "CNAME"]))
            name = self.records[name, "CNAME"][0].rstrip(".")
        if (name, rtype) in self.records:
            reply.answer.append(rrset(name, rtype, self.records[name, rtype]))
            return
        reply.authority.append(rrset("example.com", "SOA", ("ns.example. root.example. 1 7200 900 1209600 300",)))
        if not reply.answer and not any(known == name or known.endswith(f".{name}") for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)


def rrset(name, rtype, texts):
    return dns.rrset.from_text_list(f"{name}.", 60, "IN", rtype, list(texts))


class Internet:
    """What a test edits, and the clients that look at it.

    Attributes:
        records: what the resolver knows.
        servers: the authoritative servers by address.
        pages: what is served by URL; without one of its own, a URL has the page of the same URL without a query.
        asked: every URL that was asked for over HTTP, in order.
    """

    def __init__(self) -> None:
        self.resolver = NameServer(authoritative=False)
        self.records = self.resolver.records
        self.servers = {address: NameServer() for address in ("203.0.113.1", "203.0.113.2", "203.0.113.61")}
        self.pages: dict[str, Page | Callable[[dict[str, str]], Page]] = {}
        self.asked: list[str] = []
        self.dns: DnsClient
        self.http: HttpClient
        self.tls: TlsClient
        for host in ("example.com", "www.example.com", "app.example.com", "book.vendor.example"):
            self.records[host, "A"] = (WEB,)

    @property
    def visits(self) -> FirstVisits:
        """As at the beginning of an audit: no page was visited yet."""
        return FirstVisits(self.http, Clock(lambda: NOW, lambda: 0.0))

    def texts(self, name: str, *texts: str) -> None:
        """Publish TXT records."""
        self.records[name, "TXT"] = tuple(f'"{text}"' for text in texts)

    def show(self, url: str, body: bytes = Page.body, status: int = 200, **headers: str) -> None:
        """Serve a page; a header's name has "_" for each hyphen."""
        named = {"content_type": "text/html"} | headers
        self.pages[url] = Page(status, body, tuple((name.replace("_", "-"), value) for name, value in named.items()))

    def redirect(self, url: str, location: str, status: int = 301, **headers: str) -> None:
        """Send visitors of a URL elsewhere."""
        self.show(url, b"", status, location=location, **headers)

    async def serve(self, reader, writer, scheme):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        url = f"{scheme}://{headers['host']}{head[0].split()[1]}"
        self.asked.append(url)
        page = self.pages.get(url) or self.pages.get(url.partition("?")[0]) or Page(404)
        page = page if isinstance(page, Page) else page(headers)
        lines = [f"HTTP/1.1 {page.status} -", "connection: close", f"content-length: {len(page.body)}"]
        lines += [f"{name}: {value}" for name, value in page.headers]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + page.body)
        await writer.drain()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-made authority: its file, and a server's context for NAMES."""
    folder = tmp_path_factory.mktemp("tls")
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = sign("Root", "Root", root_key.public_key(), root_key, is_ca=True)
    leaf = sign("Root", "leaf", leaf_key.public_key(), root_key, is_ca=False)
    private = leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "leaf.pem").write_bytes(private + leaf.public_bytes(Encoding.PEM))
    (folder / "ca.pem").write_bytes(root.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    return folder / "ca.pem", context


def sign(issuer, subject, public_key, key, *, is_ca):
    now = dt.datetime.now(dt.UTC)
    issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (issuer, subject))
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in NAMES])
    return (
        x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )


@asynccontextmanager
async def listening(internet, scheme, context=None):
    async def handle(reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await internet.serve(reader, writer, scheme)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[:2]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def answering(name_server):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: name_server, local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")
    finally:
        transport.close()


@pytest.fixture
async def internet(certificate) -> AsyncIterator[Internet]:
    """An internet, and the clients of one audit."""
    bundle, context = certificate
    one = Internet()
    async with AsyncExitStack() as stack:
        ways = {
            (RESOLVER, 53): await stack.enter_async_context(answering(one.resolver)),
            (WEB, 80): await stack.enter_async_context(listening(one, "http")),
            (WEB, 443): await stack.enter_async_context(listening(one, "https", context)),
        }
        for address, server in one.servers.items():
            ways[address, 53] = await stack.enter_async_context(answering(server))
        network = Network((RESOLVER,), str(bundle), connect=MappingProxyType(ways), loopback_only=True)
        one.dns, one.tls = DnsClient(network, WAITS_S), TlsClient(network)
        one.http = await stack.enter_async_context(HttpClient(network, one.dns))
        yield one


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock(lambda: NOW, lambda: 0.0)
