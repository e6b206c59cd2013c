"""What several workers of one product have to agree on: counts, rows that one of them may change, and events in order.

`MemoryStore` serves one process; `SqliteStore` serves all workers of one machine and outlives them. Both keep the same
promises, and both forget what has expired.
"""

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

MAX_MEMORY_ENTRIES = 200_000
"""Entries of each kind that a `MemoryStore` holds, about 40 MB; beyond it the one that was written longest ago is
forgotten, so that a flood of new names can't fill the memory. Counts for everybody are written all the time."""

FIRST_SWEEP_ENTRIES = 1024
"""Entries after which a `MemoryStore` first looks for expired ones; later whenever their number has doubled."""

SQLITE_WAIT_S = 2.0
"""Seconds to wait for another worker's write before the store counts as gone; a write takes under a millisecond."""

SQLITE_SWEEP_S = 60.0
"""Seconds between two looks for expired rows."""

OPENING_S = 1.0
OPENING_PAUSE_S = 0.05
"""Workers that start together get in each other's way while the file is made, and SQLite then refuses at once instead
of waiting; a second of trying again is enough for them."""

IN_VAIN_S = 0.5
GONE_S = 1.0
"""A call that failed after half a second or more has waited for somebody; for a second after it all others fail at
once, or a queue of them, each waiting in its turn, would hold up every visitor."""

MAX_EVENTS_READ = 1000
"""Events handed out at once unless fewer are asked for."""

OWNER_ONLY = 0o600

Clock = Callable[[], float]
"""Seconds since the epoch: workers and restarts share it, which a monotonic clock can't promise."""

T = TypeVar("T")


class StoreError(Exception):
    """The store can't be reached or can't be written; nothing was promised."""


@dataclass(frozen=True, slots=True)
class Count:
    """A counter.

    Attributes:
        total: What was added up; 0 when it has expired or never began.
        expires_at: Seconds since the epoch when it begins anew; 0 when it has not begun.
    """

    total: int
    expires_at: float


@dataclass(frozen=True, slots=True)
class Row:
    """A value, and which version of it: 1 when it was first put, one more with each change."""

    value: bytes
    version: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of a stream; numbers grow from event to event, and none is given twice, also when all have expired."""

    number: int
    value: bytes


NOTHING_COUNTED = Count(0, 0.0)


class Store(Protocol):
    """What is shared. Each call is atomic among all workers; each may raise `StoreError`."""

    async def add(self, key: str, amount: int, *, lifetime_s: float) -> Count:
        """Add to a counter; it expires `lifetime_s` seconds after it began, however often it is added to.

        A negative amount gives back; a counter never falls below 0.
        """

    async def count(self, key: str) -> Count:
        """Read a counter."""

    async def forget(self, key: str) -> None:
        """Drop a counter and a row of this name."""

    async def row(self, key: str) -> Row | None:
        """Read a row; None when there is none or it has expired."""

    async def put(self, key: str, value: bytes, *, expected: int, lifetime_s: float) -> Row | None:
        """Compare and set: write the value if the row's version is `expected` (0: there is no row).

        Returns:
            The row as written; None when somebody else was faster, and nothing was written.
        """

    async def append(self, stream: str, value: bytes, *, lifetime_s: float) -> int:
        """Add an event at the end of a stream; returns its number."""

    async def events(self, stream: str, *, after: int = 0, limit: int = MAX_EVENTS_READ) -> Sequence[EventRow]:
        """The events with numbers above `after`, in order, at most `limit`."""

    async def check(self) -> None:
        """Say whether it could be written now; `StoreError` when not."""

    async def close(self) -> None:
        """Let go of what it holds open."""


def epoch_s() -> float:
    """Seconds since the epoch."""
    return datetime.now(UTC).timestamp()


class _Expiring(Generic[T]):
    """A table whose entries expire, and that can't grow for ever."""

    def __init__(self, clock: Clock, max_entries: int) -> None:
        self._clock = clock
        self._max_entries = max_entries
        self._entries: dict[str, tuple[T, float]] = {}
        self._sweep_at = FIRST_SWEEP_ENTRIES

    def get(self, key: str) -> tuple[T, float] | None:
        found = self._entries.get(key)
        if found is not None and found[1] <= self._clock():
            del self._entries[key]
            return None
        return found

    def set(self, key: str, value: T, expires_at: float) -> None:
        self._entries.pop(key, None)  # so that the first entry is the one that was left alone for longest
        self._entries[key] = (value, expires_at)
        if len(self._entries) >= self._sweep_at:
            self._sweep()

    def drop(self, key: str) -> None:
        self._entries.pop(key, None)

    def clear(self) -> None:
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def _sweep(self) -> None:
        now_s = self._clock()
        self._entries = {key: entry for key, entry in self._entries.items() if entry[1] > now_s}
        while len(self._entries) >= self._max_entries:
            del self._entries[next(iter(self._entries))]
        self._sweep_at = min(self._max_entries, max(FIRST_SWEEP_ENTRIES, 2 * len(self._entries)))


