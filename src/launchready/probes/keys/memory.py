"""What was searched before, so that a second scan reads only what is new.

It is kept in `.launchready/` of the repository, with a digest that only this machine's user can make: whoever can put a
file there could else declare that nothing is to be found. What is old, broken or made elsewhere is thrown away.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from launchready.probes.keys.search import Hit

FOLDER: Final = ".launchready"
FILE: Final = "searched-objects"

MAX_OBJECTS: Final = 4_000_000
"""Objects that are remembered: 80 MB. Linux has ten million; what goes beyond is searched again."""

MAX_FILE_BYTES: Final = 200 * 2**20
ID_BYTES: Final = 32
"""A SHA-256; shorter ids (SHA-1) are filled with zeros."""

_MAC_BYTES: Final = 32
_LENGTH_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was searched: its size, its time in nanoseconds, and the id of its content."""

    size_bytes: int
    mtime_ns: int
    id: str


class _Told(msgspec.Struct):
    version: str
    hits: dict[str, tuple[Hit, ...]]
    files: dict[str, FileState]


@dataclass(slots=True)
class Memory:
    """Ids of content in which nothing was found, hits by the id of theirs, and files by their path.

    `path` is None where nothing is kept.
    """

    path: Path | None = None
    version: str = ""
    clean: set[bytes] = field(default_factory=set)
    hits: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    files: dict[str, FileState] = field(default_factory=dict)
    is_changed: bool = False

    def knows(self, object_id: str) -> bool:
        """Whether this content was searched."""
        return object_id in self.hits or packed_id(object_id) in self.clean

    def learn(self, object_id: str, hits: Iterable[Hit]) -> None:
        """Remember what was found in some content."""
        found = tuple(hits)
        self.is_changed = True
        if found:
            self.hits[object_id] = found
        elif len(self.clean) < MAX_OBJECTS:
            self.clean.add(packed_id(object_id))

    def save(self) -> None:
        """Write it where it came from, at once or not at all; a place that can't be written is no failure."""
        key = _key()
        if self.path is None or key is None or not self.is_changed:
            return
        told = msgspec.json.encode(_Told(self.version, self.hits, self.files))
        body = len(told).to_bytes(_LENGTH_BYTES, "big") + told + b"".join(sorted(self.clean))
        beside = self.path.with_name(f"{FILE}.{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            (self.path.parent / ".gitignore").write_text("*\n")
            beside.write_bytes(_mac(key, body) + body)
            beside.replace(self.path)
        except OSError:
            beside.unlink(missing_ok=True)


def packed_id(object_id: str) -> bytes:
    """An id as it is kept."""
    return bytes.fromhex(object_id).ljust(ID_BYTES, b"\0")


def recall(folder: Path, version: str) -> Memory:
    """What is remembered in a folder; nothing where it is of other rules, of another machine, or broken."""
    path = folder / FILE
    nothing, key = Memory(path, version), _key()
    try:
        if key is None or path.stat().st_size > MAX_FILE_BYTES:
            return nothing
        content = path.read_bytes()
    except OSError:
        return nothing
    mac, body = content[:_MAC_BYTES], content[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        return nothing
    end = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    told = msgspec.json.decode(body[_LENGTH_BYTES:end], type=_Told)
    if told.version != version:
        return nothing
    ids = {body[start : start + ID_BYTES] for start in range(end, len(body), ID_BYTES)}
    return Memory(path, version, ids, told.hits, told.files)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)


def _key() -> bytes | None:
    """The user's own on this machine, made on first use; None where none can be kept."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        path = base / "launchready" / "memory.key"
        if not path.is_file():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_MAC_BYTES))
        key = path.read_bytes()
    except (OSError, RuntimeError):
        return None
    return key if len(key) == _MAC_BYTES else None
