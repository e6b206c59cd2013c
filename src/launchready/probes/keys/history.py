"""Search every object of a repository, and tell where in its history a hit is."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from launchready.facts.secrets import Exposure, Place
from launchready.probes.keys.git import Chunk, Ended, Git, GitError, GitObject, Reader
from launchready.probes.keys.incidents import Incidents
from launchready.probes.keys.memory import Memory
from launchready.probes.keys.search import OVERLAP_BYTES, Hit, search

MAX_OBJECT_BYTES: Final = 2**30
"""Largest object that is read; GitHub takes none beyond 100 MiB. A larger one makes the look incomplete."""

MESSAGE: Final = "(commit message)"
TAG: Final = "(tag message)"
NAME: Final = "(name of a file or folder)"
NO_COMMIT: Final = "(in no commit)"

BROKEN: Final = "an object is missing or corrupt: run `git fsck`"
NOT_FETCHED: Final = "files that Git LFS keeps are not here: run `git lfs fetch --all`"
INTERRUPTED: Final = "the scan was ended before all was read; it goes on from there next time"

Report = Callable[[int, int], None]
"""Told how many bytes of how many are done."""

_LFS_POINTER: Final = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n"
)
_TREE_ENTRY: Final = {
    40: re.compile(rb"[0-7]{5,6} ([^\0]+)\0.{20}", re.DOTALL),
    64: re.compile(rb"[0-7]{5,6} ([^\0]+)\0.{32}", re.DOTALL),
}
"""One line of a tree: mode, name, id (gitformat-pack; 40 or 64 hex digits an id)."""


@dataclass(slots=True)
class ObjectScan:
    """What is in the objects of one repository: hits by object, how many objects there are, what was not read."""

    found: dict[GitObject, tuple[Hit, ...]] = field(default_factory=dict)
    count: int = 0
    gaps: list[str] = field(default_factory=list)


def scan_objects(git: Git, memory: Memory, ended: Ended, report: Report) -> ObjectScan:
    """Search what the memory does not know. It blocks; run it in a thread.

    Args:
        git: the repository.
        memory: what was searched before; learns what is searched now.
        ended: ends it from another thread.
        report: told of progress.

    Raises:
        GitError: the objects can't even be listed.
    """
    scan = ObjectScan()
    objects = git.objects()
    scan.count = len(objects)
    scan.found = {one: memory.hits[one.id] for one in objects if one.id in memory.hits}
    new = [one for one in objects if one.type != "missing" and not memory.knows(one.id)]
    too_large = [one for one in new if one.size_bytes > MAX_OBJECT_BYTES]
    if too_large:
        scan.gaps.append(f"{len(too_large)} file versions of over {MAX_OBJECT_BYTES >> 20} MiB were not read")
    reader, wanted = Reader(git, []), [one for one in new if one.size_bytes <= MAX_OBJECT_BYTES]
    one_pass, done, total = _Pass(git, scan, memory), 0, sum(one.size_bytes for one in wanted)
    for chunk in reader.chunks(wanted, OVERLAP_BYTES):
        if ended.is_set():
            scan.gaps.append(INTERRUPTED)
            break
        one_pass.take(chunk)
        done += len(chunk.data)
        report(done, total)
    if reader.unread or any(one.type == "missing" for one in objects):
        scan.gaps.append(BROKEN)
    scan.gaps.extend(sorted(one_pass.gaps))
    return scan


@dataclass(slots=True)
class _Pass:
    """One pass over objects. `lines` and `large` are what is known of the object that is read in windows."""

    git: Git
    scan: ObjectScan
    memory: Memory
    gaps: set[str] = field(default_factory=set)
    names: set[bytes] = field(default_factory=set)
    line: int = 1
    large: list[Hit] = field(default_factory=list)
    is_spoiled: bool = False

    def take(self, chunk: Chunk) -> None:
        """Search one object or window, and remember it once all of it was searched without a gap."""
        if not chunk.cut.before:
            self.line, self.large, self.is_spoiled = 1, [], False
        searched = search(self._content(chunk), self.line, chunk.cut)
        self.gaps |= searched.gaps
        self.is_spoiled |= bool(searched.gaps)
        self.large.extend(searched.hits)
        self.line += chunk.data[:-OVERLAP_BYTES].count(b"\n") if chunk.cut.after else 0
        if chunk.cut.after:
            return
        if self.large:
            self.scan.found[chunk.object] = tuple(self.large)
        if not self.is_spoiled and not self._is_elsewhere(chunk):
            self.memory.learn(chunk.object.id, self.large)

    def _content(self, chunk: Chunk) -> bytes:
        """What is searched: of a tree, the names in it that no tree before had."""
        if chunk.object.type != "tree":
            return chunk.data
        found = set(_TREE_ENTRY[len(chunk.object.id)].findall(chunk.data)) - self.names
        self.names |= found
        return b"\n".join(sorted(found))

    def _is_elsewhere(self, chunk: Chunk) -> bool:
        """Whether Git LFS keeps the content, and it is not here (git-lfs, docs/spec.md)."""
        pointer = _LFS_POINTER.match(chunk.data) if chunk.object.type == "blob" else None
        if pointer is None:
            return False
        name = pointer[1].decode()
        if (self.git.folder / "lfs/objects" / name[:2] / name[2:4] / name).is_file():
            return False
        self.gaps.add(NOT_FETCHED)
        return True


def is_complete(git: Git) -> str | None:
    """What is missing of a repository's history, as a sentence; None where all is there."""
    if (git.folder / "shallow").is_file():
        return "a shallow clone lacks the older history: run `git fetch --unshallow` in it"
    with suppress(GitError):
        if git.ask("config", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$"):
            return "a partial clone lacks file versions: run `git fetch --refetch --no-filter` in it"
    try:
        git.ask("rev-list", "--objects", "--all", "--quiet")
    except GitError:
        return f"{BROKEN}; in a partial clone, run `git fetch --refetch --no-filter` first"
    return None


@dataclass(slots=True)
class _Walks:
    """Commits by how they are reached, and file versions of the current version."""

    head: frozenset[str]
    branches: frozenset[str]
    refs: frozenset[str]
    current: dict[str, list[str]]
    staged: dict[str, list[str]]
    ages: dict[str, int] = field(default_factory=dict)
    origins: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))


