"""A world in a thread of its own, so that tests may look at it with ordinary blocking clients."""

import asyncio
import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
import tomllib
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import dns.message
import dns.query
import dns.rcode
import pytest

from launchready_worlds.addresses import APP, APP_EDGE, BOOKING, BOOKING_EDGE, EDGE, REGISTRY, REGISTRY_EDGE, RESOLVER
from launchready_worlds.world import World

PATIENCE_S = 5
EDGES = {APP: APP_EDGE, BOOKING: BOOKING_EDGE, REGISTRY: REGISTRY_EDGE}
PASSWORD = "correct horse battery staple"


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Looker:
    """Looks at a running world as an outsider does: by its published addresses only."""

    password = PASSWORD

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self.world = world
        self._loop = loop

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    def reset(self, *names: str) -> None:
        self.run(self.world.reset(*names))

    def address(self, ip: str, port: int) -> tuple[str, int]:
        for entry in self.world.network()["connect"]:
            if (entry["ip"], entry["port"]) == (ip, port):
                return entry["to_ip"], entry["to_port"]
        raise LookupError((ip, port))

    def dns(self, name: str, kind: str, server: str = RESOLVER, timeout: float = PATIENCE_S) -> dns.message.Message:
        query = dns.message.make_query(name, kind, use_edns=0, payload=1232)
        address, port = self.address(server, 53)
        return dns.query.udp_with_fallback(query, address, port=port, timeout=timeout)[0]

    def records(self, name: str, kind: str, server: str = RESOLVER) -> list[str]:
        response = self.dns(name, kind, server)
        if response.rcode() != dns.rcode.NOERROR:
            return [dns.rcode.to_text(response.rcode())]
        return sorted(record.to_text() for rrset in response.answer for record in rrset)

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.world.network()["ca_bundle"])

    def refusal(self, host: str, ip: str = "") -> str:
        """Why a browser would refuse the certificate; empty when it would not."""
        try:
            self.certificate(host, ip)
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        return ""

    def certificate(self, host: str, ip: str = "") -> dict[str, Any]:
        raw = socket.create_connection(self.address(ip or EDGES.get(host, EDGE), 443), PATIENCE_S)
        with raw, self.trust().wrap_socket(raw, server_hostname=host) as wrapped:
            return wrapped.getpeercert()

    def get(self, url: str, *, ip: str = "", **headers: str) -> Answer:
        return self.ask("GET", url, None, headers, ip)

    def post(self, url: str, form: dict[str, str], **headers: str) -> Answer:
        encoded = {"content-type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", url, urlencode(form).encode(), encoded)

    def ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str], ip: str = "") -> Answer:
        parts = urlsplit(url)
        port = 443 if parts.scheme == "https" else 80
        raw = socket.create_connection(self.address(ip or EDGES.get(parts.hostname, EDGE), port), PATIENCE_S)
        connection = http.client.HTTPConnection(parts.hostname)
        with raw if port == 80 else self.trust().wrap_socket(raw, server_hostname=parts.hostname) as connection.sock:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def browse(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """Use the page for people."""
        connection = http.client.HTTPConnection(urlsplit(self.world.url).netloc, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def post_inside(self, path: str, payload: dict[str, Any]) -> Answer:
        """Post JSON to a neighbour of the product: the model provider or the alert channel."""
        connection = http.client.HTTPConnection("127.0.0.1", self.world._ports.provider, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request("POST", path, json.dumps(payload))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def declared(self) -> dict[str, Any]:
        return tomllib.loads(self.world.config.read_text())

    def mails(self) -> list[str]:
        folder = self.world.folder / "inbox" / "new"
        return [entry.read_text() for entry in sorted(folder.iterdir())]

    def sign_up(self, tag: str) -> Answer:
        form = {"name": "Visitor", "email": f"visitor+{tag}@inbox.example", "password": PASSWORD}
        return self.post(f"https://{APP}/signup", form)

    def mail_after_sign_up(self, tag: str, wait_s: float = 3) -> str:
        """The text of the mail, empty when none came in time."""
        self.sign_up(tag)
        waited = threading.Event()
        for _ in range(int(wait_s / 0.02)):
            for mail in self.mails():
                if f"visitor+{tag}@" in mail:
                    return mail
            waited.wait(0.02)
        return ""

    def link_after_sign_up(self, tag: str) -> str:
        return re.search(r"https?://\S+/verify\?token=\S+", self.mail_after_sign_up(tag)).group(0)

    def log_in(self, tag: str, password: str = PASSWORD) -> Answer:
        return self.post(f"https://{APP}/login", {"email": f"visitor+{tag}@inbox.example", "password": password})


def _live(folder: Path, started: "Future[Looker]", ended: "Future[asyncio.Event]") -> None:
    async def live() -> None:
        end = asyncio.Event()
        async with World.start(folder) as world:
            ended.set_result(end)
            started.set_result(Looker(world, asyncio.get_running_loop()))
            await end.wait()

    asyncio.run(live())


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    started: Future[Looker] = Future()
    ended: Future[asyncio.Event] = Future()
    thread = threading.Thread(target=_live, args=(tmp_path_factory.mktemp("world"), started, ended))
    thread.start()
    looker = started.result(timeout=20)
    yield looker
    looker._loop.call_soon_threadsafe(ended.result().set)
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def any_world(_running: Looker) -> Looker:
    """The world as the last test left it, for a test that says itself what it shows."""
    return _running


@pytest.fixture
def world(_running: Looker) -> Looker:
    """The world, good again."""
    if _running.world.faults:
        _running.reset()
    return _running
