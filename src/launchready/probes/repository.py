"""Look into the repository: all keys in all objects and files, and where HEAD stands."""

import asyncio
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from launchready.facts.repository import RepositoryHead
from launchready.facts.secrets import RepositorySecrets, WorkingTreeSecrets
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Repository
from launchready.net.clock import Clock
from launchready.probes.keys.git import Ended, Git

MAX_SYMREFS: Final = 5
"""Symbolic refs that are followed from one to the next, as git does (refs.h, SYMREF_MAXDEPTH)."""

HISTORY_LIMIT_S: Final = 60.0
"""A 750 MB history takes 10 s of one core; compiling the rules for the first time takes 4 s more."""

NO_SCANNER: Final = "kingfisher-secret-scanner does not run on this machine: audit on Linux or a newer Mac"

_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF: Final = re.compile(r"refs/(?!.*\.\.)[^\x00-\x20~^:?*\[\\\x7f]+")


@dataclass(frozen=True, slots=True)
class GitFolder:
    """Where a repository keeps its things: `own` is this working tree's, `common` is what all its trees share."""

    own: Path
    common: Path


@probe(manner=Manner.PASSIVE, timeout_s=HISTORY_LIMIT_S)
async def repository_secrets(repository: Repository, clock: Clock) -> RepositorySecrets:
    """Scan every object in a thread; the scanner works without holding up anything else."""
    keys, ended = _keys(), Ended()
    job = keys.Job(_git(repository), Path(repository.path), clock.now().date(), ended)
    try:
        return await asyncio.to_thread(keys.scan_history, job)
    finally:
        ended.set()


@probe(manner=Manner.PASSIVE, timeout_s=HISTORY_LIMIT_S)
async def working_tree_secrets(repository: Repository, clock: Clock) -> WorkingTreeSecrets:
    """Scan every file that lies there, in a thread."""
    keys, ended = _keys(), Ended()
    job = keys.Job(_git(repository), Path(repository.path), clock.now().date(), ended)
    try:
        return await asyncio.to_thread(keys.scan_working_tree, job)
    finally:
        ended.set()


def _keys() -> ModuleType:
    """The scan, loaded when it is needed: it is 36 MB, and not built for every machine."""
    try:
        return import_module("launchready.probes.keys.scan")
    except ImportError:
        raise NotSeen(Why.NOT_INSTALLED, NO_SCANNER) from None


def _git(repository: Repository) -> Git:
    root = Path(repository.path)
    folder = find_git(root)
    return Git(folder.own, None if folder.own == root else root)


@probe(manner=Manner.PASSIVE, timeout_s=5.0)
async def repository_head(repository: Repository) -> RepositoryHead:
    """Follow HEAD to its commit (gitrepository-layout)."""
    return RepositoryHead(head_of(repository))


def head_of(repository: Repository) -> str:
    """The commit that HEAD names.

    Raises:
        NotSeen: NOT_FOUND or UNREADABLE.
    """
    folder = find_git(Path(repository.path))
    name = _read(folder.own / "HEAD")
    for _ in range(MAX_SYMREFS):
        if _HASH.fullmatch(name):
            return name
        name = _resolve(folder, name)
    raise NotSeen(Why.UNREADABLE, "HEAD leads from one symbolic ref to the next without an end: run `git fsck`")


def find_git(root: Path) -> GitFolder:
    """The git folder of a working tree, of a linked working tree, or of a bare repository.

    Raises:
        NotSeen: NOT_FOUND, or UNREADABLE where `.git` leads nowhere.
    """
    if not root.is_dir():
        raise NotSeen(Why.NOT_FOUND, "the folder under [repository] path does not exist: correct the path")
    own = root / ".git"
    if own.is_file():
        where = _read(own)
        own = root / where.removeprefix("gitdir:").strip()
    elif not own.is_dir():
        own = root
    if not (own / "HEAD").is_file():
        raise NotSeen(
            Why.NOT_FOUND, "the folder under [repository] path is no git repository: name the folder that holds .git"
        )
    shared = own / "commondir"
    return GitFolder(own, own / _read(shared) if shared.is_file() else own)


def _resolve(folder: GitFolder, name: str) -> str:
    """What a symbolic ref such as `ref: refs/heads/main` holds: a commit, or another one."""
    ref = name.removeprefix("ref:").strip()
    if not name.startswith("ref:") or not _REF.fullmatch(ref) or ref.endswith("/.invalid"):
        raise NotSeen(Why.UNREADABLE, "HEAD is in no form that this version reads: run `git rev-parse HEAD`")
    for base in (folder.own, folder.common):
        if (base / ref).is_file():
            return _read(base / ref)
    packed = folder.common / "packed-refs"
    lines = _read(packed).splitlines() if packed.is_file() else []
    commit = next((line.split()[0] for line in lines if line.split()[1:] == [ref]), None)
    if commit is None:
        raise NotSeen(Why.NOT_FOUND, "HEAD names a branch without a commit: commit the product's code")
    return commit


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotSeen(Why.UNREADABLE, f"{path.name} can't be read ({type(error).__name__}): run `git fsck`") from None
