"""Read the working tree: which variables the code reads, and which the example files name. Nothing is run."""

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from launchready.facts.environment import ExampleFile, SourceVariables, VariableExamples, VariableRead
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.model.subject import Repository
from launchready.net.clock import Clock
from launchready.parse.dotenv import DotenvError, read_dotenv
from launchready.parse.environment_reads import Read, SourceError
from launchready.parse.javascript_environment import reads_in_component, reads_in_javascript
from launchready.parse.python_environment import reads_in_python

MAX_ENTRIES: Final = 200_000
"""Files and folders that are looked at; a large product has a tenth of that without what others wrote."""

MAX_FILE_BYTES: Final = 1024 * 1024
"""Largest source file that is parsed; people write a tenth of that, and what is larger was made by a program."""

MAX_SOURCE_BYTES: Final = 256 * 1024 * 1024
"""Source that is read in all; at 100 MB a second where nothing is mentioned, it is some seconds."""

MAX_GAPS: Final = 20
"""Files that are named as not followed; more say nothing new."""

FOREIGN_FOLDERS: Final = frozenset(
    {"node_modules", "site-packages", "bower_components", "third_party", "venv", "virtualenv", "__pycache__"}
    | {"coverage", "htmlcov", "storybook-static", "__pypackages__"}
)
"""Folders that hold what others wrote. Any folder with a pyvenv.cfg, or a dot before its name, does too."""

BUILD_FOLDERS: Final = frozenset({"dist", "build", "out", "target", "public", "static", "vendor"})
"""Folders that hold what a build made, unless they are packages of Python."""

TEST_FOLDERS: Final = frozenset(
    {"test", "tests", "__tests__", "__mocks__", "spec", "e2e", "cypress", "playwright", "fixtures", "testdata"}
    | {"docs", "doc", "examples", "example", "samples", "benchmarks", "bench"}
)
"""Folders whose code never runs in the product."""

_TEST_FILE: Final = re.compile(
    r"test_.*\.py|.*_test\.py|conftest\.py|noxfile\.py|setup\.py|.*[._](?:test|spec|stories|cy|e2e)\.[cm]?[jt]sx?"
    r"|(?:jest|vitest|playwright|cypress|karma|eslint|prettier)\.[\w.]*[jt]s|.*\.d\.[cm]?ts|.*\.min\.js"
)
_EXAMPLE: Final = re.compile(r"\.env(?:\.[a-z]+)?\.(?:example|sample|template|dist)|(?:example|sample|template)\.env")
_SCHEMA: Final = re.compile(r"\.env\.schema")

_SCRIPT: Final = re.compile(r".*\.(?:jsx?|tsx|mjs|cjs)")
_PLAIN_TYPESCRIPT: Final = re.compile(r".*\.[cm]?ts")
_COMPONENT: Final = re.compile(r".*\.(?:vue|svelte|astro)")

OTHER_LANGUAGES: Final = {
    ".go": re.compile(rb"\bos\.(?:Getenv|LookupEnv)\("),
    ".rb": re.compile(rb"\bENV(?:\[|\.fetch)"),
    ".php": re.compile(rb"\bgetenv\(|\$_ENV\[|\benv\("),
    ".java": re.compile(rb"\bSystem\.getenv\("),
    ".kt": re.compile(rb"\bSystem\.getenv\("),
    ".rs": re.compile(rb"\benv::var(?:_os)?\("),
    ".cs": re.compile(rb"\bGetEnvironmentVariable\("),
    ".ex": re.compile(rb"\bSystem\.(?:get|fetch)_env"),
    ".exs": re.compile(rb"\bSystem\.(?:get|fetch)_env"),
}
"""How languages that this version does not follow read a variable, by the end of their files' names."""

Reader = Callable[[str], tuple[Read, ...]]


@probe(manner=Manner.PASSIVE, timeout_s=60.0)
async def source_variables(repository: Repository, clock: Clock) -> SourceVariables:
    """Parse what people wrote, in a thread that ends when nobody waits for it any more."""
    search = _Search(Path(repository.path), clock)
    try:
        return await asyncio.to_thread(search.variables)
    finally:
        search.stopped.set()


@probe(manner=Manner.PASSIVE, timeout_s=30.0)
async def variable_examples(repository: Repository, clock: Clock) -> VariableExamples:
    """Read the names in the example files and schemas."""
    search = _Search(Path(repository.path), clock)
    try:
        return await asyncio.to_thread(search.examples)
    finally:
        search.stopped.set()


