r"""What runs on a host, file by file, and what differs from what was released.

A line is `MODE SIZE SHA256  PATH`, as GNU find and sha256sum print it together:

    find . -type f -printf '%m %s ' -exec sha256sum {} ';'

sha256sum begins the digest with a backslash where it wrote a newline, return or backslash of the name as `\n`, `\r`,
`\\` (GNU coreutils manual, "md5sum invocation"). A line `env NAME DIGEST` tells a fingerprint of one variable.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

MAX_FILES: Final = 200_000
"""Most files of a release: node_modules of a large product holds some 60 000."""

ALWAYS_WRITTEN: Final = ("*.pyc", "*/__pycache__/*", "__pycache__/*")
"""What Python itself writes beside the code when it first runs it."""

_FILE: Final = re.compile(
    r"(?P<mode>[0-7]{3,6}|link) (?P<size>[0-9]{1,15}) (?P<bent>\\?)(?P<digest>[0-9a-f]{64}) [ *](?P<path>.+)"
)
_ENV: Final = re.compile(r"env (?P<name>[A-Za-z_][A-Za-z0-9_]*) (?P<digest>[0-9A-Za-z:+/=-]{6,128})")
_BENT: Final = re.compile(r"\\(.)")
_STRAIGHT: Final = {"n": "\n", "r": "\r", "\\": "\\"}


class ManifestError(Exception):
    """The text is no manifest; the sentence says in which line."""


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """One file: path from the folder of the release, octal mode (or `link`), bytes, and SHA-256 in hex."""

    path: str
    mode: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All files by path, and fingerprints of variables by name; both sorted."""

    files: tuple[ReleasedFile, ...]
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was released; paths and names, each sorted."""

    edited: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether all is as it was released."""
        return not (self.edited or self.extra or self.missing or self.modes or self.environment)


def read_manifest(text: str) -> Manifest:
    """A manifest from its text; blank lines and the order don't matter.

    Raises:
        ManifestError: a line is neither a file nor a variable, a name stands twice, there are too many, or none.
    """
    files: dict[str, ReleasedFile] = {}
    environment: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        found, variable = _FILE.fullmatch(line.removesuffix("\r")), _ENV.fullmatch(line.strip())
        if found is not None:
            one = _file(found)
            if one.path in files:
                raise ManifestError(f"line {number} names a file that an earlier line names too")
            files[one.path] = one
        elif variable is not None:
            environment[variable["name"]] = variable["digest"]
        else:
            raise ManifestError(f"line {number} is not MODE SIZE SHA256 PATH")
        if len(files) > MAX_FILES:
            raise ManifestError(f"it has more than {MAX_FILES} files")
    if not files:
        raise ManifestError("it names no file")
    return Manifest(tuple(files[path] for path in sorted(files)), tuple(sorted(environment.items())))


def write_manifest(manifest: Manifest) -> str:
    """A manifest as text that `read_manifest` reads back."""
    lines = [_line(one) for one in manifest.files]
    lines += [f"env {name} {digest}" for name, digest in manifest.environment]
    return "".join(line + "\n" for line in lines)


def compare(released: Manifest, running: Manifest, written: Iterable[str] = ()) -> Difference:
    """What differs, without the files that the product writes itself.

    Args:
        released: what was released.
        running: what is there now.
        written: patterns of paths or names, as a shell has them.
    """
    patterns = (*ALWAYS_WRITTEN, *written)
    was = {one.path: one for one in released.files if not _is_written(one.path, patterns)}
    now = {one.path: one for one in running.files if not _is_written(one.path, patterns)}
    both = sorted(was.keys() & now.keys())
    edited = tuple(path for path in both if was[path].digest != now[path].digest)
    return Difference(
        edited,
        tuple(sorted(now.keys() - was.keys())),
        tuple(sorted(was.keys() - now.keys())),
        tuple(path for path in both if _mode(was[path]) != _mode(now[path]) and path not in edited),
        _variables(dict(released.environment), dict(running.environment)),
    )


def digest_of(manifest: Manifest, written: Iterable[str] = ()) -> str:
    """SHA-256 in hex over paths, rights and contents, without the files that the product writes itself.

    Args:
        manifest: what was released.
        written: patterns of paths or names, as in `compare`.
    """
    patterns = (*ALWAYS_WRITTEN, *written)
    rows = [
        f"{one.path}\0{_mode(one)}\0{one.digest}\n" for one in manifest.files if not _is_written(one.path, patterns)
    ]
    return hashlib.sha256("".join(rows).encode("utf-8", "surrogateescape")).hexdigest()


def lines_of(difference: Difference) -> list[str]:
    """Each thing that differs, with what happened to it, the edited first."""
    kinds = (
        ("edited", difference.edited),
        ("added", difference.extra),
        ("missing", difference.missing),
        ("other rights", difference.modes),
        ("variable", difference.environment),
    )
    return [f"{what}: {_readable(name)}" for what, names in kinds for name in names]


def _readable(name: str) -> str:
    """A name as text that can be written anywhere: on Linux it is bytes, which need not be any text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _variables(was: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    """Names whose fingerprint differs; nothing is said where one side told none at all."""
    if not was or not now:
        return ()
    return tuple(name for name in sorted(was.keys() | now.keys()) if was.get(name) != now.get(name))


def _is_written(path: str, patterns: Iterable[str]) -> bool:
    name = path.rpartition("/")[2]
    return any(fnmatchcase(path, pattern) or fnmatchcase(name, pattern) for pattern in patterns)


def _mode(one: ReleasedFile) -> str:
    return one.mode.lstrip("0")


def _file(found: re.Match[str]) -> ReleasedFile:
    path = found["path"]
    if found["bent"]:
        path = _BENT.sub(lambda bent: _STRAIGHT.get(bent[1], bent[0]), path)
    return ReleasedFile(path.removeprefix("./"), found["mode"], int(found["size"]), found["digest"])


def _line(one: ReleasedFile) -> str:
    path = one.path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    bent = "\\" if path != one.path else ""
    return f"{one.mode} {one.size} {bent}{one.digest}  {path}"
