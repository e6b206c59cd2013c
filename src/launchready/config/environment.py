"""`[[environment]]`: one variable of the contract from its table, held against the rest of its own row."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launchready.config import mailboxes
from launchready.config.document import Document, EndpointTable, EnvironmentTable
from launchready.config.errors import ValueProblem, shown
from launchready.config.source import Row, Source
from launchready.model.environment import REASONS, Stage, Variable, VariableType, flaw_of
from launchready.model.subject import EndpointKind

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LIKE_TEXT: Final = frozenset({VariableType.URL, VariableType.KEY, VariableType.SECRET, VariableType.TEXT})
_MEASURED: Final = _LIKE_TEXT | {VariableType.EMAIL}

BELONGS_TO: Final[dict[str, frozenset[VariableType]]] = {
    "choices": frozenset({VariableType.ENUM}),
    "prefix": _LIKE_TEXT,
    "min_chars": _MEASURED,
    "max_chars": _MEASURED,
    "minimum": frozenset({VariableType.INT}),
    "maximum": frozenset({VariableType.INT}),
    "local": frozenset({VariableType.URL}),
}
"""Keys that say something about some types only."""


def variables(document: Document, source: Source) -> tuple[Variable, ...]:
    """The contract, in the order of the file.

    Raises:
        ConfigError: a row can't be right, or a name stands twice.
    """
    first: dict[str, Row] = {}
    made = []
    for table, row in source.rows("environment", document.environment):
        name = row.read("name", variable_name, table.name)
        if name in first:
            raise row.error(f"name is the same as {first[name].spot}.", "Remove one of the two tables.", "name")
        first[name] = row
        made.append(_variable(name, table, row))
    return tuple(made)


def variable_name(text: str) -> str:
    """A name as shells and platforms take it (POSIX.1-2017, XBD section 8.1, small letters too).

    Raises:
        ValueProblem: it is none.
    """
    if not _NAME.fullmatch(text):
        step = 'Write letters, digits and _ alone, as in name = "DATABASE_URL".'
        raise ValueProblem(f"{shown(text)} is not the name of a variable", step)
    return text


def report_access(table: EndpointTable, row: Row, base: Path) -> tuple[str, Stage]:
    """Where the token of an environment endpoint is, and who uses the deployment.

    Raises:
        ConfigError: it has no token, or another kind of endpoint has one.
    """
    if table.kind is not EndpointKind.ENVIRONMENT:
        for key in ("token", "stage"):
            if getattr(table, key) is not None:
                what = f"{key} is for environment endpoints, and the kind of this one is {table.kind}."
                raise row.error(what, "Remove it.", key)
        return "", Stage.PRODUCTION
    if table.token is None:
        step = 'Add for example: token = "env:LAUNCHREADY_REPORT_TOKEN"'
        raise row.error("needs the key 'token', for nobody else may read what it reports.", step)
    reader = functools.partial(token_reference, base)
    return row.read("token", reader, table.token), table.stage or Stage.PRODUCTION


def token_reference(base: Path, text: str) -> str:
    """Where a token is, never what it is.

    Raises:
        ValueProblem: it is anything else, most likely the token itself, which is not repeated.
    """
    try:
        return mailboxes.secret_reference(base, text)
    except ValueProblem:
        step = 'Put it into an environment variable, and write token = "env:LAUNCHREADY_REPORT_TOKEN".'
        raise ValueProblem("has to say where the token is, and never what it is", step) from None


def _variable(name: str, table: EnvironmentTable, row: Row) -> Variable:
    for key, what, step in _problems(table):
        raise row.error(what, step, key)
    variable = _made(name, table)
    flaw = flaw_of(variable, table.example, is_required=False)
    if flaw is not None:
        step = "Write one that the variable could hold, or remove it."
        raise row.error(f"example {REASONS[flaw]}, by this very table.", step, "example")
    return variable


def _made(name: str, table: EnvironmentTable) -> Variable:
    return Variable(
        name=name,
        type=table.type,
        required_in=table.required,
        is_public=table.public,
        choices=table.choices,
        prefix=table.prefix,
        min_chars=table.min_chars,
        max_chars=table.max_chars,
        minimum=table.minimum,
        maximum=table.maximum,
        may_be_local=table.local,
        purpose=table.purpose,
        owner=table.owner,
        stored_in=table.stored_in,
        example=table.example,
    )


def _problems(table: EnvironmentTable) -> Iterator[tuple[str | None, str, str]]:
    """Key, fault and next step of what a row says against itself."""
    for key, types in BELONGS_TO.items():
        if getattr(table, key) not in (None, (), "", 0, False) and table.type not in types:
            named = " or ".join(sorted(f'"{t.value}"' for t in types))
            yield key, f'{key} is for the type {named}, and this one is "{table.type.value}".', "Remove it."
    if table.type is VariableType.ENUM and not table.choices:
        yield None, "needs the key 'choices' for the type \"enum\".", 'Add for example: choices = ["live", "test"]'
    if table.public and table.type is VariableType.SECRET:
        yield "public", "public can't be true for a secret.", 'Remove it, or write type = "key" for a publishable key.'
    if table.example and (table.type is VariableType.SECRET or (table.type is VariableType.KEY and not table.public)):
        yield "example", "example can't be given for what is secret: it would be used.", "Remove it."
    if table.max_chars and table.min_chars > table.max_chars:
        yield "max_chars", "max_chars is less than min_chars.", "Write the larger number under max_chars."
    if table.minimum is not None and table.maximum is not None and table.minimum > table.maximum:
        yield "maximum", "maximum is less than minimum.", "Write the larger number under maximum."
