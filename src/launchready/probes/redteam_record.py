"""`.launchready/redteam.jsonl`: a first line about the run, one line an attempt, and one when it ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from launchready.facts.redteam import (
    TRANSCRIPT_FORMAT,
    Attempt,
    Control,
    ControlName,
    Manifest,
    Mode,
    Transcripts,
)

FILE_NAME: Final = "redteam.jsonl"

MAX_FILE_BYTES: Final = 256 * 2**20
"""Ten thousand conversations of 25 kB; more is no run of ours."""


class TranscriptError(Exception):
    """A file of transcripts can't be relied on; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known before the first attempt."""

    started: datetime
    product: str
    version: str
    mode: Mode
    manifest: Manifest | None
    planned: int
    format: int = TRANSCRIPT_FORMAT
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """The last line; a file without it was interrupted."""

    interrupted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Exactly one of header, attempt and end. `control` names the bot of ours that answered, where one did."""

    header: Header | None = None
    attempt: Attempt | None = None
    control: ControlName | None = None
    end: End | None = None


def encode_line(line: Line) -> bytes:
    """One line with its end."""
    return msgspec.json.encode(line) + b"\n"


def encode_transcripts(transcripts: Transcripts) -> bytes:
    """A whole file."""
    return b"".join(encode_line(line) for line in lines_of(transcripts))


def lines_of(transcripts: Transcripts) -> Iterator[Line]:
    """The lines of a run: header, controls, attempts, end."""
    yield Line(
        header=Header(
            transcripts.started,
            transcripts.product,
            transcripts.version,
            transcripts.mode,
            transcripts.manifest,
            transcripts.planned,
            transcripts.format,
            transcripts.left_out,
        )
    )
    for control in transcripts.controls:
        yield from (Line(attempt=attempt, control=control.name) for attempt in control.attempts)
    yield from (Line(attempt=attempt) for attempt in transcripts.attempts)
    yield Line(end=End(transcripts.interrupted))


def decode_transcripts(content: bytes) -> Transcripts:
    """A whole file. A last line that was cut is left out, and the run counts as interrupted.

    Raises:
        TranscriptError: it has no header, is of another version, or a line in it can't be read.
    """
    raw = content.split(b"\n")
    whole = [line for line in raw[:-1] if line.strip()]
    if not whole:
        raise TranscriptError("no run is written down here: type `launchready redteam`")
    first, *rest = (_decode_line(line, number) for number, line in enumerate(whole, 1))
    header = first.header
    if header is None:
        raise TranscriptError("the first line is no header: this is no file that `launchready redteam` wrote")
    if header.format != TRANSCRIPT_FORMAT:
        raise TranscriptError("these transcripts were written by another version: type `launchready redteam` again")
    if header.started.tzinfo is None:
        raise TranscriptError("the time in the first line has no zone")
    ends = [line.end for line in rest if line.end is not None]
    return Transcripts(
        started=header.started,
        product=header.product,
        version=header.version,
        mode=header.mode,
        manifest=header.manifest,
        controls=tuple(_controls(rest)),
        attempts=tuple(line.attempt for line in rest if line.attempt is not None and line.control is None),
        interrupted=not ends or ends[-1].interrupted or bool(raw[-1].strip()),
        planned=header.planned,
        left_out=header.left_out,
    )


def _decode_line(line: bytes, number: int) -> Line:
    try:
        return msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise TranscriptError(f"line {number} can't be read: {error}") from None


def _controls(lines: Iterable[Line]) -> Iterator[Control]:
    by_name: dict[ControlName, list[Attempt]] = {}
    for line in lines:
        if line.attempt is not None and line.control is not None:
            by_name.setdefault(line.control, []).append(line.attempt)
    yield from (Control(name, tuple(attempts)) for name, attempts in sorted(by_name.items()))


def read_transcripts(path: Path) -> Transcripts | None:
    """The run in a file; None where there is no such file.

    Raises:
        TranscriptError: it can't be read or relied on.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TranscriptError(f"{path.name} can't be read ({error.strerror})") from None
    if len(content) > MAX_FILE_BYTES:
        raise TranscriptError(f"{path.name} is larger than any run of ours")
    return decode_transcripts(content)
