"""Search the files of a working tree, and those that git keeps beside its objects."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from launchready.facts.secrets import Exposure, Place, SettingsFile
from launchready.probes.keys.git import STREAMED_BYTES, Ended, Git, GitError
from launchready.probes.keys.history import INTERRUPTED, MAX_OBJECT_BYTES, Report
from launchready.probes.keys.incidents import Incidents
from launchready.probes.keys.memory import FOLDER, FileState, Memory
from launchready.probes.keys.search import OVERLAP_BYTES, Searched, hide_keys, search, search_container
from launchready.probes.keys.settings_files import is_settings_file, secret_names
from launchready.probes.keys.unfold import Cut, container_of

MAX_FILES: Final = 400_000
"""Files of a tree that are looked at; the packages of a large web project are some 100,000."""

MAX_TREE_BYTES: Final = 8 * 2**30

RACY_NS: Final = 2_000_000_000
"""A file younger than this when it was read may change within the same tick of its clock."""

_BUILD: Final = re.compile(
    r"(?:^|/)(?:dist|build|out|public|static|\.next|\.nuxt|\.output|\.svelte-kit|\.vercel|\.netlify|storybook-static|"
    r"www|_site|target|coverage|\.turbo|\.parcel-cache|release|artifacts?)/|"
    r"\.(?:map|whl|zip|jar|war|tgz|tar|tar\.gz|tar\.xz|tar\.bz2|egg|nupkg|apk|aab|ipa|asar|vsix)$"
)
_DEPENDENCY: Final = re.compile(r"(?:^|/)node_modules/(?!\.cache/|\.vite/)")
_NEVER: Final = frozenset(
    {"site-packages", ".venv", "venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
)
"""Folders of installed Python packages and of tools' own notes: nothing in them is the product's, or is shipped."""


@dataclass(slots=True)
class TreeScan:
    """How many files were read, the settings files that git keeps, what was not read."""

    files_read: int = 0
    settings: list[SettingsFile] = field(default_factory=list)
    gaps: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Index:
    """Paths that git keeps, each with the object id of its content, and those that it neither keeps nor ignores."""

    kept: dict[str, str]
    untracked: frozenset[str]

    @property
    def is_sha256(self) -> bool:
        """Whether ids are of the longer kind."""
        return len(next(iter(self.kept.values()), "")) == 64


@dataclass(frozen=True, slots=True)
class Watch:
    """Who ends a scan from another thread, who is told of its progress, and whether installed packages are read."""

    ended: Ended
    report: Report
    reads_packages: bool


def scan_tree(git: Git, memory: Memory, incidents: Incidents, watch: Watch) -> TreeScan:
    """Search all files of the working tree; a file whose content is an object of git is searched with those.

    Raises:
        GitError: git can't say what it keeps.
    """
    assert git.tree is not None, "a bare repository has no working tree"
    return _scan(git.tree, _index(git), memory, incidents, watch)


def scan_folder(root: Path, memory: Memory, incidents: Incidents, watch: Watch) -> TreeScan:
    """Search all files of a folder that is no repository, such as what a build made."""
    return _scan(root, _Index({}, frozenset()), memory, incidents, watch)


def _scan(root: Path, index: _Index, memory: Memory, incidents: Incidents, watch: Watch) -> TreeScan:
    scan, done = TreeScan(), 0
    found = list(islice(_files(root, reads_packages=watch.reads_packages), MAX_FILES + 1))
    if len(found) > MAX_FILES:
        scan.gaps.add(f"more than {MAX_FILES} files are in the folder; the others were not read")
    for number, (path, name, state) in enumerate(found[:MAX_FILES]):
        done += state.st_size
        if watch.ended.is_set() or done > MAX_TREE_BYTES:
            is_ended = watch.ended.is_set()
            scan.gaps.add(INTERRUPTED if is_ended else f"only {MAX_TREE_BYTES >> 30} GiB of the folder were read")
            break
        watch.report(number, len(found))
        searched, exposure = _hits(path, name, state, memory, index), _exposure(name, index)
        if exposure is not Exposure.IGNORED:  # of those no check asks anything but what is plain to see in them
            scan.gaps |= {f"{hide_keys(name)}: {gap}" for gap in searched.gaps}
        for hit in searched.hits:
            incidents.add(hit, Place(exposure, name + hit.inside, hit.line, "", hit.public_name))
        if name in index.kept and is_settings_file(name):
            _note_settings(path, name, scan)
    scan.files_read = len(found)
    return scan


def scan_git_folder(git: Git, incidents: Incidents, scan: TreeScan, prefix: str = ".git") -> None:
    """Search what git keeps beside its objects: settings, logs of refs, names of branches, large files (LFS)."""
    names: list[str] = []
    for path, name, state in _files(git.folder, is_git_folder=True):
        names.append(name)
        with suppress(OSError):
            searched = _search_file(path) if state.st_size <= MAX_OBJECT_BYTES else Searched([], {"it is too large"})
            scan.gaps |= {f"{prefix}/{hide_keys(name)}: {gap}" for gap in searched.gaps}
            for hit in searched.hits:
                incidents.add(hit, Place(Exposure.GIT_FOLDER, f"{prefix}/{name}{hit.inside}", hit.line))
    refs = "\n".join(name for name in names if name.startswith(("refs/", "logs/refs/")))
    for hit in search(refs.encode("utf-8", "replace")).hits:
        incidents.add(hit, Place(Exposure.HISTORY, "(name of a branch or tag)", 0))


def _note_settings(path: Path, name: str, scan: TreeScan) -> None:
    try:
        secret = secret_names(path.read_bytes()[:STREAMED_BYTES])
    except OSError:
        scan.gaps.add(f"{hide_keys(name)} can't be read")
        return
    if secret:
        scan.settings.append(SettingsFile(hide_keys(name), secret))


def _exposure(name: str, index: _Index) -> Exposure:
    if name in index.kept:
        return Exposure.CHANGED
    if name in index.untracked:
        return Exposure.UNTRACKED
    is_built = _BUILD.search(name) and not _DEPENDENCY.search(name)
    return Exposure.BUILD if is_built else Exposure.IGNORED


def _hits(path: Path, name: str, state: os.stat_result, memory: Memory, index: _Index) -> Searched:
    """What is in a file; nothing where it is as git keeps it, for then it is searched as an object."""
    if state.st_size > MAX_OBJECT_BYTES:
        return Searched([], {"it is too large to be read"})
    try:
        content_id = _known_id(name, state, memory) or _content_id(path, state.st_size, index.is_sha256)
        if content_id != index.kept.get(name) and not memory.knows(content_id):
            searched = _search_file(path)
            if searched.gaps:
                return searched
            memory.learn(content_id, searched.hits)
    except OSError:
        return Searched([], {"it can't be read"})
    _remember(name, state, content_id, memory)
    if content_id == index.kept.get(name):
        return Searched()
    return Searched(list(memory.hits.get(content_id, ())))


def _known_id(name: str, state: os.stat_result, memory: Memory) -> str:
    """The id of a file that did not change since it was searched; empty where it may have."""
    known = memory.files.get(name)
    is_same = known is not None and (known.size_bytes, known.mtime_ns) == (state.st_size, state.st_mtime_ns)
    return known.id if known is not None and is_same else ""


def _remember(name: str, state: os.stat_result, content_id: str, memory: Memory) -> None:
    one = FileState(state.st_size, state.st_mtime_ns, content_id)
    if memory.files.get(name) != one and _is_settled(state):
        memory.files[name] = one
        memory.is_changed = True


def _is_settled(state: os.stat_result) -> bool:
    """Whether a later change must have another time; the file system's own clock says what is late."""
    return state.st_ctime_ns - state.st_mtime_ns > RACY_NS or state.st_atime_ns - state.st_mtime_ns > RACY_NS


