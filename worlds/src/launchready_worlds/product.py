"""coachbot, run inside the world's event loop with the settings of the present scene."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachbot.app import create_app
from coachbot.parts import Parts
from coachbot.settings import Settings
from launchready_guard.logs import json_logger
from launchready_worlds.addresses import APEX, APP, BOOKING_URL, DOMAIN

MODEL_KEY = "world-model-key"

Rebuild = Callable[[Parts], None]
"""Replaces a part of coachbot by one of ours."""


class ProductStartError(Exception):
    """coachbot's lifespan failed; the text is its own."""


def good_settings(folder: Path, *, smtp_port: int, provider_port: int, token: str, commit: str) -> Mapping[str, Any]:
    """Settings of a coachbot that is ready for launch.

    Args:
        folder: Where its database is made, a new one each time.
        smtp_port: The relay's port on 127.0.0.1.
        provider_port: The model provider's port on 127.0.0.1.
        token: Ownership token.
        commit: The commit it says it runs.
    """
    return {
        "base_url": f"https://{APP}",
        "site_url": f"https://{APEX}",
        "secret": secrets.token_hex(32),
        "database_url": f"sqlite+aiosqlite:///{folder}/coachbot-{secrets.token_hex(4)}.sqlite3",
        "smtp_url": f"smtp://127.0.0.1:{smtp_port}",
        "mail_from": f"Bright Path Coaching <hello@{DOMAIN}>",
        "model_url": f"http://127.0.0.1:{provider_port}/v1",
        "model_key": MODEL_KEY,
        "booking_url": BOOKING_URL,
        "commit": commit,
        "launchready_token": token,
    }


class _Lifespan:
    """Plays the server's part of the ASGI lifespan protocol for one application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self.state: MutableMapping[str, Any] = {}

    async def run(self) -> None:
        scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        await self._app(scope, self._to_app.get, self._from_app.put)

    async def tell(self, what: str) -> None:
        """Send `startup` or `shutdown` and wait until it is done.

        Raises:
            ProductStartError: The application said it failed.
        """
        await self._to_app.put({"type": f"lifespan.{what}"})
        said = await self._from_app.get()
        if said["type"] != f"lifespan.{what}.complete":
            raise ProductStartError(said.get("message", said["type"]))


@contextlib.asynccontextmanager
async def running(
    settings: Mapping[str, Any], rebuild: Sequence[Rebuild], log: TextIO, tasks: asyncio.TaskGroup
) -> AsyncIterator[ASGIApp]:
    """A started coachbot; it is shut down when the context closes.

    Args:
        settings: Fields of coachbot's Settings.
        rebuild: Replace parts of it before it is built: for faults inside the product.
        log: Where it writes its log.
        tasks: Where its lifespan runs.
    """
    parts = Parts(Settings(**settings))
    parts.logger = json_logger("coachbot", log)
    for change in rebuild:
        change(parts)
    app = create_app(parts.settings, parts)
    lifespan = _Lifespan(app)
    life = tasks.create_task(lifespan.run())
    await lifespan.tell("startup")
    try:
        yield _with_state(app, lifespan.state)
    finally:
        await lifespan.tell("shutdown")
        await life


def _with_state(app: ASGIApp, state: MutableMapping[str, Any]) -> ASGIApp:
    """Give each request a copy of the lifespan's state, as servers do."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return served