def add_objects(git: Git, scan: ObjectScan, incidents: Incidents, prefix: str = "") -> None:
    """Put each hit of a scan down with every place of its object; `prefix` names a repository in the repository."""
    if not scan.found:
        return
    walks = _walk(git, list(scan.found))
    for one, hits in scan.found.items():
        places = [*_places(git, one, walks)]
        for place, age in places:
            for hit in hits:
                path = f"{prefix}{place.path}{hit.inside}"
                is_reached = place.commit in walks.branches
                incidents.add(
                    hit,
                    Place(place.exposure, path, hit.line, place.commit, hit.public_name),
                    age=age,
                    is_on_branch=is_reached,
                )


def _places(git: Git, one: GitObject, walks: _Walks) -> Iterator[tuple[Place, int]]:
    if one.type == "commit":
        yield Place(_reach(one.id, walks), MESSAGE, 0, one.id), walks.ages.get(one.id, 0)
    elif one.type == "tag":
        yield Place(Exposure.HISTORY, TAG, 0, _tagged(git, one)), 0
    elif one.type == "tree":
        yield Place(Exposure.HISTORY, NAME, 0), 0
    elif one.id in walks.origins:
        for commit, path in walks.origins[one.id]:
            is_current = path in walks.current.get(one.id, ())
            exposure = Exposure.HEAD if is_current and commit in walks.head else _reach(commit, walks)
            yield Place(exposure, path, 0, commit), walks.ages.get(commit, 0)
    elif one.id in walks.current:
        for path in walks.current[one.id]:
            yield Place(Exposure.HEAD, path, 0), 0
    else:
        for path in walks.staged.get(one.id, [NO_COMMIT]):
            exposure = Exposure.UNREACHABLE if path == NO_COMMIT else Exposure.CHANGED
            yield Place(exposure, path if path != NO_COMMIT else f"{one.id}:{NO_COMMIT}", 0), 0


