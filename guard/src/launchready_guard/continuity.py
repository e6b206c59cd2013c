"""A chat that survives its connections: a message is answered once, and its answer can be read again from any piece on.

`Continuity` stands in front of a chat endpoint of any make. A client gives each message an id. The first request with
that id is answered by the product; every other one joins the same answer, in this process or in another one over the
same store, while it is made and afterwards. An answer goes on to its end when nobody listens.
"""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from launchready_guard.answering import Answering
from launchready_guard.error_bodies import Refusal, answer
from launchready_guard.message_store import Bounds, Claim, Differs, Messages, Record
from launchready_guard.metrics import Metrics
from launchready_guard.replay import Delivery, LiveAnswer, Source, State
from launchready_guard.request_id import request_id_of
from launchready_guard.session_ids import SignedIds, visitor_of
from launchready_guard.store import Store, StoreError

MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{8,128}", re.ASCII)
"""A client's id of a message: a UUID, a ULID or the like."""

ANSWER_KEY = "launchready_guard.answer"
"""Where a request's state holds its answer."""

HIDDEN = frozenset({b"accept-encoding", b"last-event-id"})
"""Headers the product does not see: an answer is kept uncompressed, since the next reader may take no compression, and
made from its first piece on."""

NO_STORE = {"Cache-Control": "no-store"}

Owner = Callable[[Scope], Awaitable[str | None]]
"""Who sends the request: a stable id of a customer or visitor, or None when it is nobody that we know."""


