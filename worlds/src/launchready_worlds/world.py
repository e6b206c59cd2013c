"""A world: every server of a small internet, showing one scene."""

import asyncio
import contextlib
import datetime as dt
import secrets
import ssl
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from dns.name import Name
from dns.rdatatype import RdataType
from starlette.applications import Starlette
from starlette.types import ASGIApp

from launchready_worlds import builds, chat_trials, redteam_trials, repository
from launchready_worlds.addresses import (
    BOOKING_EDGE,
    DNS_PORT,
    HTTP_PORT,
    HTTPS_PORT,
    LOOPBACK,
    MAIL_EXCHANGE,
    RELAY,
    RESOLVER,
    SMTP_PORT,
    loopback,
)
from launchready_worlds.authority import Authority
from launchready_worlds.declaration import good_declaration, to_toml
from launchready_worlds.dependencies import Dependencies, Dependency
from launchready_worlds.dns_port import Answer, dns_port
from launchready_worlds.edge import WEB_ADDRESSES, Edge
from launchready_worlds.faults import Fault, fault_named
from launchready_worlds.http_server import HttpServer, http_config
from launchready_worlds.listener import Door, Listener
from launchready_worlds.mail import MailSink
from launchready_worlds.nameservers import Resolver
from launchready_worlds.people import for_people
from launchready_worlds.product import DATABASE_STEM, Ports, Product
from launchready_worlds.provider import provider_routes
from launchready_worlds.provider_moods import Following
from launchready_worlds.scene import Scene
from launchready_worlds.slack import HOOK_PATH, SlackSink
from launchready_worlds.zone import Reply
from launchready_worlds.zones import good_servers

DKIM_BITS = 2048
CONFIG_NAME = "launchready.toml"
EXCHANGE_NAME = "mx.postmail.example"


