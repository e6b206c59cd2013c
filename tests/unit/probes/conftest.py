"""A little real product on loopback: sign-up, mail, confirmation, log-in and chat, with any answer replaceable."""

import asyncio
import contextlib
import inspect
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import pytest

from launchready.model.product import Product
from launchready.model.subject import Domain, Host, Journey
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.network import Network

HOST, ADDRESS = "app.example.com", "203.0.113.20"
APP = f"http://{HOST}"
TOKEN = "0123456789abcdef0123456789abcdef"
VISITORS = 3


@dataclass(frozen=True)
class Ask:
    """One request; header names are lower-case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Reply:
    """One answer; `cut_off` ends the connection before the promised end of the body."""

    status: int = 200
    body: str = ""
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    cut_off: bool = False

    def wire(self) -> bytes:
        body = self.body.encode()
        lines = [f"HTTP/1.1 {self.status} -", f"Content-Type: {self.kind}", "Connection: close"]
        lines += [f"Content-Length: {len(body) + self.cut_off}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode() + body


def form(path: str) -> Reply:
    fields = "<input type=email name=email required><input type=password name=password required><button>Go</button>"
    return Reply(body=f'<form method=post action="{path}">{fields}</form>')


def goes_to(path: str, *headers: tuple[str, str]) -> Reply:
    return Reply(303, headers=(("Location", path), *headers))


@dataclass
class Shop:
    """The product: `answers` by "METHOD /path" go before the usual ones, and may be coroutine functions."""

    inbox: Path
    answers: dict[str, Callable[[Ask], Any]] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    confirmed: bool = False
    link: str = f"{APP}/verify?token={TOKEN}"

    def __post_init__(self) -> None:
        for name in ("new", "cur", "tmp"):
            (self.inbox / name).mkdir(parents=True)

    def send_mail(self, to: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "shop@example.com", to, "Please confirm"
        message.set_content(f"Welcome!\n\n{self.link}\n")
        (self.inbox / "new" / f"{len(self.accounts)}.{time.monotonic_ns()}").write_bytes(bytes(message))

    def usual(self, ask: Ask) -> Reply:
        pages = {
            "GET /signup": lambda: form("/signup"),
            "POST /signup": lambda: self._sign_up(ask),
            "GET /sent": lambda: Reply(body="<p>Look into your mailbox."),
            "GET /verify": lambda: Reply(
                body=f'<form method=post action="/verify"><input type=hidden name=token value="{TOKEN}">'
                "<button>Confirm</button></form>"
            ),
            "POST /verify": self._confirm,
            "GET /login": lambda: form("/login"),
            "POST /login": lambda: self._log_in(ask),
            "GET /chat": lambda: Reply(body="<p>Ask me."),
            "POST /api/chat": lambda: self._answer(ask),
        }
        return pages.get(f"{ask.method} {ask.path}", lambda: Reply(404))()

    def _sign_up(self, ask: Ask) -> Reply:
        self.accounts[ask.form["email"]] = ask.form["password"]
        self.send_mail(ask.form["email"])
        return goes_to("/sent")

    def _confirm(self) -> Reply:
        self.confirmed = True
        return goes_to("/login")

    def _log_in(self, ask: Ask) -> Reply:
        if not self.confirmed or self.accounts.get(ask.form["email"]) != ask.form["password"]:
            return Reply(401, form("/login").body)
        return goes_to("/chat", ("Set-Cookie", "session=1; HttpOnly"))

    def _answer(self, ask: Ask) -> Reply:
        if "session=1" not in ask.headers.get("cookie", ""):
            return Reply(401, "{}", "application/json")
        said = 'data: {"delta": "It costs "}\n\ndata: {"delta": "90 euros."}\n\nevent: done\ndata: {}\n\n'
        return Reply(body=said, kind="text/event-stream")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            ask = await self._read(reader)
            self.asked.append(ask)
            reply = self.answers.get(f"{ask.method} {ask.path}", self.usual)(ask)
            reply = await reply if inspect.isawaitable(reply) else reply
            writer.write(reply.wire())
            await writer.drain()
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Ask:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        return Ask(method, path, query, headers, await reader.readexactly(int(headers.get("content-length", 0))))


@pytest.fixture
def reply() -> type[Reply]:
    """Make an answer: `reply(status, body, kind, headers=…, cut_off=…)`."""
    return Reply


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The product, working."""
    return Shop(tmp_path / "inbox")


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[HttpClient]:
    """A client that reaches the product, which answers while it is open."""
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await shop.serve(reader, writer)
        writer.transport.abort()
        handlers.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    connect = MappingProxyType({(ADDRESS, 80): server.sockets[0].getsockname()[:2]})
    network = Network(("192.0.2.53",), resolve=((HOST, (ADDRESS,)),), connect=connect, loopback_only=True)
    try:
        async with HttpClient(network, DnsClient(network)) as client:
            yield client
    finally:
        server.close()
        for task in tuple(handlers):
            task.cancel()
        await server.wait_closed()
        await asyncio.sleep(0)


@pytest.fixture
def product() -> Product:
    """The product as it is declared."""
    return Product("Shop", hosts=(Host(HOST, "example.com"),), domains=(Domain("example.com"),), has_file=True)


@pytest.fixture
def journey(shop: Shop) -> Journey:
    """The way of a customer through the product."""
    return Journey(
        "signup",
        signup=f"{APP}/signup",
        login=f"{APP}/login",
        chat=f"{APP}/api/chat",
        question="What does it cost?",
        address="visitor+{tag}@inbox.example",
        mailbox=f"maildir:{shop.inbox}",
        visitors=VISITORS,
    )


@pytest.fixture
def clock() -> Clock:
    """The machine's clocks."""
    return Clock(lambda: datetime.now(UTC), time.monotonic)
