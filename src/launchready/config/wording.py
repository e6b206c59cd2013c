"""Plain words for the keys of `document.py`: what each expects, an example to type, the nearest known name."""

import difflib
import functools
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import NODEFAULT, inspect

from launchready.config.document import Document

_EXPECTS: dict[type[inspect.Type], str] = {
    inspect.BoolType: "true or false, without quotes",
    inspect.DateType: "a date without quotes",
    inspect.FloatType: "a number",
    inspect.StrType: "text in quotes",
    inspect.VarTupleType: "a list of texts in quotes",
}


@dataclass(frozen=True, slots=True)
class KeyWords:
    """One key: `expects` completes "has to be …"; `default` is TOML, and empty where there is none."""

    name: str
    expects: str
    required: bool
    default: str
    meaning: str
    example: str
    next_step: str


@dataclass(frozen=True, slots=True)
class TableWords:
    """One table: `repeats` says whether it is written with two brackets, once for each thing."""

    name: str
    repeats: bool
    required: bool
    meaning: str
    keys: dict[str, KeyWords]

    @property
    def label(self) -> str:
        """Its header, as one types it."""
        return f"[[{self.name}]]" if self.repeats else f"[{self.name}]"


@functools.cache
def tables() -> dict[str, TableWords]:
    """Every table of the file by its name, in the order of the reference."""
    return {field.encode_name: _table(field) for field in _struct(inspect.type_info(Document)).fields}


def label(table: str) -> str:
    """The header of a table, as one types it; a table that we don't know gets single brackets."""
    return tables()[table].label if table in tables() else f"[{table}]"


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """A next step: the known word that is most like a mistyped one, or `otherwise` and all known words."""
    names = list(known)
    longest = max(map(len, names), default=0)
    close = difflib.get_close_matches(word[: 2 * longest], names, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"{otherwise} {', '.join(names)}."


def toml(value: object) -> str:
    """A value of the reference as TOML: a truth value, a number, a text or a list of texts."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            return f'"{value}"'


def _table(field: inspect.Field) -> TableWords:
    struct = _struct(field.type)
    return TableWords(
        name=field.encode_name,
        repeats=isinstance(field.type, inspect.VarTupleType),
        required=field.required,
        meaning=struct.cls.__doc__ or "",
        keys={key.encode_name: _key(key) for key in struct.fields},
    )


def _struct(type_: inspect.Type) -> inspect.StructType:
    """The struct in the type of a table: itself, one or None, or a list of them."""
    match type_:
        case inspect.StructType():
            return type_
        case inspect.VarTupleType(item_type=item):
            return _struct(item)
        case inspect.UnionType(types=types):
            return _struct(types[0])
        case _:
            raise TypeError(f"{type_} is no table")


def _key(field: inspect.Field) -> KeyWords:
    described = field.type
    assert isinstance(described, inspect.Metadata), f"{field.name} has no description"
    schema, extra = described.extra_json_schema or {}, described.extra or {}
    type_ = described.type
    expects = str(extra.get("expected") or _expects(type_))
    example = _example(field.encode_name, type_, schema.get("examples", []))
    return KeyWords(
        name=field.encode_name,
        expects=expects,
        required=field.required,
        default="" if field.default in (NODEFAULT, None, "", ()) else toml(field.default),
        meaning=str(schema["description"]),
        example=example,
        next_step=str(extra.get("next_step") or f"Write for example: {example}"),
    )


def _example(name: str, type_: inspect.Type, examples: list[object]) -> str:
    if not examples:
        return ""
    is_date = isinstance(type_, inspect.DateType)
    return f"{name} = {examples[0] if is_date else toml(examples[0])}"


def _expects(type_: inspect.Type) -> str:
    if isinstance(type_, inspect.Metadata):
        return _expects(type_.type)
    if isinstance(type_, inspect.UnionType):
        return _expects(type_.types[0])
    if isinstance(type_, inspect.IntType):
        return f"a whole number from {type_.ge} to {type_.le}"
    if isinstance(type_, inspect.EnumType):
        return "one of " + ", ".join(f'"{member.value}"' for member in type_.cls)
    if isinstance(type_, inspect.StrType) and type_.pattern:
        return "text in quotes, not blank"
    return _EXPECTS[type(type_)]
