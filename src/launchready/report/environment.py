"""What is made of the environment contract: words for a flaw, .env.example, a table for readers, JSON for a product."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from launchready.model.environment import (
    REASONS,
    Flaw,
    RequiredIn,
    Variable,
    VariableType,
    digest_of,
)
from launchready.report import markdown
from launchready.report.hostile import printable

WHERE: Final = {
    RequiredIn.BUILD: "to build",
    RequiredIn.RUN: "to run",
    RequiredIn.BOTH: "to build and to run",
    RequiredIn.NO: "never",
}
"""Where a variable is needed, as words that go on after "needed"."""

_LEFT_OUT: Final[tuple[object, ...]] = ("", False, (), None)

EXAMPLE_NOTE: Final = "# Made from launchready.toml by `launchready env example`. Change it there, and make it again."

_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@+,;=?&%~")


def reason(variable: Variable, flaw: Flaw) -> str:
    """What is wrong and what it should be, after the name and without the value."""
    wanted = _wanted(variable, flaw)
    return printable(f"{REASONS[flaw]} ({wanted})" if wanted else REASONS[flaw])


def _wanted(variable: Variable, flaw: Flaw) -> str:
    if flaw in {Flaw.MISSING, Flaw.EMPTY}:
        return _home(variable)
    least = f"at least {variable.min_chars} characters" if variable.min_chars else ""
    return {
        Flaw.NO_CHOICE: ", ".join(variable.choices),
        Flaw.PREFIX: f"with {variable.prefix}",
        Flaw.TOO_SHORT: least,
        Flaw.TOO_LONG: f"at most {variable.max_chars} characters",
        Flaw.OUT_OF_RANGE: _range(variable),
    }.get(flaw, "")


def _home(variable: Variable) -> str:
    kind = f"{'an' if variable.type.value[0] in 'aei' else 'a'} {variable.type.value}"
    kept = f"kept in {variable.stored_in}" if variable.stored_in else ""
    who = f"ask {variable.owner}" if variable.owner else ""
    return "; ".join(part for part in (kind, kept, who) if part)


def _range(variable: Variable) -> str:
    least, most = variable.minimum, variable.maximum
    if least is not None and most is not None:
        return f"{least} to {most}"
    return f"at least {least}" if least is not None else f"at most {most}"


def form(variable: Variable) -> str:
    """What a value looks like, in a few words."""
    parts = [variable.type.value]
    if variable.choices:
        parts.append(" or ".join(variable.choices))
    if variable.minimum is not None or variable.maximum is not None:
        parts.append(_range(variable))
    if variable.prefix:
        parts.append(f"begins with {variable.prefix}")
    if variable.min_chars:
        parts.append(f"at least {variable.min_chars} characters")
    if variable.max_chars:
        parts.append(f"at most {variable.max_chars} characters")
    return printable(", ".join(parts))


def render_example(contract: Iterable[Variable]) -> str:
    """A .env.example: every name with what it is for; no secret has a value."""
    return "\n".join([EXAMPLE_NOTE, *(line for variable in contract for line in _example(variable))]) + "\n"


def _example(variable: Variable) -> Iterator[str]:
    need = "optional" if variable.required_in is RequiredIn.NO else f"needed {WHERE[variable.required_in]}"
    yield ""
    if variable.purpose:
        yield f"# {printable(variable.purpose)}"
    yield f"# {form(variable)}; {need}{'; browsers see it' if variable.is_public else ''}"
    yield f"{variable.name}={_quoted(_sample(variable))}"


def _sample(variable: Variable) -> str:
    is_plain = variable.type is VariableType.ENUM and not variable.example
    return variable.choices[0] if is_plain else variable.example


def _quoted(value: str) -> str:
    if set(value) <= _BARE:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def render_table(contract: Iterable[Variable]) -> str:
    """The contract as a Markdown table, for documentation and the handover."""
    lines = [
        "| variable | form | needed | who may see it | owner | kept in | what for |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(variable) for variable in contract)]) + "\n"


def _row(variable: Variable) -> str:
    seen = "everybody" if variable.is_public else "nobody outside" if variable.is_secret else "engineers"
    cells = (
        markdown.code(variable.name),
        markdown.prose(form(variable)),
        WHERE[variable.required_in],
        seen,
        *(markdown.prose(printable(text)) or "-" for text in (variable.owner, variable.stored_in, variable.purpose)),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def render_contract(contract: tuple[Variable, ...]) -> str:
    """The contract as JSON, for a product to ship and to judge its own values by; what is as by default is left out."""
    rows = [_shipped(variable) for variable in contract]
    return json.dumps({"digest": digest_of(contract), "variables": rows}, indent=2) + "\n"


def _shipped(variable: Variable) -> dict[str, object]:
    """One variable under the names of `[[environment]]`; words for people stay at home."""
    row: dict[str, object] = {
        "name": variable.name,
        "type": variable.type.value,
        "required": variable.required_in.value,
        "public": variable.is_public,
        "choices": variable.choices,
        "prefix": variable.prefix,
        "min_chars": variable.min_chars or None,
        "max_chars": variable.max_chars or None,
        "minimum": variable.minimum,
        "maximum": variable.maximum,
        "local": variable.may_be_local,
    }
    return {key: value for key, value in row.items() if value not in _LEFT_OUT or type(value) is int}


def problems_json(checked: int, problems: Iterable[tuple[Variable, Flaw]]) -> str:
    """What `env check` found."""
    rows = [{"name": v.name, "flaw": flaw.value, "reason": reason(v, flaw)} for v, flaw in problems]
    return json.dumps({"ok": not rows, "checked": checked, "problems": rows}, indent=2) + "\n"
