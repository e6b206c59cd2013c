"""Every place where git keeps something: how a key gets there."""

from collections.abc import Callable
from pathlib import Path

from secret_repository import git, line, put, remove, start


def _head(root: Path, s: str) -> None:
    put(root, "config/pay.py", line(s))


def _deleted(root: Path, s: str) -> None:
    put(root, "old.py", line(s))
    remove(root, "old.py")


def _overwritten(root: Path, s: str) -> None:
    put(root, "changed.py", line(s))
    put(root, "changed.py", "KEY = load()\n")


def _on_branch(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "-b", "try-pay")
    put(root, "branch.py", line(s))
    git(root, "checkout", "-q", "main")


def _lightweight_tag(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "--detach")
    put(root, "tagged.py", line(s))
    git(root, "tag", "v0.1")
    git(root, "checkout", "-q", "main")


def _tag_of_blob(root: Path, s: str) -> None:
    blob = git(root, "hash-object", "-w", "--stdin", given=f"blob {line(s)}".encode())
    git(root, "tag", "a-blob", blob)


def _tag_message(root: Path, s: str) -> None:
    git(root, "tag", "-a", "v0.2", "-m", f"release with {s}")


def _commit_message(root: Path, s: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", f"use {s} for now")


def _commit_body(root: Path, s: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", "deploy", "-m", f"export STRIPE={s}\nthen run it")


def _author(root: Path, s: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", "odd", GIT_AUTHOR_NAME=s)


def _stash(root: Path, s: str) -> None:
    (root / "README.md").write_text(line(s))
    git(root, "stash", "-q")


def _older_stash(root: Path, s: str) -> None:
    (root / "README.md").write_text(line(s))
    git(root, "stash", "-q")
    (root / "README.md").write_text("nothing\n")
    git(root, "stash", "-q")


def _stash_untracked(root: Path, s: str) -> None:
    (root / "loose.py").write_text(line(s))
    git(root, "stash", "-q", "-u")


def _stash_message(root: Path, s: str) -> None:
    (root / "README.md").write_text("other\n")
    git(root, "stash", "push", "-q", "-m", f"wip {s}")


def _dropped_stash(root: Path, s: str) -> None:
    (root / "README.md").write_text(line(s))
    git(root, "stash", "-q")
    git(root, "stash", "drop", "-q")


def _note(root: Path, s: str) -> None:
    git(root, "notes", "add", "-f", "-m", f"key {s}", "HEAD")


def _notes_other(root: Path, s: str) -> None:
    git(root, "notes", "--ref=ci", "add", "-f", "-m", f"key {s}", "HEAD")


def _amended(root: Path, s: str) -> None:
    put(root, "amend.py", line(s))
    (root / "amend.py").write_text("nothing\n")
    git(root, "add", "amend.py")
    git(root, "commit", "-q", "--amend", "-m", "amended")


def _reset(root: Path, s: str) -> None:
    put(root, "reset.py", line(s))
    git(root, "reset", "-q", "--hard", "HEAD~1")


def _unreachable_commit(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "--detach")
    put(root, "lost.py", line(s))
    git(root, "checkout", "-q", "main")
    git(root, "reflog", "expire", "--expire=now", "HEAD")


def _dangling_blob(root: Path, s: str) -> None:
    git(root, "hash-object", "-w", "--stdin", given=line(s).encode())


def _staged(root: Path, s: str) -> None:
    (root / "staged.py").write_text(line(s))
    git(root, "add", "staged.py")


def _staged_then_changed(root: Path, s: str) -> None:
    (root / "restaged.py").write_text(line(s))
    git(root, "add", "restaged.py")
    (root / "restaged.py").write_text("nothing\n")


def _merge_only(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "-b", "side")
    put(root, "side.py", "a = 1\n")
    git(root, "checkout", "-q", "main")
    put(root, "mine.py", "b = 1\n")
    git(root, "merge", "-q", "--no-ff", "--no-commit", "side")
    (root / "evil.py").write_text(line(s))
    git(root, "add", "evil.py")
    git(root, "commit", "-q", "-m", "merge side")
    remove(root, "evil.py")


def _orphan(root: Path, s: str) -> None:
    git(root, "checkout", "-q", "--orphan", "pages")
    git(root, "rm", "-rfq", ".")
    put(root, "page.js", line(s))
    git(root, "checkout", "-q", "-f", "main")


def _remote_branch(root: Path, s: str) -> None:
    commit = _commit_with(root, "remote.py", line(s))
    git(root, "update-ref", "refs/remotes/origin/feature", commit)


def _commit_with(root: Path, name: str, content: str) -> str:
    blob = git(root, "hash-object", "-w", "--stdin", given=content.encode())
    tree = git(root, "mktree", given=f"100644 blob {blob}\t{name}\n".encode())
    return git(root, "commit-tree", tree, "-p", "HEAD", "-m", name)


def _pull_ref(root: Path, s: str) -> None:
    git(root, "update-ref", "refs/pull/7/head", _commit_with(root, "pull.py", line(s)))


def _replace_ref(root: Path, s: str) -> None:
    original = _commit_with(root, "replaced.py", line(s))
    git(root, "update-ref", "refs/heads/replaced", original)
    git(root, "replace", original, _commit_with(root, "clean.py", "nothing\n"))


def _file_name(root: Path, s: str) -> None:
    put(root, f"notes/{s}.txt", "nothing\n")


def _branch_name(root: Path, s: str) -> None:
    git(root, "branch", f"try-{s}")


def _config_remote(root: Path, s: str) -> None:
    git(root, "config", "remote.origin.url", f"https://maya:{s}@git.brightpath.io/app.git")


def _hook(root: Path, s: str) -> None:
    path = root / ".git/hooks/pre-push"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\ncurl -u {s}: https://api.stripe.com\n")


def _symlink(root: Path, s: str) -> None:
    (root / "link").symlink_to(s)
    git(root, "add", "link")
    git(root, "commit", "-q", "-m", "link")


def _packed(root: Path, s: str) -> None:
    for n in range(3):
        put(root, "large.txt", "line of text\n" * 2000 + (line(s) if n == 1 else "") + str(n))
    git(root, "repack", "-q", "-a", "-d", "-k")


def _utf16(root: Path, s: str) -> None:
    put(root, "windows.txt", line(s).encode("utf-16"))


def _worktree(root: Path, s: str) -> None:
    git(root, "worktree", "add", "-q", "-b", "linked", str(root.parent / f"{root.name}-linked"))
    put(root.parent / f"{root.name}-linked", "linked.py", line(s))


def _lfs(root: Path, s: str) -> None:
    path = root / ".git/lfs/objects/ab/cd/abcd"
    path.parent.mkdir(parents=True)
    path.write_text(line(s))


def _submodule(root: Path, s: str) -> None:
    other = root.parent / f"{root.name}-module"
    start(other)
    put(other, "inner.py", line(s))
    remove(other, "inner.py")
    git(root, "submodule", "add", "-q", str(other), "lib/inner")
    git(root, "commit", "-q", "-m", "module")


PLACES: dict[str, Callable[[Path, str], None]] = {
    name.lstrip("_").replace("_", " "): plant
    for name, plant in {
        one.__name__: one
        for one in (
            *(_head, _deleted, _overwritten, _on_branch, _lightweight_tag, _tag_of_blob, _tag_message),
            *(_commit_message, _commit_body, _author, _stash, _older_stash, _stash_untracked, _stash_message),
            *(_dropped_stash, _note, _notes_other, _amended, _reset, _unreachable_commit, _dangling_blob),
            *(_merge_only, _orphan, _remote_branch, _pull_ref, _replace_ref, _file_name, _branch_name),
            *(_config_remote, _hook, _symlink, _packed, _utf16, _worktree, _lfs, _submodule),
            *(_staged, _staged_then_changed),
        )
    }.items()
}