def _dkim_key() -> RSAPrivateKey:
    """A fresh DKIM key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=DKIM_BITS)


def _public(key: RSAPrivateKey) -> str:
    """The public half, base64 of its DER form."""
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "".join(pem.decode().splitlines()[1:-1])


class World:
    """The servers of one world. Use `async with World.start(folder) as world`.

    Attributes:
        folder: Where everything it writes is.
        scene: What it shows now.
        slack: The alert channel.
        config: Path of launchready.toml.
        url: Where a person on this machine can look at the product.
        slack_url: The webhook that posts to the alert channel.
    """

    def __init__(self, folder: Path, dkim_key: RSAPrivateKey, tasks: asyncio.TaskGroup) -> None:
        self.folder = folder = folder.absolute()
        self.config = folder / CONFIG_NAME
        self.slack = SlackSink()
        self.url = self.slack_url = ""
        self._tasks = tasks
        self._now = dt.datetime.now(dt.UTC)
        self._token = secrets.token_hex(16)
        self._dkim_key = _public(dkim_key)
        self._active: list[Fault] = []
        self._authority = Authority(folder / "tls", self._now)
        self.edge = Edge(self._authority)
        self._http = HttpServer()
        self.dependencies = Dependencies(lambda: sorted(folder.glob(f"{DATABASE_STEM}*.sqlite3")))
        self.mail = MailSink(
            folder / "inbox", dkim_key, lambda: self.dependencies.mail(self.scene.mail), lambda: self.scene.relay
        )
        self._repositories: dict[repository.History, repository.Repository] = {}
        self._connect: list[dict[str, Any]] = []
        self._listeners: list[Listener] = []
        self._ports: Ports | None = None
        self._product = Product(folder, self._token, tasks)
        self.scene = self._good_scene()

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls, folder: Path) -> AsyncIterator["World"]:
        """Start a good world in a folder, which must exist; everything ends when the context closes."""
        dkim_key = await asyncio.to_thread(_dkim_key)
        async with asyncio.TaskGroup() as tasks, contextlib.AsyncExitStack() as stack:
            world = cls(folder, dkim_key, tasks)
            await world._listen(stack)
            stack.push_async_callback(world._close)
            await world._show()
            yield world

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that are in, in the order they came."""
        return tuple(self._active)

    async def inject(self, *names: str) -> None:
        """Put faults in.

        Raises:
            UnknownFaultError: There is no such fault; nothing was changed.
        """
        self._active += [fault for fault in map(fault_named, names) if fault not in self._active]
        await self._show()

    async def mend(self, name: str) -> None:
        """Take a fault out; one that is not in stays out.

        Raises:
            UnknownFaultError: There is no such fault.
        """
        gone = fault_named(name)
        self._active = [fault for fault in self._active if fault is not gone]
        await self._show()

    async def reset(self, *names: str) -> None:
        """Go back to the good world with an empty mailbox, and put these faults in instead of the present ones."""
        self._active = [fault_named(name) for name in names]
        self.mail.clear()
        self.dependencies.clear()
        await self._show()

    def trouble(self, dependency: str, trouble: str) -> None:
        """Take away what the product leans on, or give it back; the product goes on running.

        Raises:
            DependencyError: There is no such dependency or trouble.
        """
        self.dependencies.set(dependency, trouble)
        self._http.hang_up()

    def network(self) -> dict[str, Any]:
        """What an auditor needs to reach this world: resolvers, CA bundle and connect map."""
        return {"resolvers": [RESOLVER], "ca_bundle": str(self._authority.bundle), "connect": list(self._connect)}

    def config_text(self) -> str:
        """The text of launchready.toml in the present scene."""
        if self.scene.config_text is not None:
            return self.scene.config_text
        return to_toml(self.scene.declaration)

    def _good_scene(self) -> Scene:
        servers = good_servers(self._dkim_key)
        return Scene(self._now, servers, Resolver(servers), good_declaration(self._token))

    async def _show(self) -> None:
        """Make the scene of the active faults, and every server show it."""
        scene = self._good_scene()
        for fault in self._active:
            fault.edit(scene)
        self.scene = scene
        commits = self._repository(scene.history).commits
        commit = commits[scene.commit_behind][: scene.commit_chars]
        scene.release.write(self.folder, commits, scene.now)
        assert self._ports is not None, "neighbours listen before the product starts"
        self.edge.show(scene, await self._product.run(scene.product, scene.rebuild, self._ports, commit))
        self._http.hang_up()
        for listener in self._listeners:
            listener.forget()
        text = self.config_text()
        self.config.write_text(text)
        head = self._repository(scene.history).commits[0]
        builds.write(self.folder, scene.build, head, scene.now, text)
        chat_trials.write(self.folder, scene.chat_test, head, scene.now, text)
        redteam_trials.write(self.folder, scene.red_team, head, scene.now)

    def _repository(self, history: repository.History) -> repository.Repository:
        """The repository with one history, made when first wanted, and linked to where the declaration says."""
        if history not in self._repositories:
            path = self.folder / "repositories" / history.name.lower()
            self._repositories[history] = repository.build(path, history)
        link = self.folder / "repository"
        link.unlink(missing_ok=True)
        link.symlink_to(self._repositories[history].path, target_is_directory=True)
        return self._repositories[history]

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        for address in self.scene.servers:
            await self._listen_dns(stack, address, self._authoritative(address), recursive=False)
        await self._listen_dns(stack, RESOLVER, self._resolve, recursive=True)
        for address in WEB_ADDRESSES:
            for port in (HTTP_PORT, HTTPS_PORT):
                await self._listen_web(stack, address, port)
        await self._listen_inside(stack)

    def _resolve(self, name: Name, rdtype: RdataType) -> Reply | None:
        return self.scene.resolver.answer(name, rdtype)

    def _authoritative(self, address: str) -> Answer:
        """Answers as the present scene's server; the scene is looked up anew for each question."""

        def answer(name: Name, rdtype: RdataType) -> Reply | None:
            return self.scene.servers[address].answer_from_here(name, rdtype)

        return answer

    async def _listen_dns(
        self, stack: contextlib.AsyncExitStack, address: str, answer: Answer, *, recursive: bool
    ) -> None:
        port = await stack.enter_async_context(dns_port(loopback(address), answer, recursive=recursive))
        self._publish(address, DNS_PORT, port)

    async def _listen_web(self, stack: contextlib.AsyncExitStack, address: str, port: int) -> None:
        is_booking, site = address == BOOKING_EDGE, self.edge.site(address, port)
        config = http_config(self.dependencies.site(site) if is_booking else site)

        def door() -> Door:
            declared = self.scene.doors.get((address, port), Door.OPEN)
            return self.dependencies.door(Dependency.BOOKING, declared) if is_booking else declared

        listener = Listener(
            loopback(address),
            lambda: self._http.protocol(config),
            door=door,
            tls=partial(self.edge.tls, address) if port == HTTPS_PORT else None,
        )
        await self._enter(stack, listener)
        self._publish(address, port, listener.port)

    async def _listen_inside(self, stack: contextlib.AsyncExitStack) -> None:
        """Mail, the model provider, the alert channel, and the page for people."""

        def mail_door() -> Door:
            return self.dependencies.door(Dependency.MAIL, self.scene.doors.get(RELAY, Door.OPEN))

        relay = Listener(LOOPBACK, self.mail.protocol, door=mail_door)
        exchange = Listener(
            loopback(MAIL_EXCHANGE),
            lambda: self.mail.protocol(self._exchange_tls()),
            door=lambda: self.scene.doors.get((MAIL_EXCHANGE, SMTP_PORT), Door.OPEN),
        )
        moods = Following(lambda: self.dependencies.provider(self.scene.provider))
        inside = Starlette(routes=[self.slack.route(), *provider_routes(moods)])
        services = self._plain(inside, lambda: self.dependencies.door(Dependency.MODEL, Door.OPEN))
        people = self._plain(for_people(self.edge.landing(), self.mail.texts))
        for listener in (relay, exchange, services, people):
            await self._enter(stack, listener)
        self._publish(MAIL_EXCHANGE, SMTP_PORT, exchange.port)
        self._ports = Ports(relay.port, services.port)
        self.slack_url = f"http://{LOOPBACK}:{services.port}{HOOK_PATH}"
        self.url = f"http://{LOOPBACK}:{people.port}/"

    def _exchange_tls(self) -> ssl.SSLContext | None:
        """What the mail server shows when a sender asks to encrypt; None where it does not offer to."""
        kind = self.scene.starttls
        if kind is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

        def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
            connection.context = self._authority.context((name or EXCHANGE_NAME).lower(), kind)

        context.sni_callback = choose
        return context

    def _plain(self, app: ASGIApp, door: Callable[[], Door] = lambda: Door.OPEN) -> Listener:
        config = http_config(app)
        return Listener(LOOPBACK, lambda: self._http.protocol(config), door=door)

    async def _enter(self, stack: contextlib.AsyncExitStack, listener: Listener) -> None:
        await stack.enter_async_context(listener.serving(self._tasks))
        self._listeners.append(listener)

    def _publish(self, address: str, port: int, to_port: int) -> None:
        entry = {"ip": address, "port": port, "to_ip": loopback(address), "to_port": to_port}
        self._connect.append(entry)

    async def _close(self) -> None:
        self.dependencies.clear()
        await self._http.drain()
        await self._product.close()
