"""The cache of the world's edge: it stores bodies, answers with them, and says so in Cache-Status (RFC 9211).

It keeps what its owner's rules keep at an edge: files that are fresh for a day or longer. `keep_pages` is the rule
"cache everything" that breaks products.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "world-edge"
DAY_S = 24 * 3600
OK = 200
NOT_MODIFIED = 304

Lifetime = Callable[[Headers], int]
"""For how many seconds an answer is kept, by its headers; 0 where it is not."""

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age=([0-9]+)")


def keep_files(headers: Headers) -> int:
    """What says of itself that it is fresh for a day or longer, unless the edge is told otherwise (RFC 9213)."""
    for_the_edge = headers.get("cdn-cache-control", headers.get("cache-control", ""))
    found = _MAX_AGE.search(for_the_edge)
    seconds = int(found[1]) if found else 0
    return seconds if seconds >= DAY_S and "public" in for_the_edge else 0


def keep_pages(_headers: Headers) -> int:
    """Everything, for a day, cookies too: the rule that somebody clicked together."""
    return DAY_S


@dataclass(frozen=True, slots=True)
class _Kept:
    start: Message
    body: bytes
    at_s: float
    lifetime_s: int


class EdgeCache:
    """Stands in front of a site, and is empty at first.

    Args:
        app: The site.
        lifetime: What is kept, and for how long.
    """

    def __init__(self, app: ASGIApp, lifetime: Lifetime = keep_files) -> None:
        self._app = app
        self._lifetime = lifetime
        self._kept: dict[tuple[object, ...], _Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or ask the site."""
        if scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        key = (scope["raw_path"], scope["query_string"], Headers(scope=scope).get("accept-encoding"))
        kept = self._kept.get(key)
        if kept is not None:
            await _answer(kept, Headers(scope=scope).get("if-none-match", ""), send)
            return
        await self._app(scope, receive, _Recorder(send, self._lifetime, lambda made: self._kept.update({key: made})))


async def _answer(kept: _Kept, known: str, send: Send) -> None:
    """Who has it already by its tag is told so (RFC 9111 section 4.3.2)."""
    age_s = int(time.monotonic() - kept.at_s)
    headers = MutableHeaders(raw=list(kept.start["headers"]))
    headers["age"] = str(age_s)
    headers["cache-status"] = f"{NAME}; hit; ttl={kept.lifetime_s - age_s}"
    is_known = "etag" in headers and headers["etag"] in known
    if is_known:
        del headers["content-length"]
    await send({**kept.start, "status": NOT_MODIFIED if is_known else OK, "headers": headers.raw})
    await send({"type": "http.response.body", "body": b"" if is_known else kept.body})


class _Recorder:
    """A `send` that lets everything through at once, and keeps a copy of what is to be stored."""

    def __init__(self, send: Send, lifetime: Lifetime, store: Callable[[_Kept], None]) -> None:
        self._send = send
        self._lifetime = lifetime
        self._store = store
        self._start: Message | None = None
        self._body = b""
        self._lifetime_s = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = self._begin(message)
        elif self._lifetime_s and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                self._store(_Kept(self._start, self._body, time.monotonic(), self._lifetime_s))
        await self._send(message)

    def _begin(self, message: Message) -> Message:
        self._lifetime_s = self._lifetime(Headers(raw=message["headers"])) if message["status"] == OK else 0
        self._start = message
        headers = MutableHeaders(raw=list(message["headers"]))
        headers.append("cache-status", f"{NAME}; fwd=uri-miss; stored" if self._lifetime_s else f"{NAME}; fwd=bypass")
        return {**message, "headers": headers.raw}
