"""Which messages were taken, who is answering them, and what was said: shared by all workers through one store.

A message is one row under a keyed hash of talk and id. Whoever writes it first owns the answer and renews a lease while
making it; when the lease runs out (the worker was killed) the message may be taken again, as the next attempt. The
pieces of each attempt are a stream of their own, so a worker that comes back late spoils nothing. Of the message itself
a keyed hash is kept, never its text.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace

from launchready_guard.answering import error_event
from launchready_guard.replay import Head, LiveAnswer, More, State, event_block
from launchready_guard.store import MAX_EVENTS_READ, Clock, Store, StoreError, epoch_s

TRIES = 5
"""Times a row is read again when somebody else was faster; somebody got on each time, so more means abuse."""

CANCELLED_STREAM = "cancelled"
"""The stream that names the answers which somebody wants stopped."""

BATCHES_PER_S = 500
"""Batches that one worker writes in a second, a quarter of what the store can take: with more answers at once, each is
written in larger batches."""

ATTEMPT_BYTES = 6
"""Random bytes of an attempt's name: 48 bits tell the few attempts at one message apart."""

LENGTH = struct.Struct(">I")
"""The number of a batch's first piece, and the length of each piece, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is kept, and for how long.

    Attributes:
        answer_bytes: Bytes of one answer, its events included; a long one has 30 KB. Beyond it the answer is stopped.
        answer_s: Seconds of one answer: a little more than a product's own limit of 90 s, which is to strike first.
        kept_s: Seconds an answer can be read again: a reload, a lost connection or a second tab come within minutes.
        lease_s: Seconds without a sign of life after which an answer counts as lost: several looks long, so that a
            worker under load keeps its answers.
        failed_s: Seconds a refusal or a failure without a word is kept: until whoever waits for it in another worker
            has read it, and not longer, so that a flood of refused messages fills nothing.
        flush_s: Seconds that pieces gather before they are written; a killed worker loses as much.
        look_s: Seconds between looks for cancellations from other workers.
        poll_s: Seconds between looks of a reader for pieces that another worker makes.
        ping_s: Seconds of silence on a stream before a comment: proxies cut idle connections after 60 s.
        linger_s: Seconds a slow reader has for the rest of an answer that has ended.
        readers: Readers of one answer in one worker, besides the first: a person has a few tabs and a telephone.
        talk_messages: Messages of a talk that are listed, the latest ones.
    """

    answer_bytes: int = 1024 * 1024
    answer_s: float = 120.0
    kept_s: float = 3600.0
    lease_s: float = 10.0
    failed_s: float = 10.0
    flush_s: float = 0.1
    look_s: float = 1.0
    poll_s: float = 0.1
    ping_s: float = 15.0
    linger_s: float = 60.0
    readers: int = 20
    talk_messages: int = 50


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a message.

    Attributes:
        key: Keyed hash of its talk and id.
        fingerprint: Keyed hash of the message.
        state: Where its answer stands.
        attempt: Random name of this attempt at an answer; no other attempt has it, nor has one after this one expired.
        started_s: When the attempt began, seconds since the epoch.
        lease_s: Until when its maker need not be asked, seconds since the epoch.
        head: What the product said before the body, once it did.
    """

    key: str
    fingerprint: str
    state: State
    attempt: str
    started_s: float
    lease_s: float
    head: Head | None = None

    @property
    def stream(self) -> str:
        """The name of the stream that holds its pieces."""
        return f"{self.key}:{self.attempt}"

    def encoded(self) -> bytes:
        """As a row's value."""
        head = None if self.head is None else [self.head.status, self.head.kept.headers]
        value = [self.fingerprint, self.state.value, self.attempt, self.started_s, self.lease_s, head]
        return json.dumps(value).encode()

    @classmethod
    def decoded(cls, key: str, value: bytes, now_s: float) -> "Record":
        """From a row's value; an answer whose maker is gone is interrupted, whatever the row says."""
        fingerprint, state, attempt, started_s, lease_s, head = json.loads(value)
        lost = state == State.PENDING.value and lease_s <= now_s
        return cls(
            key,
            fingerprint,
            State.INTERRUPTED if lost else State(state),
            attempt,
            started_s,
            lease_s,
            None if head is None else Head(head[0], tuple((name, text) for name, text in head[1])),
        )

    @property
    def lost(self) -> bool:
        """Whether its maker went without a word."""
        return self.state is State.INTERRUPTED and self.lease_s > 0


@dataclass(frozen=True, slots=True)
class Claim:
    """This worker is to make the answer.

    Attributes:
        record: The message's row as it was written.
        version: The row's version.
        list_stream: The stream that lists the messages of its talk.
        message_id: The client's id of the message.
    """

    record: Record
    version: int
    list_stream: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Differs:
    """The id belongs to another message."""


