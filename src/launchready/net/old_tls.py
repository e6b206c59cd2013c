"""Asks a server whether it still takes an old version of TLS, which today's TLS libraries no longer offer."""

import asyncio
import os

from launchready.net.network import Endpoint
from launchready.parse.rfc4346 import (
    MAX_REPLY_BYTES,
    RANDOM_BYTES,
    Alert,
    OldVersion,
    ServerHello,
    TlsReplyError,
    client_hello,
    read_reply,
)

READ_BYTES = 4096
"""What is taken at once; a hello nearly always fits."""


async def takes(version: OldVersion, host: str, endpoint: Endpoint) -> bool:
    """Whether the server at an endpoint goes on in this version. The handshake is never finished.

    An alert, or a connection that is closed without a word, is a no: that is how servers decline.

    Raises:
        OSError: there is no connection.
        TlsReplyError: what came is no TLS.
    """
    reader, writer = await asyncio.open_connection(*endpoint)
    try:
        writer.write(client_hello(version, host, os.urandom(RANDOM_BYTES)))
        reply = await _reply(reader)
    finally:
        writer.transport.abort()
    return isinstance(reply, ServerHello) and reply.version == version.value


async def _reply(reader: asyncio.StreamReader) -> ServerHello | Alert | None:
    """The server's first word; None where it hung up before one."""
    data = b""
    while len(data) < MAX_REPLY_BYTES:
        try:
            more = await reader.read(READ_BYTES)
        except ConnectionError:
            return None
        data += more
        reply = read_reply(data)
        if reply is not None or not more:
            return reply
    raise TlsReplyError(f"no hello within {MAX_REPLY_BYTES} bytes")
