"""JSON lines between a world and whoever started it: events on stdout, commands on stdin."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

READ_BYTES = 65536
STOP: dict[str, Any] = {"do": "stop"}
"""The command that the end of stdin and a signal stand for."""


class CommandError(Exception):
    """A line on stdin is not a command; the text says why."""


def emit(event: str, **fields: Any) -> None:
    """Write one event and flush it, so that the reader sees it now."""
    sys.stdout.write(json.dumps({"event": event, **fields}, default=str) + "\n")
    sys.stdout.flush()


def parse(line: bytes) -> dict[str, Any]:
    """Read one command.

    Raises:
        CommandError: It is no JSON object with a text under "do".
    """
    try:
        command = json.loads(line)
    except ValueError as error:
        raise CommandError(f"not JSON: {error}") from error
    if not isinstance(command, dict) or not isinstance(command.get("do"), str):
        raise CommandError('a command is an object like {"do": "stop"}')
    return command


class Commands:
    """The lines that arrive on stdin, read by a thread because stdin may be a pipe, a file or a terminal."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()

    def stop(self) -> None:
        """Make the next command a stop."""
        self._lines.put_nowait(None)

    async def next(self) -> dict[str, Any]:
        """The next command; stop when stdin is at its end or a signal came.

        Raises:
            CommandError: The line is not a command.
        """
        line = await self._lines.get()
        return STOP if line is None else parse(line)

    def read(self) -> None:
        """Read until stdin ends. Runs in a thread; uses the descriptor, so that no lock is held at exit."""
        rest = b""
        while chunk := os.read(0, READ_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in filter(bytes.strip, lines):
                self._tell(line)
        self._tell(None)

    def _tell(self, line: bytes | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the world has ended already
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)


@contextlib.contextmanager
def _signals(commands: Commands) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, commands.stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def commands() -> AsyncIterator[Commands]:
    """Commands from stdin; SIGTERM and SIGINT are taken as stop while the context is open."""
    source = Commands(asyncio.get_running_loop())
    threading.Thread(target=source.read, name="stdin", daemon=True).start()
    with _signals(source):
        yield source
