"""Hosts and files that no auditor expects, and must survive."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from launchready_worlds.addresses import APEX
from launchready_worlds.declaration import to_toml
from launchready_worlds.faults import blind, fault
from launchready_worlds.scene import Scene
from launchready_worlds.sites import redirect
from launchready_worlds.subjects import HOST_APEX, HOST_WWW, PAGE
from launchready_worlds.wrapping import answer, at, replace

CHUNK = b"<p>Bright Path Coaching helps you on your way, one step after the other.</p>\n" * 850
GIGABYTE = 1_000_000_000
PRIVATE_URL = "http://169.254.169.254/latest/meta-data/"


async def _gigabyte() -> AsyncIterator[bytes]:
    yield b"<!doctype html><title>Bright Path</title>\n"
    for _ in range(GIGABYTE // len(CHUNK)):
        yield CHUNK
        await asyncio.sleep(0)  # lets the server notice that the client has left


@blind(
    {"mixed-content": (HOST_APEX,)},
)
def page_of_a_gigabyte(scene: Scene) -> None:
    """The landing page never seems to end: a gigabyte of it."""

    def endless() -> Response:
        return StreamingResponse(_gigabyte(), media_type="text/html")

    scene.wrap(APEX, answer(endless, at("/")))


@fault(
    {"redirect-not-canonical": (HOST_APEX,)},
    implies={
        "core-endpoint-slow": (PAGE,),
        "redirect-loses-query": (HOST_APEX,),
        "redirect-chain-long": (HOST_WWW,),
    },
)
def redirect_to_private_address(scene: Scene) -> None:
    """The landing page sends visitors to an address that exists only inside the hosting company."""
    scene.wrap(APEX, replace(redirect(lambda _asked: PRIVATE_URL), at("/")))


@fault({})
def config_typo(scene: Scene) -> None:
    """The configuration has a misspelt key."""
    scene.config_text = to_toml(scene.declaration).replace("sends_mail", "sends_mial")
