"""`launchready build`: the commit alone, in an empty place, twice, with made-up values, then looked through."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from launchready.config.clean_build import BuildPlan
from launchready.config.keys import CommandLine
from launchready.deliver.build_words import Ground, explain
from launchready.deliver.canaries import MARK_CHARS, Search, make_canaries
from launchready.deliver.clone import Source
from launchready.deliver.output import Circumstances, Output, OutputError, compare, read_output
from launchready.deliver.sandbox import MAX_FOLDER_BYTES, MAX_LOG_BYTES, Ran, Room, Stop, can_shut_in, run
from launchready.deliver.shipped import inspect, text_of_sources
from launchready.deliver.start_trials import Start, try_starts
from launchready.facts.build import LOG_OF_BUILD, BuildFailure, BuildFault, BuildStep
from launchready.net.clock import Clock
from launchready.probes.build_record import (
    FILE_NAME,
    FORMAT,
    Baked,
    BuildRecord,
    RecordState,
    Starts,
    Unseen,
    encode_record,
)
from launchready.probes.keys.unfold import container_of
from launchready.store.book import Book

SANDBOX: Final = "bubblewrap"
SANDBOX_WITH_NETWORK: Final = "bubblewrap, with the network"

PLACES: Final = ("/build/one", "/build/another-place")
"""Where the two builds see their clone: of different length, so that a path in the output shows."""

APART_S: Final = 2.1
"""Seconds between the two beginnings at least: times in files have a resolution of two seconds (ZIP)."""

LOG_TAIL_BYTES: Final = 2**20
"""What is read of a log to explain a failure, and kept beside the records."""

MAX_SOURCE_BYTES: Final = 2**20
"""Larger files of a commit are no source code."""

START_BYTES: Final = 512
"""By which an archive is known."""

LISTS_OF_DEPENDENCIES: Final = (
    *("package.json", "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "Gemfile", "go.mod", "Cargo.toml"),
    *("composer.json", "environment.yml"),
)

WORDS_ENDINGS: Final = (".md", ".rst", ".txt", ".lock", ".map")
"""Texts for people, and lists that tools write: an address in them is not one that the product calls."""

OUTPUT_NOT_DECLARED: Final = 'nothing says what ships: add output = ["FOLDER"] under [build]'
START_NOT_DECLARED: Final = 'nothing says how it starts: add start = "COMMAND" under [build]'
CONTRACT_NOT_DECLARED: Final = "nothing says which variables it reads: declare them as [[environment]]"
BUILD_FAILED: Final = "the build from a clean clone failed"

PARTS: Final = ("repeat", "baked", "start", "shipped")

Report = Callable[[str], None]


class NoSandboxError(Exception):
    """There is nothing to shut other people's code in with, and nobody has consented to go without."""


@dataclass(frozen=True, slots=True)
class Built:
    """One build that went well: the clone, what it made, and its circumstances."""

    room: Room
    output: Output | None
    circumstances: Circumstances
    log: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """One build that did not."""

    failure: BuildFailure
    log: Path


