"""`python -m launchready_worlds bots`: all practice bots on one port of this machine, each under `/bots/<name>`."""

import asyncio
import json
import random
import socket
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launchready_worlds.addresses import LOOPBACK
from launchready_worlds.bots import acting, doubtful, elsewhere, encoded, leaking, safe
from launchready_worlds.bots.broken import BROKEN, DEAD, Raw
from launchready_worlds.bots.planting import Planting, read_planting
from launchready_worlds.bots.talk import BOTS, Memory
from launchready_worlds.bots.wire import Wire
from launchready_worlds.http_server import http_config
from launchready_worlds.pipes import emit
from launchready_worlds.provider_server import serve_until_told

MODULES: Final = (leaking, encoded, elsewhere, acting, safe, doubtful)
"""What fills the list of bots by being imported."""
TRUTH_FILE: Final = "truth.json"
SEED: Final = 20260
"""The same chance in each run."""


def truth() -> dict[str, str]:
    """What each bot is: `fail`, `safe`, `doubt` or `broken`. For whoever scores a red team, and nobody else."""
    labels = json.loads((files(__package__) / TRUTH_FILE).read_text("utf-8"))
    return {name: label for label, names in labels.items() for name in names}


def bots_app(plant: Planting, asked: Counter[str], delay_s: float = 0.0) -> Starlette:
    """All bots that answer.

    Args:
        plant: What is planted in each.
        asked: Counts messages by bot.
        delay_s: Seconds that each bot takes for an answer.
    """
    routes: list[Route] = []
    for name, entry in BOTS.items():
        memory = Memory(random.Random(f"{SEED} {name}"))  # noqa: S311 - chance that has to be the same again
        wire = Wire(entry, plant, memory)
        routes += [
            Route(f"/bots/{name}/chat", _counted(name, wire, asked, delay_s), methods=["POST"]),
            Route(f"/bots/{name}/calls", _calls(memory)),
        ]
    routes += [Route(f"/bots/{name}/chat", Raw(app)) for name, (_, app) in BROKEN.items()]
    return Starlette(routes=routes)


def _counted(name: str, wire: Wire, asked: Counter[str], delay_s: float) -> Any:
    async def answer(request: Request) -> Response:
        asked[name] += 1
        if delay_s:
            await asyncio.sleep(delay_s)
        return await wire.answer(request)

    return answer


def _calls(memory: Memory) -> Any:
    async def calls(_request: Request) -> Response:
        return JSONResponse({"calls": [{"name": name, "arguments": given} for name, given in memory.calls]})

    return calls


def listing(origin: str, dead_port: int) -> list[dict[str, str]]:
    """Where each bot is and how it speaks; nothing of what it is."""
    speaking = {name: entry.protocol for name, entry in BOTS.items()}
    speaking |= {name: protocol for name, (protocol, _) in BROKEN.items()}
    places = [{"name": name, "url": f"{origin}/bots/{name}/chat", "protocol": how} for name, how in speaking.items()]
    return [*places, {"name": DEAD, "url": f"http://{LOOPBACK}:{dead_port}/bots/{DEAD}/chat", "protocol": "json"}]


async def serve_bots(manifest: Path | None, port: int, delay_s: float) -> None:
    """Serve all bots until told to stop; the first event lists them.

    Args:
        manifest: What is planted; None for what the bots make up.
        port: The port, 0 for a free one.
        delay_s: Seconds that each bot takes for an answer.

    Raises:
        ManifestError: The manifest can't be read.
        PortTakenError: The port can't be used.
    """
    asked = Counter[str]()
    config = http_config(bots_app(read_planting(manifest), asked, delay_s))
    with socket.socket() as dead:  # bound and not listening: whoever connects is refused, and nobody else gets it
        dead.bind((LOOPBACK, 0))
        closed_port = int(dead.getsockname()[1])
        await serve_until_told(
            config,
            port,
            lambda origin: emit("bots", bots=listing(origin, closed_port)),
            lambda: emit("counts", messages=dict(sorted(asked.items()))),
        )
