"""The founder's repository is real, the same each time, and cut off from whoever runs the tests."""

import subprocess
from pathlib import Path

import pytest

from launchready_worlds.repository import GitError, History, build, live_key


def _git(path, *arguments):
    done = subprocess.run(["git", *arguments], cwd=path, capture_output=True, text=True, check=True)
    return done.stdout


COMMITTED = {History.KEY_DELETED_LATER, History.KEY_ON_A_BRANCH, History.KEY_UNDER_A_TAG}
LOOSE = {
    *(History.KEY_NOT_COMMITTED, History.KEY_IN_BUILD, History.KEY_BEHIND_PUBLIC_NAME, History.KEYS_KEPT_ASIDE),
}
"""Where the key is in a commit, and where it lies in the folder alone."""


@pytest.mark.parametrize("history", History)
def test_a_repository_is_sound_clean_and_byte_for_byte_the_same_each_time(tmp_path, history):
    first, second = build(tmp_path / "one", history), build(tmp_path / "two", history)
    assert first.commits == second.commits
    assert len(first.commits) >= 5
    assert _git(first.path, "rev-parse", "HEAD").strip() == first.commits[0]
    assert bool(_git(first.path, "status", "--porcelain")) == (history is History.KEY_NOT_COMMITTED)
    _git(first.path, "fsck", "--strict")


@pytest.mark.parametrize("history", History)
def test_the_key_is_in_the_working_tree_and_in_history_only_where_planted(tmp_path, history):
    repository = build(tmp_path / "one", history)
    tree = "".join(
        path.read_text() for path in repository.path.rglob("*") if path.is_file() and ".git/" not in str(path)
    )
    objects = subprocess.run(
        ["git", "cat-file", "--batch", "--batch-all-objects"], cwd=repository.path, capture_output=True, check=True
    )
    assert (live_key() in tree) == (history in LOOSE)
    assert (live_key().encode() in objects.stdout) == (history in COMMITTED)


def test_the_key_on_a_branch_or_under_a_tag_is_not_reachable_from_main(tmp_path):
    for history in (History.KEY_ON_A_BRANCH, History.KEY_UNDER_A_TAG):
        repository = build(tmp_path / history.name, history)
        assert live_key() not in _git(repository.path, "log", "-p", "main")
        assert live_key() in _git(repository.path, "log", "-p", "--all")


def test_no_source_file_of_ours_holds_anything_that_looks_like_a_live_key():
    for path in (Path(__file__).parents[1]).rglob("*.py"):
        assert live_key() not in path.read_text()


def test_settings_of_the_user_do_not_leak_in(tmp_path, monkeypatch):
    (tmp_path / ".gitconfig").write_text("[core]\n\tautocrlf = true\n[init]\n\tdefaultBranch = trunk\n")
    plain = build(tmp_path / "plain", History.CLEAN)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert build(tmp_path / "user", History.CLEAN).commits == plain.commits


def test_a_missing_git_is_named_with_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="apt-get install git"):
        build(tmp_path / "one", History.CLEAN)