class MemoryStore:
    """For one process, gone with it.

    Args:
        clock: Seconds since the epoch.
        max_entries: Entries of each kind.
    """

    def __init__(self, clock: Clock = epoch_s, *, max_entries: int = MAX_MEMORY_ENTRIES) -> None:
        self._clock = clock
        self._counts: _Expiring[int] = _Expiring(clock, max_entries)
        self._rows: _Expiring[Row] = _Expiring(clock, max_entries)
        self._streams: _Expiring[list[tuple[EventRow, float]]] = _Expiring(clock, max_entries)
        self._numbers = count(1)

    async def add(self, key: str, amount: int, *, lifetime_s: float) -> Count:
        """See `Store.add`."""
        total, expires_at = self._counts.get(key) or (0, self._clock() + lifetime_s)
        counted = Count(max(0, total + amount), expires_at)
        self._counts.set(key, counted.total, expires_at)
        return counted

    async def count(self, key: str) -> Count:
        """See `Store.count`."""
        found = self._counts.get(key)
        return Count(*found) if found is not None else NOTHING_COUNTED

    async def forget(self, key: str) -> None:
        """See `Store.forget`."""
        self._counts.drop(key)
        self._rows.drop(key)

    async def row(self, key: str) -> Row | None:
        """See `Store.row`."""
        found = self._rows.get(key)
        return found[0] if found is not None else None

    async def put(self, key: str, value: bytes, *, expected: int, lifetime_s: float) -> Row | None:
        """See `Store.put`."""
        found = self._rows.get(key)
        if (found[0].version if found is not None else 0) != expected:
            return None
        row = Row(value, expected + 1)
        self._rows.set(key, row, self._clock() + lifetime_s)
        return row

    async def append(self, stream: str, value: bytes, *, lifetime_s: float) -> int:
        """See `Store.append`."""
        now_s = self._clock()
        found = self._streams.get(stream)
        kept = found[0] if found is not None else []
        while kept and kept[0][1] <= now_s:
            kept.pop(0)
        event = EventRow(next(self._numbers), value)
        kept.append((event, now_s + lifetime_s))
        self._streams.set(stream, kept, max(now_s + lifetime_s, found[1] if found is not None else 0))
        return event.number

    async def events(self, stream: str, *, after: int = 0, limit: int = MAX_EVENTS_READ) -> Sequence[EventRow]:
        """See `Store.events`."""
        found = self._streams.get(stream)
        now_s = self._clock()
        kept = found[0] if found is not None else []
        return [event for event, until in kept if event.number > after and until > now_s][:limit]

    async def check(self) -> None:
        """See `Store.check`."""

    async def clear(self) -> None:
        """Forget everything."""
        self._counts.clear()
        self._rows.clear()
        self._streams.clear()

    async def close(self) -> None:
        """See `Store.close`."""


SCHEMA = """
CREATE TABLE IF NOT EXISTS counts (
  key TEXT PRIMARY KEY, total INTEGER NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counts_expiry ON counts (expires_at);
CREATE TABLE IF NOT EXISTS cells (
  key TEXT PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL, expires_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS cells_expiry ON cells (expires_at);
CREATE TABLE IF NOT EXISTS entries (
  number INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, value BLOB NOT NULL, expires_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS entries_stream ON entries (stream, number);
CREATE INDEX IF NOT EXISTS entries_expiry ON entries (expires_at);
"""

TABLES = ("counts", "cells", "entries")

ADD = """
INSERT INTO counts VALUES (:key, max(0, :amount), :until) ON CONFLICT (key) DO UPDATE SET
  total = max(0, :amount + CASE WHEN expires_at <= :now THEN 0 ELSE total END),
  expires_at = CASE WHEN expires_at <= :now THEN :until ELSE expires_at END
RETURNING total, expires_at
"""

PUT = """
INSERT INTO cells SELECT :key, :value, 1, :until WHERE :expected = 0
ON CONFLICT (key) DO UPDATE SET value = :value, expires_at = :until, version = 1 WHERE expires_at <= :now
RETURNING version
"""

CHANGE = """
UPDATE cells SET value = :value, version = version + 1, expires_at = :until
WHERE key = :key AND version = :expected AND expires_at > :now RETURNING version
"""

APPEND = """
INSERT INTO entries (stream, value, expires_at) VALUES (:stream, :value, :until) RETURNING number
"""


