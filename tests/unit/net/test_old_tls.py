"""Old versions of TLS, asked of the openssl command's own server and of servers that misbehave."""

import asyncio
import shutil
from contextlib import asynccontextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from launchready.model.reading import Why
from launchready.net.tls_client import TlsClient
from launchready.parse.rfc4346 import OldVersion

ADDRESS = "203.0.113.1"
OPENSSL = shutil.which("openssl") or "openssl"


@asynccontextmanager
async def openssl_server(pem, *options):
    """`openssl s_server` on a free port of loopback."""
    process = await asyncio.create_subprocess_exec(
        OPENSSL,
        *("s_server", "-accept", "127.0.0.1:0", "-cert", pem, "-key", pem, "-cipher", "DEFAULT:@SECLEVEL=0", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        while not (line := await process.stdout.readline()).startswith(b"ACCEPT"):
            assert line, "the server ended"
        yield int(line.rpartition(b":")[2])
    finally:
        process.kill()
        await process.communicate()


@pytest.fixture
def client_to(network_to, authority):
    return lambda port: TlsClient(network_to(connect={(ADDRESS, 443): port}, ca_bundle=authority.bundle))


@pytest.mark.parametrize("make_key", [lambda: rsa.generate_private_key(65537, 2048), None])
@pytest.mark.parametrize(
    ("options", "taken"),
    [
        (["-tls1"], {OldVersion.TLS_1_0}),
        (["-tls1_1"], {OldVersion.TLS_1_1}),
        (["-no_tls1_2", "-no_tls1_3"], {OldVersion.TLS_1_0, OldVersion.TLS_1_1}),
        (["-tls1_2"], set()),
        (["-tls1_3"], set()),
        (["-no_tls1", "-no_tls1_1"], set()),
    ],
)
async def test_openssls_server_is_seen_to_take_what_it_was_told_to(
    client_to, authority, options, taken, make_key, tmp_path
):
    key = make_key() if make_key else ec.generate_private_key(ec.SECP256R1())
    authority.server_context("shop.example", key=key)
    (pem,) = (path for path in tmp_path.iterdir() if path.name != "ca.pem")
    # The packagers' own lower bound is in a file that the command would read.
    low = ["-min_protocol", "TLSv1"] if "-no_tls1_2" in options or "-no_tls1" in options else []
    async with openssl_server(str(pem), *low, *options) as port:
        client = client_to(port)
        for version in OldVersion:
            assert await client.takes(version, "shop.example", ADDRESS) is (version in taken)
    assert client.handshakes == {"shop.example": 2}


async def test_a_server_that_hangs_up_does_not_take_it(client_to, tcp_server):
    async def hang_up(reader, _writer):
        await reader.read(1)

    async with tcp_server(hang_up) as port:
        assert not await client_to(port).takes(OldVersion.TLS_1_0, "shop.example", ADDRESS)


async def test_what_is_no_tls_is_unreadable_and_a_closed_port_refuses(client_to, tcp_server, why_of):
    async def chatter(_reader, writer):
        writer.write(b"220 mail.example ready\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)

    async def endless(_reader, writer):
        while True:
            writer.write(b"\x15\x03\x01\x00\x02\x01\x70" * 1000)
            await writer.drain()

    for handler in (chatter, endless):
        async with tcp_server(handler) as port:
            assert await why_of(client_to(port).takes(OldVersion.TLS_1_0, "shop.example", ADDRESS)) is Why.UNREADABLE
    assert await why_of(client_to(port).takes(OldVersion.TLS_1_0, "shop.example", ADDRESS)) is Why.REFUSED


async def test_a_silent_port_ends_with_the_callers_timeout_and_leaves_no_socket(client_to, tcp_server, open_sockets):
    async def silent(reader, _writer):
        await reader.read()

    async with tcp_server(silent) as port:
        before = open_sockets()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await client_to(port).takes(OldVersion.TLS_1_0, "shop.example", ADDRESS)
        await asyncio.sleep(0.05)
        assert open_sockets() <= before + 1  # the server's own end
