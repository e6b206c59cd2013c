"""Runs the owner's command that restarts the chat."""

import asyncio
import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.config.keys import CommandLine

RESTART_LIMIT_S: Final = 180.0
"""Seconds: containers start in one or two minutes."""


class RestartError(Exception):
    """It could not be restarted; the text says why."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The command, and the folder of launchready.toml, where it runs."""

    command: CommandLine
    folder: Path

    async def run(self) -> None:
        """Run it to its end; what it prints is thrown away, for it may be secret.

        Raises:
            RestartError: it can't be run, fails, or takes too long; everything that it started is ended then.
        """
        words = ("sh", "-c", self.command) if isinstance(self.command, str) else self.command
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise RestartError(f"the command under restart can't be run ({error.strerror})") from None
        try:
            async with asyncio.timeout(RESTART_LIMIT_S):
                code = await process.wait()
        except TimeoutError:
            raise RestartError(f"the command under restart did not end within {RESTART_LIMIT_S:g} seconds") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if code:
            raise RestartError(f"the command under restart ended with {code}")
