"""Write a run down while it goes: each conversation is in the file when it is over, so that a stop loses none."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from launchready.facts.redteam import Attempt, Control
from launchready.probes.redteam_record import End, Header, Line, encode_line
from launchready.store.book import BookError

OWNER_ONLY: Final = 0o600
"""The file holds the private texts that were planted."""


class TranscriptBook:
    """The file of one run; the file of an earlier run goes when this one begins. Use it in `with`.

    Args:
        path: where it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Open it, and be the only writer.

        Raises:
            BookError: another run writes there, or it can't be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY)
            self._file = os.fdopen(handle, "wb")
            os.fchmod(handle, OWNER_ONLY)
        except OSError as error:
            raise BookError(f"{self._path} can't be written ({error.strerror}): choose another with --out") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise BookError(f"another run writes into {self._path}: wait for its end") from None
        self._file.truncate()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def begin(self, header: Header, controls: tuple[Control, ...]) -> None:
        """What is known before the first conversation."""
        self._write(Line(header=header))
        for control in controls:
            for attempt in control.attempts:
                self._write(Line(attempt=attempt, control=control.name))

    def keep(self, attempt: Attempt) -> None:
        """One conversation that is over."""
        self._write(Line(attempt=attempt))

    def close(self, *, interrupted: bool) -> None:
        """The run is over."""
        self._write(Line(end=End(interrupted)))

    def _write(self, line: Line) -> None:
        assert self._file is not None
        try:
            self._file.write(encode_line(line))
            self._file.flush()
        except OSError as error:
            raise BookError(f"{self._path} can't be written ({error.strerror}): the run stopped there") from None
