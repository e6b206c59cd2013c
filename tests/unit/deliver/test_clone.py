"""A commit in an empty place, out of any kind of repository, without the owner's settings."""

import subprocess
from pathlib import Path

import pytest

from launchready.deliver.clone import CloneError, Source


def git(folder: Path, *arguments: str) -> str:
    words = ["git", "-c", "user.name=M", "-c", "user.email=m@example.com", "-c", "init.defaultBranch=main"]
    return subprocess.run([*words, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "kept.txt").write_text("one")
    (folder / ".gitignore").write_text("ignored.txt\nnode_modules/\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "One")
    git(folder, "tag", "v1")
    (folder / "kept.txt").write_text("two")
    git(folder, "commit", "-qam", "Two")
    for name in ("untracked.txt", "ignored.txt", "node_modules/x/y.js", "sub/also.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("loose")
    (folder / "kept.txt").write_text("changed, not committed")
    return folder


async def test_the_commit_comes_and_nothing_else(repository: Path, tmp_path: Path) -> None:
    source = Source(repository, tmp_path / "git")
    commit = await source.commit_of("HEAD")
    await source.clone(commit, tmp_path / "new" / "clone")
    assert commit == git(repository, "rev-parse", "HEAD")
    names = {path.name for path in (tmp_path / "new" / "clone").iterdir()}
    assert names == {".git", ".gitignore", "kept.txt"}
    assert (tmp_path / "new" / "clone" / "kept.txt").read_text() == "two"


async def test_an_older_commit_by_its_tag(repository: Path, tmp_path: Path) -> None:
    source = Source(repository, tmp_path / "git")
    await source.clone(await source.commit_of("v1"), tmp_path / "clone")
    assert (tmp_path / "clone" / "kept.txt").read_text() == "one"


@pytest.mark.parametrize("name", ["v99", "", "--help", "HEAD:kept.txt", "a" * 40, "x\ny"])
async def test_what_names_no_commit_is_said(repository: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(CloneError, match="there is no commit"):
        await Source(repository, tmp_path / "git").commit_of(name)


async def test_files_of_the_commit_and_files_outside(repository: Path, tmp_path: Path) -> None:
    source = Source(repository, tmp_path / "git")
    assert await source.names_in("HEAD") == (".gitignore", "kept.txt")
    assert sorted(await source.names_outside()) == ["ignored.txt", "sub/also.txt", "untracked.txt"]


async def test_a_bare_repository_and_a_shallow_clone_are_built_too(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare")
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    for name in ("bare", "shallow"):
        source = Source(tmp_path / name, tmp_path / "git")
        await source.clone(await source.commit_of("HEAD"), tmp_path / f"clone-{name}")
        assert (tmp_path / f"clone-{name}" / "kept.txt").read_text() == "two"
        assert await source.names_outside() == ()


async def test_hooks_and_settings_of_the_owner_are_not_used(repository: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("HOME", str(tmp_path))
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    (tmp_path / ".gitconfig").write_text(f"[core]\n\thooksPath = {repository}/.git/hooks\n")
    source = Source(repository, tmp_path / "git")
    await source.clone(await source.commit_of("HEAD"), tmp_path / "clone")
    assert not (tmp_path / "ran").exists()


async def test_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(CloneError, match="correct the path"):
        await Source(tmp_path / "nowhere", tmp_path / "git").commit_of("HEAD")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CloneError, match="no commit"):
        await Source(tmp_path / "empty", tmp_path / "git").commit_of("HEAD")


async def test_submodules_come_where_they_are_wanted(repository: Path, tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    git(theme, "init", "-q")
    (theme / "style.css").write_text("body {}")
    git(theme, "add", ".")
    git(theme, "commit", "-qm", "Style")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(theme), "theme")
    git(repository, "commit", "-qm", "Theme")
    source = Source(repository, tmp_path / "git")
    await source.clone(await source.commit_of("HEAD"), tmp_path / "clone")
    assert not (tmp_path / "clone" / "theme" / "style.css").exists()
    await source.fetch_submodules(tmp_path / "clone")
    assert (tmp_path / "clone" / "theme" / "style.css").exists()


@pytest.mark.parametrize(
    ("attributes", "content", "is_pointer"),
    [
        ("*.png filter=lfs\n", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", True),
        ("*.png filter=lfs\n", "a picture", False),
        ("", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", False),
    ],
)
async def test_pointers_of_lfs_are_told(repository: Path, tmp_path: Path, attributes, content, is_pointer) -> None:
    (repository / ".gitattributes").write_text(attributes)
    (repository / "a.png").write_text(content)
    git(repository, "-c", "filter.lfs.clean=cat", "add", ".gitattributes", "a.png")
    git(repository, "commit", "-qm", "Picture")
    source = Source(repository, tmp_path / "git")
    await source.clone(await source.commit_of("HEAD"), tmp_path / "clone")
    assert await source.has_pointers(tmp_path / "clone") is is_pointer
