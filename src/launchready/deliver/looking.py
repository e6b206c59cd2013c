"""Is the release alive, and which one is it? Asked of the public name, as customers reach it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind
from launchready.net.http_client import HttpClient
from launchready.probes.endpoints import MAX_REPORT_BYTES, read_commit

LOOK_LIMIT_S: Final = 10.0
"""Seconds one look may take: as the probes of an audit have it."""

EVERY_S: Final = 0.5
"""Seconds between looks: few enough to burden nobody, often enough to measure an outage."""

STEADY_LOOKS: Final = 3
"""Good looks in a row that count as live: one alone may have met the last worker of the former release."""

SHORTEST_COMMIT_CHARS: Final = 7
"""Hex digits that name a commit at least: git's own default for short hashes (git-config, core.abbrev)."""

OUR_SIDE: Final = frozenset({Why.OWN_NETWORK, Why.NO_RESOLVER, Why.CAPTIVE_PORTAL, Why.NOT_INSTALLED})
"""Causes that lie with this machine: they say nothing about the release."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look: whether all health endpoints answer well, the commit they name, and what was seen in a sentence.

    `is_blind` is true where nothing could be seen for a reason on our side.
    """

    is_well: bool
    commit: str
    detail: str
    is_blind: bool = False

    def is_release(self, commit: str) -> bool:
        """Whether it is well and is this commit."""
        return self.is_well and is_same(self.commit, commit)


def is_same(one: str, other: str) -> bool:
    """Whether two texts name one commit, of which either may be shortened."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return len(short) >= SHORTEST_COMMIT_CHARS and long.startswith(short)


class UndeclaredError(Exception):
    """A release can't be seen without its health and version endpoints; the sentence says what to declare."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Looks at one product."""

    health: tuple[Endpoint, ...]
    version: tuple[Endpoint, ...]
    http: HttpClient

    @classmethod
    def on(cls, product: Product, http: HttpClient) -> "Eyes":
        """Eyes for a product's declared endpoints.

        Raises:
            UndeclaredError: one of the two kinds is missing.
        """
        health = tuple(e for e in product.endpoints if e.kind is EndpointKind.HEALTH)
        version = tuple(e for e in product.endpoints if e.kind is EndpointKind.VERSION)
        for kind, found in (("health", health), ("version", version)):
            if not found:
                raise UndeclaredError(
                    f"Without a {kind} endpoint nobody can tell whether a release works. "
                    f'Add [[endpoints]] with kind = "{kind}" to launchready.toml.'
                )
        return cls(health, version, http)

    async def look(self) -> Look:
        """What is live now."""
        try:
            async with asyncio.timeout(LOOK_LIMIT_S):
                ill = await self._ill()
                commit = await self._commit()
        except NotSeen as unseen:
            return Look(False, "", unseen.detail.rstrip("."), unseen.why in OUR_SIDE)
        except TimeoutError:
            return Look(False, "", f"no answer within {LOOK_LIMIT_S:g} seconds")
        if ill:
            return Look(False, commit, ill)
        return Look(True, commit, f"well, and says that it is {commit[:12] or 'no commit'}")

    async def is_up(self) -> bool | None:
        """What a light visitor meets: True or False; None where the fault is on our side."""
        try:
            async with asyncio.timeout(LOOK_LIMIT_S):
                return not await self._ill()
        except NotSeen as unseen:
            return None if unseen.why in OUR_SIDE else False
        except TimeoutError:
            return False

    async def wait_for(self, commit: str, within_s: float, say: Callable[[str], None]) -> Look:
        """Look until a release is steadily live, or the time is over; the last look."""
        tick = asyncio.get_running_loop().time
        deadline, steady, said = tick() + within_s, 0, ""
        while True:
            seen = await self.look()
            steady = steady + 1 if seen.is_release(commit) else 0
            if seen.detail != said:
                say(f"   seen: {seen.detail}")
                said = seen.detail
            if steady >= STEADY_LOOKS or (tick() >= deadline and not steady):
                return seen
            await asyncio.sleep(EVERY_S)

    async def _ill(self) -> str:
        """What the first health endpoint that is not well says; empty where all are."""
        for endpoint in self.health:
            response = await self.http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
            if not 200 <= response.status < 300:
                return f"{endpoint.url} answers {response.status}"
            if endpoint.contains not in response.body.decode("utf-8", errors="replace"):
                return f"{endpoint.url} does not say {endpoint.contains!r}"
        return ""

    async def _commit(self) -> str:
        """What all version endpoints name; empty where they name none, or not the same."""
        named = set()
        for endpoint in self.version:
            response = await self.http.fetch(endpoint.url, max_bytes=MAX_REPORT_BYTES)
            named.add(read_commit(response.body).lower() if 200 <= response.status < 300 else "")
        return named.pop() if len(named) == 1 else ""


@dataclass(slots=True)
class Visitor:
    """Asks the health endpoint again and again while a release changes, and counts what a customer would have met."""

    eyes: Eyes
    asked: int = 0
    failed: int = 0
    down_s: float = 0.0

    async def visit(self, every_s: float = EVERY_S) -> None:
        """Ask until cancelled. `down_s` becomes the longest time from a failed request to the next good one."""
        tick = asyncio.get_running_loop().time
        down_since: float | None = None
        while True:
            began = tick()
            up = await self.eyes.is_up()
            if up is not None:
                self.asked += 1
                self.failed += not up
                if not up and down_since is None:
                    down_since = began
                if down_since is not None:
                    self.down_s = max(self.down_s, tick() - down_since)
                if up:
                    down_since = None
            await asyncio.sleep(max(0.0, every_s - (tick() - began)))
