"""`.launchready/chat.jsonl`: one line when a test of the chat begins, and one when it ended. It is only appended to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from launchready.facts.chat_trials import ContinuityTrial, FailureTrial, Heard, InputTrial

FILE_NAME: Final = "chat.jsonl"

FORMAT: Final = 1
"""Goes up when a reader of the former version would misunderstand a line."""

MAX_FILE_BYTES: Final = 64 * 2**20
"""Some thousand tests; more is no record of ours."""


class ChatRecordError(Exception):
    """What is written down can't be relied on; the text says why."""


class RecordState(StrEnum):
    """Whether the test came to its end; `INTERRUPTED` holds what was seen until Ctrl-C."""

    BEGUN = "begun"
    ENDED = "ended"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Paused:
    """An answer in whose middle the model paused."""

    pause_s: float
    heard: Heard
    encoding: str = ""
    buffer_hint: str = ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was not tried, and why: a part of the record, or one trial of it as `PART TRIAL`."""

    part: str
    detail: str


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """One line. `commit` is empty where the chat does not say it; `declared` is the digest of what [chat] said."""

    format: int
    state: RecordState
    at: datetime
    url: str
    declared: str
    commit: str = ""
    took_s: float = 0.0
    answer: Heard | None = None
    streaming: Paused | None = None
    failures: tuple[FailureTrial, ...] | None = None
    continuity: tuple[ContinuityTrial, ...] | None = None
    input: tuple[InputTrial, ...] | None = None
    unseen: tuple[Unseen, ...] = ()


def encode_record(record: ChatRecord) -> bytes:
    """One line with its end."""
    return msgspec.json.encode(record) + b"\n"


def decode_record(line: bytes) -> ChatRecord:
    """One line.

    Raises:
        ChatRecordError: it is torn, of another version, or no record.
    """
    try:
        record = msgspec.json.decode(line, type=ChatRecord)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise ChatRecordError(f"a line of {FILE_NAME} can't be read") from None
    if record.format != FORMAT:
        raise ChatRecordError(f"{FILE_NAME} was written by another version of Launch Ready")
    if record.at.tzinfo is None:
        raise ChatRecordError(f"a line of {FILE_NAME} has a time without its zone")
    return record


def last_record(folder: Path) -> ChatRecord | None:
    """The last record; None where there is none. One that can't be read may be a bad one: nothing before it counts.

    Args:
        folder: where records are kept.

    Raises:
        ChatRecordError: the file or its last line can't be read.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ChatRecordError(f"{FILE_NAME} can't be read ({type(error).__name__})") from None
    if len(content) > MAX_FILE_BYTES:
        raise ChatRecordError(f"{FILE_NAME} is larger than any record of tests")
    lines = [line for line in content.splitlines() if line.strip()]
    return decode_record(lines[-1]) if lines else None
