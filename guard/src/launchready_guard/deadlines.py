"""How long an answer may take, counted in what a visitor sees and not in bytes.

A `: ping` keeps a connection open and tells a visitor nothing, so it resets no clock here. When the time is over, the
work inside is cancelled where it waits, in its own task: nothing is left running.
"""

import asyncio
import json
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from launchready_guard.event_stream import Event, EventReader

SILENT_EVENTS = frozenset({"ping", "heartbeat", "keepalive", "keep-alive", "keep_alive"})
"""Types of events that say only that the connection is open."""

VISIBLE_KEYS = frozenset(
    {"answer", "arguments", "canned", "content", "delta", "message", "output_text", "response", "text", "token"}
)
"""Keys under which the protocols in use send words: an event that has some of them and all blank shows nothing."""

MAX_DEPTH = 6
"""Levels of an event's JSON that are looked at; OpenAI's words are on the fourth."""

ENDLESS_BYTES = 16 * 1024 * 1024
"""Bytes of one answer: 16 times a long one with all its log probabilities."""

EVENT_STREAM = b"text/event-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long things may take.

    Attributes:
        first_s: Seconds to the first content; more than the 20 s after which a `Ladder` inside has its canned answer.
        idle_s: Seconds between two contents; more than the 20 s of a `Ladder`, for the same reason.
        total_s: Seconds of the whole answer: below the 100 s after which an edge in front cuts the connection.
        body_s: Seconds that a request may take to arrive.
        send_s: Seconds in which a client has to take what it is sent.
        stream_bytes: Bytes of one answer.
    """

    first_s: float = 25.0
    idle_s: float = 25.0
    total_s: float = 95.0
    body_s: float = 30.0
    send_s: float = 30.0
    stream_bytes: int = ENDLESS_BYTES


class Ended(StrEnum):
    """Why an answer was stopped; the value is a stable code."""

    FIRST = "timed_out_first"
    IDLE = "timed_out_idle"
    TOTAL = "timed_out_total"
    SLOW_CLIENT = "client_too_slow"
    GONE = "client_gone"
    TOO_LARGE = "answer_too_large"


class Watch:
    """The clock of one answer; `running` cancels what is inside it.

    Attributes:
        ended: Why it was stopped; None while it was not.
        first_content_s: Seconds to the first content; None when none came.
        stream_bytes: Bytes that the answer may have.
    """

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self.stream_bytes = deadlines.stream_bytes
        self._now = asyncio.get_running_loop().time
        self.started_at = self._now()
        self._total_at = self.started_at + deadlines.total_s
        self._due_at = min(self.started_at + deadlines.first_s, self._total_at)
        self._sending = False
        self._timeout = asyncio.timeout(None)
        self._alarm: asyncio.TimerHandle | None = None  # one for many changes of mind: it looks again when it rings
        self._running = False
        self.ended: Ended | None = None
        self.first_content_s: float | None = None

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While bytes go to the client, its slowness is not the model's."""
        before = self._now()
        self._sending = True
        model_due_at = self._due_at
        self._move(min(before + self._deadlines.send_s, self._total_at))
        yield  # when a cancellation ends it, `_sending` stays: what was going on then says who was slow
        self._sending = False
        self._move(min(model_due_at + self._now() - before, self._total_at))

    def content(self) -> None:
        """The visitor was shown something."""
        now = self._now()
        if self.first_content_s is None:
            self.first_content_s = now - self.started_at
        self._move(min(now + self._deadlines.idle_s, self._total_at))

    def stop(self, why: Ended) -> None:
        """Cancel what is inside, now."""
        if self.ended is None:
            self.ended = why
            self._cancel()

    async def run(self, work: Awaitable[None]) -> None:
        """Do the work until it ends, raises, or is stopped; `ended` says which."""
        try:
            async with self._timeout:
                self._running = True
                self._arm()
                await work
        except TimeoutError:
            if not self._timeout.expired():
                raise  # the work's own
        finally:
            self._running = False
            if self._alarm is not None:
                self._alarm.cancel()
            if self._timeout.expired() and self.ended is None:
                self.ended = self._why()

    def _why(self) -> Ended:
        if self._sending:
            return Ended.SLOW_CLIENT
        if self._now() >= self._total_at:
            return Ended.TOTAL
        return Ended.FIRST if self.first_content_s is None else Ended.IDLE

    def _move(self, due_at: float) -> None:
        self._due_at = due_at
        if self._alarm is not None and due_at < self._alarm.when():
            self._alarm.cancel()
            self._arm()

    def _arm(self) -> None:
        self._alarm = asyncio.get_running_loop().call_at(self._due_at, self._ring)

    def _ring(self) -> None:
        if not self._running:
            return
        if self._now() < self._due_at:
            self._arm()
        else:
            self._cancel()

    def _cancel(self) -> None:
        if self._running:
            with suppress(RuntimeError):  # its cancellation is under way already
                self._timeout.reschedule(self._now())


class Contents:
    """Finds what a visitor sees in the body of an answer.

    Args:
        headers: The response's headers.
        max_bytes: Bytes of the whole body.

    Attributes:
        is_stream: Whether it is an event stream.
        events: The events that ended in the latest chunk; None where they can't be read.
    """

    def __init__(self, headers: Mapping[bytes, bytes], max_bytes: int) -> None:
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        self.is_stream = kind == EVENT_STREAM
        self._reader = EventReader() if self.is_stream and not headers.get(b"content-encoding") else None
        self._left = max_bytes
        self.events: list[Event] | None = None

    def feed(self, chunk: bytes) -> bool:
        """Whether the chunk ends something visible.

        Raises:
            AnswerTooLargeError: The body is larger than its bound.
            EventStreamError: A line or an event is.
        """
        self._left -= len(chunk)
        if self._left < 0:
            raise AnswerTooLargeError
        if self._reader is None:
            return bool(chunk.strip())
        self.events = list(self._reader.feed(chunk))
        return any(is_visible(event) for event in self.events)


class AnswerTooLargeError(Exception):
    """An answer has more bytes than it may."""


def is_visible(event: Event) -> bool:
    """Whether an event shows the visitor something, or ends the answer."""
    if event.type in SILENT_EVENTS or not event.data.strip():
        return False
    if not event.data.startswith("{"):
        return True
    try:
        value = json.loads(event.data)
    except (ValueError, RecursionError):
        return True  # another protocol's
    if not isinstance(value, dict) or str(value.get("type", "")) in SILENT_EVENTS:
        return False
    words = list(_words(value, MAX_DEPTH))
    return any(words) if words else "choices" not in value


def _words(value: object, depth: int) -> Iterator[bool]:
    """Whether each text under a visible key has more than blanks."""
    if depth == 0:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key in VISIBLE_KEYS:
                    yield bool(inner.strip())
            else:
                yield from _words(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner, depth - 1)
