"""The database: how it is opened, read and written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from coachbot.schema import Base
from launchready_guard.health import DependencyDownError

BUSY_TIMEOUT_MS = 5_000
"""Milliseconds a writer waits for another one; a transaction here takes a few."""

WRITES = "coachbot_writes"


class Database:
    """Hands out sessions, one transaction each.

    Args:
        url: SQLAlchemy URL with an async driver, such as `sqlite+aiosqlite:///coachbot.sqlite3`.
    """

    def __init__(self, url: str) -> None:
        # Parameters stay out of errors: they are what customers wrote.
        self._engine = create_async_engine(url, hide_parameters=True)
        if self._engine.dialect.name == "sqlite":
            _prepare_sqlite(self._engine)
        self._writer = self._engine.execution_options(**{WRITES: True})

    async def create_tables(self) -> None:
        """Create the tables that are missing."""
        async with self._writer.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; what it sees is one moment."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose transaction commits when the block ends, and rolls back when it raises.

        On SQLite it takes the write lock at its start, so what it reads can't change before it writes.
        """
        async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    async def check(self) -> str:
        """Ask the database for one row.

        Raises:
            DependencyDownError: It does not answer.
        """
        try:
            async with self.read() as session:
                await session.execute(text("SELECT 1"))
        except SQLAlchemyError as failed:
            raise DependencyDownError(type(failed).__name__) from failed
        return ""

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Let SQLite keep to transactions as written, and let readers go on while one writes."""

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions on its own, and too late
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
