"""Calls on a mail server as another one would, up to the handshake; never sends a mail."""

import asyncio
import contextlib
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from launchready.model.reading import NotSeen, Why
from launchready.net.gates import HostGates
from launchready.net.network import Endpoint, Network
from launchready.net.tls_client import Handshake, TlsClient

SMTP_PORT: Final = 25
"""Where mail servers take mail from each other (RFC 5321 section 4.5.4.2)."""

MAX_LINE_BYTES: Final = 2_048
"""The longest line of a reply; RFC 5321 section 4.5.3.1.5 allows 512, and extensions some more."""

MAX_REPLY_LINES: Final = 100
"""Lines of one reply; a server that offers much sends fifteen."""

_NO_TIME_OUT_S: Final = 24 * 3600.0
"""asyncio's own limit on a handshake, set out of reach: the engine ends a look."""

_REPLY_LINE: Final = re.compile(rb"([2-5][0-9]{2})([ -]?)(.*)", re.DOTALL)

_READY, _OK, _START = 220, 250, 220


class SmtpClient:
    """Calls on mail servers, each time over connections of its own.

    Args:
        network: the way to the world, and the CAs to trust.
        gates: the limits on what one host sees at once, shared with the other clients.
    """

    def __init__(self, network: Network, gates: HostGates) -> None:
        self._tls = TlsClient(network, gates, connect=_connect_and_upgrade)

    @property
    def calls(self) -> Counter[str]:
        """How many connections were opened to each host."""
        return self._tls.handshakes

    async def call_on(self, host: str, address: str, port: int = SMTP_PORT) -> Handshake | None:
        """What the server of a name, at one of its addresses, shows who asks it to encrypt (STARTTLS, RFC 3207).

        Returns:
            None where it does not offer to encrypt.

        Raises:
            NotSeen: REFUSED (the connection, or the caller), TIMED_OUT, UNREADABLE (no SMTP there), PRIVATE_ADDRESS,
                OWN_NETWORK, NO_NAME, NOT_INSTALLED.
        """
        try:
            return await self._tls.handshake(host, address, port)
        except _NotOfferedError:
            return None


class _NotOfferedError(Exception):
    """The server does not offer to encrypt."""


@contextlib.asynccontextmanager
async def _greeted(endpoint: Endpoint, where: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection over which the server has greeted us."""
    reader, writer = await asyncio.open_connection(*endpoint, limit=MAX_LINE_BYTES)
    try:
        code, _ = await _reply(reader, where)
        if code != _READY:
            raise NotSeen(Why.REFUSED, f"{where} does not talk to us (code {code}).")
        yield reader, writer
    finally:
        writer.close()


async def _say_hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, where: str) -> tuple[str, ...]:
    """The keywords that EHLO is answered with, upper-case (RFC 5321 section 4.1.1.1).

    We are called by our address, as a machine without a public name is (section 4.1.4).
    """
    address = writer.get_extra_info("sockname")[0]
    literal = f"IPv6:{address}" if ":" in address else address
    writer.write(f"EHLO [{literal}]\r\n".encode("ascii"))
    code, lines = await _reply(reader, where)
    if code != _OK:
        raise NotSeen(Why.REFUSED, f"{where} takes no EHLO (code {code}).")
    keywords = (line.split(b" ", 1)[0].decode("latin-1").upper() for line in lines[1:])
    return tuple(dict.fromkeys(keyword for keyword in keywords if keyword))


async def _reply(reader: asyncio.StreamReader, where: str) -> tuple[int, list[bytes]]:
    """The code and the lines of one reply (RFC 5321 section 4.2.1)."""
    lines: list[bytes] = []
    for _ in range(MAX_REPLY_LINES):
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            raise NotSeen(Why.REFUSED, f"{where} hung up.") from None
        except asyncio.LimitOverrunError:
            raise NotSeen(Why.UNREADABLE, f"{where} does not speak SMTP.") from None
        match = _REPLY_LINE.fullmatch(line.rstrip(b"\r\n"))
        if match is None:
            raise NotSeen(Why.UNREADABLE, f"{where} does not speak SMTP.")
        lines.append(match[3])
        if match[2] != b"-":
            return int(match[1]), lines
    raise NotSeen(Why.UNREADABLE, f"{where} talks without end.")


async def _connect_and_upgrade(endpoint: Endpoint, name: str, context: ssl.SSLContext) -> ssl.SSLObject:
    """The way to a handshake through STARTTLS; the connection is closed once it has come about.

    Raises:
        _NotOfferedError: the server does not offer to encrypt.
    """
    async with _greeted(endpoint, name) as (reader, writer):
        if "STARTTLS" not in await _say_hello(reader, writer, name):
            writer.write(b"QUIT\r\n")
            raise _NotOfferedError
        writer.write(b"STARTTLS\r\n")
        code, _ = await _reply(reader, name)
        if code != _START:
            raise NotSeen(Why.REFUSED, f"{name} offers STARTTLS and then refuses it (code {code}).")
        await writer.start_tls(context, server_hostname=name, ssl_handshake_timeout=_NO_TIME_OUT_S)
        tls = writer.get_extra_info("ssl_object")
        assert isinstance(tls, ssl.SSLObject), "the upgrade has come about"
        return tls
