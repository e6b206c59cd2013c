"""Why a build from a clean clone stopped, from its last words and from what git holds. Pure: text and names in.

A sentence of a tool is believed as far as the repository bears it out: "no such file" is a file outside git only where
that file lies in the working tree, and another case only where git has the name in other letters.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from launchready.facts.build import BuildFailure, BuildFault, BuildStep

MAX_LINES: Final = 200
"""Last lines that are read: a failing tool says why near its end."""

MAX_LINE_CHARS: Final = 1000
"""What is read of one line; minified code in an error is longer."""

MAX_SAID_CHARS: Final = 200
"""What is repeated of a line: two lines of a terminal."""

_MODULE: Final = re.compile(
    r"No module named ['\"]?([\w.]+)['\"]?"
    r"|Cannot find (?:module|package) ['\"]([^'\"]+)['\"]"
    r"|(?:Can't|Cannot|Could not) resolve ['\"]([^'\"]+)['\"]"
    r"|Failed to resolve (?:import|entry) ['\"]([^'\"]+)['\"]"
    r"|Could not load (\S+) \(imported"
)
"""Python; Node; webpack, esbuild and Rollup; Vite; Rollup's loader."""

_FILE: Final = re.compile(
    r"No such file or directory: ['\"]([^'\"]+)['\"]"
    r"|ENOENT: no such file or directory, \w+ ['\"]([^'\"]+)['\"]"
    r"|can't open file ['\"]([^'\"]+)['\"]"
    r"|No rule to make target ['\"`]([^'\"]+)['\"]"
    r"|(?:cannot (?:stat|open|access|create)|can't open) ['\"\u2018]?([^'\"\u2019:]+)['\"\u2019]?(?:: No such file|$)"
    r"|^(?:[\w./-]+: )*(?:\d+: |line \d+: )?([^:\s'\"]+): No such file or directory"
    r"|failed to (?:open|read)(?: file)? ['\"`]([^'\"`]+)['\"`]"
)
"""Python; Node; an interpreter; make; coreutils; shells; others."""

_VARIABLE: Final = re.compile(
    r"([A-Z][A-Z0-9_]{2,}): (?:unbound variable|parameter not set|parameter null or not set|is not set)"
    r"|\b(?:variable|env|setting)s?:? [`'\"]?([A-Z][A-Z0-9_]{2,})\b"
    r"|\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)[`'\"]? (?:is|was|must|has|not|environment|needs)\b"
)
"""Shells; sentences of people and of validators."""

_KEY_ERROR: Final = re.compile(r"KeyError: ['\"]([A-Za-z_][A-Za-z0-9_]*)['\"]")
_OF_ENVIRONMENT: Final = re.compile(r"<frozen os>|/os\.py\"")
"""What stands in Python's traceback where the key was one of `os.environ`, and not of any other mapping."""

_PROGRAM: Final = re.compile(
    r"(?:^|: )(?:\d+: |line \d+: )?([\w.@/+-]+): (?:command )?not found"
    r"|command not found: ([\w.@/+-]+)"
    r"|env: ['\"\u2018]?([\w.@/+-]+)['\"\u2019]?: No such file"
    r"|make: ([\w.@/+-]+): No such file"
)
_NETWORK: Final = re.compile(
    r"(?:EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|Could not resolve host:?|Failed to establish a new connection"
    r"|Temporary failure in name resolution|Name or service not known|Network is unreachable|dial tcp: lookup"
    r"|failed to lookup address|Temporary failure resolving)[ :]*['\"(]*([\w.-]+\.[a-z]{2,})?"
)

_ENDINGS: Final = (
    *("", ".py", ".js", ".ts", ".jsx", ".tsx", ".mjs", ".cjs", ".json", ".vue", ".svelte", ".css"),
    *("/__init__.py", "/index.js", "/index.ts", "/index.jsx", "/index.tsx"),
)
"""What a module's name is completed with (Node's and Python's loaders, and bundlers' usual lists)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence is held against.

    `held` are the files of the commit, `outside` those of the working tree that git does not hold, `declared` the
    variables that the build got, and `dependencies` the text of all lists of dependencies. `exists` are absolute paths
    that exist on this machine. `place` is the clone as the build saw it. `programs` are those that were installed in
    the working tree, such as in node_modules/.bin. `mentions` tells whether a source file of the commit holds a text.
    """

    held: Collection[str]
    outside: Collection[str]
    declared: Collection[str]
    dependencies: str
    place: str
    has_network: bool = False
    programs: Collection[str] = field(default_factory=frozenset)
    mentions: Callable[[bytes], bool] = lambda _name: True


