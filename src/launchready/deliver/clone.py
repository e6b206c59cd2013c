"""A commit in an empty place: what git holds of it, and nothing else."""

import asyncio
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GIT_LIMIT_S: Final = 900.0
"""Seconds that git may take for one command; a repository of 5 GB takes some 300 to clone on a slow disk."""

MAX_NAMES: Final = 200_000
"""Names of files that are read of a commit or a folder; the Linux kernel has some 80,000."""

MAX_SAID_CHARS: Final = 300
"""What is repeated of git's own words."""

INSTALLED_FOLDERS: Final = (
    "node_modules",
    ".venv",
    "venv",
    "site-packages",
    "__pycache__",
    ".git",
    ".tox",
    ".mypy_cache",
)
"""Folders whose files nobody commits: what is in them was installed."""


class CloneError(Exception):
    """The commit can't be had; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """The owner's repository, read through git without any of the owner's settings.

    `settings` is a folder of ours for git's home.
    """

    repository: Path
    settings: Path

    async def commit_of(self, name: str) -> str:
        """The whole hash of a commit.

        Raises:
            CloneError: there is no repository, or no such commit.
        """
        if not self.repository.is_dir():
            raise CloneError("the folder under [repository] path does not exist: correct the path")
        try:
            return await self._git(self.repository, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        except CloneError as error:
            raise CloneError(f"there is no commit {name[:80]!r} in the repository: {error}") from None

    async def clone(self, commit: str, folder: Path) -> None:
        """Clone everything, and check one commit out.

        Raises:
            CloneError: git failed, or took too long.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        quiet = ("-c", "advice.detachedHead=false", "-c", "core.hooksPath=/dev/null")
        await self._git(
            folder.parent,
            *(*quiet, "clone", "--quiet", "--no-local", "--no-checkout", "--template="),
            *("--", str(self.repository), str(folder)),
        )
        await self._git(folder, *quiet, "checkout", "--quiet", "--detach", commit)

    async def fetch_submodules(self, folder: Path) -> None:
        """What a clone takes from other repositories.

        Raises:
            CloneError: one can't be had.
        """
        await self._git(
            folder, "-c", "core.hooksPath=/dev/null", "submodule", "update", "--quiet", "--init", "--recursive"
        )

    async def has_pointers(self, folder: Path) -> bool:
        """Whether a file of the clone is only a pointer to where git-lfs keeps it (git-lfs, docs/spec.md)."""
        attributes = [folder / ".gitattributes", folder / ".git" / "info" / "attributes"]
        if not any(path.is_file() and "filter=lfs" in path.read_text("utf-8", "replace") for path in attributes):
            return False
        try:
            found = await self._git(folder, "grep", "-l", "-m1", "^version https://git-lfs.github.com/spec/v1$")
        except CloneError:  # git grep's way to say that there is none
            return False
        return bool(found)

    async def names_in(self, commit: str) -> tuple[str, ...]:
        """The files of a commit."""
        told = await self._git(self.repository, "ls-tree", "-r", "-z", "--name-only", commit)
        return tuple(filter(None, told.split("\0")))[:MAX_NAMES]

    async def names_outside(self) -> tuple[str, ...]:
        """Files of the working tree that git does not hold, ignored ones too, without what was installed.

        A bare repository has no working tree, and so none of them.
        """
        if await self._git(self.repository, "rev-parse", "--is-bare-repository") == "true":
            return ()
        others = await self._git(self.repository, "ls-files", "-z", "--others")
        names = (name for name in others.split("\0") if name)
        return tuple(name for name in names if not set(name.split("/")) & set(INSTALLED_FOLDERS))[:MAX_NAMES]

    async def _git(self, folder: Path, *arguments: str) -> str:
        """What git printed.

        Raises:
            CloneError: it is not installed, failed, or took too long.
        """
        program = shutil.which("git")
        if program is None:
            raise CloneError("git is not installed: apt-get install git")
        process = await asyncio.create_subprocess_exec(
            *(program, *arguments),
            cwd=folder,
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(GIT_LIMIT_S):
                out, said = await process.communicate()
        except TimeoutError:
            raise CloneError(f"git {arguments[0]} took more than {GIT_LIMIT_S:g} seconds") from None
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
        if process.returncode:
            words = said.decode("utf-8", "replace").strip()[-MAX_SAID_CHARS:]
            raise CloneError(f"git says: {words or process.returncode}")
        return out.decode("utf-8", "surrogateescape").strip("\n")

    def _environment(self) -> dict[str, str]:
        """No settings of the owner's, no questions, and any owner of the files is taken: nothing here is run."""
        settings = self.settings / "gitconfig"
        if not settings.exists():
            self.settings.mkdir(parents=True, exist_ok=True)
            settings.write_text('[safe]\n\tdirectory = *\n[protocol "file"]\n\tallow = always\n')
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.settings),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(settings),
            "GIT_TERMINAL_PROMPT": "0",
        }
