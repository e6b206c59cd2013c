"""Run one of the owner's commands: its output is shown as it comes, kept within bounds, and its end is always known."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from launchready.config.keys import CommandLine
from launchready.deliver.masking import Masker

READ_BYTES: Final = 65_536
MAX_LINE_CHARS: Final = 2_000
"""Longest line that is shown and kept, in characters; the rest of a longer one is left out."""

TAIL_LINES: Final = 200
"""Lines of output that are kept in memory: what an error says stands at the end."""

MAX_LOG_BYTES: Final = 8 * 2**20
"""Most of the output that is kept on disk, in bytes."""

GRACE_S: Final = 10.0
"""Seconds that a command has to end by itself once it was told to; then it is killed, with all that it started."""

DRAIN_S: Final = 2.0
"""Seconds that output is waited for after the command ended: a server that it started may hold the pipe for ever."""


class End(StrEnum):
    """How a command ended."""

    FINISHED = "finished"
    TIMED_OUT = "was stopped, since it took too long"
    NOT_STARTED = "could not be started"


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it. `code` is its exit code, negative for a signal, and None where it never started."""

    end: End
    code: int | None
    took_s: float
    tail: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether it ran to its end and said that all is well."""
        return self.end is End.FINISHED and self.code == 0

    @property
    def words(self) -> str:
        """How it ended, in words that go on after its name."""
        match self.end:
            case End.FINISHED if self.code is not None and self.code < 0:
                return f"was ended by signal {-self.code}"
            case End.FINISHED:
                return f"ended with exit code {self.code}"
            case _:
                return self.end.value


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where commands run: folder, what the environment has besides ours, seconds each may take, who sees each line."""

    folder: Path
    variables: Mapping[str, str]
    limit_s: float
    show: Callable[[str], None]
    log: Path | None = None


@dataclass(slots=True)
class _Output:
    """Splits bytes into lines, masks each, shows it, and keeps the last ones."""

    around: Surroundings
    masker: Masker
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL_LINES))
    rest: bytes = b""
    kept_bytes: int = 0

    def take(self, chunk: bytes) -> None:
        *lines, rest = (self.rest + chunk).split(b"\n")
        for line in lines:
            self._line(line)
        self.rest = rest[: MAX_LINE_CHARS * 4]  # of a line that never ends the beginning is enough

    def end(self) -> None:
        if self.rest:
            self._line(self.rest)
            self.rest = b""

    def _line(self, line: bytes) -> None:
        text = line[: MAX_LINE_CHARS * 4].decode("utf-8", errors="replace").rstrip("\r")
        text = self.masker.mask(text)[:MAX_LINE_CHARS]
        self.tail.append(text)
        self.around.show(text)
        if self.around.log is not None and self.kept_bytes < MAX_LOG_BYTES:
            self._keep(self.around.log, text.encode() + b"\n")

    def _keep(self, log: Path, data: bytes) -> None:
        self.kept_bytes += len(data)
        try:
            with log.open("ab") as file:
                file.write(data)
        except OSError:  # a full disk must not end a release in its middle; what was shown was shown
            self.kept_bytes = MAX_LOG_BYTES


async def run(command: CommandLine, commit: str, around: Surroundings) -> Ran:
    """Run a command to its end, or end it when it takes too long or we are told to stop.

    A text is given to `sh -c` as the owner wrote it; what we know reaches it as variables, never inside the text. In a
    list `{commit}` is replaced, which is a commit's digits and nothing else.

    Args:
        command: a text or a list.
        commit: what `LAUNCHREADY_COMMIT` and `{commit}` stand for.
        around: where it runs.

    Raises:
        CancelledError: we were told to stop; the command and all that it started in its group have ended.
    """
    argv = ("sh", "-c", command) if isinstance(command, str) else tuple(a.replace("{commit}", commit) for a in command)
    environment = {**os.environ, **around.variables, "LAUNCHREADY_COMMIT": commit}
    tick = asyncio.get_running_loop().time
    started = tick()
    output = _Output(around, Masker.of(environment))
    read_end, write_end = os.pipe()
    # A pipe of our own: a server that the command leaves behind may hold its other end for ever, and ours is closed.
    with open(read_end, "rb", buffering=0) as pipe:  # noqa: ASYNC230, PTH123 - nothing is opened; the number becomes a file
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=around.folder,
                env=environment,
                stdin=DEVNULL,
                stdout=write_end,
                stderr=STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            output.take(f"{argv[0]}: {error.strerror}\n".encode())
            return Ran(End.NOT_STARTED, None, tick() - started, tuple(output.tail))
        finally:
            os.close(write_end)
        end = await _follow(process, pipe, output, around.limit_s)
    return Ran(end, process.returncode, round(tick() - started, 3), tuple(output.tail))


async def _follow(process: Process, pipe: IO[bytes], output: _Output, limit_s: float) -> End:
    end = End.FINISHED
    async with asyncio.TaskGroup() as group:
        pump = group.create_task(_pump(pipe, output))
        try:
            async with asyncio.timeout(limit_s):
                await process.wait()
        except TimeoutError:
            end = End.TIMED_OUT
            await _stop(process)
        except asyncio.CancelledError:
            await _stop(process)
            raise
        await _drain(pump)
    output.end()
    return end


async def _pump(pipe: IO[bytes], output: _Output) -> None:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
    try:
        while chunk := await reader.read(READ_BYTES):
            output.take(chunk)
    finally:
        transport.close()


async def _drain(pump: asyncio.Task[None]) -> None:
    """Wait a moment for the last of the output; what still holds the pipe then is a server, and is let run."""
    _, late = await asyncio.wait({pump}, timeout=DRAIN_S)
    for task in late:
        task.cancel()


async def _stop(process: Process) -> None:
    """End the command's whole group: first asked, then made to."""
    _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(GRACE_S):
            await process.wait()
    except TimeoutError:
        pass
    finally:  # also where we are told a second time: nothing of the command may stay behind
        _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # all of it has ended
