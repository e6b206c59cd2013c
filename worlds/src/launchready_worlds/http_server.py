"""ASGI applications served over HTTP/1.1 on sockets of our own, by uvicorn's protocol."""

import asyncio
from email.utils import formatdate

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

KEEP_ALIVE_S = 30
DRAIN_S = 1.0
"""Seconds that answers under way may take when the world ends."""


class HttpServer:
    """What the HTTP connections of a world share."""

    def __init__(self) -> None:
        self._state = ServerState()

    def protocol(self, config: Config) -> H11Protocol:
        """The protocol for a new connection, with the present date for its answers."""
        self._state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
        return H11Protocol(config=config, server_state=self._state, app_state={})

    def hang_up(self) -> None:
        """Close idle connections now and busy ones after their answer, so that the next scene starts afresh."""
        for connection in tuple(self._state.connections):
            connection.shutdown()

    async def drain(self) -> None:
        """Hang up, wait a moment for answers under way, then end them."""
        self.hang_up()
        tasks = tuple(self._state.tasks)
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=DRAIN_S)
            for task in pending:
                task.cancel()
            await asyncio.wait(tasks)


def http_config(app: ASGIApp) -> Config:
    """Settings for one listener: no access log, and the peer's word about its address is not taken.

    uvicorn trusts forwarded headers of 127.0.0.1 by default, and in a world every visitor is on loopback.
    """
    config = Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    config.load()
    return config
