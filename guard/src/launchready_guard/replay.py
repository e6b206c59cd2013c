"""An answer while it is made and after: numbered pieces that any number of readers can follow, each at its own pace.

A reader that comes late, or comes back with `Last-Event-ID` (HTML standard, section 9.2.4), is given exactly the pieces
after the one it names. The id of a piece is `attempt-number`: pieces of an attempt that broke off are never mixed with
those of the next one.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from starlette.types import Send

from launchready_guard.event_stream import Event, EventReader

EVENT_ID = re.compile(r"([0-9a-f]{1,32})-([0-9]{1,9})", re.ASCII)
"""Our form of an event id."""

STREAM_TYPE = "text/event-stream"

KEPT_HEADERS = frozenset(
    {"content-type", "content-language", "cache-control", "retry-after", "x-vercel-ai-ui-message-stream"}
)
"""Headers that are sent again with a kept answer: they say what it is. A cookie, a date, an id or a length belongs to
one response."""

NEVER_SENT = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that speak of how one body was sent; ours is sent in another way."""

STREAM_HEADERS = (("cache-control", "no-store, no-transform"), ("x-accel-buffering", "no"))
"""Headers of every stream: kept by no cache, recompressed by no edge and held back by no proxy."""

REPLAYED = (("idempotent-replayed", "true"),)
"""Marks an answer that an earlier request was given already, or is being given."""

RESTART = b"event: restart\ndata: {}\n"
"""Tells a reader to forget what it has: it was part of an attempt that is over, and the answer begins anew."""

PING = b": waiting\n\n"
"""A comment that keeps an idle connection open; no reader takes it for a piece."""


class State(StrEnum):
    """Where an answer stands."""

    PENDING = "pending"
    DONE = "done"
    INTERRUPTED = "interrupted"
    """It broke off; what came before is kept."""
    FAILED = "failed"
    """It never began, or was refused."""
    CANCELLED = "cancelled"
    """Its owner stopped it; what came before is kept."""

    @property
    def again(self) -> bool:
        """Whether sending the same message makes a new answer."""
        return self not in {State.PENDING, State.DONE}


@dataclass(frozen=True, slots=True)
class Head:
    """What a response says before its body.

    Attributes:
        status: The HTTP status.
        headers: Names in lower case, and values.
    """

    status: int
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, status: int, headers: Iterable[tuple[bytes, bytes]]) -> "Head":
        """The head of a response."""
        named = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]
        return cls(status, tuple(pair for pair in named if pair[0] not in NEVER_SENT))

    @property
    def kept(self) -> "Head":
        """What may be said again to another client."""
        return Head(self.status, tuple(pair for pair in self.headers if pair[0] in KEPT_HEADERS))

    @property
    def streams(self) -> bool:
        """Whether the body is a stream of events."""
        return any(name == "content-type" and value.startswith(STREAM_TYPE) for name, value in self.headers)


@dataclass(frozen=True, slots=True)
class More:
    """What a source has beyond what was read; all empty when it waited in vain.

    Attributes:
        head: The head, once it is known.
        pieces: The pieces after the one that was named.
        state: How the answer ended, when no piece is to follow.
    """

    head: Head | None = None
    pieces: tuple[bytes, ...] = ()
    state: State | None = None


class Source(Protocol):
    """An answer that can be read from any piece on."""

    @property
    def attempt(self) -> str:
        """Its name; another attempt begins at the first piece again."""

    async def more(self, after: int, wait_s: float) -> More:
        """What follows piece number `after`; waits up to `wait_s` seconds for something to follow."""


class LiveAnswer:
    """An answer that this process makes.

    Args:
        attempt: The name of this attempt at the answer, in hex digits.
        max_bytes: Bytes that may be kept of it.
        final: Types or data of events of which one ends every whole answer; empty when none does.

    Attributes:
        head: What the product said before the body.
        pieces: Events without their ids, or parts of a body that is no stream.
        state: How it ended.
        code: The name of what ended it.
        retryable: Whether the product, or an event of it, said that another attempt may be better.
        final_seen: Whether the event that ends a whole answer has come.
        stop_code: Why the product is to stop, when it is.
    """

    def __init__(self, attempt: str, max_bytes: int, final: frozenset[str] = frozenset()) -> None:
        self.attempt = attempt
        self.head: Head | None = None
        self.pieces: list[bytes] = []
        self.state: State | None = None
        self.code = ""
        self.retryable = False
        self.final_seen = not final
        self.stop_code = ""
        self._final = final
        self._max_bytes = max_bytes
        self._bytes = 0
        self._events = EventReader(max_line_bytes=max_bytes, max_event_bytes=max_bytes)
        self._settled = False
        self._over = asyncio.Event()
        self._changed = asyncio.Event()

    def begin(self, head: Head) -> None:
        """The product answers."""
        self.head = head
        self._tell()

    def feed(self, chunk: bytes) -> None:
        """Take a part of the body.

        Raises:
            AnswerTooLargeError: With it there would be more than may be kept.
            EventStreamError: An event has no end.
        """
        if self.head is None or not self.head.streams:
            self._add([chunk] if chunk else [])
            return
        events = list(self._events.feed(chunk))
        self.retryable |= any(map(_is_error, events))
        self.final_seen |= any(event.type in self._final or event.data in self._final for event in events)
        self._add([event_block(event.type, event.data) for event in events])

    def say(self, kind: str, data: dict[str, object]) -> None:
        """Add an event of our own, when the answer is a stream."""
        if self.head is not None and self.head.streams:
            self.pieces.append(event_block(kind, json.dumps(data)))
            self._tell()

    def end(self, state: State, code: str) -> None:
        """No piece follows."""
        if self.state is None:
            self.state, self.code = state, code
            self._over.set()
            self._tell()

    def settle(self) -> None:
        """The end is written down, so readers may be told: one that sends the message again at once finds it ended."""
        self._settled = True
        self._tell()

    def stop(self, code: str) -> None:
        """Ask whoever runs the product to stop it; the first reason counts."""
        self.stop_code = self.stop_code or code
        self._tell()

    async def more(self, after: int, wait_s: float) -> More:
        """What follows piece number `after`; waits up to `wait_s` seconds for something to follow."""
        if not self._settled and len(self.pieces) <= after:
            await self.change(wait_s)
        return More(self.head, tuple(self.pieces[after:]), self.state if self._settled else None)

    async def over(self, wait_s: float) -> None:
        """Wait for the end, or for `wait_s` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._over.wait()

    async def change(self, wait_s: float) -> None:
        """Wait until something has changed, or for `wait_s` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._changed.wait()

    def _add(self, pieces: list[bytes]) -> None:
        self._bytes += sum(map(len, pieces))
        if self._bytes > self._max_bytes:
            raise AnswerTooLargeError
        self.pieces += pieces
        if pieces:
            self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class AnswerTooLargeError(Exception):
    """The answer is larger than what is kept of one."""


