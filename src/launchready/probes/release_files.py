"""What a release left on this machine: its log, its manifest, and the files of a folder that runs."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launchready.model.reading import NotSeen, Why
from launchready.parse.manifest import MAX_FILES, Manifest, ManifestError, ReleasedFile, read_manifest
from launchready.parse.release_log import Kind, Log, Phase, Record, Result, read_log

LOG_NAME: Final = "deploys.jsonl"
MANIFESTS: Final = "manifests"

GOOD_RESULTS: Final = frozenset({Result.LIVE, Result.UNCHANGED, Result.ROLLED_BACK})
"""Results after which the release named `live` was seen to work."""

MAX_LOG_BYTES: Final = 16 * 2**20
"""Largest log that is read, in bytes: some twenty thousand releases."""

MAX_MANIFEST_BYTES: Final = 64 * 2**20
"""Largest manifest that is read, in bytes: the most files, with long paths."""


MAX_FOLDER_BYTES: Final = 5 * 2**30
"""Most that is hashed of what runs, in bytes: about half a minute of a slow core. A hash under way can't be stopped."""


def log_of(records: str) -> Log:
    """The log in a folder. That there is none where one would be is seen, and is an empty log.

    Raises:
        NotSeen: UNREADABLE or TOO_LARGE.
    """
    path = Path(records) / LOG_NAME
    try:
        with path.open("rb") as file:
            data = file.read(MAX_LOG_BYTES + 1)
    except FileNotFoundError:
        if Path(records).is_dir() or Path(records).parent.is_dir():
            return Log(())
        raise NotSeen(Why.NOT_FOUND, "the folder that holds the records of releases does not exist") from None
    except OSError as error:
        raise NotSeen(Why.UNREADABLE, f"{LOG_NAME} can't be read ({error.strerror}): correct its rights") from None
    if len(data) > MAX_LOG_BYTES:
        raise NotSeen(Why.TOO_LARGE, f"{LOG_NAME} has more than {MAX_LOG_BYTES >> 20} MiB: move the older half away")
    return read_log(data)


def manifest_path(records: str, commit: str) -> Path:
    """Where the manifest of a commit's release is."""
    return Path(records) / MANIFESTS / f"{commit}.txt"


def manifest_of(records: str, commit: str) -> Manifest:
    """What was released as a commit.

    Raises:
        NotSeen: NOT_FOUND or UNREADABLE.
    """
    path = manifest_path(records, commit)
    try:
        with path.open("rb") as file:
            text = file.read(MAX_MANIFEST_BYTES).decode("utf-8", errors="surrogateescape")
        return read_manifest(text)
    except FileNotFoundError:
        what = f"no manifest of release {commit[:12]} was kept"
        detail = f"{what}: declare folder or manifest under [deploy], and release with `launchready deploy`"
        raise NotSeen(Why.NOT_FOUND, detail) from None
    except OSError as error:
        raise NotSeen(Why.UNREADABLE, f"the manifest can't be read ({error.strerror})") from None
    except ManifestError as error:
        raise NotSeen(Why.UNREADABLE, f"the manifest of release {commit[:12]} is damaged: {error}") from None


def manifest_of_folder(folder: str) -> Manifest:
    """Every file below a folder, hashed; of a symbolic link the place it leads to. It blocks: run it in a thread.

    Raises:
        NotSeen: NOT_FOUND, UNREADABLE or TOO_LARGE.
    """
    root = Path(folder)
    if not root.is_dir():
        raise NotSeen(Why.NOT_FOUND, "the folder under [deploy] does not exist: correct it, or release once")
    files: list[ReleasedFile] = []
    size_bytes = 0
    try:
        for path in _walk(root):
            size_bytes += path.lstat().st_size
            if size_bytes > MAX_FOLDER_BYTES:
                raise NotSeen(Why.TOO_LARGE, f"the folder under [deploy] holds more than {MAX_FOLDER_BYTES >> 30} GiB")
            files.append(_released(path, str(path.relative_to(root))))
            if len(files) > MAX_FILES:
                raise NotSeen(Why.TOO_LARGE, f"the folder under [deploy] has more than {MAX_FILES} files")
    except OSError as error:
        raise NotSeen(
            Why.UNREADABLE, f"{error.filename} can't be read ({error.strerror}): correct its rights"
        ) from None
    if not files:
        raise NotSeen(Why.NOT_FOUND, "the folder under [deploy] holds no file: correct it, or release once")
    return Manifest(tuple(sorted(files, key=lambda one: one.path)))


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root.resolve(), onerror=_raise):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted((*names, *links)):
            yield root / (here / name).relative_to(root.resolve())


def _raise(error: OSError) -> None:
    raise error


def _released(path: Path, name: str) -> ReleasedFile:
    about = path.lstat()
    if stat.S_ISLNK(about.st_mode):
        target = os.fsencode(path.readlink())
        return ReleasedFile(name, "link", len(target), hashlib.sha256(target).hexdigest())
    if not stat.S_ISREG(about.st_mode):  # a socket or pipe has no content; that it is there is what can be said
        return ReleasedFile(name, f"{stat.S_IMODE(about.st_mode):o}", 0, hashlib.sha256(b"").hexdigest())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleasedFile(name, f"{stat.S_IMODE(about.st_mode):03o}", about.st_size, digest)


def live_release(log: Log) -> Record:
    """The newest record after which a release was seen to work.

    Raises:
        NotSeen: NOT_FOUND: there is none.
    """
    for record in reversed(log.records):
        if record.result in GOOD_RESULTS and record.live:
            return record
    raise NotSeen(Why.NOT_FOUND, "no release that works is on record: release once with `launchready deploy`")


def unfinished(log: Log) -> Record | None:
    """The newest release that began and never ended, where no other one ended after it; None where there is none."""
    for record in reversed(log.records):
        if record.kind is Kind.DRIFT:
            continue
        return record if record.phase is Phase.BEGAN else None
    return None