def _reach(commit: str, walks: _Walks) -> Exposure:
    if commit in walks.head:
        return Exposure.HISTORY
    if commit in walks.branches:
        return Exposure.BRANCH
    return Exposure.HISTORY if commit in walks.refs else Exposure.UNREACHABLE


def _tagged(git: Git, one: GitObject) -> str:
    with suppress(GitError):
        lines = git.ask("cat-file", "tag", one.id).split(b"\n", 1)
        return lines[0].decode("ascii", "replace").removeprefix("object ")
    return ""


def _walk(git: Git, found: list[GitObject]) -> _Walks:
    wanted = {one.id for one in found if one.type == "blob"}
    walks = _Walks(
        head=_commits(git, "HEAD"),
        branches=_commits(git, "HEAD", "--branches", "--remotes"),
        refs=_commits(git, "--all"),
        current=_tree(git, wanted, "ls-tree", "-r", "-z", "HEAD"),
        staged=_tree(git, wanted, "ls-files", "-s", "-z"),
    )
    ids = [one.id for one in git.objects() if one.type == "commit"]
    with suppress(GitError):
        if wanted:
            _read_log(_log(git, ids, wanted), wanted, walks)
        told = [one.id for one in found if one.type == "commit"]
        times = git.ask("log", "--no-walk=unsorted", "--stdin", "--format=%H %ct", given="\n".join(told).encode())
        walks.ages |= {line.split()[0]: int(line.split()[1]) for line in times.decode("ascii").splitlines() if told}
    return walks


def _commits(git: Git, *refs: str) -> frozenset[str]:
    try:
        return frozenset(git.ask("rev-list", *refs).decode("ascii").split())
    except GitError:  # no commit yet, or a broken one, which `is_complete` says
        return frozenset()


def _tree(git: Git, wanted: set[str], *words: str) -> dict[str, list[str]]:
    """Paths by object, of `mode type id<TAB>path` or `mode id stage<TAB>path`."""
    found: dict[str, list[str]] = defaultdict(list)
    with suppress(GitError):
        for line in git.ask(*words).split(b"\0"):
            told, _, path = line.partition(b"\t")
            for word in told.decode("ascii", "replace").split():
                if word in wanted:
                    found[word].append(path.decode("utf-8", "replace"))
    return found


MAX_NAMED: Final = 200
"""File versions that git is asked for by name; of more, it lists all."""


def _log(git: Git, commits: list[str], wanted: set[str]) -> bytes:
    """Which of all commits, reachable or not, brought one of these file versions, merges against every parent."""
    named = [f"--find-object={one}" for one in wanted] if len(wanted) <= MAX_NAMED else []
    words = ("log", "--no-walk=unsorted", "--stdin", "-m", "--root", "--raw", "-r", "--no-abbrev", "--no-renames", "-z")
    given = "\n".join(commits).encode()
    return git.ask(*words, "--no-ext-diff", "--no-textconv", "--format=%x01%H %ct", *named, given=given)


def _read_log(text: bytes, wanted: set[str], walks: _Walks) -> None:
    commit = ""
    parts = iter(text.split(b"\0"))
    for part in parts:
        if b"\x01" in part:
            told = part.rpartition(b"\x01")[2].split()
            commit = told[0].decode()
            walks.ages[commit] = int(told[1].split(b"\n")[0])
            part = part.rpartition(b"\n")[2]  # noqa: PLW2901 - the first change follows on the next line
        if part.lstrip(b"\n").startswith(b":"):
            words = part.lstrip(b"\n").split()
            path = next(parts, b"").decode("utf-8", "replace")
            new = words[3].decode()
            if new in wanted and (commit, path) not in walks.origins[new]:
                walks.origins[new].append((commit, path))
