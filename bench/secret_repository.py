"""Repositories that something is planted in."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Truth:
    """One planted thing: its name, the secret text, and whether it must be found."""

    name: str
    secret: str


@dataclass
class Planted:
    """A repository and what was planted in it."""

    root: Path
    truths: list[Truth] = field(default_factory=list)


def git(root: Path, *words: str, given: bytes = b"", **extra: str) -> str:
    """Run git, cut off from the user's settings."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Maya"), ("EMAIL", "maya@example.com"))
        },
        **extra,
    }
    command = ["git", "-c", "protocol.file.allow=always", "-c", "gc.auto=0", *words]
    done = subprocess.run(command, cwd=root, env=env, input=given, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").strip()


def start(root: Path) -> Planted:
    """An empty repository with one commit."""
    root.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main", ".")
    put(root, "README.md", "# Bright Path\n")
    return Planted(root)


def put(root: Path, name: str, content: str | bytes, message: str = "change") -> str:
    """Write one file and commit it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(root, "add", "-f", name)
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def remove(root: Path, name: str) -> None:
    """Delete a file and commit that."""
    git(root, "rm", "-q", name)
    git(root, "commit", "-q", "-m", "clean up")


def line(secret: str) -> str:
    return f'KEY = "{secret}"\n'


def write(root: Path, name: str, content: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
