"""Builds are written down once, whole, by one builder at a time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready.deliver.build_book import Book, BookError
from launchready.probes.build_record import FILE_NAME, BuildRecord, RecordState, last_record

RECORD = BuildRecord(1, RecordState.ENDED, datetime(2026, 3, 1, tzinfo=UTC), "a" * 40, "d" * 16)


def test_records_are_appended(tmp_path: Path) -> None:
    book = Book(tmp_path / "new")
    with book.alone():
        book.write(RECORD)
        book.write(RECORD)
    assert (tmp_path / "new" / FILE_NAME).read_bytes().count(b"\n") == 2
    assert last_record(tmp_path / "new", "a" * 40) == RECORD


def test_a_torn_line_spoils_no_other(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write(RECORD)
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"format":1,"sta')
    book.write(RECORD)
    assert last_record(tmp_path, "a" * 40) == RECORD
    assert (tmp_path / FILE_NAME).read_bytes().count(b"\n") == 3


def test_a_second_builder_is_told_to_wait(tmp_path: Path) -> None:
    with Book(tmp_path).alone(), pytest.raises(BookError, match="wait for its end"), Book(tmp_path).alone():
        pass
    with Book(tmp_path).alone():
        pass


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match="can't be written"), Book(tmp_path / "file" / "x").alone():
        pass
    with pytest.raises(BookError, match="can't be written down"):
        Book(tmp_path / "nowhere").write(RECORD)
