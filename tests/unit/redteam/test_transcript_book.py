"""A run is written down while it goes."""

import stat
from datetime import UTC, datetime

import pytest

from launchready.facts.redteam import Control, ControlName, Mode
from launchready.probes.redteam_record import Header, read_transcripts
from launchready.redteam.controls import reply_of
from launchready.redteam.planning import greeting
from launchready.redteam.run import Exchange, attempt_of
from launchready.redteam.transcript_book import BookError, TranscriptBook

ATTEMPT = attempt_of(greeting("Hello"), [Exchange("Hello", "", reply_of("Hi."))])
HEADER = Header(datetime(2026, 11, 24, tzinfo=UTC), "x", "", Mode.BLACK_BOX, None, 2)


def test_what_was_had_can_be_read_at_any_moment_and_counts_as_interrupted(tmp_path):
    path = tmp_path / "made" / "redteam.jsonl"
    with TranscriptBook(path) as book:
        book.begin(HEADER, (Control(ControlName.ECHO, (ATTEMPT,)),))
        book.keep(ATTEMPT)
        read = read_transcripts(path)
        assert (read.attempts, read.interrupted) == ((ATTEMPT,), True)
        book.close(interrupted=False)
    read = read_transcripts(path)
    assert (read.attempts, read.interrupted, read.planned) == ((ATTEMPT,), False, 2)
    assert read.controls == (Control(ControlName.ECHO, (ATTEMPT,)),)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path):
    path = tmp_path / "redteam.jsonl"
    path.write_text("an earlier run\n")
    path.chmod(0o644)
    with TranscriptBook(path) as book:
        book.begin(HEADER, ())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "earlier" not in path.read_text()


def test_two_runs_do_not_write_into_one_file_and_the_first_loses_nothing(tmp_path):
    path = tmp_path / "redteam.jsonl"
    with TranscriptBook(path) as book:
        book.begin(HEADER, ())
        book.keep(ATTEMPT)
        with pytest.raises(BookError, match="wait for its end"), TranscriptBook(path):
            pass
    assert read_transcripts(path).attempts == (ATTEMPT,)


def test_a_place_that_can_not_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match="--out"), TranscriptBook(tmp_path / "file" / "x.jsonl"):
        pass
