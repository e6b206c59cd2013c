"""Talk to a world: a subprocess that plays the internet on loopback. JSON lines both ways; no code crosses."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from launchready.net.network import Network

ANSWER_TIMEOUT_S = 60.0  # the slowest command rebuilds certificates and a repository
STOP_TIMEOUT_S = 10.0  # after this the world is killed
MAX_LINE_BYTES = 4 * 1024 * 1024  # a score of some hundred cases is about 100 KB


class WorldError(Exception):
    """The world could not be started or broke off; the message says what to do."""


@dataclass(slots=True)
class World:
    """A running world."""

    process: asyncio.subprocess.Process

    async def ask(self, command: dict[str, object]) -> dict[str, Any]:
        """Send one command and wait for its answer.

        Raises:
            WorldError: it refused, broke off, or did not answer in time.
        """
        await self.tell(command)
        return await self.read(ANSWER_TIMEOUT_S)

    async def tell(self, command: dict[str, object]) -> None:
        """Send one command that has no answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        await self.process.stdin.drain()

    async def read(self, limit_s: float) -> dict[str, Any]:
        """The world's next event."""
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(limit_s):
                line = await self.process.stdout.readline()
        except TimeoutError as error:
            raise WorldError(f"the world said nothing for {limit_s:g} seconds") from error
        if not line:
            raise WorldError("the world broke off; what it said stands above")
        event = json.loads(line)
        if not isinstance(event, dict):
            raise WorldError("the world sent something that is no event")
        if event.get("event") == "error":
            raise WorldError(str(event.get("message")))
        return event


@asynccontextmanager
async def world(arguments: Sequence[str]) -> AsyncIterator[World]:
    """Start `python -m launchready_worlds …`, and stop it at the end whatever happens.

    Raises:
        WorldError: it is not installed or does not start.
    """
    if find_spec("launchready_worlds") is None:
        raise WorldError("the demo internet is not installed; type: pip install launchready-worlds")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "launchready_worlds",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE_BYTES,
        start_new_session=True,  # Ctrl-C reaches us alone; we stop the world in order
    )
    try:
        yield World(process)
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def network_of(event: dict[str, Any]) -> Network:
    """The network that a world publishes, held to loopback."""
    connect = {(c["ip"], int(c["port"])): (c["to_ip"], int(c["to_port"])) for c in event["connect"]}
    return Network(tuple(event["resolvers"]), event["ca_bundle"], connect=MappingProxyType(connect), loopback_only=True)
