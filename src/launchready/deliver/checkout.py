"""The commit that is released, in a folder of its own: what is not committed can't be part of a release."""

import asyncio
import os
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.parse.migrations import MAX_MIGRATION_CHARS, OneWay, is_migration, one_way_steps

GIT_LIMIT_S: Final = 120.0
"""Seconds that one git command may take: a copy of a 5 GB repository that shares its objects takes ten."""

MAX_OUTPUT_BYTES: Final = 16 * 2**20
"""Most of a git command's output that is read, in bytes: the names of two hundred thousand files."""


_OF_HOOKS: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"})


class CheckoutError(Exception):
    """The commit can't be released from this repository; the sentence says why, and what to type."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository on this machine, by its absolute path, asked through the git command."""

    path: str

    async def commit(self, name: str = "HEAD") -> str:
        """The whole hash of a commit.

        Raises:
            CheckoutError: there is no such commit.
        """
        found = await self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found is None:
            raise CheckoutError(f"There is no commit {name!r} in the repository. Type `git log` to see them.")
        return found.strip()

    async def uncommitted(self) -> tuple[str, ...]:
        """Paths that are changed or not tracked, in git's short form."""
        status = await self._git("status", "--porcelain", "--", ".", ":(exclude).launchready")
        if status is None:
            raise CheckoutError("The repository's state can't be read. Type `git status` in it.")
        return tuple(status.splitlines())

    async def one_way_steps(self, before: str, after: str) -> tuple[OneWay, ...]:
        """What migrations between two commits do that the former release likely can't live with.

        Raises:
            CheckoutError: the former commit is not in the repository, so nothing can be said.
        """
        names = None
        if before:
            names = await self._git(
                "diff", "--name-only", "--no-renames", "-z", "--diff-filter=AM", before, after, "--"
            )
        if names is None:
            raise CheckoutError("which commit is live is not known here, so new migrations can't be told")
        paths = [path for path in names.split("\0") if path and is_migration(path)]
        steps: list[OneWay] = []
        for path in paths:
            text = await self._git("show", f"{after}:{path}", limit=MAX_MIGRATION_CHARS * 4)
            steps += one_way_steps(path, text or "")
        return tuple(steps)

    @asynccontextmanager
    async def copy(self, commit: str) -> AsyncIterator[Path]:
        """A fresh copy of one commit, which is gone afterwards. It shares the objects, so it is quick.

        Raises:
            CheckoutError: git could not make it.
        """
        with tempfile.TemporaryDirectory(prefix="launchready-release-", ignore_cleanup_errors=True) as place:
            folder = Path(place) / "copy"
            cloned = await self._git("clone", "--quiet", "--shared", "--no-checkout", "--", self.path, str(folder))
            there = Repository(str(folder))
            if cloned is None or await there._git("checkout", "--quiet", "--detach", commit) is None:
                raise CheckoutError(f"A fresh copy of {commit[:12]} can't be made. Type `git fsck` in the repository.")
            yield folder

    async def _git(self, *arguments: str, limit: int = MAX_OUTPUT_BYTES) -> str | None:
        """What git prints; None where it failed.

        Raises:
            CheckoutError: git is missing, prints too much, or takes too long.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                "git", "-C", self.path, *arguments,
                stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=_environment(),
            )  # fmt: skip
        except OSError:
            raise CheckoutError("git is not installed. Type: apt-get install git") from None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(GIT_LIMIT_S):
                output = await _at_most(process.stdout, limit)
                code = await process.wait()
        except TimeoutError:
            raise CheckoutError(f"`git {arguments[0]}` took more than {GIT_LIMIT_S:g} seconds.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return None if code else output.decode("utf-8", errors="surrogateescape")


def _environment() -> dict[str, str]:
    """Ours without what a hook of git sets: it would lead every command back to the repository of the hook."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    return {**kept, "GIT_TERMINAL_PROMPT": "0"}


async def _at_most(stream: asyncio.StreamReader, limit: int) -> bytes:
    data = b""
    while chunk := await stream.read(65_536):
        data += chunk
        if len(data) > limit:
            raise CheckoutError("git printed more than can be read.")
    return data
