"""Transcripts as a file: whole, cut, of another version."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from labelled import MANIFEST, attempt, reply

from launchready.facts.redteam import Control, ControlName, Mode, Transcripts
from launchready.probes.redteam_record import (
    Line,
    TranscriptError,
    decode_transcripts,
    encode_line,
    encode_transcripts,
    read_transcripts,
)

ATTEMPTS = (attempt(reply("Hello.")), attempt(reply("", transport="cut"), trap=()))
RUN = Transcripts(
    datetime(2026, 11, 24, 12, tzinfo=UTC),
    "Bright Path",
    "abc",
    Mode.WHITE_BOX,
    MANIFEST,
    (Control(ControlName.ECHO, ATTEMPTS[:1]),),
    ATTEMPTS,
    interrupted=False,
    planned=2,
    left_out=7,
)
CONTENT = encode_transcripts(RUN)


def test_a_run_comes_back_as_it_was_written():
    assert decode_transcripts(CONTENT) == RUN


@pytest.mark.parametrize("cut", [1, 10, 40, len(CONTENT) // 3])
def test_a_file_that_was_cut_keeps_what_it_has_and_counts_as_interrupted(cut: int):
    found = decode_transcripts(CONTENT[:-cut])
    assert found.interrupted
    assert found.attempts == RUN.attempts[: len(found.attempts)]


def test_a_line_in_the_middle_that_cannot_be_read_is_named():
    lines = CONTENT.splitlines(keepends=True)
    with pytest.raises(TranscriptError, match="line 2 can't be read"):
        decode_transcripts(b"".join((lines[0], b"{]\n", *lines[2:])))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no run is written down"),
        (encode_line(Line(attempt=ATTEMPTS[0])), "no header"),
        (CONTENT.replace(b'"format":1', b'"format":2', 1), "another version"),
        (CONTENT.replace(b"12:00:00Z", b"12:00:00", 1), "zone"),
    ],
)
def test_what_is_no_run_is_said(content: bytes, said: str):
    with pytest.raises(TranscriptError, match=said):
        decode_transcripts(content)


def test_a_missing_file_is_none(tmp_path: Path):
    assert read_transcripts(tmp_path / "redteam.jsonl") is None


def test_a_folder_in_its_place_is_said(tmp_path: Path):
    with pytest.raises(TranscriptError, match="can't be read"):
        read_transcripts(tmp_path)