class Messages:
    """The messages of all talks.

    Args:
        store: Shared by all workers.
        key: The product's secret, for the hashes.
        bounds: What is kept, and for how long.
        clock: Seconds since the epoch.
    """

    def __init__(self, store: Store, *, key: bytes, bounds: Bounds, clock: Clock = epoch_s) -> None:
        self._store = store
        self._key = key
        self._bounds = bounds
        self._clock = clock
        self._looked_s = 0.0

    def talk_key(self, owner: str, session: str) -> str:
        """The key of a talk; owners and sessions don't mix however they are spelled."""
        return self._hashed("talk", json.dumps([owner, session]).encode())

    async def begin(self, talk: str, message_id: str, body: bytes) -> Claim | Record | Differs:
        """Take a message.

        Returns:
            A claim when it is to be answered now, the record when it was or is being answered.

        Raises:
            StoreError: The store is gone; nothing was taken.
        """
        key, fingerprint = self._message_key(talk, message_id), self._hashed("body", body)
        version = 0  # most messages are new, so the first look is the first write
        for _ in range(TRIES):
            now_s = self._clock()
            attempt = secrets.token_hex(ATTEMPT_BYTES)
            fresh = Record(key, fingerprint, State.PENDING, attempt, now_s, now_s + self._bounds.lease_s)
            lifetime_s = self._bounds.kept_s
            written = await self._store.put(key, fresh.encoded(), expected=version, lifetime_s=lifetime_s)
            if written is not None:
                return Claim(fresh, written.version, f"{talk}:list", message_id)
            row = await self._store.row(key)
            if row is None:
                version = 0
                continue
            known, version = Record.decoded(key, row.value, now_s), row.version
            if known.fingerprint != fingerprint:
                return Differs()
            if not known.state.again:
                return known
        raise StoreError("a message was taken too often at once")

    async def find(self, talk: str, message_id: str) -> Record | None:
        """The record of a message; None when there is none, or none any more."""
        return await self.reread(self._message_key(talk, message_id))

    async def reread(self, key: str) -> Record | None:
        """The record under a key as it is now."""
        row = await self._store.row(key)
        return None if row is None else Record.decoded(key, row.value, self._clock())

    async def talk(self, talk: str) -> list[tuple[str, Record]]:
        """The latest messages of a talk with their ids, oldest first."""
        taken = await self._store.events(f"{talk}:list")
        listed = list(dict.fromkeys(event.value.decode() for event in taken))[-self._bounds.talk_messages :]
        found = [(message_id, await self.find(talk, message_id)) for message_id in listed]
        return [(message_id, record) for message_id, record in found if record is not None]

    async def cancel(self, record: Record) -> None:
        """Ask the worker that makes the answer to stop."""
        await self._store.append(CANCELLED_STREAM, record.stream.encode(), lifetime_s=self._bounds.answer_s)

    async def cancelled(self) -> list[str]:
        """The streams of answers that somebody wants stopped; one look serves all answers of this worker."""
        now_s = self._clock()
        if now_s - self._looked_s < self._bounds.look_s:
            return []
        self._looked_s = now_s
        return [event.value.decode() for event in await self._store.events(CANCELLED_STREAM)]

    def source(self, record: Record) -> "StoredAnswer":
        """The answer as far as it is stored."""
        return StoredAnswer(self, self._store, record, poll_s=self._bounds.poll_s)

    def keeping(self, claim: Claim, live: LiveAnswer) -> "Keeping":
        """Writes down the answer that this worker makes."""
        return Keeping(self._store, claim, live, bounds=self._bounds, clock=self._clock)

    def _message_key(self, talk: str, message_id: str) -> str:
        return self._hashed("message", f"{talk}\0{message_id}".encode())

    def _hashed(self, what: str, value: bytes) -> str:
        return hmac.new(self._key, what.encode() + b"\0" + value, hashlib.sha256).hexdigest()[:32]


