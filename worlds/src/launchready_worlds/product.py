"""coachbot, run inside the world's event loop with the settings of the present scene."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachbot.app import create_app
from coachbot.parts import Parts
from coachbot.settings import Settings
from launchready_guard.logs import json_logger
from launchready_worlds.addresses import APEX, APP, BOOKING_URL, DOMAIN, LOOPBACK

MODEL_KEY = "world-model-key"
LOG_NAME = "coachbot.log"
REPORT_FILE = "report-token"
OTHER_NAMES = {"launchready_token": "LAUNCHREADY_TOKEN", "report_token": "LAUNCHREADY_REPORT_TOKEN"}
"""Variables of coachbot that don't have its name in front, by setting."""
DATABASE_STEM = "coachbot-"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110 section 9.2.1)."""

Rebuild = Callable[[Parts], None]
"""Replaces a part of coachbot by one of ours."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where coachbot's neighbours listen on loopback.

    Attributes:
        smtp: The mail relay.
        provider: The model provider.
    """

    smtp: int
    provider: int


class ProductStartError(Exception):
    """coachbot's lifespan failed; the text is its own."""


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
    parts.environ = environ_of(settings)
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


def environ_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """The variables that settings are read from; those that are empty are not set."""
    return {OTHER_NAMES.get(name, f"COACHBOT_{name.upper()}"): str(value) for name, value in settings.items() if value}


class Product:
    """The coachbot of a world: kept while it may be, replaced when it has to be.

    Args:
        folder: Where its database and its log are.
        token: Ownership token.
        tasks: Where it runs.
    """

    def __init__(self, folder: Path, token: str, tasks: asyncio.TaskGroup) -> None:
        self._folder = folder
        self._token = token
        self._tasks = tasks
        self._report_token = secrets.token_hex(16)
        (folder / REPORT_FILE).write_text(self._report_token)
        self._log = (folder / LOG_NAME).open("a")
        self._running = contextlib.AsyncExitStack()
        self._app: ASGIApp | None = None
        self._made_for: object = None
        self._is_used = False

    async def run(self, differing: Mapping[str, Any], rebuild: Sequence[Rebuild], ports: Ports, commit: str) -> ASGIApp:
        """The application, a fresh one unless the present one is the same and untouched.

        No fault, no account and no log-in count of an earlier scene lives on in it.

        Args:
            differing: Settings that are not the good ones, by field.
            rebuild: Replace parts of it.
            ports: Where its neighbours are.
            commit: The commit it says it runs.
        """
        wanted = (dict(differing), list(rebuild), ports, commit)
        if self._app is None or self._is_used or wanted != self._made_for:
            await self._stop()
            settings = {**self._good_settings(ports, commit), **differing}
            context = running(settings, rebuild, self._log, self._tasks)
            self._app = self._watched(await self._running.enter_async_context(context))
            self._made_for = wanted
            self._is_used = False
        return self._app

    async def close(self) -> None:
        """Shut it down."""
        await self._stop()
        self._log.close()

    async def _stop(self) -> None:
        await self._running.aclose()
        for path in self._folder.glob(f"{DATABASE_STEM}*"):
            path.unlink()

    def _watched(self, app: ASGIApp) -> ASGIApp:
        """Notice requests that leave something behind: accounts, counts, a remembered readiness."""

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            self._is_used |= scope["method"] not in SAFE_METHODS or scope["path"] == "/readyz"
            await app(scope, receive, send)

        return served

    def _good_settings(self, ports: Ports, commit: str) -> Mapping[str, Any]:
        """Settings of a coachbot that is ready for launch, with a new database."""
        return {
            "base_url": f"https://{APP}",
            "site_url": f"https://{APEX}",
            "secret": secrets.token_hex(32),
            "database_url": f"sqlite+aiosqlite:///{self._folder}/{DATABASE_STEM}{secrets.token_hex(4)}.sqlite3",
            "smtp_url": f"smtp://{LOOPBACK}:{ports.smtp}",
            "mail_from": f"Bright Path Coaching <hello@{DOMAIN}>",
            "model_url": f"http://{LOOPBACK}:{ports.provider}/v1",
            "model_key": MODEL_KEY,
            "booking_url": BOOKING_URL,
            "commit": commit,
            "launchready_token": self._token,
            "report_token": self._report_token,
        }


def _with_state(app: ASGIApp, state: MutableMapping[str, Any]) -> ASGIApp:
    """Give each request a copy of the lifespan's state, as servers do."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return served
