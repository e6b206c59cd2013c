"""The tables `[deploy]` and `[[gates]]`: what an audit has to know of a release, and the owner's commands."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.config.decode import read_document
from launchready.config.document import Document
from launchready.config.errors import ConfigError, ValueProblem
from launchready.config.keys import CommandLine
from launchready.config.mailboxes import absolute
from launchready.config.source import Row, Source
from launchready.model.product import Delivery

RECORDS_FOLDER: Final = ".launchready"
"""Where releases are written down, beside launchready.toml."""

DECLARE_DEPLOY: Final = 'Add the line [deploy], and under it: deploy = "COMMAND" and rollback = "COMMAND"'


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be green: a command, a report, or a command that writes the report."""

    name: str
    command: CommandLine | None
    report: str
    max_age_minutes: int


@dataclass(frozen=True, slots=True)
class DeployPlan:
    """Everything under `[deploy]`, with the gates. An empty text and None mean: not declared."""

    base: Path
    delivery: Delivery
    repository: str
    deploy: CommandLine
    rollback: CommandLine
    migrate_check: CommandLine | None
    manifest: CommandLine | None
    gates: tuple[Gate, ...]
    is_reversible: bool
    is_clean: bool
    command_limit_s: float
    healthy_within_s: float


def build_delivery(document: Document, source: Source, base: Path) -> Delivery | None:
    """What an audit has to know; None where no `[deploy]` is declared.

    Raises:
        ConfigError: a command or a path can't be right, or gates stand without a release.
    """
    table = document.deploy
    if table is None:
        if document.gates:
            raise source.row("gates").error("stands in the way of a release, but none is declared.", DECLARE_DEPLOY)
        return None
    _vet(document, source)
    row = source.row("deploy")
    folder = "" if table.folder is None else row.read("folder", functools.partial(absolute, base), table.folder)
    return Delivery(str(base / RECORDS_FOLDER), folder, table.written, table.rehearsal_days)


def load_deploy_plan(path: Path) -> DeployPlan:
    """The plan in a file that `load_product` has taken.

    Raises:
        ConfigError: it declares no release, or no repository that one could be made from.
    """
    base = path.absolute().parent
    document, source = read_document(path.read_text("utf-8-sig"), str(path))
    delivery, table = build_delivery(document, source, base), document.deploy
    if delivery is None or table is None:
        raise ConfigError("there is no [deploy] table.", where=str(path), next_step=DECLARE_DEPLOY)
    if document.repository is None:
        step = 'Add the line [repository], and under it: path = "."'
        raise ConfigError("there is no [repository] to release from.", where=str(path), next_step=step)
    return DeployPlan(
        base,
        delivery,
        absolute(base, document.repository.path),
        table.deploy,
        table.rollback,
        table.migrate_check,
        table.manifest,
        tuple(Gate(gate.name, gate.command, gate.report or "", gate.max_age_minutes) for gate in document.gates),
        table.reversible,
        table.clean,
        table.command_minutes * 60.0,
        float(table.healthy_within_s),
    )


def _vet(document: Document, source: Source) -> None:
    table = document.deploy
    assert table is not None
    row = source.row("deploy")
    for key in ("deploy", "rollback", "migrate_check", "manifest"):
        _command(row, key, getattr(table, key))
    names: set[str] = set()
    for gate, of_gate in source.rows("gates", document.gates):
        _command(of_gate, "command", gate.command)
        if gate.command is None and gate.report is None:
            raise of_gate.error("has neither a command nor a report.", 'Add for example: command = "make test"')
        if gate.name in names:
            raise of_gate.error("has the name of another gate.", "Give each gate a name of its own.", "name")
        names.add(gate.name)


def _command(row: Row, key: str, value: CommandLine | None) -> None:
    if value is not None:
        row.read(key, _not_empty, value)


def _not_empty(command: CommandLine) -> CommandLine:
    if not command:
        raise ValueProblem("is an empty list", 'Write the program first, as in: ["make", "deploy"]')
    return command
