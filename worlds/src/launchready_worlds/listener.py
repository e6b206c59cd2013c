"""A TCP port that can also be silent or slam the door, as broken hosts do."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from enum import Enum, auto

BACKLOG = 512
"""Connections the kernel holds for us; a burst of 200 must not be turned away."""
HANDSHAKE_S = 10.0
"""Seconds a client may take for the TLS handshake."""


class Door(Enum):
    """What happens to a connection."""

    OPEN = auto()
    SILENT = auto()
    """Accepted, never answered."""
    SLAMMED = auto()
    """Reset at once."""


class Listener:
    """One listening socket.

    Args:
        address: The loopback address.
        make_protocol: Makes the protocol for a connection.
        door: Says how to treat the next connection.
        tls: Makes the TLS settings of the next connection, None for a plain port.
        port: The port, 0 for a free one.
    """

    def __init__(
        self,
        address: str,
        make_protocol: Callable[[], asyncio.Protocol],
        *,
        door: Callable[[], Door],
        tls: Callable[[], ssl.SSLContext] | None = None,
        port: int = 0,
    ) -> None:
        self._socket = socket.create_server((address, port), backlog=BACKLOG)
        self._socket.setblocking(False)  # the socket module's own signature
        self.port = int(self._socket.getsockname()[1])
        self._make_protocol = make_protocol
        self._door = door
        self._tls = tls
        self._ignored: list[socket.socket] = []

    @contextlib.asynccontextmanager
    async def serving(self, tasks: asyncio.TaskGroup) -> AsyncIterator[None]:
        """Accept connections while the context is open."""
        accepting = tasks.create_task(self._accept(tasks))
        try:
            yield
        finally:
            accepting.cancel()
            self.forget()
            self._socket.close()

    def forget(self) -> None:
        """Close the connections that were left without an answer."""
        while self._ignored:
            self._ignored.pop().close()

    async def _accept(self, tasks: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(self._socket)
            # asyncio does this for sockets of its own; without it small answers wait 40 ms for an acknowledgement.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            match self._door():
                case Door.OPEN:
                    tasks.create_task(self._serve(connection))
                case Door.SILENT:
                    self._ignored.append(connection)
                case Door.SLAMMED:
                    _reset(connection)

    async def _serve(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(
                self._make_protocol,
                connection,
                ssl=None if self._tls is None else self._tls(),
                ssl_handshake_timeout=None if self._tls is None else HANDSHAKE_S,
            )
        except (ssl.SSLError, OSError):
            connection.close()  # the client left or refused our certificate: its right, and often the point


def _reset(connection: socket.socket) -> None:
    """Close with RST and not FIN: the client sees "connection reset", not an empty answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
