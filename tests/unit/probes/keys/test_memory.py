"""What was searched is remembered, and nothing that somebody else wrote is believed."""

from pathlib import Path

import pytest

from launchready.probes.keys.kinds import KeyKind
from launchready.probes.keys.memory import FILE, FileState, Memory, recall
from launchready.probes.keys.search import Hit

CLEAN, HIT = "a" * 40, "b" * 40
FOUND = Hit(KeyKind("stripe", False, False), "0123456789ab", "sk_l", 50, "", 3, "")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "repository" / ".launchready"
    folder.mkdir(parents=True)
    memory = recall(folder, "rules 1")
    memory.learn(CLEAN, ())
    memory.learn(HIT, (FOUND,))
    memory.files["a.py"] = FileState(3, 5, CLEAN)
    memory.save()
    return folder


def test_what_was_learned_is_there_again(folder: Path) -> None:
    memory = recall(folder, "rules 1")
    assert memory.knows(CLEAN)
    assert memory.hits == {HIT: (FOUND,)}
    assert memory.files == {"a.py": FileState(3, 5, CLEAN)}
    assert not memory.knows("c" * 40)


def test_git_is_told_to_leave_it_alone(folder: Path) -> None:
    assert (folder / ".gitignore").read_text() == "*\n"


def test_other_rules_forget_everything(folder: Path) -> None:
    assert not recall(folder, "rules 2").knows(CLEAN)


@pytest.mark.parametrize("place", [0, 40, -1])
def test_one_changed_byte_and_nothing_is_believed(folder: Path, place: int) -> None:
    path = folder / FILE
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert recall(folder, "rules 1") == Memory(path, "rules 1")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5_000])
def test_a_broken_file_is_thrown_away(folder: Path, content: bytes) -> None:
    (folder / FILE).write_bytes(content)
    assert not recall(folder, "rules 1").knows(CLEAN)


def test_what_another_machine_wrote_is_not_believed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert not recall(folder, "rules 1").knows(CLEAN)


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    memory = Memory(Path("/proc/none/.launchready") / FILE, "rules 1")
    memory.learn(CLEAN, ())
    memory.save()
    assert memory.knows(CLEAN)
    assert not Path("/proc/none").exists()