async def visitor(scope: Scope) -> str | None:
    """The visitor that `Visitors` in front has recognised."""
    return visitor_of(scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuitySettings:
    """How a product's chat is spoken to.

    Attributes:
        key: The product's secret, for hashes and signatures.
        path: Where messages are posted.
        owner: Says who sends a request; talks of different owners never meet. A request of nobody goes through
            untouched, so that the product can refuse it in its own words.
        id_header: Header with the client's message id.
        id_in_body: Where the id is in a JSON body otherwise: names with dots between them; empty for nowhere.
        session_header: Header with the id of a talk, when one owner has several.
        session_in_body: Where it is in a JSON body otherwise.
        signed_sessions: Whether ids of talks are ours (`POST …/sessions` makes one) and another owner's is refused.
        final: Types or data of events of which one ends every whole answer, such as `[DONE]`; a stream that ends
            without is interrupted. When empty, a stream that ends is whole.
        max_body_bytes: Longest message that is taken, in bytes.
        body_s: Seconds that a message may take to arrive.
        bounds: What is kept, and for how long.
    """

    key: bytes = field(repr=False)
    path: str = "/api/chat"
    owner: Owner = visitor
    id_header: str = "idempotency-key"
    id_in_body: str = "message_id"
    session_header: str = "x-chat-session"
    session_in_body: str = ""
    signed_sessions: bool = False
    final: frozenset[str] = frozenset()
    max_body_bytes: int = 64 * 1024
    body_s: float = 30.0
    bounds: Bounds = field(default_factory=Bounds)


REUSED = Refusal(409, "message_id_reused", "This message id belongs to another message.", retryable=False)
UNKNOWN = Refusal(404, "unknown_message", "There is no such message, or not any more.")
NOBODY = Refusal(401, "logged_out", "Please log in again.")
FOREIGN = Refusal(403, "foreign_session", "This talk is not yours; please begin a new one.")
TOO_LARGE = Refusal(413, "message_too_large", "That was more than we can take at once.")
TOO_SLOW = Refusal(408, "too_slow", headers={"connection": "close"})
CUT = Refusal(400, "cut", "The message did not arrive whole.")
BAD_ID = Refusal(422, "bad_message_id", "A message id has 8 to 128 letters, digits, or _ . : -")
SILENT = Refusal(503, "no_answer", "There was no answer. Please send it again.", retry_after_s=1)
CROWDED = Refusal(429, "too_many_readers", "This answer is open in too many places.", retry_after_s=5)
STORE_DOWN = Refusal(503, "store_down", "We can't look that up now.", retry_after_s=2)


class RefusedError(Exception):
    """The request is answered with a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class _Route:
    """What an access log is told about a request that never reached the product's router."""

    path: str


class Continuity:
    """Answers each message once, and lets its answer be read again.

    Besides `POST path` it answers `GET path/messages` (what a talk holds), `GET path/messages/ID` (an answer, from
    `Last-Event-ID` on), `DELETE path/messages/ID` (stop it), and `POST path/sessions` when sessions are signed.

    Args:
        app: The application inside.
        store: Shared by all processes that serve the product.
        settings: How the chat is spoken to.
        logger: Where outcomes are noted; None notes none.
        metrics: Where it is counted how often an answer was given again.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        store: Store,
        settings: ContinuitySettings,
        logger: logging.Logger | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._messages = Messages(store, key=settings.key, bounds=settings.bounds)
        self._sessions = SignedIds(settings.key, "session")
        self._live: dict[str, LiveAnswer] = {}
        self._readers: Counter[str] = Counter()
        self._logger = logger
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        path = self._settings.path
        if scope["type"] != "http" or not scope["path"].startswith(path):
            await self._app(scope, receive, send)
            return
        below = scope["path"][len(path) :]
        try:
            match scope["method"], below.split("/"):
                case "POST", [""]:
                    await self._post(scope, receive, send)
                case "POST", ["", "sessions"] if self._settings.signed_sessions:
                    await self._new_session(scope, receive, send)
                case "GET", ["", "messages"]:
                    await self._talk_now(scope, receive, send)
                case "GET", ["", "messages", message_id]:
                    await self._read_again(message_id, scope, receive, send)
                case "DELETE", ["", "messages", message_id]:
                    await self._cancel(message_id, scope, receive, send)
                case _:
                    await self._app(scope, receive, send)
        except RefusedError as refused:
            await answer(scope, refused.refusal)(scope, receive, send)
        except StoreError:
            await answer(scope, STORE_DOWN)(scope, receive, send)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner = await self._settings.owner(scope)
        if owner is None:
            await self._app(scope, receive, send)
            return
        body = await self._body(receive)
        said = _Json(body)
        message_id = self._message_id(Headers(scope=scope), said)
        begun = None
        if message_id is not None:
            begun = await self._begin(self._talk(owner, Headers(scope=scope), said), message_id, body)
        match begun:
            case Claim() as claim:
                await self._answer(claim, body, scope, receive, send)
            case Record() as record:
                await self._replay(record, scope, receive, send)
            case Differs():
                raise RefusedError(REUSED)
            case None:
                await self._app(scope, _Heard(body, receive).receive, send)

    async def _begin(self, talk: str, message_id: str, body: bytes) -> Claim | Record | Differs | None:
        try:
            return await self._messages.begin(talk, message_id, body)
        except StoreError:
            self._note("continuity-lost", outcome="store_down")
            return None  # an answer that can't be read again is better than none

    async def _answer(self, claim: Claim, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the product answer, keep what it says, and send it; the answer goes on when the client has gone."""
        bounds = self._settings.bounds
        key = claim.record.stream
        live = LiveAnswer(claim.record.attempt, bounds.answer_bytes, self._settings.final)
        delivery = Delivery(live, last_event_id=Headers(scope=scope).get("last-event-id", ""), ping_s=bounds.ping_s)
        scope.setdefault("state", {})[ANSWER_KEY] = live
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in HIDDEN]
        answering = Answering(self._app, live, answer_s=bounds.answer_s)
        self._live[key] = live
        try:
            async with asyncio.TaskGroup() as group:
                task = group.create_task(answering.run(scope, body, request_id_of(scope)))
                group.create_task(self._keep(claim, live, task))
                await self._deliver(delivery, receive, send)
        finally:
            del self._live[key]
            self._note("answer-kept", outcome=live.code, count=len(live.pieces))
        if answering.error is not None:
            raise answering.error
        self._refuse_if_silent(delivery)

    async def _keep(self, claim: Claim, live: LiveAnswer, task: asyncio.Task[None]) -> None:
        """Write to the store what is said, until nothing more is; stop the product when that is asked for."""
        keeping = self._messages.keeping(claim, live)
        bounds = self._settings.bounds
        try:
            await keeping.begin()
            while live.state is None:
                await live.change(bounds.look_s)
                if live.stop_code:
                    task.cancel()
                elif live.state is None:
                    await live.over(keeping.pause_s(len(self._live)))
                    await keeping.save()
                    await self._stop_cancelled()
        finally:
            if live.state is None:
                live.end(State.INTERRUPTED, "shutting_down")
            await keeping.end()
            live.settle()
            if keeping.lost:
                self._note("continuity-lost", outcome="store_down")

    async def _stop_cancelled(self) -> None:
        """Stop the answers of this worker that were cancelled at another one."""
        with suppress(StoreError):  # the next look finds them
            for stream in await self._messages.cancelled():
                if stream in self._live:
                    self._live[stream].stop("cancelled")

    async def _replay(self, record: Record, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = _Route(self._settings.path)
        if self._readers[record.key] >= self._settings.bounds.readers:
            raise RefusedError(CROWDED)
        source: Source = self._live.get(record.stream) or self._messages.source(record)
        delivery = Delivery(
            source,
            last_event_id=Headers(scope=scope).get("last-event-id", ""),
            ping_s=self._settings.bounds.ping_s,
            again=True,
        )
        self._readers[record.key] += 1
        if self._metrics is not None:
            self._metrics.replays.inc()
        try:
            await self._deliver(delivery, receive, send)
        finally:
            self._readers[record.key] -= 1
            self._readers += Counter()  # drops what is zero
        self._refuse_if_silent(delivery)

    async def _deliver(self, delivery: Delivery, receive: Receive, send: Send) -> None:
        """Send until the answer ends, the client goes, or it reads so slowly that it holds us up for nothing."""
        bounds = self._settings.bounds
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(bounds.answer_s + bounds.linger_s), asyncio.TaskGroup() as group:
                sending = group.create_task(_sent(delivery, send))
                listening = group.create_task(_gone(receive))
                sending.add_done_callback(lambda _over: listening.cancel())
                listening.add_done_callback(lambda _gone: sending.cancel())

    def _refuse_if_silent(self, delivery: Delivery) -> None:
        """An answer that ended before it began is nothing to send; the client is told to try again."""
        if delivery.state is not None and not delivery.began:
            raise RefusedError(SILENT)

    async def _read_again(self, message_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        record = await self._found(message_id, scope)
        await self._replay(record, scope, receive, send)

    async def _cancel(self, message_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        record = await self._found(message_id, scope)
        if record.stream in self._live:
            self._live[record.stream].stop("cancelled")
        else:
            await self._messages.cancel(record)
        await Response(status_code=HTTPStatus.ACCEPTED, headers=NO_STORE)(scope, receive, send)

    async def _talk_now(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner = await self._known(scope)
        kept = await self._messages.talk(self._talk(owner, Headers(scope=scope), None))
        listed = {"messages": [_as_json(message_id, record) for message_id, record in kept]}
        await JSONResponse(listed, headers=NO_STORE)(scope, receive, send)

    async def _new_session(self, scope: Scope, receive: Receive, send: Send) -> None:
        made = {"session": self._sessions.new(await self._known(scope))}
        await JSONResponse(made, HTTPStatus.CREATED, headers=NO_STORE)(scope, receive, send)

    async def _found(self, message_id: str, scope: Scope) -> Record:
        """The record of a message of whoever asks; another's is as unknown as one that never was."""
        owner = await self._known(scope)
        talk = self._talk(owner, Headers(scope=scope), None)
        record = await self._messages.find(talk, message_id) if MESSAGE_ID.fullmatch(message_id) else None
        if record is None:
            raise RefusedError(UNKNOWN)
        return record

    async def _known(self, scope: Scope) -> str:
        scope["route"] = _Route(f"{self._settings.path}/messages")
        owner = await self._settings.owner(scope)
        if owner is None:
            raise RefusedError(NOBODY)
        return owner

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusedError(CUT)
                    body += message.get("body", b"")
                    if len(body) > self._settings.max_body_bytes:
                        raise RefusedError(TOO_LARGE)
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise RefusedError(TOO_SLOW) from None

    def _message_id(self, headers: Headers, said: "_Json") -> str | None:
        """The client's id; None when it sent none, and its message is answered as often as it is sent."""
        header = headers.get(self._settings.id_header, "").strip().strip('"')
        if header and not MESSAGE_ID.fullmatch(header):
            raise RefusedError(BAD_ID)
        found = header or said.text(self._settings.id_in_body)
        return found if MESSAGE_ID.fullmatch(found) else None

    def _talk(self, owner: str, headers: Headers, said: "_Json | None") -> str:
        """The key of the talk; a session of another owner is refused."""
        session = headers.get(self._settings.session_header, "")
        if not session and said is not None:
            session = said.text(self._settings.session_in_body)
        if session and self._settings.signed_sessions and not self._sessions.belongs(session, owner):
            raise RefusedError(FOREIGN)
        return self._messages.talk_key(owner, session)

    def _note(self, event: str, **fields: object) -> None:
        if self._logger is not None:
            self._logger.info(event, extra=fields)


def say_again(scope: Scope) -> None:
    """Tell `Continuity` that what is said stands in for an answer: the same message sent again makes a new one."""
    live = scope.get("state", {}).get(ANSWER_KEY)
    if isinstance(live, LiveAnswer):
        live.retryable = True


class _Json:
    """A body that may be JSON."""

    def __init__(self, body: bytes) -> None:
        try:
            self._value: object = json.loads(body)
        except (ValueError, RecursionError):
            self._value = None

    def text(self, path: str) -> str:
        """The text at `path`; empty when there is none."""
        value = self._value
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""


class _Heard:
    """Says to the product again what was read of the request."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def receive(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _sent(delivery: Delivery, send: Send) -> None:
    with suppress(OSError):  # the client has gone (ASGI specification, "send")
        await delivery.run(send)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _as_json(message_id: str, record: Record) -> dict[str, object]:
    return {
        "message_id": message_id,
        "state": record.state.value,
        "retryable": record.state.again,
        "asked_at": datetime.fromtimestamp(record.started_s, UTC).isoformat(timespec="milliseconds"),
    }
