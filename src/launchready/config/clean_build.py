"""The table `[build]`: what an audit has to know of it, and the owner's commands for `launchready build`."""

import functools
import hashlib
import json
import posixpath
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from launchready.config import environment
from launchready.config.decode import read_document
from launchready.config.deploy import RECORDS_FOLDER
from launchready.config.document import BuildTable, Document
from launchready.config.errors import ConfigError, ValueProblem, shown
from launchready.config.keys import CommandLine
from launchready.config.mailboxes import absolute
from launchready.config.source import Row, Source
from launchready.model.environment import Variable
from launchready.model.product import Builds

Read = TypeVar("Read")

WORDS_FOR_PEOPLE: Final = frozenset({"purpose", "owner", "stored_in", "example"})
"""Keys of [[environment]] that change nothing in a build."""

DECLARE_BUILD: Final = 'Add the line [build], and under it: build = "COMMAND" and output = ["FOLDER"]'


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """Everything under `[build]`, with the contract of variables. None means: not declared."""

    base: Path
    builds: Builds
    repository: str
    build: CommandLine
    test: CommandLine | None
    start: CommandLine | None
    output: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    has_network: bool
    may_read: tuple[str, ...]
    command_limit_s: float
    start_limit_s: float
    variables: tuple[Variable, ...]


def build_builds(document: Document, source: Source, base: Path) -> Builds | None:
    """What an audit has to know; None where no `[build]` is declared.

    Raises:
        ConfigError: a command, a path or a setting can't be right.
    """
    table = document.build
    if table is None:
        return None
    _vet(table, source.row("build"), base)
    return Builds(str(base / RECORDS_FOLDER), digest_of_declaration(source.text), table.record_days)


def digest_of_declaration(text: str) -> str:
    """16 hexadecimal digits that change when [build] does, or [[environment]] except for words that are for people.

    It is the SHA-256 of the two, as they stand in the file, in JSON with sorted keys and no blanks.

    Args:
        text: TOML that a document was read from.
    """
    tables = tomllib.loads(text)
    contract = [
        {key: value for key, value in row.items() if key not in WORDS_FOR_PEOPLE}
        for row in tables.get("environment", [])
    ]
    told = json.dumps({"build": tables["build"], "environment": contract}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def load_build_plan(path: Path) -> BuildPlan:
    """The plan in a file that `load_product` has taken.

    Raises:
        ConfigError: it declares no build, or no repository that one could be made from.
    """
    base = path.absolute().parent
    document, source = read_document(path.read_text("utf-8-sig"), str(path))
    builds, table = build_builds(document, source, base), document.build
    if builds is None or table is None:
        raise ConfigError("there is no [build] table.", where=str(path), next_step=DECLARE_BUILD)
    if document.repository is None:
        step = 'Add the line [repository], and under it: path = "."'
        raise ConfigError("there is no [repository] to build from.", where=str(path), next_step=step)
    return BuildPlan(
        base,
        builds,
        absolute(base, document.repository.path),
        table.build,
        table.test,
        table.start,
        tuple(map(_inside, table.output)),
        tuple(map(_setting, table.settings)),
        table.network,
        tuple(absolute(base, folder) for folder in table.read),
        table.minutes * 60.0,
        float(table.start_seconds),
        environment.variables(document, source),
    )


def _vet(table: BuildTable, row: Row, base: Path) -> None:
    for key in ("build", "test", "start"):
        if getattr(table, key) == ():
            step = f'Write the program first, as in {key} = ["make", "{key}"]'
            raise row.error(f"{key} is an empty list.", step, key)
    row.read("output", _each(_inside), table.output)
    names = row.read("settings", _each(_setting), table.settings)
    if len(dict(names)) < len(names):
        raise row.error("settings holds a name twice.", "Remove one of them.", "settings")
    row.read("read", _each(functools.partial(absolute, base)), table.read)


def _each(reader: Callable[[str], Read]) -> Callable[[tuple[str, ...]], tuple[Read, ...]]:
    return lambda texts: tuple(map(reader, texts))


def _inside(text: str) -> str:
    """A path in the repository, without `.` and `..`."""
    path = posixpath.normpath(text)
    if path.startswith(("/", "../")) or path in {".", ".."} or "\0" in path:
        step = 'Write a folder that the build makes, as in output = ["dist"]'
        raise ValueProblem(f"holds {shown(text)}, which is no folder inside the repository", step)
    return path


def _setting(text: str) -> tuple[str, str]:
    """A name and its value, which is no secret: it stands in this file."""
    name, equals, value = text.partition("=")
    if not equals or "\0" in value:
        step = 'Write for example: settings = ["NODE_ENV=production"]'
        raise ValueProblem("holds something that is not NAME=VALUE", step)
    return environment.variable_name(name), value