@dataclass(slots=True)
class _Search:
    """One walk through a working tree."""

    root: Path
    clock: Clock
    stopped: threading.Event = field(default_factory=threading.Event)
    found: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    gaps: list[Unmeasured] = field(default_factory=list)
    sources: int = 0
    bytes_read: int = 0

    def variables(self) -> SourceVariables:
        for path in self.files():
            if not _TEST_FILE.fullmatch(path.name):
                self.look_into(path)
        if not self.sources:
            detail = "there is no Python, JavaScript or TypeScript under [repository] path, and no other is followed"
            raise NotSeen(Why.NOT_FOUND, detail)
        reads = tuple(
            VariableRead(name, _first(seen), all(free for _, free in seen)) for name, seen in sorted(self.found.items())
        )
        return SourceVariables(reads, tuple(self.gaps))

    def examples(self) -> VariableExamples:
        examples: list[ExampleFile] = []
        schema_names: set[str] = set()
        for path in self.files():
            if _EXAMPLE.fullmatch(path.name):
                examples.append(ExampleFile(self.shown(path), self.names_in(path)))
            elif _SCHEMA.fullmatch(path.name):
                schema_names.update(self.names_in(path))
        return VariableExamples(tuple(examples), tuple(sorted(schema_names)))

    def files(self) -> Iterator[Path]:
        """The files that belong to the product, in a fixed order; links are not followed."""
        if not self.root.is_dir():
            raise NotSeen(Why.NOT_FOUND, "the folder under [repository] path does not exist: correct the path")
        entries = 0
        for folder, folders, names in os.walk(self.root, onerror=_unreadable):
            folders[:] = sorted(name for name in folders if _is_own(Path(folder, name)))
            entries += len(folders) + len(names)
            if entries > MAX_ENTRIES:
                detail = f"more than {MAX_ENTRIES} files: name the product's own folder under [repository] path"
                raise NotSeen(Why.TOO_LARGE, detail)
            for name in sorted(names):
                if self.stopped.is_set():
                    raise NotSeen(Why.INTERRUPTED, "stopped before all files were read")
                yield Path(folder, name)

    def look_into(self, path: Path) -> None:
        other = OTHER_LANGUAGES.get(path.suffix)
        reader = _reader_of(path.name)
        if (other is None and reader is None) or path.is_symlink() or not path.is_file():
            return
        content = self.content(path)
        if other is not None and other.search(content):
            self.gap(path, Why.NOT_INSTALLED, "reads variables in a language that this version does not follow")
        if reader is not None:
            self.sources += 1
            self.read_with(reader, path, content)

    def read_with(self, reader: Reader, path: Path, content: bytes) -> None:
        if b"env" not in content.lower() and b"decouple" not in content and b"BaseSettings" not in content:
            return
        if len(content) > MAX_FILE_BYTES:
            self.gap(path, Why.TOO_LARGE, f"has more than {MAX_FILE_BYTES} bytes")
            return
        try:
            reads = reader(content.decode("utf-8"))
        except UnicodeDecodeError:
            self.gap(path, Why.UNREADABLE, "is not UTF-8 text")
        except SourceError as wrong:
            self.gap(path, Why.UNREADABLE, f"can't be followed: {wrong}")
        else:
            for read in reads:
                self.found.setdefault(read.name, []).append((f"{self.shown(path)}:{read.line}", read.has_fallback))

    def names_in(self, path: Path) -> tuple[str, ...]:
        content = self.content(path)
        if len(content) > MAX_FILE_BYTES:
            raise NotSeen(Why.TOO_LARGE, f"{self.shown(path)} has more than {MAX_FILE_BYTES} bytes")
        try:
            found = read_dotenv(content.decode("utf-8"))
        except (DotenvError, UnicodeDecodeError) as wrong:
            what = wrong if isinstance(wrong, DotenvError) else "is not UTF-8 text"
            raise NotSeen(Why.UNREADABLE, f"{self.shown(path)} {what}") from None
        return tuple(dict.fromkeys(one.name for one in found))

    def content(self, path: Path) -> bytes:
        """The bytes of a file, one more than may be parsed at most."""
        try:
            with path.open("rb") as stream:
                content = stream.read(MAX_FILE_BYTES + 1)
        except OSError as wrong:
            raise NotSeen(Why.UNREADABLE, f"{self.shown(path)} can't be read ({wrong.strerror})") from None
        self.bytes_read += len(content)
        if self.bytes_read > MAX_SOURCE_BYTES:
            detail = (
                f"more than {MAX_SOURCE_BYTES} bytes of source: name the product's own folder under [repository] path"
            )
            raise NotSeen(Why.TOO_LARGE, detail)
        return content

    def gap(self, path: Path, why: Why, what: str) -> None:
        if len(self.gaps) < MAX_GAPS:
            self.gaps.append(Unmeasured(why, f"{self.shown(path)} {what}", self.clock.now()))

    def shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix().encode("utf-8", errors="replace").decode()


def _first(seen: list[tuple[str, bool]]) -> str:
    """The first place that can't do without the variable; where all can, the first of all."""
    return next((place for place, free in seen if not free), seen[0][0])


def _is_own(folder: Path) -> bool:
    name = folder.name.lower()
    if name.startswith(".") or name in FOREIGN_FOLDERS | TEST_FOLDERS:
        return False
    if name in BUILD_FOLDERS:
        return (folder / "__init__.py").is_file()
    return not (folder / "pyvenv.cfg").is_file()


def _reader_of(name: str) -> Reader | None:
    if name.endswith(".py"):
        return reads_in_python
    if _PLAIN_TYPESCRIPT.fullmatch(name):
        return _reads_in_typescript
    if _SCRIPT.fullmatch(name):
        return reads_in_javascript
    return reads_in_component if _COMPONENT.fullmatch(name) else None


def _reads_in_typescript(text: str) -> tuple[Read, ...]:
    return reads_in_javascript(text, is_plain_typescript=True)


def _unreadable(wrong: OSError) -> None:
    raise NotSeen(Why.UNREADABLE, f"a folder of the repository can't be read ({wrong.strerror})")
