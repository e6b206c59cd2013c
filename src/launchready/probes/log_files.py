"""What is appended to log files from a moment on."""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.model.reading import NotSeen, Why

MAX_FILES: Final = 200
"""Most files of the declared folders that are followed; more is a store, and no log."""

MAX_APPENDED_BYTES: Final = 32 * 2**20
"""Most that is read of what was appended, in bytes: far more than a minute of an audit causes."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What one file got since: its name without its folder, and the bytes."""

    file: str
    data: bytes


class LogFiles:
    """Follows declared files and folders; a file that is new or was begun again is read from its beginning.

    Args:
        paths: Absolute paths of files, and of folders whose files count.

    Raises:
        NotSeen: NOT_FOUND, UNREADABLE or TOO_LARGE.
    """

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._paths = tuple(map(Path, paths))
        self._sizes = {file: _size_of(file) for file in self._files()}

    def appended(self) -> tuple[Appended, ...]:
        """What came since the beginning, file by file."""
        room = MAX_APPENDED_BYTES
        pieces: list[Appended] = []
        for file in self._files():
            before, now = self._sizes.get(file, 0), _size_of(file)
            start = before if now >= before else 0
            if now - start > room:
                raise NotSeen(Why.TOO_LARGE, f"{file.name} grew by more than {MAX_APPENDED_BYTES >> 20} MiB meanwhile.")
            if now > start:
                data = _read(file, start, now - start)
                room -= len(data)
                pieces.append(Appended(file.name, data))
        return tuple(pieces)

    def _files(self) -> list[Path]:
        files: list[Path] = []
        for path in self._paths:
            try:
                mode = path.stat().st_mode
                files += sorted(path.iterdir()) if stat.S_ISDIR(mode) else [path]
            except FileNotFoundError:
                raise NotSeen(Why.NOT_FOUND, f"[logs] names {path.name}, which does not exist.") from None
            except OSError as error:
                raise NotSeen(Why.UNREADABLE, f"[logs] names {path.name}: {error.strerror}.") from None
        plain = [file for file in files if file.is_file()]
        if len(plain) > MAX_FILES:
            raise NotSeen(Why.TOO_LARGE, f"[logs] names more than {MAX_FILES} files.")
        return plain


def _size_of(file: Path) -> int:
    try:
        with file.open("rb"):
            return file.stat().st_size
    except OSError as error:
        raise NotSeen(Why.UNREADABLE, f"The log {file.name} can't be read ({error.strerror}).") from None


def _read(file: Path, start: int, size: int) -> bytes:
    try:
        with file.open("rb") as stream:
            stream.seek(start)
            return stream.read(size)
    except OSError as error:
        raise NotSeen(Why.UNREADABLE, f"The log {file.name} can't be read ({error.strerror}).") from None
