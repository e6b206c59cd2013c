"""`.launchready/builds.jsonl`: one line when a build begins, and one when it ended. It is only ever appended to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from launchready.facts.build import BakedValue, BuildFailure, Difference, Leftover, Trial

FILE_NAME: Final = "builds.jsonl"

FORMAT: Final = 1
"""Goes up when a reader of the former version would misunderstand a line."""

MAX_FILE_BYTES: Final = 64 * 2**20
"""Some ten thousand builds; more is no record of ours."""


class RecordError(Exception):
    """What is written down can't be relied on; the text says why."""


class RecordState(StrEnum):
    """Whether the builder lived to see the end."""

    BEGUN = "begun"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The second build against the first; `more` counts differences beyond those that are named."""

    files: int
    digest: str
    differences: tuple[Difference, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Baked:
    """Variables whose value was searched, and where it was found; `unread` are sentences on what was not searched."""

    searched: tuple[str, ...]
    baked: tuple[BakedValue, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Starts:
    """How starts ended; `untold` are sentences on those that could not be judged."""

    trials: tuple[Trial, ...]
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the output holds; `unread` are sentences on what was not looked through."""

    files: int
    size_bytes: int
    leftovers: tuple[Leftover, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of the record that is not there, and why, in a sentence."""

    part: str
    detail: str


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """One line. `sandbox` is empty where there was none; `declared` is the digest of what launchready.toml said."""

    format: int
    state: RecordState
    at: datetime
    commit: str
    declared: str
    sandbox: str = ""
    took_s: float = 0.0
    failures: tuple[BuildFailure, ...] = ()
    repeat: Repeat | None = None
    baked: Baked | None = None
    start: Starts | None = None
    shipped: Shipped | None = None
    unseen: tuple[Unseen, ...] = ()


def encode_record(record: BuildRecord) -> bytes:
    """One line with its end."""
    return msgspec.json.encode(record) + b"\n"


def decode_record(line: bytes) -> BuildRecord:
    """One line.

    Raises:
        RecordError: it is torn, of another version, or no record.
    """
    try:
        record = msgspec.json.decode(line, type=BuildRecord)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise RecordError(f"a line of {FILE_NAME} can't be read") from None
    if record.format != FORMAT:
        raise RecordError(f"{FILE_NAME} was written by another version of Launch Ready")
    if record.at.tzinfo is None:
        raise RecordError(f"a line of {FILE_NAME} has a time without its zone")
    return record


def last_record(folder: Path, commit: str) -> BuildRecord | None:
    """The last record of a commit; None where there is none.

    A line that can't be read may be the newest of this commit, and a bad one: what stands before it does not count.

    Args:
        folder: where records are kept.
        commit: 40 or 64 hexadecimal digits.

    Raises:
        RecordError: the file, or a line behind the last record of the commit, can't be read.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordError(f"{FILE_NAME} can't be read ({type(error).__name__})") from None
    if len(content) > MAX_FILE_BYTES:
        raise RecordError(f"{FILE_NAME} is larger than any record of builds")
    for line in reversed(content.splitlines()):
        if line.strip():
            record = decode_record(line)
            if record.commit == commit:
                return record
    return None