def _search_file(path: Path) -> Searched:
    """What is in a file, read in windows where it is large."""
    found = Searched()
    with path.open("rb") as file:
        members = container_of(file.read(512))
        file.seek(0)
        if members is not None:
            return search_container(file, members)
        kept, line, left = b"", 1, os.fstat(file.fileno()).st_size
        while data := file.read(STREAMED_BYTES):
            left -= len(data)
            searched = search(kept + data, line, Cut(bool(kept), left > 0))
            found.hits.extend(searched.hits)
            found.gaps |= searched.gaps
            line += (kept + data)[:-OVERLAP_BYTES].count(b"\n")
            kept = data[-OVERLAP_BYTES:]
    return found


def _content_id(path: Path, size_bytes: int, is_sha256: bool) -> str:
    """The id that git gives to a file's content (gitformat-loose)."""
    digest = hashlib.sha256() if is_sha256 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % size_bytes)
    with path.open("rb") as file:
        while data := file.read(2**20):
            digest.update(data)
    return digest.hexdigest()


def _index(git: Git) -> _Index:
    kept = {}
    for line in git.ask("ls-files", "-s", "-z").split(b"\0"):
        told, _, path = line.partition(b"\t")
        if path:
            kept[os.fsdecode(path)] = told.split()[1].decode()
    try:
        others = git.ask("ls-files", "--others", "--exclude-standard", "-z")
    except GitError:
        others = b""
    return _Index(kept, frozenset(os.fsdecode(path) for path in others.split(b"\0") if path))


def _files(
    root: Path, *, is_git_folder: bool = False, reads_packages: bool = True
) -> Iterator[tuple[Path, str, os.stat_result]]:
    """Regular files below a folder, in order; symbolic links are not followed, and git's objects are left out."""
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                is_left_out = _is_gits_own(name) if is_git_folder else _is_left_out(name, reads_packages)
                if not is_left_out:
                    waiting.append((Path(entry.path), f"{name}/"))
            elif entry.is_file(follow_symlinks=False) and not (is_git_folder and _is_dull(entry.name)):
                yield Path(entry.path), name, entry.stat(follow_symlinks=False)


def _is_gits_own(name: str) -> bool:
    """Objects are read through git; those of LFS are plain files."""
    return name.rpartition("/")[2] == "objects" and not name.startswith("lfs/")


def _is_left_out(name: str, reads_packages: bool) -> bool:
    last = name.rpartition("/")[2]
    if not reads_packages and _DEPENDENCY.search(f"{name}/") and last not in {"node_modules", ".cache", ".vite"}:
        return True
    return last in _NEVER or last == ".git" or name == FOLDER


def _is_dull(name: str) -> bool:
    return name.endswith((".sample", ".lock")) or name == "fsmonitor--daemon.ipc"
