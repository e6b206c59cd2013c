"""Run other people's commands: shut in where that is possible, bounded always, and never outliving us.

The sandbox is bubblewrap's: the system's programs to read, one folder to write, an empty home, no network unless it was
allowed. Nothing of the owner's home, keys or agents is in there.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from launchready.config.keys import CommandLine

PROGRAM: Final = "bwrap"

HOME_INSIDE: Final = "/build/home"

SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""What programs are made of (Filesystem Hierarchy Standard 3.0); on newer systems all but the first are links."""

SETTINGS: Final = (
    *("alternatives", "ca-certificates", "fonts", "group", "host.conf", "hosts", "ld.so.cache"),
    *("ld.so.conf", "ld.so.conf.d", "localtime", "magic", "mime.types", "nsswitch.conf", "os-release", "passwd"),
    *("pki", "protocols", "resolv.conf", "services", "ssl", "timezone"),
)
"""Files of /etc that programs need and that hold no secret."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

MAX_LOG_BYTES: Final = 64 * 2**20
"""What a command may print: a large build with all its tests prints some 5 MB."""

MAX_FILE_BLOCKS: Final = 2 * 2**30 // 512
"""Size of one file that a command may write, in the 512-byte blocks of `ulimit -f`: 2 GiB."""

MAX_FOLDER_BYTES: Final = 8 * 2**30
"""What a command may write in sum: a large node_modules folder has some 2 GB."""

LOOK_EVERY_S: Final = 0.2
"""How often the log's size is looked at."""

WEIGH_EVERY_S: Final = 5.0
"""How often the folder is weighed; that reads every name in it."""

TRIAL_S: Final = 10.0
"""Seconds that an empty sandbox may take; it takes hundredths."""

MARK: Final = "LAUNCHREADY_ROOM"
"""A variable by which processes are found that left their group, where no sandbox ends them."""


class Stop(Enum):
    """Why a command was ended by us."""

    TIME = auto()
    LOG = auto()
    FOLDER = auto()


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: by itself with a code (negative: a signal), or by us."""

    code: int
    stop: Stop | None
    took_s: float

    @property
    def is_good(self) -> bool:
        """Whether it ended by itself, and well."""
        return self.code == 0 and self.stop is None


@dataclass(frozen=True, slots=True)
class Room:
    """Where a command runs.

    `folder` is the one that it may write, and what it sees it as is `inside`; `spare` holds its empty home and its
    folder for temporary files. `may_read` are further folders. Without a sandbox it sees all as it is.
    """

    folder: Path
    inside: str
    spare: Path
    is_sandboxed: bool
    has_network: bool = False
    may_read: tuple[str, ...] = ()

    @property
    def seen_as(self) -> str:
        """The path that a command sees its folder under."""
        return self.inside if self.is_sandboxed else str(self.folder)


async def can_shut_in() -> bool:
    """Whether bubblewrap is here and works with all that we ask of it: some systems forbid it, or a part of it."""
    if shutil.which(PROGRAM) is None:
        return False
    with tempfile.TemporaryDirectory(prefix="launchready-trial-") as spare:
        room = Room(Path(spare), "/build/trial", Path(spare), is_sandboxed=True)
        process = await asyncio.create_subprocess_exec(
            *(*_walls(room, spare, spare), "true"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(TRIAL_S):
                return await process.wait() == 0
        except TimeoutError:
            process.kill()
            await process.wait()
            return False


async def run(command: CommandLine, room: Room, variables: Mapping[str, str], log: Path, limit_s: float) -> Ran:
    """Run a command to its end or ours; when this returns, nothing that it started runs any more.

    Args:
        command: one text for `sh -c`, or a program and its arguments.
        room: where.
        variables: all that it gets, besides PATH, HOME, TMPDIR and LANG.
        log: a file that what it prints is appended to.
        limit_s: seconds that it may take.
    """
    home, temporary = _spare_folders(room)
    mark = secrets.token_hex(16)
    places = {"HOME": HOME_INSIDE, "TMPDIR": "/tmp"} if room.is_sandboxed else {"HOME": home, "TMPDIR": temporary}  # noqa: S108 - the sandbox's own
    environment = {"PATH": PATH, "LANG": "C.UTF-8", **places, **variables, MARK: mark}
    loop = asyncio.get_running_loop()
    start = loop.time()
    with log.open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            *(_walls(room, home, temporary) if room.is_sandboxed else ()),
            *_limited(command),
            cwd="/" if room.is_sandboxed else room.folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        stop = await _watch(process, room, log, start + limit_s)
    finally:
        _end(process, mark, is_sandboxed=room.is_sandboxed)
        code = await process.wait()
    return Ran(code, stop, loop.time() - start)


def _spare_folders(room: Room) -> tuple[str, str]:
    home, temporary = room.spare / "home", room.spare / "tmp"
    for folder in (home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    return str(home), str(temporary)


def _limited(command: CommandLine) -> tuple[str, ...]:
    words = ("sh", "-c", command) if isinstance(command, str) else command
    return ("/bin/sh", "-c", f'ulimit -c 0; ulimit -f {MAX_FILE_BLOCKS}; exec "$@"', "sh", *words)


def _walls(room: Room, home: str, temporary: str) -> list[str]:
    """The arguments of bubblewrap (bwrap(1)): what is not named here is not there."""
    walls = [PROGRAM, "--die-with-parent", "--new-session", "--unshare-all", "--uid", "1000", "--gid", "1000"]
    walls += ["--hostname", "build", *(["--share-net"] if room.has_network else [])]
    for name in SYSTEM:
        path = Path(name)
        walls += ["--symlink", str(path.readlink()), name] if path.is_symlink() else ["--ro-bind-try", name, name]
    for name in SETTINGS:
        walls += ["--ro-bind-try", os.path.realpath(f"/etc/{name}"), f"/etc/{name}"]
    walls += ["--proc", "/proc", "--dev", "/dev", "--bind", temporary, "/tmp", "--bind", home, HOME_INSIDE]  # noqa: S108 - as above
    for name in room.may_read:
        walls += ["--ro-bind", name, name]
    return [*walls, "--bind", str(room.folder), room.inside, "--remount-ro", "/", "--chdir", room.inside, "--"]


async def _watch(process: asyncio.subprocess.Process, room: Room, log: Path, until: float) -> Stop | None:
    """Wait for the end; None where it came by itself."""
    loop = asyncio.get_running_loop()
    weigh_at = loop.time() + WEIGH_EVERY_S
    while True:
        try:
            async with asyncio.timeout(min(LOOK_EVERY_S, max(until - loop.time(), 0))):
                await process.wait()
        except TimeoutError:
            pass
        else:
            return None
        if loop.time() >= until:
            return Stop.TIME
        if _size_bytes(log) > MAX_LOG_BYTES:
            return Stop.LOG
        if loop.time() >= weigh_at:
            if await asyncio.to_thread(_weight_bytes, room) > MAX_FOLDER_BYTES:
                return Stop.FOLDER
            weigh_at = loop.time() + WEIGH_EVERY_S


def _size_bytes(log: Path) -> int:
    return log.stat().st_size


def _weight_bytes(room: Room) -> int:
    total = 0
    for top in (room.folder, room.spare):
        for folder, _, names in os.walk(top):
            for name in names:
                try:
                    total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - many files
                except OSError:
                    continue  # gone meanwhile
    return total


def _end(process: asyncio.subprocess.Process, mark: str, *, is_sandboxed: bool) -> None:
    """End what still runs. The sandbox's first process takes all others with it; elsewhere they are looked for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if is_sandboxed:
        return
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)
        except OSError:
            continue  # gone, or somebody else's
