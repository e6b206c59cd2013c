"""Everything about a world that a fault may change, as plain data.

A world shows one scene at a time. A fault is a function that edits a scene; mending one means: take the good scene
and apply the faults that remain. So no fault knows how to undo itself, and mending in any order is right.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp

from launchready_worlds import chat_trials, redteam_trials
from launchready_worlds.addresses import (
    APEX,
    APP,
    BOOKING,
    DOMAIN,
    HTTP_PORT,
    HTTPS_PORT,
    NS1,
    NS2,
    NS2_V6,
    ORIGIN,
    REGISTRY,
    REGISTRY_LIST,
    RESOLVER,
    TOP_LEVEL,
    WWW,
)
from launchready_worlds.authority import Certificate
from launchready_worlds.builds import Record, good_record
from launchready_worlds.declaration import Declaration
from launchready_worlds.limiting import Limits
from launchready_worlds.listener import Door
from launchready_worlds.mail import MailMood, Relay
from launchready_worlds.nameservers import Mood, NameServer, Resolver
from launchready_worlds.product import Rebuild
from launchready_worlds.provider_moods import ProviderMood
from launchready_worlds.released import Released
from launchready_worlds.repository import History
from launchready_worlds.zone import Zone

Wrapper = Callable[[ASGIApp], ASGIApp]

COMMIT_CHARS = 40
"""Hex digits of a whole SHA-1 commit hash."""
TLS_HOSTS = (APEX, WWW, APP, BOOKING, REGISTRY, REGISTRY_LIST)


@dataclass(frozen=True, slots=True)
class Wrap:
    """A piece of middleware around one host.

    Attributes:
        host: The Host it is for.
        wrapper: Takes the application and returns the one that is served instead.
        secure: Whether it stands at https or at plain http.
    """

    host: str
    wrapper: Wrapper
    secure: bool = True


def _closed_origin() -> dict[tuple[str, int], Door]:
    """The app's server admits its edge alone, whose way to it is none of a world's ports."""
    return dict.fromkeys(((ORIGIN, HTTP_PORT), (ORIGIN, HTTPS_PORT)), Door.SLAMMED)


@dataclass(slots=True)
class Scene:
    """What a world shows.

    Attributes:
        now: The present moment, from which faults count days.
        servers: Authoritative name servers by logical address.
        resolver: The recursive resolver.
        certificates: Kind of certificate by host.
        doors: Ports that don't just serve, by logical address and port.
        old_tls: Logical addresses whose https also takes TLS 1.0 and 1.1.
        hsts: The Strict-Transport-Security header by host, where it is not the edge's good one; empty for none.
        wraps: Middleware around hosts, the first one innermost.
        product: Settings of coachbot that differ from the good ones, by field.
        rebuild: Replace parts of coachbot before it is built: for faults inside the product.
        limits: How many requests one visitor may send to the product, where its own limits are switched off.
        mail: How the receiving mail server behaves.
        relay: How the founder's mail service sends.
        starttls: Kind of certificate it shows when asked to encrypt; None: it does not offer to.
        provider: How the model provider behaves.
        history: Which repository the founder has.
        commit_behind: How many commits the deployed one is behind HEAD.
        commit_chars: How many hex digits of the commit the product tells.
        declaration: What launchready.toml says.
        release: What releases left on the founder's machine and on the host.
        config_text: Replaces launchready.toml by raw text, to make it wrong.
        build: What the last build wrote down; None: nothing was built.
        chat_test: What the last test of the chat wrote down; None: it was never tested.
        red_team: What the last red team run wrote down; None: it was never attacked.
    """

    now: dt.datetime
    servers: dict[str, NameServer]
    resolver: Resolver
    declaration: Declaration
    certificates: dict[str, Certificate] = field(default_factory=lambda: dict.fromkeys(TLS_HOSTS, Certificate.GOOD))
    doors: dict[tuple[str, int], Door] = field(default_factory=_closed_origin)
    old_tls: set[str] = field(default_factory=set)
    hsts: dict[str, str] = field(default_factory=dict)
    wraps: list[Wrap] = field(default_factory=list)
    product: dict[str, Any] = field(default_factory=dict)
    rebuild: list[Rebuild] = field(default_factory=list)
    limits: Limits | None = None
    mail: MailMood = MailMood.DELIVERS
    starttls: Certificate | None = Certificate.GOOD
    relay: Relay = field(default_factory=Relay)
    provider: ProviderMood = ProviderMood.ANSWERS
    history: History = History.CLEAN
    commit_behind: int = 0
    commit_chars: int = COMMIT_CHARS
    release: Released = field(default_factory=Released)
    config_text: str | None = None
    build: Record | None = field(default_factory=good_record)
    chat_test: Record | None = field(default_factory=chat_trials.good_record)
    red_team: Record | None = field(default_factory=redteam_trials.good_record)

    def built(self) -> Record:
        """What the last build wrote down, to be edited; there has to be one."""
        assert self.build is not None
        return self.build

    def chat_tested(self) -> Record:
        """What the last test of the chat wrote down, to be edited; there has to be one."""
        assert self.chat_test is not None
        return self.chat_test

    def attacked(self) -> Record:
        """What the last red team run wrote down, to be edited; there has to be one."""
        assert self.red_team is not None
        return self.red_team

    def zones(self) -> Iterator[Zone]:
        """The founder's zone, each copy of it: what an edit at the DNS provider changes."""
        for address in (NS1, NS2, NS2_V6):
            yield self.servers[address].zones[DOMAIN]

    def put(self, owner: str, kind: str, *values: str) -> None:
        """Replace records in every copy of the founder's zone."""
        for zone in self.zones():
            zone.put(owner, kind, *values)

    def add(self, owner: str, kind: str, *values: str) -> None:
        """Add records in every copy of the founder's zone."""
        for zone in self.zones():
            zone.add(owner, kind, *values)

    def drop(self, owner: str, kind: str) -> None:
        """Remove records from every copy of the founder's zone."""
        for zone in self.zones():
            zone.drop(owner, kind)

    def parent(self) -> Zone:
        """The zone `example`, which delegates the founder's."""
        return self.servers[TOP_LEVEL].zones["example"]

    def silence(self, *addresses: str, mood: Mood = Mood.DEAD) -> None:
        """Change how name servers take questions, the resolver's address included."""
        for address in addresses:
            if address == RESOLVER:
                self.resolver.mood = mood
            else:
                self.servers[address].mood = mood

    def wrap(self, host: str, wrapper: Wrapper, *, secure: bool = True) -> None:
        """Put middleware around one host."""
        self.wraps.append(Wrap(host, wrapper, secure))
