"""The log of releases on disk: appended to, never rewritten, and readable after any crash."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready.deliver.records import RecordError, Records
from launchready.parse.manifest import Manifest, ReleasedFile, compare, lines_of
from launchready.parse.release_log import Kind, Phase, Record
from launchready.probes.release_files import manifest_of, manifest_of_folder

COMMIT = "1" * 40


def record(number: int = 1) -> Record:
    return Record(f"id-{number}", Kind.DEPLOY, Phase.BEGAN, datetime(2026, 1, 1, tzinfo=UTC), "maya", COMMIT)


def test_lines_are_appended_and_those_before_stay(tmp_path: Path) -> None:
    records = Records(tmp_path / "new" / "folder")
    for number in range(3):
        records.append(record(number))
    assert records.read().records == (record(0), record(1), record(2))


def test_a_torn_line_spoils_neither_the_one_before_nor_the_one_after(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.append(record(1))
    with records.path.open("ab") as file:
        file.write(b'{"v": 1, "id": "id-2", "ki')
    assert records.read().is_last_torn
    records.append(record(3))
    log = records.read()
    assert (log.records, log.torn, log.is_last_torn) == ((record(1), record(3)), 1, False)


def test_what_was_appended_survives_a_kill(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom datetime import datetime, UTC\n"
        "from launchready.deliver.records import Records\nfrom launchready.parse.release_log import *\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        f"    one = Record(f'id-{{n}}', Kind.DEPLOY, Phase.BEGAN, datetime.now(UTC), 'm', '{COMMIT}')\n"
        "    Records(Path(sys.argv[1])).append(one)\n"
        "    print(n, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(20)][-1]
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    log = Records(tmp_path).read()
    assert len(log.records) >= said
    assert log.torn <= 1


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="can't be written"):
        Records(tmp_path / "file" / "below").append(record())
    with pytest.raises(RecordError, match="can't be written"), Records(tmp_path / "file" / "below").alone():
        pass


def test_a_full_disk_is_said() -> None:
    class Full(Records):
        @property
        def path(self) -> Path:
            return Path("/dev/full")  # the kernel's own full disk (full(4))

    with pytest.raises(RecordError, match="No space left on device"):
        Full(Path("/dev")).append(record())


def test_a_second_release_is_held_off_and_a_third_one_after_it_is_not(tmp_path: Path) -> None:
    records = Records(tmp_path)
    with records.alone(), pytest.raises(RecordError, match="another release is under way"), records.alone():
        pass
    with records.alone():
        pass


def test_a_manifest_is_kept_whole_and_replaced_whole(tmp_path: Path) -> None:
    records = Records(tmp_path)
    for size in (1, 2):
        manifest = Manifest((ReleasedFile("a", "644", size, "0" * 64),))
        records.keep_manifest(COMMIT, manifest)
        assert manifest_of(str(tmp_path), COMMIT) == manifest
    assert [path.name for path in (tmp_path / "manifests").iterdir()] == [f"{COMMIT}.txt"]


def test_a_file_name_that_is_no_text_is_kept_and_told_readably(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / os.fsdecode(b"caf\xe9")).write_text("x")
    manifest = manifest_of_folder(str(tmp_path / "folder"))
    Records(tmp_path).keep_manifest(COMMIT, manifest)
    assert manifest_of(str(tmp_path), COMMIT) == manifest
    gone = compare(manifest, Manifest((ReleasedFile("a", "644", 1, "0" * 64),)))
    assert lines_of(gone) == ["added: a", "missing: caf\\udce9"]
