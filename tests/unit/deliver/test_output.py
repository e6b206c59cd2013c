"""Outputs: their hashes, and why two builds differ."""

import gzip
import hashlib
import io
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.deliver import output
from launchready.deliver.output import Circumstances, OutputError, compare, read_output
from launchready.facts.build import DifferenceCause

HERE = Circumstances("/build/one", 1_790_000_000.0, 1_790_000_060.0)
THERE = Circumstances("/build/another-place", 1_790_000_100.0, 1_790_000_160.0)
C = DifferenceCause


def write(root: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (root / "dist").mkdir(parents=True, exist_ok=True)
        (root / "dist" / name).write_bytes(data)
    return root


def cause(tmp_path: Path, first: bytes, second: bytes) -> DifferenceCause:
    one = read_output(write(tmp_path / "a", x=first), ["dist"])
    two = read_output(write(tmp_path / "b", x=second), ["dist"])
    (difference,) = compare(one, two, HERE, THERE).differences
    assert difference.path == "dist/x"
    return difference.cause


def test_the_digest_is_what_sha256sum_prints(tmp_path: Path) -> None:
    write(tmp_path, b=b"two", a=b"one", c=b"")
    printed = subprocess.run(
        ["/usr/bin/sha256sum", "dist/a", "dist/b", "dist/c"], cwd=tmp_path, capture_output=True, check=True
    ).stdout
    assert read_output(tmp_path, ["dist"]).digest == hashlib.sha256(printed).hexdigest()


def test_order_of_places_and_repeats_change_nothing(tmp_path: Path) -> None:
    write(tmp_path, a=b"1", b=b"2")
    digest = read_output(tmp_path, ["dist"]).digest
    assert read_output(tmp_path, ["dist/b", "dist/a", "dist"]).digest == digest


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        read_output(tmp_path, ["dist"])


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("the owner's own")
    root = write(tmp_path / "clone", a=b"1")
    (root / "dist" / "link").symlink_to(outside)
    (root / "dist" / "folder").symlink_to(tmp_path)
    made = read_output(root, ["dist"])
    assert [file.path for file in made.files] == ["dist/a", "dist/folder", "dist/link"]
    assert made.read(made.files[2]) == os.fsencode(outside)


def test_a_place_behind_a_link_out_of_the_clone_is_none(tmp_path: Path) -> None:
    (tmp_path / "owner").mkdir()
    (tmp_path / "owner" / "x").write_text("secret")
    (tmp_path / "clone").mkdir()
    (tmp_path / "clone" / "dist").symlink_to(tmp_path / "owner")
    with pytest.raises(OutputError):
        read_output(tmp_path / "clone", ["dist/x"])


def test_a_pipe_in_the_output_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, a=b"1")
    os.mkfifo(tmp_path / "dist" / "pipe")
    assert len(read_output(tmp_path, ["dist"]).files) == 1


@pytest.mark.parametrize(("most", "is_read"), [(2, False), (3, True), (4, True)])
def test_so_many_files_are_read_and_no_more(tmp_path: Path, monkeypatch, most: int, is_read: bool) -> None:
    monkeypatch.setattr(output, "MAX_FILES", most)
    write(tmp_path, a=b"", b=b"", c=b"")
    if is_read:
        read_output(tmp_path, ["dist"])
    else:
        with pytest.raises(OutputError):
            read_output(tmp_path, ["dist"])


def test_equal_outputs_do_not_differ(tmp_path: Path) -> None:
    one, two = (read_output(write(tmp_path / name, x=b"1"), ["dist"]) for name in "ab")
    repeat = compare(one, two, HERE, THERE)
    assert (repeat.files, repeat.differences, repeat.more) == (1, (), 0)
    assert repeat.digest == one.digest == two.digest


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"built 2026-11-24T08:30:45Z", b"built 2026-11-24T08:31:02Z"),
        (b"built 2026-11-24 08:30", b"built 2026-11-25 09:30"),
        (b"Tue, 24 Nov 2026 08:30:45 GMT", b"Wed, 25 Nov 2026 08:31:45 GMT"),
        (b"Tue Nov 24 08:30:45 2026", b"Wed Nov 25 08:31:45 2026"),
        (b"v=20261124083045;", b"v=20261124083145;"),
        (b"t:1790000001,", b"t:1790000150,"),
        (b"t:1790000001123,", b"t:1790000150456,"),
        (b"t:1790000001.123,", b"t:1790000150.4,"),
    ],
)
def test_times_are_told(tmp_path: Path, first: bytes, second: bytes) -> None:
    assert cause(tmp_path, first, second) is C.TIME


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (b"in /build/one/dist", b"in /build/another-place/dist", C.PATH),
        (b"b\na\nc\n", b"c\nb\na\n", C.ORDER),
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', C.ORDER),
        (b"seed 8f2c91", b"seed 11aa02", C.UNEXPLAINED),
        (b"n=482913", b"n=118204", C.UNEXPLAINED),
        (b"n=1234567890", b"n=1234567891", C.UNEXPLAINED),
        (b"\x00\xff", b"\x00\xfe", C.UNEXPLAINED),
    ],
)
def test_other_causes_are_told(tmp_path: Path, first: bytes, second: bytes, expected: DifferenceCause) -> None:
    assert cause(tmp_path, first, second) is expected


def zipped(data: bytes, year: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", (year, 1, 1, 0, 0, 0)), data)
    return stream.getvalue()


def tarred(data: bytes, mtime: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size, info.mtime = len(data), mtime
        archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (zipped(b"same", 2025), zipped(b"same", 2026)),
        (tarred(b"same", 1), tarred(b"same", 2)),
        (gzip.compress(b"same", mtime=1), gzip.compress(b"same", mtime=2)),
        (gzip.compress(tarred(b"same", 1), mtime=1), gzip.compress(tarred(b"same", 2), mtime=2)),
    ],
)
def test_times_of_an_archives_members_are_told(tmp_path: Path, first: bytes, second: bytes) -> None:
    assert cause(tmp_path, first, second) is C.TIME


def test_what_differs_inside_an_archive_is_told(tmp_path: Path) -> None:
    assert cause(tmp_path, zipped(b"8f2c91", 2025), zipped(b"11aa02", 2025)) is C.UNEXPLAINED


def test_a_file_of_one_build_is_told(tmp_path: Path) -> None:
    one = read_output(write(tmp_path / "a", x=b"1", y=b"2"), ["dist"])
    two = read_output(write(tmp_path / "b", x=b"1"), ["dist"])
    (difference,) = compare(one, two, HERE, THERE).differences
    assert (difference.path, difference.cause) == ("dist/y", C.ONLY_ONCE)


def test_what_is_not_named_is_counted(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(output, "MAX_NAMED", 2)
    one = read_output(write(tmp_path / "a", x=b"1", y=b"2", z=b"3"), ["dist"])
    two = read_output(write(tmp_path / "b", x=b"4", y=b"5", z=b"6"), ["dist"])
    repeat = compare(one, two, HERE, THERE)
    assert (len(repeat.differences), repeat.more) == (2, 1)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_two_files_have_a_cause(tmp_path_factory, first: bytes, second: bytes) -> None:
    if first != second:
        assert cause(tmp_path_factory.mktemp("any"), first, second) in set(DifferenceCause)
