"""One WebSocket (RFC 6455), opened through the same network as everything else, and heard message by message."""

import asyncio
import contextlib
import ssl
from typing import Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.typing import Origin

from launchready.model.reading import NotSeen, Why
from launchready.net.chat_reply import Headers, Listener
from launchready.net.http_client import HttpClient
from launchready.net.http_transfer import USER_AGENT

MAX_MESSAGE_BYTES: Final = 1024 * 1024
"""Longest message that is read: a thousand times a usual one."""

QUIET_S: Final = 2.0
"""Seconds of silence after words that end an answer which has no end of its own: words come several a second."""

CLOSE_S: Final = 2.0
"""Seconds that saying goodbye may take."""

SWITCHED: Final = 101
"""The status of a handshake that went well (RFC 6455 section 4.2.2)."""

_OWN: Final = frozenset({"origin", "content-type", "accept"})


class Socket:
    """An open connection; made by `Socket.open`."""

    def __init__(self, connection: ClientConnection, headers: Headers) -> None:
        self._connection = connection
        self._headers = headers
        self.is_open = True

    @classmethod
    async def open(cls, http: HttpClient, url: str, headers: Headers) -> Self:
        """Shake hands with the first address that takes a connection.

        Raises:
            NotSeen: REFUSED, CERTIFICATE, UNREADABLE, or what resolving raises.
        """
        target, endpoints, trusted = await http.ways_to(f"http{url[2:]}")
        origin = next((value for name, value in headers if name == "Origin"), None)
        context = ssl.create_default_context(cafile=trusted) if target.scheme == "https" else None
        failure = NotSeen(Why.NO_NAME, f"{target.host} has no address.")
        for ip, port in endpoints:
            try:
                connection = await connect(
                    url,
                    host=ip,
                    port=port,
                    ssl=context,
                    server_hostname=target.host if context else None,
                    origin=None if origin is None else Origin(origin),
                    additional_headers=[(n, v) for n, v in headers if n.lower() not in _OWN],
                    user_agent_header=USER_AGENT,
                    proxy=None,
                    open_timeout=None,
                    close_timeout=CLOSE_S,
                    max_size=MAX_MESSAGE_BYTES,
                )
            except ssl.SSLCertVerificationError as error:
                raise NotSeen(Why.CERTIFICATE, f"{target.host}: {error.verify_message}.") from None
            except InvalidStatus as error:
                raise NotSeen(Why.UNREADABLE, f"{target.host} answered {error.response.status_code}.") from None
            except (OSError, InvalidHandshake) as error:
                failure = NotSeen(Why.REFUSED, f"{target.host} on port {target.port}: {type(error).__name__}.")
                continue
            return cls(connection, _headers_of(connection))
        raise failure

    async def ask(self, body: bytes, listener: Listener) -> None:
        """Send one message and hear until its answer ends.

        Raises:
            NotSeen: REFUSED where the connection ends in between; TOO_LARGE.
        """
        listener.head(SWITCHED, self._headers)
        try:
            await self._connection.send(body.decode("utf-8", "replace"))
            await self._hear(listener)
        except ConnectionClosed as closed:
            self.is_open = False
            code = closed.rcvd.code if closed.rcvd else 1006
            raise NotSeen(Why.REFUSED, f"the connection was closed with code {code}.") from None
        except WebSocketException as error:
            self.is_open = False
            raise NotSeen(Why.UNREADABLE, f"{type(error).__name__}.") from None
        except asyncio.CancelledError:
            self.is_open = False  # what comes later belongs to this answer, not to the next
            await self.close()
            raise

    async def _hear(self, listener: Listener) -> None:
        while not listener.is_over:
            try:
                async with asyncio.timeout(QUIET_S if listener.has_content and not listener.end_is_known else None):
                    message = await self._connection.recv()
            except TimeoutError:
                return
            text = message if isinstance(message, str) else message.decode("utf-8", "replace")
            if not listener.frame(text):
                await self.close()
                return

    async def close(self) -> None:
        """Say goodbye, and don't wait long for an answer to it."""
        self.is_open = False
        with contextlib.suppress(OSError, WebSocketException):
            await self._connection.close()


def _headers_of(connection: ClientConnection) -> Headers:
    response = connection.response
    return () if response is None else tuple((name.lower(), value) for name, value in response.headers.raw_items())
