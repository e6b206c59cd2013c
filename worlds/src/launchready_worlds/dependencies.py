"""What the product leans on, taken away and given back while it runs: nothing of the product is restarted.

A situation (`faults/`) makes a world that is wrong from its start. This is for trying whether the product carries on
when something goes away under it, and whether all is well when it comes back.
"""

import sqlite3
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from launchready_worlds.listener import Door
from launchready_worlds.mail import MailMood
from launchready_worlds.provider_moods import ProviderMood

LOCK_WAIT_S: Final = 10.0
"""Seconds to wait until the product has finished what it is writing."""


class Dependency(StrEnum):
    """What the product leans on."""

    MODEL = "model"
    MAIL = "mail"
    BOOKING = "booking"
    DATABASE = "database"


class Trouble(StrEnum):
    """What is wrong with it. A database that is away is one that can't be written, whichever of these it is."""

    NONE = "ok"
    BLACKHOLE = "blackhole"
    """Connections are taken and never answered."""
    RESET = "reset"
    """Connections are reset."""
    UNAVAILABLE = "unavailable"
    """It says that it can't right now: 503, or 451 for mail."""


class DependencyError(Exception):
    """There is no such dependency or trouble; the text says which there are."""


class Dependencies:
    """The troubles of the moment.

    Args:
        databases: Finds the product's database files.
    """

    def __init__(self, databases: Callable[[], list[Path]]) -> None:
        self._databases = databases
        self._troubles: dict[Dependency, Trouble] = {}
        self._locks: list[sqlite3.Connection] = []

    def set(self, name: str, trouble: str) -> None:
        """From now on it has this trouble, or none.

        Raises:
            DependencyError: There is no such dependency or trouble; nothing was changed.
        """
        if name not in tuple(Dependency):
            raise DependencyError(f"nothing is called {name!r}; there are: {', '.join(Dependency)}")
        if trouble not in tuple(Trouble):
            raise DependencyError(f"there is no {trouble!r}; there are: {', '.join(Trouble)}")
        self._troubles[Dependency(name)] = Trouble(trouble)
        if name == Dependency.DATABASE:
            self._unlock()
            if trouble != Trouble.NONE:
                self._lock()

    def clear(self) -> None:
        """All is well again."""
        self._troubles.clear()
        self._unlock()

    def door(self, name: Dependency, otherwise: Door) -> Door:
        """What happens to a connection to it."""
        match self._troubles.get(name):
            case Trouble.BLACKHOLE:
                return Door.SILENT
            case Trouble.RESET:
                return Door.SLAMMED
            case _:
                return otherwise

    def provider(self, otherwise: ProviderMood) -> ProviderMood:
        """How the model provider takes a question."""
        return ProviderMood.OVERLOADED if self._is_unavailable(Dependency.MODEL) else otherwise

    def mail(self, otherwise: MailMood) -> MailMood:
        """How mail is taken."""
        return MailMood.DEFERS if self._is_unavailable(Dependency.MAIL) else otherwise

    def site(self, app: ASGIApp) -> ASGIApp:
        """The booking site, unless it is unavailable."""

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            away = self._is_unavailable(Dependency.BOOKING)
            await (PlainTextResponse("Service Unavailable", 503) if away else app)(scope, receive, send)

        return served

    def _is_unavailable(self, name: Dependency) -> bool:
        return self._troubles.get(name) is Trouble.UNAVAILABLE

    def _lock(self) -> None:
        """Take the write lock of the database, as a backup does that hangs."""
        for path in self._databases():
            connection = sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)
            self._locks.append(connection)
            connection.execute("BEGIN IMMEDIATE")

    def _unlock(self) -> None:
        while self._locks:
            self._locks.pop().close()
