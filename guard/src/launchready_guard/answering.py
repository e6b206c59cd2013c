"""Lets a product answer one message to the end, whoever listens, and says how it ended."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp, Message, Scope

from launchready_guard.event_stream import EventStreamError
from launchready_guard.replay import AnswerTooLargeError, Head, LiveAnswer, State

FAILED_FROM = 400
"""Statuses from here on are refusals and errors (RFC 9110 15.5): the same message may be sent again."""

SENTENCES = {
    "answer_too_large": "The answer became too long. What you see is kept.",
    "timed_out_total": "The answer took too long. What you see is kept; you can ask again.",
    "cancelled": "The answer was stopped. What you see is kept.",
    "shutting_down": "We are restarting. What you see is kept; you can ask again.",
    "worker_lost": "The answer broke off. What you see is kept; you can ask again.",
    "taken_over": "The answer is made anew on another connection.",
    "cut": "The answer broke off. What you see is kept; you can ask again.",
    "bug": "Something broke on our side. What you see is kept; you can ask again.",
}
"""What readers of a stream are told about an answer that did not end by itself."""


def error_event(code: str, request_id: str) -> dict[str, object]:
    """The data of an `error` event."""
    return {"code": code, "message": SENTENCES[code], "retryable": True, "request_id": request_id}


class Answering:
    """One run of the product.

    Args:
        app: The product.
        live: Takes what it says.
        answer_s: Seconds it may take.

    Attributes:
        error: The exception that ended it, when one did.
    """

    def __init__(self, app: ASGIApp, live: LiveAnswer, *, answer_s: float) -> None:
        self.error: BaseException | None = None
        self._app = app
        self._live = live
        self._deadline = asyncio.timeout(answer_s)
        self._body: bytes | None = None
        self._request_id = ""

    async def run(self, scope: Scope, body: bytes, request_id: str) -> None:
        """Let the product answer; an exception is kept in `error`, not raised."""
        self._body, self._request_id = body, request_id
        with self:
            async with self._deadline:
                await self._app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        """The message once; then nothing, since a reader that goes does not end the answer."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._live.begin(Head.of(message["status"], message.get("headers", ())))
        elif not self._live.stop_code:
            await asyncio.sleep(0)  # readers and the store get their turn, however fast the product is
            try:
                self._live.feed(message.get("body", b""))
            except (AnswerTooLargeError, EventStreamError):
                self._live.stop("answer_too_large")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Note how it ended; only a cancellation that nobody asked us for goes on."""
        del kind, trace
        if error is None:
            self._ended_by_itself()
            return False
        cancelled = isinstance(error, asyncio.CancelledError)
        if not cancelled and not self._deadline.expired():
            self.error = error
        self._broke_off(self._code(cancelled=cancelled))
        return not cancelled or bool(self._live.stop_code)

    def _code(self, *, cancelled: bool) -> str:
        if cancelled:
            return self._live.stop_code or "shutting_down"
        return "timed_out_total" if self._deadline.expired() else "bug"

    def _ended_by_itself(self) -> None:
        live = self._live
        if live.stop_code:
            self._broke_off(live.stop_code)
        elif live.head is None:
            live.end(State.FAILED, "no_answer")
        elif live.head.status >= FAILED_FROM:
            live.end(State.FAILED, f"http_{live.head.status}")
        elif not live.head.streams:
            live.end(State.FAILED if live.retryable else State.DONE, "retryable" if live.retryable else "done")
        elif live.retryable:
            live.end(State.INTERRUPTED, "retryable")
        elif not live.final_seen:
            self._broke_off("cut")
        else:
            live.end(State.DONE, "done")

    def _broke_off(self, code: str) -> None:
        self._live.say("error", error_event(code, self._request_id))
        if code == "cancelled":
            self._live.end(State.CANCELLED, code)
        else:
            self._live.end(State.INTERRUPTED if self._live.head is not None else State.FAILED, code)
