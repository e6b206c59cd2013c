"""What `net/smtp_client.py` says of mail servers on loopback, good, odd and hostile."""

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import Awaitable, Callable
from types import MappingProxyType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from launchready.model.reading import NotSeen, Why
from launchready.net.gates import HostGates
from launchready.net.network import Network
from launchready.net.smtp_client import MAX_LINE_BYTES, MAX_REPLY_LINES, SmtpClient
from launchready.net.tls_client import TlsFault

HOST, ADDRESS = "mx.example.com", "203.0.113.40"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def served(talk: Talk):
    """A client, and a server that talks as it is told to."""

    handling: set[asyncio.Task[None]] = set()

    async def handle(reader, writer):
        handling.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    network = Network((), connect=MappingProxyType({(ADDRESS, 25): ("127.0.0.1", port)}), loopback_only=True)
    async with server:
        yield SmtpClient(network, HostGates(network))
        for task in handling:
            task.cancel()
        await asyncio.wait(handling or {asyncio.ensure_future(asyncio.sleep(0))})


def script(*replies: bytes, heard: asyncio.Queue[bytes] | None = None) -> Talk:
    """Say the first reply at once, and one more after each line that comes."""

    async def talk(reader, writer):
        writer.write(replies[0])
        for reply in replies[1:]:
            line = await reader.readline()
            if heard is not None:
                heard.put_nowait(line)
            writer.write(reply)
        if heard is not None:
            heard.put_nowait(await reader.readline())
        await asyncio.sleep(0.05)

    return talk


async def test_a_server_that_does_not_offer_to_encrypt_is_left_politely() -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    replies = (b"220-mx\r\n220 ready\r\n", b"250-mx\r\n250-Size 1000\r\n250-8BITMIME\r\n250 XSTARTTLS\r\n")
    async with served(script(*replies, heard=heard)) as client:
        assert await client.call_on(HOST, ADDRESS) is None
        assert client.calls == {HOST: 1}
        async with asyncio.timeout(5):
            assert await heard.get() == b"EHLO [127.0.0.1]\r\n"
            assert await heard.get() == b"QUIT\r\n", "no mail was begun"


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        ((b"554 go away\r\n",), Why.REFUSED),
        ((b"220 mx\r\n", b"502 what?\r\n"), Why.REFUSED),
        ((b"HTTP/1.1 400 Bad Request\r\n",), Why.UNREADABLE),
        ((b"\x16\x03\x01 nonsense\r\n",), Why.UNREADABLE),
        ((b"220 " + b"x" * (MAX_LINE_BYTES + 1) + b"\r\n",), Why.UNREADABLE),
        ((b"220-more\r\n" * (MAX_REPLY_LINES + 1),), Why.UNREADABLE),
        ((b"220 mx\r\n", b""), Why.REFUSED),
    ],
)
async def test_what_does_not_go_on_is_not_seen(replies: tuple[bytes, ...], why: Why) -> None:
    async with served(script(*replies)) as client:
        with pytest.raises(NotSeen) as failure:
            await client.call_on(HOST, ADDRESS)
    assert failure.value.why is why
    assert HOST in failure.value.detail


async def test_as_many_lines_as_are_allowed_are_read() -> None:
    lines = b"250-X\r\n" * (MAX_REPLY_LINES - 1) + b"250 LAST\r\n"
    async with served(script(b"220 mx\r\n", lines)) as client:
        assert await client.call_on(HOST, ADDRESS) is None


async def test_nobody_there_is_refused() -> None:
    async with served(script(b"220 mx\r\n")) as client:
        pass
    with pytest.raises(NotSeen) as failure:
        await client.call_on(HOST, ADDRESS)
    assert failure.value.why is Why.REFUSED


async def test_a_private_address_is_not_called_on() -> None:
    client = SmtpClient(Network(()), HostGates(Network(())))
    with pytest.raises(NotSeen) as failure:
        await client.call_on(HOST, "10.0.0.1")
    assert failure.value.why is Why.PRIVATE_ADDRESS


async def test_encryption_that_is_offered_and_refused_is_not_seen() -> None:
    replies = (b"220 mx\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"454 not now\r\n")
    async with served(script(*replies)) as client:
        with pytest.raises(NotSeen) as failure:
            await client.call_on(HOST, ADDRESS)
    assert "refuses it (code 454)" in failure.value.detail


async def test_a_certificate_behind_starttls_is_judged_for_the_servers_name(tmp_path) -> None:
    context = self_signed(tmp_path)

    async def talk(reader, writer):
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250 STARTTLS\r\n")
        if (await reader.readline()).startswith(b"STARTTLS"):
            writer.write(b"220 go\r\n")
            await writer.start_tls(context)

    async with served(talk) as client:
        shown = await client.call_on(HOST, ADDRESS)
        assert shown is not None
        assert shown.reason is TlsFault.SELF_SIGNED
        assert client.calls == {HOST: 2}, "a handshake, and one to read the certificate"


def self_signed(folder) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
