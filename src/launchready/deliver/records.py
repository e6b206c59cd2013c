"""Where releases are written down: a log that is only appended to, manifests, and what commands printed.

A crash at any moment loses at most the line that was being written; the reader knows a torn line, and a line that says
`began` stands on disk before the first command runs, so a release that was cut off is known to have been.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launchready.parse.manifest import Manifest, write_manifest
from launchready.parse.release_log import Log, Record, write_record
from launchready.probes.release_files import LOG_NAME, log_of, manifest_path

LOCK_NAME = "deploy.lock"
OUTPUT_FOLDER = "output"


class RecordError(Exception):
    """Nothing can be written down, or another release is under way; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records in one folder."""

    folder: Path

    @property
    def path(self) -> Path:
        """The log."""
        return self.folder / LOG_NAME

    def read(self) -> Log:
        """All that was written down so far.

        Raises:
            NotSeen: the log can't be read.
        """
        return log_of(str(self.folder))

    def append(self, record: Record) -> None:
        """Add a line, and return once it is on the disk.

        Raises:
            RecordError: it could not be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                _write_all(file, _break(file) + write_record(record))
                os.fsync(file)
            finally:
                os.close(file)
            _sync_folder(self.folder)
        except OSError as error:
            raise RecordError(
                f"{self.path} can't be written ({error.strerror}); make room or correct its rights"
            ) from None

    def keep_manifest(self, commit: str, manifest: Manifest) -> None:
        """Keep what was released as a commit; a crash leaves the former one.

        Raises:
            RecordError: it could not be written.
        """
        path = manifest_path(str(self.folder), commit)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
                file.write(write_manifest(manifest).encode("utf-8", "surrogateescape"))  # names are bytes on Linux
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError as error:
            raise RecordError(f"{path} can't be written ({error.strerror})") from None

    def output_path(self, release: str) -> Path:
        """Where the output of one release's commands is kept.

        Raises:
            RecordError: nothing can be kept there.
        """
        folder = self.folder / OUTPUT_FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordError(f"{folder} can't be made ({error.strerror}); correct its rights") from None
        return folder / f"{release}.log"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off every other release from this folder; the system lets go of it should we die.

        Raises:
            RecordError: another one is under way, or the folder can't be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = (self.folder / LOCK_NAME).open("w")
        except OSError as error:
            raise RecordError(f"{self.folder} can't be written ({error.strerror}); correct its rights") from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise RecordError("another release is under way from this folder; wait for it to end") from None
            yield


def _break(file: int) -> bytes:
    """A line break where the last line was torn, so that it spoils no other."""
    size = os.fstat(file).st_size
    return b"\n" if size and os.pread(file, 1, size - 1) != b"\n" else b""


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
