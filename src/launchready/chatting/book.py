"""Write tests of the chat down: appended, forced to the disk, one test at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.probes.chat_record import FILE_NAME, ChatRecord, encode_record

LOCK_NAME: Final = "chat.lock"


class ChatBookError(Exception):
    """Nothing can be written down; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class ChatBook:
    """The records of one product; `folder` is made when it is needed."""

    folder: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only tester: two would measure each other. The system takes the lock away with the process.

        Raises:
            ChatBookError: another one is at work, or the folder can't be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / LOCK_NAME).open("wb")
        except OSError as error:
            raise ChatBookError(f"{self.folder} can't be written ({error.strerror}): make it yours") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ChatBookError("another `launchready chat test` of this product is at work: wait for it") from None
            yield

    def write(self, record: ChatRecord) -> None:
        """Append one record; when this returns, it is on the disk. A line that a crash tore is closed first.

        Raises:
            ChatBookError: the disk is full, or may not be written.
        """
        try:
            with (self.folder / FILE_NAME).open("ab+") as file:
                end = file.seek(0, os.SEEK_END)
                if end:
                    file.seek(end - 1)
                    if file.read(1) != b"\n":
                        file.write(b"\n")
                file.write(encode_record(record))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ChatBookError(f"the test can't be written down ({error.strerror}): nothing is known of it") from None