class Keeping:
    """Writes down one answer while it is made.

    When the store goes, the answer is still sent to whoever listens, and can't be read again.

    Attributes:
        lost: Whether the store went.
    """

    def __init__(self, store: Store, claim: Claim, live: LiveAnswer, *, bounds: Bounds, clock: Clock) -> None:
        self.lost = False
        self._store = store
        self._record = claim.record
        self._version = claim.version
        self._live = live
        self._bounds = bounds
        self._clock = clock
        self._saved = 0
        self._claim = claim

    async def begin(self) -> None:
        """List the message in its talk."""
        await _uninterrupted(self._begin())

    async def _begin(self) -> None:
        listed = self._claim.message_id.encode()
        try:
            await self._store.append(self._claim.list_stream, listed, lifetime_s=self._bounds.kept_s)
        except StoreError:
            self.lost = True

    async def save(self) -> None:
        """Write what is new, and renew the lease when a third of it is over."""
        if not self.lost:
            await _uninterrupted(self._save())

    async def _save(self) -> None:
        try:
            now_s = self._clock()
            if self._record.head != self._live.head or self._record.lease_s - now_s < self._bounds.lease_s * 2 / 3:
                renewed = replace(self._record, head=self._live.head, lease_s=now_s + self._bounds.lease_s)
                await self._write(renewed, self._bounds.kept_s)
            await self._save_pieces()
        except StoreError:
            self.lost = True

    def pause_s(self, answers: int) -> float:
        """Seconds until the next batch, when this worker makes so many answers at once."""
        return max(self._bounds.flush_s, min(answers / BATCHES_PER_S, self._bounds.lease_s / 3))

    async def end(self) -> None:
        """Write the rest, and how it ended; what is not whole in the store is not whole."""
        await _uninterrupted(self._end())

    async def _end(self) -> None:
        state = self._live.state or State.INTERRUPTED
        try:
            if not self.lost:
                await self._save_pieces()
            ended = State.INTERRUPTED if self.lost else state
            kept_s = self._bounds.failed_s if ended is State.FAILED else self._bounds.kept_s
            await self._write(replace(self._record, state=ended, head=self._live.head, lease_s=0), kept_s)
        except StoreError:
            self.lost = True

    async def _save_pieces(self) -> None:
        pieces = self._live.pieces[self._saved :]
        if not pieces:
            return
        batch = LENGTH.pack(self._saved + 1) + b"".join(LENGTH.pack(len(piece)) + piece for piece in pieces)
        lifetime_s = self._bounds.kept_s + self._bounds.answer_s  # no record outlives its pieces
        await self._store.append(self._record.stream, batch, lifetime_s=lifetime_s)
        self._saved += len(pieces)

    async def _write(self, record: Record, kept_s: float) -> None:
        row = await self._store.put(record.key, record.encoded(), expected=self._version, lifetime_s=kept_s)
        if row is None:
            self._live.stop("taken_over")
            return
        self._record, self._version = record, row.version


class StoredAnswer:
    """An answer that was made, or is being made by another worker.

    Args:
        messages: Knows how it stands.
        store: Holds its pieces.
        record: The message, as it stood when reading began.
        poll_s: Seconds between looks for more.
    """

    def __init__(self, messages: Messages, store: Store, record: Record, *, poll_s: float) -> None:
        self.attempt = record.attempt
        self._messages = messages
        self._store = store
        self._record = record
        self._poll_s = poll_s
        self._batch = 0

    async def more(self, after: int, wait_s: float) -> More:
        """What follows piece number `after`; waits up to `wait_s` seconds for something to follow."""
        looks = max(1, round(wait_s / self._poll_s))
        try:
            for look in range(looks):
                if look:
                    await asyncio.sleep(self._poll_s)
                more = await self._now(after)
                if more.pieces or more.state is not None:
                    break
        except StoreError:
            return self._broken((), "worker_lost")
        return more

    async def _now(self, after: int) -> More:
        record = await self._messages.reread(self._record.key)  # before the pieces: they are written before the end
        if record is None or record.attempt != self.attempt:
            return self._broken((), "taken_over")
        self._record = record
        if record.head is None:
            return More(None, (), None if record.state is State.PENDING else record.state)
        batches = await self._store.events(record.stream, after=self._batch, limit=MAX_EVENTS_READ)
        if batches:
            self._batch = batches[-1].number
        pieces = tuple(piece for batch in batches for number, piece in _unpacked(batch.value) if number > after)
        if record.state is State.PENDING or len(batches) == MAX_EVENTS_READ:
            return More(record.head, pieces)
        return self._broken(pieces, "worker_lost") if record.lost else More(record.head, pieces, record.state)

    def _broken(self, pieces: tuple[bytes, ...], code: str) -> More:
        """Nobody was left to say that the answer broke off."""
        head = self._record.head
        if head is not None and head.streams:
            pieces = (*pieces, event_block("error", json.dumps(error_event(code, ""))))
        return More(head, pieces, State.INTERRUPTED)


async def _uninterrupted(work: Coroutine[None, None, None]) -> None:
    """Do the work to its end, and be cancelled after it: a write that is given up half-way is done all the same."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    finally:
        await task


def _unpacked(batch: bytes) -> Sequence[tuple[int, bytes]]:
    [first], at = LENGTH.unpack_from(batch), LENGTH.size
    pieces: list[tuple[int, bytes]] = []
    while at < len(batch):
        [length] = LENGTH.unpack_from(batch, at)
        at += LENGTH.size
        pieces.append((first + len(pieces), batch[at : at + length]))
        at += length
    return pieces