def explain(step: BuildStep, log: str, code: int, ground: Ground) -> BuildFailure:
    """The likeliest reason that the evidence bears out; where none does, the last line as it stands."""
    lines = [line[:MAX_LINE_CHARS] for line in log.splitlines()[-MAX_LINES:]]
    of_environment = any(_OF_ENVIRONMENT.search(line) for line in lines)
    for line in reversed(lines):
        for fault, name in _reasons(line, ground, of_environment=of_environment):
            return BuildFailure(step, fault, name, said(line))
    last = next((line for line in reversed(lines) if line.strip()), "")
    return BuildFailure(step, BuildFault.UNEXPLAINED, f"exit code {code}", said(last))


def said(line: str) -> str:
    """A line as it may be shown: harmless to a terminal, and short."""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line)
    clean = "".join(c if c.isprintable() else " " for c in plain).strip()
    return clean if len(clean) <= MAX_SAID_CHARS else clean[: MAX_SAID_CHARS - 1] + "…"


def _reasons(line: str, ground: Ground, *, of_environment: bool) -> Iterator[tuple[BuildFault, str]]:
    for match in _NETWORK.finditer(line):
        if not ground.has_network:
            yield BuildFault.NEEDS_NETWORK, match[1] or "something"
    for name in _names(_MODULE, line):
        yield from _module(name, ground)
    for name in _names(_PROGRAM, line):
        yield from _program(name, ground)
    for name in _names(_FILE, line):
        yield from _file(name, ground)
    for name in (*_names(_VARIABLE, line), *(_names(_KEY_ERROR, line) if of_environment else ())):
        if name not in ground.declared and ground.mentions(name.encode()):
            yield BuildFault.UNDECLARED_VARIABLE, name


def _names(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    for match in pattern.finditer(line):
        yield next(group for group in match.groups() if group is not None)


def _module(name: str, ground: Ground) -> Iterator[tuple[BuildFault, str]]:
    is_path = name.startswith((".", "/", "@/", "~/"))
    path = name if is_path or "/" in name else name.replace(".", "/")
    found = list(_file(path, ground))
    if found:
        yield from found
    elif not is_path and not _is_listed(name, ground):
        yield BuildFault.UNDECLARED_DEPENDENCY, _package(name)


def _package(name: str) -> str:
    """What is installed: of `@scope/name/part` the first two, of `name/part` and `name.part` the first."""
    parts = name.split("/")
    if name.startswith("@"):
        return "/".join(parts[:2])
    return parts[0] if len(parts) > 1 else name.partition(".")[0]


def _is_listed(name: str, ground: Ground) -> bool:
    """Whether a list of dependencies names it; Python's names ignore case and kind of dash (PEP 503)."""
    wanted = re.sub(r"[-_.]+", "-", _package(name)).lower()
    listed = re.sub(r"[-_.]+", "-", ground.dependencies).lower()
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", listed) is not None


def _program(name: str, ground: Ground) -> Iterator[tuple[BuildFault, str]]:
    if "/" in name:
        yield from _file(name, ground)
    elif name in ground.programs:
        yield BuildFault.UNDECLARED_DEPENDENCY, name
    else:
        yield BuildFault.MISSING_PROGRAM, name


def _file(name: str, ground: Ground) -> Iterator[tuple[BuildFault, str]]:
    path = _seen_from_root(name, ground.place)
    wanted = {(path + ending).strip("/") for ending in _ENDINGS} - {""}
    if any(_fits(held, wanted) for held in ground.held):
        return  # git has it, so it is missing for another reason
    lower = {one.casefold() for one in wanted}
    for held in ground.held:
        if _fits(held.casefold(), lower):
            yield BuildFault.LETTER_CASE, held
            return
    for other in ground.outside:
        if _fits(other, wanted):
            yield BuildFault.FILE_OUTSIDE_GIT, other
            return


def _seen_from_root(name: str, place: str) -> str:
    path = name.removeprefix("file://").removeprefix(place)
    path = re.sub(r"^(?:@/|~/|/+|(?:\.{1,2}/)+)", "", path)
    return re.sub(r"/\./|//+", "/", path)


def _fits(path: str, wanted: Collection[str]) -> bool:
    """Whether a path is one of these, or ends with one: an import is seen from a folder that is not known."""
    parts = path.split("/")
    return any("/".join(parts[start:]) in wanted for start in range(len(parts)))