def event_block(kind: str, data: str) -> bytes:
    """An event without id and without the blank line that ends it."""
    lines = [f"event: {kind}"] if kind != "message" else []
    return "\n".join([*lines, *(f"data: {line}" for line in data.split("\n")), ""]).encode()


def _is_error(event: Event) -> bool:
    return event.type == "error" or event.data.startswith(('{"error"', '{"type":"error"', '{"type": "error"'))


def read_after(last_event_id: str, attempt: str) -> tuple[int, bool]:
    """Where a reader goes on.

    Args:
        last_event_id: What it sent as `Last-Event-ID`; empty when it sent none.
        attempt: The attempt that is being read.

    Returns:
        The number of the last piece that it has, and whether it has to be told to forget what it has.
    """
    named = EVENT_ID.fullmatch(last_event_id.strip())
    if named is None:
        return 0, bool(last_event_id.strip())
    same = named[1] == attempt
    return (int(named[2]), False) if same else (0, True)


class Delivery:
    """Sends an answer to one client, from a piece on to its end.

    Args:
        source: The answer.
        last_event_id: The latest piece that the client has; empty for all of it.
        again: Whether another client was given the answer first: it gets its cookies, this one does not.
        ping_s: Seconds of silence after which a comment is sent, or up to twice as many.

    Attributes:
        began: Whether anything was sent.
        state: How the answer ended; None while it has not.
    """

    def __init__(self, source: Source, *, last_event_id: str, ping_s: float, again: bool = False) -> None:
        self._source = source
        self._after, self._restart = read_after(last_event_id, source.attempt)
        self._again = again
        self._ping_s = ping_s
        self._sent_s = 0.0
        self.began = False
        self.state: State | None = None

    async def run(self, send: Send) -> None:
        """Send it to its end. Nothing is sent of an answer that never began; a body that broke off is left open."""
        while self.state is None:
            more = await self._source.more(self._after, self._ping_s)
            head, self.state = more.head, more.state
            if head is None:
                continue
            if not self.began:
                self.began, self._sent_s = True, asyncio.get_running_loop().time()
                await self._begin(head, send)
            await self._pass_on(head, more, send)
            if more.state is not None and (head.streams or more.state in {State.DONE, State.FAILED}):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _begin(self, head: Head, send: Send) -> None:
        ours = STREAM_HEADERS if head.streams else ()
        named = {name for name, _value in ours}
        theirs = [pair for pair in (head.kept if self._again else head).headers if pair[0] not in named]
        said = [*theirs, *ours, *(REPLAYED if self._again else ())]
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said]
        await send({"type": "http.response.start", "status": head.status, "headers": raw})

    async def _pass_on(self, head: Head, more: More, send: Send) -> None:
        body = b"".join(more.pieces)
        if head.streams:
            body = b"".join(self._numbered(more.pieces))
            if not body and more.state is None and self._quiet_s() >= self._ping_s:
                body = PING
        self._after += len(more.pieces)
        if body:
            self._sent_s = asyncio.get_running_loop().time()
            await send({"type": "http.response.body", "body": body, "more_body": True})

    def _quiet_s(self) -> float:
        return asyncio.get_running_loop().time() - self._sent_s

    def _numbered(self, pieces: tuple[bytes, ...]) -> list[bytes]:
        blocks = [
            b"id: %s-%d\n%s\n" % (self._source.attempt.encode(), number, piece)
            for number, piece in enumerate(pieces, self._after + 1)
        ]
        if self._restart:
            self._restart = False
            return [RESTART + b"\n", *blocks]
        return blocks
