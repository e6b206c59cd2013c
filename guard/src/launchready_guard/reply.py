"""The answer on its way out: held until there is something to see, replaced when it is an error, ended in any case."""

import asyncio
from collections.abc import Sequence

from starlette.types import Message, Scope, Send

from launchready_guard.deadlines import AnswerTooLargeError, Contents, Ended, Watch
from launchready_guard.error_bodies import (
    MAX_ERROR_BYTES,
    Refusal,
    Render,
    answer,
    kept_headers,
    replacement,
    stream_error,
)
from launchready_guard.error_events import ErrorEvents
from launchready_guard.event_stream import EventStreamError
from launchready_guard.request_id import HEADER, request_id_of

MAX_HELD_BYTES = 64 * 1024
"""Bytes of comments and blank events that are held back before the first content; more are let go as they come."""

REFUSALS = {
    Ended.FIRST: Refusal(504, Ended.FIRST.value),
    Ended.IDLE: Refusal(
        504, Ended.IDLE.value, "The answer broke off. What you see is all that came; you can ask again."
    ),
    Ended.TOTAL: Refusal(504, Ended.TOTAL.value, "The answer took too long and was ended. You can ask again."),
    Ended.TOO_LARGE: Refusal(502, Ended.TOO_LARGE.value, "The answer was longer than it may be and was ended."),
}
BUG = Refusal(500, "bug")
NO_ANSWER = Refusal(502, "no_answer")

CLIENT_CLOSED = 499
"""Stands in logs and metrics for an answer that nobody waited for (nginx's number; it is never sent)."""

NOBODY_LISTENS = frozenset({Ended.GONE, Ended.SLOW_CLIENT})


class Reply:
    """One response.

    The start of an answer waits for the first content, so that a stall before it is a 504 and not a 200 that shows
    nothing. Bodies of failing answers are replaced where `replaces` says so, and error events of a timed stream always.

    Attributes:
        status: What the client was answered, 500 until it was.
        outcome: A stable code of how it went: `done`, or what it was ended for.
        bug: What the product raised.
        watch: The clock; None where none runs.
    """

    def __init__(self, scope: Scope, send: Send, *, replaces: bool, watch: Watch | None, render: Render | None) -> None:
        self._scope = scope
        self._send = send
        self._replaces = replaces
        self._render = render
        self._start: Message | None = None
        self._held: list[Message] = []
        self._held_bytes = 0
        self._kept = bytearray()
        self._contents: Contents | None = None
        self._error_events = ErrorEvents(request_id_of(scope))
        self._overruled: Refusal | None = None
        self._is_error = False
        self._started = False
        self._complete = False
        self.watch = watch
        self.status = 500
        self.outcome = "done"
        self.bug: Exception | None = None

    @property
    def request_id(self) -> str:
        """The id of the request."""
        return request_id_of(self._scope)

    @property
    def is_complete(self) -> bool:
        """Whether its last byte was sent."""
        return self._complete

    async def send(self, message: Message) -> None:
        """What the product sends."""
        match message["type"]:
            case "http.response.start":
                await self._take_start(message)
            case "http.response.body" if self._is_error:
                await self._take_error(message)
            case "http.response.body":
                await self._take_body(message)
            case _:
                await self._pass(message)

    def overrule(self, refusal: Refusal) -> None:
        """Whatever the product answers from now on, if it has not begun, is this."""
        self._overruled = refusal

    async def end(self, refusal: Refusal, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        """Answer with a refusal if nothing was sent yet; else end the stream with it."""
        if self._complete:
            return
        self._complete = True
        self.outcome = refusal.code
        if self._started:
            if self._contents is not None and self._contents.is_stream:
                body = stream_error(refusal, self.request_id)
                await self._pass({"type": "http.response.body", "body": body, "more_body": False})
            return  # a body that is no event stream is cut, which is the only way to say that it is not whole
        self.status = refusal.status
        response = answer(self._scope, refusal, self._render)
        response.headers[HEADER] = self.request_id
        response.raw_headers.extend([pair for pair in headers if pair[0].decode("latin-1") not in response.headers])
        self._started = True
        await self._pass(
            {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
        )
        await self._pass({"type": "http.response.body", "body": response.body, "more_body": False})

    async def finish(self, ended: Ended | None) -> None:
        """The product is done, broke or was stopped: leave nobody waiting."""
        if ended in NOBODY_LISTENS:
            self.status = self.status if self._started else CLIENT_CLOSED
        elif self._complete:
            self.outcome = BUG.code if self.bug is not None and self.outcome == "done" else self.outcome
        elif ended is not None:
            await (self._answer_error() if self._is_error else self.end(REFUSALS[ended]))
        elif self._is_error:
            await self._answer_error()
        else:
            await self.end(BUG if self.bug is not None or self._started else NO_ANSWER)

    async def _take_start(self, message: Message) -> None:
        if self._overruled is not None:
            await self.end(self._overruled)
            return
        if self._complete:
            return
        self.status = message["status"]
        self._is_error = self._replaces and self.status >= 400
        headers = [(name.lower(), value) for name, value in message.get("headers", [])]
        self._start = {**message, "headers": headers}
        if self.watch is not None and not self._is_error:
            self._contents = Contents(dict(headers), self.watch.stream_bytes)
        elif not self._is_error:
            await self._let_go()

    async def _take_error(self, message: Message) -> None:
        self._kept += message.get("body", b"")[: MAX_ERROR_BYTES - len(self._kept)]
        if not message.get("more_body", False):
            await self._answer_error()

    async def _answer_error(self) -> None:
        headers = self._start["headers"] if self._start is not None else []
        await self.end(replacement(self.status, bytes(self._kept)), kept_headers(headers))

    async def _take_body(self, message: Message) -> None:
        if self._complete:
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._contents is None or self.watch is None:
            self._complete = not more
            await self._pass(message)
            return
        try:
            visible = self._contents.feed(body)
        except (AnswerTooLargeError, EventStreamError):
            self.watch.stop(Ended.TOO_LARGE)
            await asyncio.sleep(0)  # where the cancellation arrives, also in a product that never waits
            return
        if visible:
            self.watch.content()
        if self._contents.events is not None:
            body = self._error_events.passed(body, self._contents.events, more=more)
            self.outcome = self._error_events.code or self.outcome
        if body or not more:
            await self._hold_or_send({**message, "body": body}, ready=visible or not more)

    async def _hold_or_send(self, message: Message, *, ready: bool) -> None:
        if not self._started:
            self._held.append(message)
            self._held_bytes += len(message.get("body", b""))
            if ready or self._held_bytes > MAX_HELD_BYTES:
                await self._let_go()
            return
        self._complete = not message.get("more_body", False)
        await self._pass(message)

    async def _let_go(self) -> None:
        start, held = self._start, self._held
        if start is None:
            return
        self._started, self._held = True, []
        if not any(name == b"x-request-id" for name, _value in start["headers"]):
            start["headers"].append((b"x-request-id", self.request_id.encode()))
        await self._pass(start)
        for message in held:
            self._complete = not message.get("more_body", False)
            await self._pass(message)

    async def _pass(self, message: Message) -> None:
        if self.watch is None:
            await self._send(message)
            return
        with self.watch.sending():
            await self._send(message)
