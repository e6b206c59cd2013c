"""What a build made: its files with their hashes, and why two builds of one commit differ."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.deliver.opened import opened
from launchready.facts.build import Difference, DifferenceCause
from launchready.probes.build_record import Repeat
from launchready.probes.keys.unfold import Limits

MAX_FILES: Final = 100_000
"""Files of an output; a large product with its node_modules has some 60,000."""

MAX_BYTES: Final = 4 * 2**30
"""Bytes of an output in sum: images that are larger are refused by several platforms."""

MAX_READ_BYTES: Final = 64 * 2**20
"""Larger files are hashed, and not looked into."""

MAX_EXPLAINED_BYTES: Final = 4 * 2**20
"""Larger files that differ are named without a reason: to seek one takes a second or two for each."""

MAX_NAMED: Final = 50
"""Differences that are written down; the rest is counted."""

CHUNK_BYTES: Final = 2**20


class OutputError(Exception):
    """There is no output, or more than can be read; the text says which."""


@dataclass(frozen=True, slots=True)
class File:
    """One file or link: its path in the clone, its size, and the SHA-256 of what it holds (or leads to)."""

    path: str
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Output:
    """All that was made, sorted by path, and the folder of the clone."""

    root: Path
    files: tuple[File, ...]

    @property
    def size_bytes(self) -> int:
        """In sum."""
        return sum(file.size_bytes for file in self.files)

    @property
    def digest(self) -> str:
        """SHA-256 of one line for each file: its hash, two blanks and its path, as sha256sum(1) prints it."""
        lines = "".join(f"{file.digest}  {file.path}\n" for file in self.files)
        return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()

    def read(self, file: File) -> bytes | None:
        """What a file holds; None where it is too large to be looked into. Links are not followed."""
        path = self.root / file.path
        if path.is_symlink():
            return os.fsencode(path.readlink())
        return None if file.size_bytes > MAX_READ_BYTES else path.read_bytes()


def read_output(root: Path, wanted: Iterable[str]) -> Output:
    """Hash what is at the declared places.

    Raises:
        OutputError: nothing is there, or too much.
    """
    files: dict[str, File] = {}
    total = 0
    for name in wanted:
        if not os.path.lexists(root / name) or not (root / name).parent.resolve().is_relative_to(root.resolve()):
            raise OutputError(name)
        for path in _paths(root / name):
            file = _file(root, path)
            files[file.path] = file
            total += file.size_bytes
            if len(files) > MAX_FILES or total > MAX_BYTES:
                raise OutputError(f"more than {MAX_FILES} files or {MAX_BYTES // 2**30} GiB under {name}")
    return Output(root, tuple(files[path] for path in sorted(files)))


def _paths(top: Path) -> Iterator[Path]:
    """Files and links below, in no order; what is neither, such as a socket, is left out."""
    if top.is_symlink() or not top.is_dir():
        yield top
        return
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        yield from (here / name for name in names if _is_kept(here / name))
        yield from (here / name for name in folders if (here / name).is_symlink())


def _is_kept(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _file(root: Path, path: Path) -> File:
    name = str(path.relative_to(root))
    if path.is_symlink():
        leads_to = os.fsencode(path.readlink())
        return File(name, len(leads_to), hashlib.sha256(b"link:" + leads_to).hexdigest())
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return File(name, size, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What differed on purpose: the folder that a build saw, and its time in seconds since 1970, from and to."""

    place: str
    began_s: float
    ended_s: float


def compare(first: Output, second: Output, here: Circumstances, there: Circumstances) -> Repeat:
    """Which files differ, and why."""
    one = {file.path: file for file in first.files}
    two = {file.path: file for file in second.files}
    differing = sorted(
        path for path in one.keys() | two.keys() if path not in one or path not in two or one[path] != two[path]
    )
    named = tuple(
        Difference(path, _cause(path, (first, one), (second, two), here, there)) for path in differing[:MAX_NAMED]
    )
    return Repeat(len(one), first.digest, named, len(differing) - len(named))


Side = tuple[Output, Mapping[str, File]]


