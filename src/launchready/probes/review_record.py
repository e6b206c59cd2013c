"""`.launchready/reviews.jsonl`: one line a decision. It is only ever appended to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from launchready.oracles.reviewing import Decided

FILE_NAME: Final = "reviews.jsonl"

FORMAT: Final = 1
"""Goes up when a reader of the former version would misunderstand a line."""

MAX_FILE_BYTES: Final = 16 * 2**20
"""Some ten thousand decisions; more is no record of ours."""


class ReviewError(Exception):
    """Decisions can't be read or written; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One line."""

    format: int
    decided: Decided


def encode_review(decided: Decided) -> bytes:
    """One line with its end."""
    return msgspec.json.encode(ReviewLine(FORMAT, decided)) + b"\n"


def decode_reviews(content: bytes) -> tuple[Decided, ...]:
    """All decisions, oldest first.

    Raises:
        ReviewError: a line can't be read: it may be the one that says leak.
    """
    decisions = list[Decided]()
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            read = msgspec.json.decode(line, type=ReviewLine)
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise ReviewError(f"line {number} of {FILE_NAME} can't be read: mend or delete it") from None
        if read.format != FORMAT or read.decided.at.tzinfo is None:
            raise ReviewError(f"line {number} of {FILE_NAME} was written by another version of Launch Ready")
        decisions.append(read.decided)
    return tuple(decisions)


def read_reviews(folder: Path) -> tuple[Decided, ...]:
    """All decisions in a folder; none where there is no file.

    Raises:
        ReviewError: the file can't be read.
    """
    try:
        with (folder / FILE_NAME).open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ReviewError(f"{FILE_NAME} can't be read ({error.strerror}): make it yours") from None
    if len(content) > MAX_FILE_BYTES:
        raise ReviewError(f"{FILE_NAME} is larger than any record of decisions")
    return decode_reviews(content)
