"""`ChatGuard(app, settings)`: one line between a chatbot product and the internet. Pure ASGI.

In this order a request is counted, measured, queued, paid for and timed; what goes wrong inside becomes an answer that
a visitor and a monitor both understand.
"""

import asyncio
import logging
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from limits.aio.storage import Storage
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from launchready_guard.client import ClientAddresses
from launchready_guard.concurrency import BusyError, Places
from launchready_guard.deadlines import Deadlines, Ended, Watch
from launchready_guard.error_bodies import Refusal, Render, answer
from launchready_guard.limiting import Limits, Per, Rate, Rule, Who, cookie_of, matches
from launchready_guard.logs import keyed_hash
from launchready_guard.metrics import Metrics
from launchready_guard.reply import CLIENT_CLOSED, Reply
from launchready_guard.request_id import REQUEST_ID_BYTES
from launchready_guard.spend import Spend, SpendCapError
from launchready_guard.store import MemoryStore, Store

MAX_BODY_BYTES = 256 * 1024
"""Bytes of a request: a long talk that the client sends along in full."""

TRY_AGAIN_LATER = 1013
"""WebSocket close code for a server that can't serve now (IANA registry of close codes)."""

DEFAULT_RULES = (
    Rule(
        "chat",
        ("/api/chat",),
        (Rate(20, 60, Per.SESSION), Rate(200, 60, Per.CLIENT), Rate(3000, 60, Per.EVERYBODY)),
    ),
)
"""20 questions a minute are more than anybody types; 200 from one address are an office; 3,000 in all a good day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSettings:
    """What the owner decides.

    Attributes:
        chat_paths: Where questions are posted; an entry that ends with `*` stands for all that begin so. Only here are
            answers queued, timed and paid for.
        error_paths: Where, besides the chat, bodies of failing answers are replaced.
        rules: Budgets of requests.
        max_body_bytes: Bytes of a request, on every path.
        trusted_proxies: Addresses or networks of the owner's own proxies, whose `X-Forwarded-For` is believed.
        session_cookie: Cookie with the session's id; a new one each time gains nothing but the client's own budget.
        places: Answers made at the same time.
        queue: Requests that wait for a place.
        wait_s: Seconds that one waits for a place.
        busy_retry_s: Seconds after which one that found no place is told to ask again.
        deadlines: How long an answer may take.
        key: Secret of the keyed hashes in logs; random for each process when empty.
    """

    chat_paths: tuple[str, ...] = ("/api/chat",)
    error_paths: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = DEFAULT_RULES
    max_body_bytes: int = MAX_BODY_BYTES
    trusted_proxies: tuple[str, ...] = ()
    session_cookie: str = "session"
    places: int = 200
    queue: int = 200
    wait_s: float = 5.0
    busy_retry_s: int = 5
    deadlines: Deadlines = field(default_factory=Deadlines)
    key: bytes = field(default=b"", repr=False)


class ChatGuard:
    """Guards an ASGI application.

    Args:
        app: The product.
        settings: What the owner decides.
        store: Where requests are counted: a `SqliteStore` when there are several workers, or an async storage of
            `limits` (Redis).
        spend: Caps on what the model costs; None has none.
        metrics: Where numbers go.
        logger: Where outcomes are noted, usually from `json_logger`.
        render: Makes pages of the product's own for refusals.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: GuardSettings | None = None,
        *,
        store: Store | Storage | None = None,
        spend: Spend | None = None,
        metrics: Metrics | None = None,
        logger: logging.Logger | None = None,
        render: Render | None = None,
    ) -> None:
        self.settings = settings or GuardSettings()
        self.metrics = metrics or Metrics()
        self.places = Places(
            places=self.settings.places,
            queue=self.settings.queue,
            wait_s=self.settings.wait_s,
            retry_after_s=self.settings.busy_retry_s,
        )
        self._app = app
        self._limits = Limits(self.settings.rules, store or MemoryStore(), logger=logger)
        self._spend = spend
        self._logger = logger
        self._render = render
        self._key = self.settings.key or secrets.token_bytes(REQUEST_ID_BYTES)
        self._addresses = ClientAddresses(self.settings.trusted_proxies)
        self.metrics.waiting.set_function(lambda: self.places.waiting)
        self.metrics.running.set_function(lambda: self.places.running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        if not state.get("request_id"):
            state["request_id"] = secrets.token_hex(REQUEST_ID_BYTES)
        path, who = scope["path"], self._who(scope)
        is_chat = matches(self.settings.chat_paths, path)
        replaces = is_chat or matches(self.settings.error_paths, path)
        reply = Reply(scope, send, replaces=replaces, watch=None, render=self._render)
        refusal = await self._limits.judge(scope["method"], path, who) or self._declared_too_large(scope)
        if refusal is not None:
            await self._refuse(reply, refusal)
        elif is_chat and scope["method"] == "POST":
            await self._chat(_Connection(scope, receive, send, who), reply)
        else:
            await self._plain(scope, receive, reply)
        self.metrics.requests.labels(self._limits.rule_of(scope["method"], path) or "other", reply.status).inc()

    async def _plain(self, scope: Scope, receive: Receive, reply: Reply) -> None:
        """Everything but the chat: bounded in size, errors made presentable where that is asked for."""
        left = self.settings.max_body_bytes

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                reply.overrule(Refusal(413, "too_large"))
                raise _BodyTooLargeError
            return message

        try:
            await self._app(scope, bounded, reply.send)
        except _BodyTooLargeError:
            await reply.end(Refusal(413, "too_large"))

    async def _chat(self, connection: "_Connection", reply: Reply) -> None:
        try:
            body = await self._body(connection.receive)
            async with AsyncExitStack() as held:
                await held.enter_async_context(self.places.place())
                if self._spend is not None:
                    await held.enter_async_context(self._spend.answer(reply.request_id, connection.who))
                await self._watched(connection, reply, body)
        except _RefusedError as refused:
            await self._refuse(reply, refused.refusal)
        except (BusyError, SpendCapError) as refused:
            await self._refuse(reply, refused.refusal)
        except _GoneError:
            reply.status = CLIENT_CLOSED

    async def _watched(self, connection: "_Connection", reply: Reply, body: bytes) -> None:
        watch = Watch(self.settings.deadlines)
        reply.watch = watch
        # What is compressed inside can't be read here: each byte of it would pass for content, and so would its errors.
        connection.scope["headers"] = [pair for pair in connection.scope["headers"] if pair[0] != b"accept-encoding"]
        inside = _Inside(body, watch)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(inside.listen(connection.receive))
            try:
                await self._run(connection, reply, inside, watch)
            finally:
                listening.cancel()
        self._note(connection, reply, watch)

    async def _run(self, connection: "_Connection", reply: Reply, inside: "_Inside", watch: Watch) -> None:
        try:
            await watch.run(self._app(connection.scope, inside.receive, reply.send))
        except SpendCapError as over:
            await reply.end(over.refusal)
        except Exception as bug:  # whatever breaks inside becomes an answer, and a line with its type and place
            reply.bug = bug
            if self._logger is not None and watch.ended is None:
                self._logger.exception("chat-bug", extra={"request_id": reply.request_id})
        if reply.is_complete and reply.bug is None:
            return
        try:
            async with asyncio.timeout(self.settings.deadlines.send_s):
                await reply.finish(watch.ended)
        except TimeoutError:
            watch.ended = Ended.SLOW_CLIENT

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self.settings.deadlines.body_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _GoneError
                    body += message.get("body", b"")
                    if len(body) > self.settings.max_body_bytes:
                        raise _RefusedError(Refusal(413, "too_large"))
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise _RefusedError(Refusal(408, "too_slow", headers={"connection": "close"})) from None

    async def _refuse(self, reply: Reply, refusal: Refusal) -> None:
        self.metrics.refusals.labels(refusal.code).inc()
        await reply.end(refusal)

    def _declared_too_large(self, scope: Scope) -> Refusal | None:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value[:18]) > self.settings.max_body_bytes:
                return Refusal(413, "too_large")
        return None

    def _who(self, scope: Scope) -> Who:
        return Who(self._addresses.of(scope), cookie_of(scope, self.settings.session_cookie))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await self._limits.judge("POST", scope["path"], self._who(scope))
        if refusal is None:
            await self._app(scope, receive, send)
            return
        self.metrics.refusals.labels(refusal.code).inc()
        if "websocket.http.response" in scope.get("extensions", {}):
            await answer(scope, refusal)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": refusal.code})

    def _note(self, connection: "_Connection", reply: Reply, watch: Watch) -> None:
        outcome = watch.ended.value if watch.ended is not None else reply.outcome
        took_s = asyncio.get_running_loop().time() - watch.started_at
        if outcome == "done":
            self.metrics.total.observe(took_s)
        else:
            self.metrics.errors.labels(outcome).inc()
        if watch.first_content_s is not None:
            self.metrics.first.observe(watch.first_content_s)
        if self._logger is None:
            return
        fields = {
            "request_id": reply.request_id,
            "status": reply.status,
            "outcome": outcome,
            "client": keyed_hash(self._key, connection.who.client),
            "session": keyed_hash(self._key, connection.who.session) if connection.who.session else None,
            "first_token_ms": round(watch.first_content_s * 1000, 1) if watch.first_content_s is not None else None,
            "duration_ms": round(took_s * 1000, 1),
        }
        level = logging.INFO if outcome in {"done", Ended.GONE.value} else logging.WARNING
        self._logger.log(level, "chat-answer", extra=fields)


@dataclass(frozen=True, slots=True)
class _Connection:
    scope: Scope
    receive: Receive
    send: Send
    who: Who


class _Inside:
    """What the product is given to read: the body that was read already, then silence until the client goes."""

    def __init__(self, body: bytes, watch: Watch) -> None:
        self._body: bytes | None = body
        self._watch = watch
        self._gone = asyncio.Event()

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def listen(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            continue
        self._gone.set()
        self._watch.stop(Ended.GONE)


class _RefusedError(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class _GoneError(Exception):
    pass


class _BodyTooLargeError(Exception):
    pass