class SqliteStore:
    """For all workers of one machine: a file in write-ahead mode, so that readers don't wait for a writer.

    Each process has one connection and one thread for it. A file that was lost or locked raises `StoreError`; the next
    call opens it anew, so a store that comes back is used again without a restart. What has expired is overwritten when
    the store is next used, up to `SQLITE_SWEEP_S` seconds later.

    Args:
        path: The file; only its owner may read it. Its folder has to exist, and has to be on this machine, since
            SQLite's locks don't hold over a network.
        clock: Seconds since the epoch.
    """

    def __init__(self, path: Path | str, clock: Clock = epoch_s) -> None:
        self._path = Path(path)
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="guard-store")
        self._connection: sqlite3.Connection | None = None
        self._swept_at = 0.0
        self._gone_until = 0.0
        self._closed = False

    async def add(self, key: str, amount: int, *, lifetime_s: float) -> Count:
        """See `Store.add`."""
        now_s = self._clock()
        said = {"key": key, "amount": amount, "now": now_s, "until": now_s + lifetime_s}
        rows = await self._do(ADD, said)
        return Count(*rows[0])

    async def count(self, key: str) -> Count:
        """See `Store.count`."""
        query = "SELECT total, expires_at FROM counts WHERE key = :key AND expires_at > :now"
        rows = await self._do(query, {"key": key, "now": self._clock()})
        return Count(*rows[0]) if rows else NOTHING_COUNTED

    async def forget(self, key: str) -> None:
        """See `Store.forget`."""
        await self._do("DELETE FROM counts WHERE key = :key", {"key": key})
        await self._do("DELETE FROM cells WHERE key = :key", {"key": key})

    async def row(self, key: str) -> Row | None:
        """See `Store.row`."""
        query = "SELECT value, version FROM cells WHERE key = :key AND expires_at > :now"
        rows = await self._do(query, {"key": key, "now": self._clock()})
        return Row(*rows[0]) if rows else None

    async def put(self, key: str, value: bytes, *, expected: int, lifetime_s: float) -> Row | None:
        """See `Store.put`."""
        now_s = self._clock()
        said = {"key": key, "value": value, "expected": expected, "now": now_s, "until": now_s + lifetime_s}
        rows = await self._do(PUT if expected == 0 else CHANGE, said)
        return Row(value, rows[0][0]) if rows else None

    async def append(self, stream: str, value: bytes, *, lifetime_s: float) -> int:
        """See `Store.append`."""
        rows = await self._do(APPEND, {"stream": stream, "value": value, "until": self._clock() + lifetime_s})
        return int(rows[0][0])

    async def events(self, stream: str, *, after: int = 0, limit: int = MAX_EVENTS_READ) -> Sequence[EventRow]:
        """See `Store.events`."""
        query = (
            "SELECT number, value FROM entries WHERE stream = :stream AND number > :after AND expires_at > :now "
            "ORDER BY number LIMIT :limit"
        )
        rows = await self._do(query, {"stream": stream, "after": after, "now": self._clock(), "limit": limit})
        return [EventRow(*row) for row in rows]

    async def check(self) -> None:
        """See `Store.check`."""
        await self.add("check", 1, lifetime_s=1.0)

    async def clear(self) -> None:
        """Forget everything."""
        for table in TABLES:
            await self._do(f"DELETE FROM {table}", {})  # noqa: S608 - names of our own

    async def close(self) -> None:
        """See `Store.close`."""
        if self._closed:
            return
        self._closed = True  # a request that is still under way at the end is told so by a `StoreError`
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    async def _do(self, statement: str, said: dict[str, object]) -> list[tuple[Any, ...]]:
        if self._closed:
            raise StoreError(f"{self._path.name}: closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._done, statement, said)

    def _done(self, statement: str, said: dict[str, object]) -> list[tuple[Any, ...]]:
        began = time.monotonic()
        if began < self._gone_until:
            raise StoreError(f"{self._path.name}: still gone")
        try:
            connection = self._connected()
            self._sweep(connection)
            return connection.execute(statement, said).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._disconnect()
            if time.monotonic() - began >= IN_VAIN_S:
                self._gone_until = time.monotonic() + GONE_S
            raise StoreError(f"{self._path.name}: {type(error).__name__}") from error

    def _connected(self) -> sqlite3.Connection:
        if self._connection is not None and self._path.exists():
            return self._connection
        self._disconnect()
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
        until = time.monotonic() + OPENING_S
        while time.monotonic() < until:
            with contextlib.suppress(sqlite3.OperationalError):
                return self._opened()
            self._disconnect()
            time.sleep(OPENING_PAUSE_S)
        return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=SQLITE_WAIT_S, isolation_level=None, check_same_thread=False)
        self._connection = connection
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a crash of the machine may cost the last counts, no more
        connection.execute("PRAGMA secure_delete = ON")  # what has expired is overwritten, not only unlinked
        connection.executescript(SCHEMA)
        return connection

    def _sweep(self, connection: sqlite3.Connection) -> None:
        now_s = self._clock()
        if now_s - self._swept_at < SQLITE_SWEEP_S:
            return
        self._swept_at = now_s
        for table in TABLES:
            connection.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (now_s,))  # noqa: S608 - our own names
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log of writes holds what was deleted, too

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()
