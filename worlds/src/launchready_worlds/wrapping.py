"""Middleware from which faults around a site are made. Plain ASGI, so that streams stay streams."""

import asyncio
from collections.abc import Callable, Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from launchready_worlds.scene import Wrapper

Applies = Callable[[Scope], bool]
HeaderEdit = Callable[[MutableHeaders], None]
BodyEdit = Callable[[str], str]


def everywhere(_scope: Scope) -> bool:
    """Every request."""
    return True


def at(*paths: str, methods: Collection[str] = ()) -> Applies:
    """Requests for these paths, and these methods when any are named."""

    def applies(scope: Scope) -> bool:
        return scope["path"] in paths and (not methods or scope["method"] in methods)

    return applies


def under(prefix: str) -> Applies:
    """Requests for paths with this prefix."""
    return lambda scope: str(scope["path"]).startswith(prefix)


def replace(site: ASGIApp, applies: Applies = everywhere) -> Wrapper:
    """Another application answers some requests."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            await (site if applies(scope) else app)(scope, receive, send)

        return wrapped

    return wrapper


def answer(make: Callable[[], Response], applies: Applies = everywhere) -> Wrapper:
    """A fixed response to some requests."""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        await make()(scope, receive, send)

    return replace(site, applies)


def response_headers(edit: HeaderEdit, applies: Applies = everywhere, *, media_type: str = "") -> Wrapper:
    """Edit the headers of some responses.

    Args:
        edit: Changes the headers in place.
        applies: Which requests.
        media_type: Only responses whose Content-Type starts like this.
    """

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            async def edited(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = MutableHeaders(raw=list(message["headers"]))
                    if headers.get("content-type", "").startswith(media_type):
                        edit(headers)
                        message = {**message, "headers": headers.raw}
                await send(message)

            await app(scope, receive, edited if applies(scope) else send)

        return wrapped

    return wrapper


def without_request_headers(names: Collection[str], applies: Applies = everywhere) -> Wrapper:
    """Hide request headers from the site, as a proxy does that strips them."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if applies(scope):
                kept = [(name, value) for name, value in scope["headers"] if name.decode() not in names]
                scope = {**scope, "headers": kept}
            await app(scope, receive, send)

        return wrapped

    return wrapper


def html(edit: BodyEdit, applies: Applies = everywhere) -> Wrapper:
    """Edit the text of HTML responses; they are collected first, all others stream through.

    The site inside is asked for plain text, so compression is put back around it.
    """

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, _HtmlEditor(send, edit) if applies(scope) else send)

        return GZipMiddleware(without_request_headers({"accept-encoding"})(wrapped))

    return wrapper


class _HtmlEditor:
    """A `send` that holds an HTML response back until it is whole, then sends the edited one."""

    def __init__(self, send: Send, edit: BodyEdit) -> None:
        self._send = send
        self._edit = edit
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._edit(self._body.decode()).encode()
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def slow(delay_s: float, applies: Applies = everywhere, *, every: int = 1) -> Wrapper:
    """Let some requests wait, every n-th of them."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        seen = 0

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal seen
            if applies(scope):
                seen += 1
                if seen % every == 0:
                    await asyncio.sleep(delay_s)
            await app(scope, receive, send)

        return wrapped

    return wrapper


def crowded(limit: int, refusal: Callable[[], Response], applies: Applies = everywhere) -> Wrapper:
    """Refuse requests while so many are under way, as a pool that is too small does."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        under_way = 0

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal under_way
            if not applies(scope):
                await app(scope, receive, send)
                return
            if under_way >= limit:
                await refusal()(scope, receive, send)
                return
            under_way += 1
            try:
                await app(scope, receive, send)
            finally:
                under_way -= 1

        return wrapped

    return wrapper
