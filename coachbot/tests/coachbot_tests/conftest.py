"""A product in this process, a mail server and a model provider, all real and all on loopback."""

import asyncio
import io
import json
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx2
import pytest
import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Select

from coachbot.app import create_app
from coachbot.outbox import RetryPolicy
from coachbot.parts import Parts
from coachbot.passwords import Passwords
from coachbot.rendering import template_environment
from coachbot.retrieval import LocalAnswers
from coachbot.settings import Settings
from launchready_guard.logs import json_logger

BASE_URL = "https://app.brightpath.example"
PASSWORD = "correct horse battery"
PATIENCE_S = 5
Work = Callable[[], bool]


async def until(true: Work) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - what is awaited is another program's doing
            await asyncio.sleep(0.005)


@dataclass
class MailServer:
    """A mail server that keeps what it takes; `answers` are given to the first mails instead of 250."""

    answers: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    tries: int = 0
    port: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        mail = message_from_bytes(envelope.original_content or b"", EmailMessage, policy=default)
        self.mails.append(mail)
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    kept = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(kept, hostname="mail.test", loop=loop), "127.0.0.1", 0)
    kept.port = server.sockets[0].getsockname()[1]
    async with server:
        yield kept


@pytest.fixture
def settings(tmp_path: Path, mail_server: MailServer) -> Settings:
    return Settings(
        base_url=BASE_URL,
        site_url="https://brightpath.example",
        secret="0123456789abcdef" * 4,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'coachbot.sqlite3'}",
        smtp_url=mail_server.url,
        coach_email="maya@brightpath.example",
        commit="0f" * 20,
        booking_url="https://cal.example/maya/intro",
    )


@dataclass
class Product:
    """A running product, and what a visitor and its owner can do with it."""

    parts: Parts
    client: httpx2.AsyncClient
    log: io.StringIO
    mail_server: MailServer

    def visitor(self, address: str = "198.51.100.7") -> httpx2.AsyncClient:
        app = self.client._transport.app  # another browser in front of the same application
        transport = httpx2.ASGITransport(app, client=(address, 4711), raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=BASE_URL)

    async def count(self, query: Select) -> int:
        async with self.parts.database.read() as session:
            return len((await session.scalars(query)).all())

    async def link_token(self, email: str) -> str:
        await until(lambda: any(mail["To"] == email for mail in self.mail_server.mails))
        mail = next(mail for mail in reversed(self.mail_server.mails) if mail["To"] == email)
        text = mail.get_body(("plain",)).get_content()
        return re.search(rf"{BASE_URL}/verify\?token=([\w-]+)", text)[1]

    async def customer(self, email: str, client: httpx2.AsyncClient | None = None) -> httpx2.AsyncClient:
        """Sign up, verify and log in."""
        client = client or self.visitor()
        form = {"name": "Ana", "email": email, "password": PASSWORD}
        assert (await client.post("/signup", data=form)).headers["location"] == "/signup/sent"
        token = await self.link_token(email)
        assert (await client.post("/verify", data={"token": token})).headers["location"] == "/login"
        answer = await client.post("/login", data={"email": email, "password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
        return client


TEMPLATES = template_environment()


@pytest.fixture
def parts(settings: Settings) -> Parts:
    parts = Parts(settings)
    parts.templates = TEMPLATES  # compiled once for all tests
    parts.passwords = Passwords(memory_kib=8, time_cost=1)
    parts.retry = RetryPolicy(first_s=0.01, factor=1)
    if not settings.model_key:
        parts.answers = LocalAnswers(parts.documents, booking_url=parts.booking_link, pace_s=0)
    return parts


@asynccontextmanager
async def running(parts: Parts, mail_server: MailServer) -> AsyncIterator[Product]:
    log = io.StringIO()
    parts.logger = json_logger("coachbot", log)
    app = create_app(parts.settings, parts)
    transport = httpx2.ASGITransport(app, client=("198.51.100.7", 4711), raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client,
    ):
        yield Product(parts, client, log, mail_server)


@pytest.fixture
async def product(parts: Parts, mail_server: MailServer) -> AsyncIterator[Product]:
    async with running(parts, mail_server) as product:
        yield product


@pytest.fixture
def run() -> Callable:
    """For tests that need more than one product."""
    return running


@asynccontextmanager
async def served(app: Callable) -> AsyncIterator[str]:
    """The application behind a real socket; yields its origin."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
def serve() -> Callable:
    return served


def read_events(text: str) -> list[tuple[str, dict]]:
    """The events of a stream: type and data, in order; ids name the attempt and count up from one."""
    events = []
    for number, block in enumerate(text.strip().split("\n\n"), 1):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        assert re.fullmatch(rf"[0-9a-f]{{12}}-{number}", lines["id"])
        events.append((lines.get("event", "message"), json.loads(lines["data"])))
    return events


@pytest.fixture
def events() -> Callable:
    return read_events


def spoken(events: list[tuple[str, dict]]) -> str:
    return "".join(data["delta"] for kind, data in events if kind == "message")


@pytest.fixture
def said() -> Callable:
    return spoken


@pytest.fixture
def eventually() -> Callable:
    return until
