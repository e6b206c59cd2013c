"""Read a git repository with git itself, cut off from everything that could run code or reach a network."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from launchready.model.reading import NotSeen, Why
from launchready.probes.keys.unfold import MAX_WHOLE_BYTES, WHOLE, Cut, container_of

NO_GIT: Final = "git is not installed: install it (apt-get install git, or brew install git)"

GIT_CALL_LIMIT_S: Final = 55.0
"""Seconds that one short question to git may take; a history of 100,000 commits is walked in about ten."""

MAX_RESTARTS: Final = 20
"""Corrupt objects that are stepped over, each by another git process; then the rest counts as not read."""

STREAMED_BYTES: Final = 16 * 2**20
"""From this size on git hands a file version over in pieces, and we read it so (core.bigFileThreshold)."""

_SAFE: Final = (
    *("-c", "safe.directory=*"),  # we only read; another owner's repository is no danger to that
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "log.showSignature=false"),
    *("-c", f"core.bigFileThreshold={STREAMED_BYTES}"),
    "--no-pager",
)


@dataclass(frozen=True, slots=True)
class GitObject:
    """One object as git lists it: its id, its type (blob, tree, commit, tag; missing where broken) and its size."""

    id: str
    type: str
    size_bytes: int


class Ended(threading.Event):
    """Set from another thread, it ends a scan at its next step."""


class GitError(Exception):
    """Git could not answer; its own words may hold what the repository says, so they are not passed on."""


@dataclass(frozen=True, slots=True)
class Git:
    """A repository that git reads: its git folder, and its working tree where it has one."""

    folder: Path
    tree: Path | None = None

    def ask(self, *words: str, given: bytes = b"") -> bytes:
        """What one command prints.

        Raises:
            GitError: it failed, or took longer than `GIT_CALL_LIMIT_S`.
            NotSeen: NOT_INSTALLED.
        """
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program with our own words
                self._command(words),
                input=given,
                capture_output=True,
                env=_environment(),
                timeout=GIT_CALL_LIMIT_S,
                check=False,
                cwd=self.tree,
            )
        except (OSError, subprocess.TimeoutExpired):
            raise GitError(words[0]) from None
        if done.returncode:
            raise GitError(words[0])
        return done.stdout

    def objects(self) -> tuple[GitObject, ...]:
        """Every object that is stored, reachable or not, in the order in which they lie in the packs."""
        form = "--batch-check=%(objectname) %(objecttype) %(objectsize)"
        lines = self.ask("cat-file", "--batch-all-objects", "--unordered", form).decode("ascii", "replace").splitlines()
        parts = (line.split(" ") for line in lines)
        return tuple(GitObject(part[0], part[1], int(part[2]) if len(part) == 3 else 0) for part in parts)

    @contextmanager
    def reading(self, ids: Iterable[str]) -> Iterator[IO[bytes]]:
        """The stream of `git cat-file --batch` for these objects."""
        with tempfile.TemporaryFile() as wanted:
            wanted.writelines(f"{one}\n".encode() for one in ids)
            wanted.seek(0)
            process = subprocess.Popen(  # noqa: S603 - a fixed program with our own words
                self._command(("cat-file", "--batch", "--buffer")),
                stdin=wanted,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd=self.tree,
            )
            assert process.stdout is not None, "stdout is a pipe"
            try:
                yield process.stdout
            finally:
                process.kill()
                process.stdout.close()
                process.wait()

    def _command(self, words: tuple[str, ...]) -> list[str]:
        program = shutil.which("git")
        if program is None:
            raise NotSeen(Why.NOT_INSTALLED, NO_GIT)
        where = [f"--git-dir={self.folder}"]
        if self.tree is not None:
            where.append(f"--work-tree={self.tree}")
        return [program, *_SAFE, *where, *words]


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",  # nothing is fetched, also where a part of the repository is elsewhere
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",  # what was replaced is still there for everybody who asks
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


@dataclass(frozen=True, slots=True)
class Chunk:
    """An object: all of it, or one of the windows of a large one."""

    object: GitObject
    data: bytes
    cut: Cut = WHOLE


@dataclass(slots=True)
class Reader:
    """Reads objects in turn. Afterwards `unread` has the ids of those that are missing or corrupt."""

    git: Git
    unread: list[str]

    def chunks(self, wanted: list[GitObject], overlap_bytes: int) -> Iterator[Chunk]:
        """Each object, large ones in windows that overlap."""
        start = 0
        for _ in range(MAX_RESTARTS):
            done = 0
            with self.git.reading(one.id for one in wanted[start:]) as stream:
                for expected in wanted[start:]:
                    header = stream.readline().split()
                    if len(header) == 2:  # "<id> missing"
                        self.unread.append(expected.id)
                    elif len(header) != 3:  # git died of it
                        break
                    else:
                        yield from self._read(stream, expected, int(header[2]), overlap_bytes)
                    done += 1
            start += done
            if start == len(wanted):
                return
            self.unread.append(wanted[start].id)
            start += 1
        self.unread.extend(one.id for one in wanted[start:])

    def _read(self, stream: IO[bytes], one: GitObject, size: int, overlap_bytes: int) -> Iterator[Chunk]:
        """One object; where git ends in its middle, it counts as not read."""
        start = stream.read(min(size, 512))
        if size <= STREAMED_BYTES or (size <= MAX_WHOLE_BYTES and container_of(start) is not None):
            whole = start + stream.read(size - len(start))
            if len(whole) == size:
                yield Chunk(one, whole)
            else:
                self.unread.append(one.id)
        else:
            kept, left, is_first = start, size - len(start), True
            while left and (data := stream.read(min(STREAMED_BYTES, left))):
                left -= len(data)
                yield Chunk(one, kept + data, Cut(not is_first, left > 0))
                kept, is_first = data[-overlap_bytes:], False
            if left:
                self.unread.append(one.id)
        stream.read(1)  # the line's end after the object
