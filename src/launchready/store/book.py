"""A file of records, a line each: appended, forced to the disk, one writer at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class BookError(Exception):
    """Nothing can be written down; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Book:
    """The records that one command writes; the folder is made when it is needed.

    Attributes:
        folder: where records are kept.
        file_name: the file in it.
        command: who writes it, as a user types it.
    """

    folder: Path
    file_name: str
    command: str

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one at this work. The system takes the lock away with the process, however that ends.

        Raises:
            BookError: another one is at work, or the folder can't be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / self.file_name).with_suffix(".lock").open("wb")
        except OSError as error:
            raise BookError(f"{self.folder} can't be written ({error.strerror}): make it yours") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BookError(f"another `{self.command}` of this product is at work: wait for its end") from None
            yield

    def write(self, line: bytes) -> None:
        """Append one line with its end; when this returns, it is on the disk.

        A line that a crash tore is closed first, so that it spoils no other.

        Raises:
            BookError: the disk is full, or may not be written.
        """
        try:
            with (self.folder / self.file_name).open("ab+") as file:
                end = file.seek(0, os.SEEK_END)
                if end:
                    file.seek(end - 1)
                    if file.read(1) != b"\n":
                        file.write(b"\n")
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BookError(
                f"what `{self.command}` saw can't be written down ({error.strerror}): nothing is known of it"
            ) from None