class Builder:
    """One run of `launchready build`.

    Args:
        plan: What the owner declared.
        clock: For times in the record.
        report: Takes sentences for the terminal.
        is_sandboxed: Whether commands are shut in.
    """

    def __init__(self, plan: BuildPlan, clock: Clock, report: Report, *, is_sandboxed: bool) -> None:
        self._plan = plan
        self._clock = clock
        self._report = report
        self._is_sandboxed = is_sandboxed
        self._settings = dict(plan.settings)
        self._canaries = tuple(
            canary for canary in make_canaries(plan.variables) if canary.variable.name not in self._settings
        )
        self._variables = {canary.variable.name: canary.value for canary in self._canaries} | self._settings

    async def build(self, name: str) -> BuildRecord:
        """Build a commit, and write down what came of it.

        Raises:
            CloneError: the commit can't be had.
            BookError: nothing can be written down.
        """
        book = Book(Path(self._plan.builds.records), FILE_NAME, "launchready build")
        with book.alone(), tempfile.TemporaryDirectory(prefix="launchready-build-", ignore_cleanup_errors=True) as work:
            source = Source(Path(self._plan.repository), Path(work) / "git")
            commit = await source.commit_of(name)
            sandbox = (SANDBOX_WITH_NETWORK if self._plan.has_network else SANDBOX) if self._is_sandboxed else ""
            begun = BuildRecord(
                FORMAT, RecordState.BEGUN, self._clock.now(), commit, self._plan.builds.declared, sandbox
            )
            book.write(encode_record(begun))
            start = self._clock.tick()
            record = await self._parts(begun, source, Path(work))
            took_s = round(self._clock.tick() - start, 1)
            ended = replace(record, state=RecordState.ENDED, at=self._clock.now(), took_s=took_s)
            book.write(encode_record(ended))
            return ended

    async def _parts(self, begun: BuildRecord, source: Source, work: Path) -> BuildRecord:
        """Both builds, then everything that is looked at of them."""
        start = self._clock.tick()
        first = await self._build_once(source, begun.commit, work, PLACES[0])
        if isinstance(first, Failed):
            return self._failed(begun, first)
        await asyncio.sleep(max(0.0, start + APART_S - self._clock.tick()))
        second = await self._build_once(source, begun.commit, work, PLACES[1])
        if isinstance(second, Failed):
            return self._failed(begun, second)
        self._report("Looking through what was built")
        record = await asyncio.to_thread(self._look_through, begun, first, second)
        return await self._with_starts(record, first)

    def _failed(self, begun: BuildRecord, failed: Failed) -> BuildRecord:
        kept = Path(self._plan.builds.records) / "last-build.log"
        kept.write_bytes(_tail(failed.log))
        self._report(f"The build failed; its last words are in {kept}")
        return replace(begun, failures=(failed.failure,), unseen=tuple(Unseen(part, BUILD_FAILED) for part in PARTS))

    async def _build_once(self, source: Source, commit: str, work: Path, inside: str) -> Built | Failed:
        """One clone, one build, one run of the tests."""
        folder = work / inside.rpartition("/")[2]
        room = Room(
            folder / "clone", inside, folder / "spare", self._is_sandboxed, self._plan.has_network, self._plan.may_read
        )
        log = folder / "log"
        self._report(f"Cloning {commit[:12]} into an empty place ({inside.rpartition('/')[2]})")
        await source.clone(commit, room.folder)
        log.touch()
        absent = await self._fetch_the_rest(source, room)
        if absent is not None:
            return Failed(absent, log)
        began_s = self._clock.now().timestamp()
        failed = await self._step(BuildStep.BUILD, self._plan.build, room, log, source, commit)
        if failed is not None:
            return failed
        ended_s = self._clock.now().timestamp()
        try:  # before the tests, which may write there
            wanted = self._plan.output
            output = await asyncio.to_thread(read_output, room.folder, wanted) if wanted else None
        except OutputError as error:
            return Failed(BuildFailure(BuildStep.OUTPUT, BuildFault.NO_OUTPUT, str(error), ""), log)
        if self._plan.test is not None:
            failed = await self._step(BuildStep.TEST, self._plan.test, room, log, source, commit)
            if failed is not None:
                return failed
        return Built(room, output, Circumstances(room.seen_as, began_s, ended_s), log)

    async def _fetch_the_rest(self, source: Source, room: Room) -> BuildFailure | None:
        """Submodules. What is not in git at all is said: a build without it shows little."""
        if await source.has_pointers(room.folder):
            return BuildFailure(BuildStep.CLONE, BuildFault.KEPT_ELSEWHERE, "files in git-lfs", "")
        if not (room.folder / ".gitmodules").is_file():
            return None
        if not self._plan.has_network:
            return BuildFailure(BuildStep.CLONE, BuildFault.NEEDS_NETWORK, "its submodules", "")
        await source.fetch_submodules(room.folder)
        return None

    async def _step(
        self, step: BuildStep, command: CommandLine, room: Room, log: Path, source: Source, commit: str
    ) -> Failed | None:
        """One command; None where it went well."""
        self._report({BuildStep.BUILD: "Building", BuildStep.TEST: "Running the tests"}[step])
        ran = await run(command, room, self._variables, log, self._plan.command_limit_s)
        if ran.is_good:
            return None
        limit = _by_our_limit(step, ran, self._plan.command_limit_s)
        if limit is not None:
            return Failed(limit, log)
        ground = await self._ground(room, source, commit)
        return Failed(explain(step, _tail(log).decode("utf-8", "replace"), ran.code, ground), log)

    async def _ground(self, room: Room, source: Source, commit: str) -> Ground:
        held, outside = await source.names_in(commit), await source.names_outside()
        lists = [name for name in held if _is_list_of_dependencies(name)]
        texts = [(room.folder / name).read_text("utf-8", "replace") for name in lists if _is_plain(room.folder / name)]
        return Ground(
            held,
            outside,
            frozenset(self._variables),
            "\n".join(texts),
            room.seen_as,
            self._plan.has_network,
            frozenset(_installed_programs(Path(self._plan.repository))),
            text_of_sources((*_sources(room.folder, self._plan.output), repr(self._plan.build).encode())),
        )

    def _look_through(self, record: BuildRecord, first: Built, second: Built) -> BuildRecord:
        """Everything that is seen in files: it takes time of the processor, so it has a thread of its own."""
        if first.output is None or second.output is None:
            unseen = tuple(Unseen(part, OUTPUT_NOT_DECLARED) for part in ("repeat", "shipped"))
            record = replace(record, unseen=unseen)
        else:
            mark = self._canaries[0].token[:MARK_CHARS] if self._canaries else ""
            own = text_of_sources(_sources(first.room.folder, self._plan.output))
            record = replace(
                record,
                repeat=compare(first.output, second.output, first.circumstances, second.circumstances),
                shipped=inspect(first.output, own, mark),
            )
        return self._with_baked(record, first)

    def _with_baked(self, record: BuildRecord, built: Built) -> BuildRecord:
        """Made-up values, searched in what was made and what was printed."""
        missing = CONTRACT_NOT_DECLARED if not self._plan.variables else OUTPUT_NOT_DECLARED
        if not self._plan.variables or built.output is None:
            return replace(record, unseen=(*record.unseen, Unseen("baked", missing)))
        search = Search(self._canaries)
        baked = list(search.look(LOG_OF_BUILD, built.log.read_bytes()))
        for file in built.output.files:
            data = built.output.read(file)
            if data is not None:
                baked += search.look(file.path, data)
                continue
            with (built.output.root / file.path).open("rb") as stream:
                if container_of(stream.read(START_BYTES)) is not None:
                    search.gaps.add(f"{file.path} is too large to be opened")
                stream.seek(0)
                baked += search.look_at_stream(file.path, stream)
        return replace(record, baked=Baked(search.searched, tuple(baked), tuple(sorted(search.gaps))))

    async def _with_starts(self, record: BuildRecord, built: Built) -> BuildRecord:
        missing = CONTRACT_NOT_DECLARED if not self._plan.variables else START_NOT_DECLARED
        if not self._plan.variables or self._plan.start is None:
            return replace(record, unseen=(*record.unseen, Unseen("start", missing)))
        start = Start(self._plan.start, built.room, self._plan.start_limit_s)
        starts: Starts = await try_starts(start, self._canaries, self._settings, self._report)
        return replace(record, start=starts)


