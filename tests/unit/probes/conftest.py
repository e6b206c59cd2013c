"""A little internet on loopback for the probes of the outside areas: what it says is data that a test writes."""

import asyncio
import contextlib
import datetime as dt
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
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

RESOLVER, WEB, BAD_TLS, CLOSED = "192.0.2.53", "192.0.2.1", "192.0.2.2", "192.0.2.3"
NAME_SERVERS = ("192.0.2.101", "192.0.2.102", "192.0.2.103")
HOSTS = ("example.com", "www.example.com", "app.example.com", "book.example", "other.example")
NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
WAITS_S = (1.0,)  # so long is a silent server waited for; a busy machine answers itself within it


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """One DNS server: records by name and type, as texts. A name that has none at all does not exist."""

    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    delegations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    authoritative: bool = False
    silent: bool = False
    refuses: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        query = dns.message.from_wire(data)
        (question,) = query.question
        name, rtype = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, rtype))
        if not self.silent:
            self.transport.sendto(self._reply(query, name, rtype).to_wire(), addr)

    def _reply(self, query, name, rtype):
        reply = dns.message.make_response(query)
        if self.refuses:
            reply.set_rcode(dns.rcode.REFUSED)
            return reply
        if self.authoritative:
            reply.flags |= dns.flags.AA
        if name in self.delegations:
            reply.authority.append(dns.rrset.from_text(f"{name}.", 60, "IN", "NS", *self.delegations[name]))
            return reply
        owner = name
        while (owner, "CNAME") in self.records:
            reply.answer.append(dns.rrset.from_text(f"{owner}.", 60, "IN", "CNAME", *self.records[owner, "CNAME"]))
            owner = self.records[owner, "CNAME"][0].rstrip(".")
        texts = self.records.get((owner, rtype))
        if texts:
            reply.answer.append(dns.rrset.from_text(dns.name.from_text(owner), 60, "IN", rtype, *texts))
        elif all(owner != known for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply


@dataclass(frozen=True)
class Page:
    """What a URL answers."""

    body: bytes = b""
    status: int = 200
    headers: tuple[str, ...] = ("Content-Type: text/html",)


def to(location: str, *headers: str, status: int = 301) -> Page:
    return Page(status=status, headers=(f"Location: {location}", *headers))


class Internet:
    """Names, pages and the clients that look at them. `requests` are method and URL of everything that was asked."""

    def __init__(self, folder: Path) -> None:
        self.resolver = NameServer({(".", "NS"): ("a.root.example.",)})
        self.servers = {address: NameServer(authoritative=True) for address in NAME_SERVERS}
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self._folder = folder
        self._writers: set[asyncio.StreamWriter] = set()
        for host in HOSTS:
            self.resolver.records[host, "A"] = (WEB,)

    def say(self, name: str, rtype: str, *texts: str) -> None:
        """Let the resolver know records."""
        self.resolver.records[name, rtype] = texts

    def show(self, url: str, text: str = "", status: int = 200, *headers: str) -> None:
        """Let a URL, with any query, answer with HTML."""
        self.pages[url] = Page(text.encode(), status, headers or ("Content-Type: text/html",))

    @contextlib.asynccontextmanager
    async def running(self):
        good, bad, bundle = certificates(self._folder)
        loop = asyncio.get_running_loop()
        async with contextlib.AsyncExitStack() as stack:
            connect = {(CLOSED, 80): ("127.0.0.1", 1), (CLOSED, 443): ("127.0.0.1", 1)}
            for address, port, context in ((WEB, 80, None), (WEB, 443, good), (BAD_TLS, 443, bad)):
                server = await asyncio.start_server(
                    self._handler("https" if context else "http"), "127.0.0.1", 0, ssl=context
                )
                stack.push_async_callback(self._close, server)
                connect[address, port] = server.sockets[0].getsockname()
            for address, name_server in ((RESOLVER, self.resolver), *self.servers.items()):
                udp, _ = await loop.create_datagram_endpoint(lambda one=name_server: one, local_addr=("127.0.0.1", 0))
                stack.callback(udp.close)
                connect[address, 53] = udp.get_extra_info("sockname")
            network = Network((RESOLVER,), bundle, connect=MappingProxyType(connect), loopback_only=True)
            self.dns, self.tls = DnsClient(network, WAITS_S), TlsClient(network)
            self.http = await stack.enter_async_context(HttpClient(network, self.dns))
            self.clock = Clock(now=lambda: NOW, tick=loop.time)
            yield self

    def _handler(self, scheme):
        async def on_connection(reader, writer):
            self._writers.add(writer)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._answer(scheme, reader, writer)
            self._writers.discard(writer)
            writer.transport.abort()

        return on_connection

    async def _answer(self, scheme, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        url = f"{scheme}://{headers['host']}{target}"
        self.requests.append(f"{method} {url}")
        page = self.pages.get(url) or self.pages.get(url.partition("?")[0]) or Page(status=404)
        if "cookie" in headers:
            page = self.pages.get(f"{url} with {headers['cookie']}", page)
        lines = (f"HTTP/1.1 {page.status} X", f"Content-Length: {len(page.body)}", "Connection: close", *page.headers)
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode() + page.body)
        await writer.drain()
        writer.write_eof() if writer.can_write_eof() else writer.close()
        await writer.wait_closed()

    async def _close(self, server):
        for writer in self._writers:
            writer.transport.abort()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)


def certificates(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext, str]:
    """A server that is trusted for all hosts, one that signed its own certificate, and the file of the CA."""
    ca, ca_key = certificate("Test Root")
    bundle = folder / "ca.pem"
    bundle.write_bytes(ca.public_bytes(Encoding.PEM))
    contexts = []
    for name, issuer in (("good", (ca, ca_key)), ("bad", None)):
        leaf, key = certificate(name, HOSTS, issuer)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / name).write_bytes(private + leaf.public_bytes(Encoding.PEM))
        contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        contexts[-1].load_cert_chain(folder / name)
    return contexts[0], contexts[1], str(bundle)


def certificate(name, hosts=(), issuer=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), dt.datetime.now(dt.UTC)
    signer_name, signer_key = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    builder = x509.CertificateBuilder(
        issuer_name=signer_name,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - dt.timedelta(days=1),
        not_valid_after=now + dt.timedelta(days=30),
    ).add_extension(x509.BasicConstraints(ca=not hosts, path_length=None), critical=True)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(h) for h in hosts]), critical=False)
    return builder.sign(signer_key, hashes.SHA256()), key


@pytest.fixture
async def internet(tmp_path):
    """Say names, show pages, look."""
    async with Internet(tmp_path).running() as it:
        yield it


@pytest.fixture
def redirect_to():
    """`redirect_to(location, *headers, status=301)`: a page that sends elsewhere."""
    return to


@pytest.fixture
def page_of():
    """`page_of(body, status, headers)`: a page of bytes."""
    return Page