def _cause(path: str, one: Side, two: Side, here: Circumstances, there: Circumstances) -> DifferenceCause:
    if path not in one[1] or path not in two[1]:
        return DifferenceCause.ONLY_ONCE
    first, second = one[0].read(one[1][path]), two[0].read(two[1][path])
    if first is None or second is None or max(len(first), len(second)) > MAX_EXPLAINED_BYTES:
        return DifferenceCause.UNEXPLAINED
    causes = {_cause_in(a, b, here, there) for a, b in _pairs(first, second)}
    if causes == {None}:  # what it holds is equal, so it is what an archive says of it: its times
        return DifferenceCause.TIME
    return next((cause for cause in _WORST_FIRST if cause in causes), DifferenceCause.UNEXPLAINED)


_WORST_FIRST: Final = (
    DifferenceCause.UNEXPLAINED,
    DifferenceCause.ORDER,
    DifferenceCause.PATH,
    DifferenceCause.TIME,
)


def _pairs(first: bytes, second: bytes) -> list[tuple[bytes, bytes]]:
    """The two files, or what they hold where both are archives of the same names."""
    one, two = _members(first), _members(second)
    if one and one.keys() == two.keys():
        return [(data, two[name]) for name, data in one.items()]
    return [(first, second)]


def _members(data: bytes) -> dict[str, bytes]:
    """What an archive or a compressed file holds; nothing for all other files."""
    if not data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")) and data[257:262] != b"ustar":
        return {}
    return {piece.inside: piece.data for piece in opened(data, Limits()) if piece.inside.count("!") == 1}


def _cause_in(first: bytes, second: bytes, here: Circumstances, there: Circumstances) -> DifferenceCause | None:
    """Why two texts differ: the first thing that, blurred, makes them equal; None where they are equal."""
    if first == second:
        return None
    no_place_1, no_place_2 = first.replace(here.place.encode(), b"/"), second.replace(there.place.encode(), b"/")
    if no_place_1 == no_place_2:
        return DifferenceCause.PATH
    began_s, ended_s = min(here.began_s, there.began_s), max(here.ended_s, there.ended_s)
    no_time_1, no_time_2 = _without_time(no_place_1, began_s, ended_s), _without_time(no_place_2, began_s, ended_s)
    if no_time_1 == no_time_2:
        return DifferenceCause.TIME
    if _sorted_words(no_time_1) == _sorted_words(no_time_2):
        return DifferenceCause.ORDER
    return DifferenceCause.UNEXPLAINED


_CLOCK: Final = rb"[0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_DAY: Final = (
    rb"\d{4}-[01]\d-[0-3]\d|\d{1,4}[/.]\d{1,2}[/.]\d{1,4}"
    rb"|(?:[0-3]?\d[ -])?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?:[ -][0-3]?\d,?)?(?:[ -]\d{4})?"
)
_TIME: Final = re.compile(
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:(?:%s)[T_ ,]{0,2}(?:%s)?|%s)(?: \d{4})?"
    rb"|20\d{6}[T_-]?[0-2]\d[0-5]\d[0-6]\dZ?" % (_DAY, _CLOCK, _CLOCK)
)
"""Times as RFC 3339 section 5.6, RFC 9110 section 5.6.7, ctime(3) and the short form of ISO 8601 write them."""

_NUMBER: Final = re.compile(rb"(?<![0-9.])([0-9]{10})([0-9]{3}|[0-9]{6}|[0-9]{9}|\.[0-9]+)?(?![0-9])")


def _without_time(data: bytes, began_s: float, ended_s: float) -> bytes:
    """Without numbers of seconds (or parts of them) that lie in the time of the builds, and without dates."""

    def blur(match: re.Match[bytes]) -> bytes:
        return b"TIME" if began_s - 1 <= int(match[1]) <= ended_s + 1 else match[0]

    return _TIME.sub(b"TIME", _NUMBER.sub(blur, data))


def _sorted_words(data: bytes) -> list[bytes]:
    return sorted(re.split(rb"[\s,;{}\[\]()]+", data))