async def may_shut_in(*, consents: bool) -> bool:
    """Whether commands will be shut in.

    Args:
        consents: the owner allows to go without.

    Raises:
        NoSandboxError: they can't be, and nobody consented.
    """
    if await can_shut_in():
        return True
    if not consents:
        raise NoSandboxError(
            "there is no sandbox on this machine, and a build runs other people's code. "
            "Type `apt-get install bubblewrap`, or, if you trust all of it, `launchready build --unsandboxed`."
        )
    return False


def _by_our_limit(step: BuildStep, ran: Ran, limit_s: float) -> BuildFailure | None:
    match ran.stop:
        case None:
            return None
        case Stop.TIME:
            return BuildFailure(step, BuildFault.TOOK_TOO_LONG, f"{limit_s / 60:g} minutes", "")
        case Stop.LOG:
            return BuildFailure(step, BuildFault.WROTE_TOO_MUCH, f"{MAX_LOG_BYTES // 2**20} MiB of messages", "")
        case Stop.FOLDER:
            return BuildFailure(step, BuildFault.WROTE_TOO_MUCH, f"{MAX_FOLDER_BYTES // 2**30} GiB of files", "")


def _tail(log: Path) -> bytes:
    with log.open("rb") as stream:
        stream.seek(max(0, os.fstat(stream.fileno()).st_size - LOG_TAIL_BYTES))
        return stream.read()


def _is_list_of_dependencies(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last in LISTS_OF_DEPENDENCIES or (last.startswith("requirements") and last.endswith((".txt", ".in")))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _installed_programs(repository: Path) -> Iterator[str]:
    """Programs that were installed in the working tree, and in no clone."""
    for folder in ("node_modules/.bin", ".venv/bin", "venv/bin"):
        if (repository / folder).is_dir():
            yield from (path.name for path in (repository / folder).iterdir())


def _sources(root: Path, output: Sequence[str]) -> Iterator[bytes]:
    """The source code in a clone, without what the build made and what was installed."""
    made = tuple(root / name for name in output)
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        kept = [
            one for one in folders if one not in {".git", "node_modules", ".venv", "venv"} and here / one not in made
        ]
        folders[:] = kept
        for name in names:
            path = here / name
            if name.endswith(WORDS_ENDINGS) or path.is_symlink() or not path.is_file() or path in made:
                continue
            if path.stat().st_size <= MAX_SOURCE_BYTES:
                yield path.read_bytes()
