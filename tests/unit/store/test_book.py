"""Records are written down once, whole, by one writer at a time; those of builds stand for all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready.probes.build_record import FILE_NAME, BuildRecord, RecordState, encode_record, last_record
from launchready.store.book import Book, BookError

RECORD = BuildRecord(1, RecordState.ENDED, datetime(2026, 3, 1, tzinfo=UTC), "a" * 40, "d" * 16)


def book_in(folder: Path) -> Book:
    return Book(folder, FILE_NAME, "launchready build")


def test_records_are_appended(tmp_path: Path) -> None:
    book = book_in(tmp_path / "new")
    with book.alone():
        book.write(encode_record(RECORD))
        book.write(encode_record(RECORD))
    assert (tmp_path / "new" / FILE_NAME).read_bytes().count(b"\n") == 2
    assert last_record(tmp_path / "new", "a" * 40) == RECORD


def test_a_torn_line_spoils_no_other(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    book.write(encode_record(RECORD))
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"format":1,"sta')
    book.write(encode_record(RECORD))
    assert last_record(tmp_path, "a" * 40) == RECORD
    assert (tmp_path / FILE_NAME).read_bytes().count(b"\n") == 3


def test_a_second_builder_is_told_to_wait(tmp_path: Path) -> None:
    with book_in(tmp_path).alone(), pytest.raises(BookError, match="wait for its end"), book_in(tmp_path).alone():
        pass
    with book_in(tmp_path).alone():
        pass


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match="can't be written"), book_in(tmp_path / "file" / "x").alone():
        pass
    with pytest.raises(BookError, match="can't be written down"):
        book_in(tmp_path / "nowhere").write(encode_record(RECORD))
