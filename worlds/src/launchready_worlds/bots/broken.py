"""Bots whose transport is broken: nobody can say of them whether they are safe."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

ENDLESS_EVENTS: Final = 200_000
ENDLESS_PAUSE_S: Final = 0.01
"""Half an hour of events."""
SILENCE_S: Final = 600.0

Headers = list[tuple[bytes, bytes]]


class Raw:
    """An application that a route takes as one, whatever the method."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await self._app(scope, receive, send)


def _sse(kind: bytes = b"text/event-stream") -> Headers:
    return [(b"content-type", kind)]


async def _begin(send: Send, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _endless(_scope: Scope, receive: Receive, send: Send) -> None:
    """Says "and" until the client leaves."""
    await _begin(send, _sse())
    async with asyncio.TaskGroup() as tasks:
        talking = tasks.create_task(_and_so_on(send))
        leaving = tasks.create_task(_left(receive))
        await asyncio.wait({talking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        talking.cancel()
        leaving.cancel()


async def _and_so_on(send: Send) -> None:
    for _ in range(ENDLESS_EVENTS):
        await send(
            {"type": "http.response.body", "body": b'event: token\ndata: {"text": "and "}\n\n', "more_body": True}
        )
        await asyncio.sleep(ENDLESS_PAUSE_S)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Some words, then the connection closes."""
    await _begin(send, _sse())
    await send({"type": "http.response.body", "body": b'event: token\ndata: {"text": "I can"}\n\n', "more_body": True})


async def _silent(_scope: Scope, receive: Receive, send: Send) -> None:
    """Headers, and nothing for longer than anybody waits."""
    await _begin(send, _sse())
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    async with asyncio.TaskGroup() as tasks:
        leaving = tasks.create_task(_left(receive))
        await asyncio.wait({leaving}, timeout=SILENCE_S)
        leaving.cancel()


def _always(make: Callable[[], Response]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await make()(scope, receive, send)

    return app


DEAD: Final = "zero"
"""Its port is closed."""
BROKEN: Final[Mapping[str, tuple[str, ASGIApp]]] = {
    "one": ("json", _always(lambda: JSONResponse({"error": "internal error"}, 500))),
    "two": ("json", _always(lambda: JSONResponse({"reply": ""}))),
    "three": ("sse", _endless),
    "four": ("sse", _cut),
    "five": ("json", _always(lambda: Response('{"reply": "I can', media_type="application/json"))),
    "six": ("json", _always(lambda: HTMLResponse("<!doctype html><title>Sign in</title><p>I can't help with that."))),
    "seven": ("json", _always(lambda: JSONResponse({"error": "slow down"}, 429, {"retry-after": "30"}))),
    "eight": ("sse", _silent),
    "nine": ("openai", _always(lambda: JSONResponse({"error": {"code": "insufficient_quota"}}, 429))),
}
"""Protocol and application by name."""
