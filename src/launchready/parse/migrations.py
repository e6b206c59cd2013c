"""A look at migrations for what the former release can't live with: columns dropped, renamed, or suddenly required.

It reads SQL files, and the migrations of Alembic, Django and Rails. It reads text and runs nothing, so what it says is
likely, never certain. A file that says `launchready: reversible` in a comment is taken at its word.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_MIGRATION_CHARS: Final = 200_000
"""Longest migration that is read, in characters; longer ones carry data."""

CLEARED: Final = "launchready: reversible"

_FOLDERS: Final = frozenset({"migrations", "migration", "migrate", "versions", "drizzle"})
_DOWN_NAMES: Final = (".down.sql", "_down.sql", ".undo.sql", "/down.sql")
_DOWN_MARKS: Final = ("+goose down", "migrate:down", "+migrate down", "rollback")
_UP_MARKS: Final = ("+goose up", "migrate:up", "+migrate up")
_NOISE: Final = re.compile(r"--[^\n]*|/\*(?:.*?\*/|.*)|'(?:[^']|'')*(?:'|\Z)", re.DOTALL)

_NAME: Final = r"[\w\"`\[\].]+"
_ONE_WAY_SQL: Final = (
    (
        re.compile(rf"\bdrop\s+(table|view|schema|database)\s+(?:if\s+exists\s+)?({_NAME})", re.IGNORECASE),
        "drops {0} {1}",
    ),
    (
        re.compile(rf"\bdrop\s+column\s+(?:if\s+exists\s+)?({_NAME})", re.IGNORECASE),
        "drops the column {0}",
    ),
    (re.compile(rf"\brename\s+(?:column\s+)?({_NAME})\s+to\s+({_NAME})", re.IGNORECASE), "renames {0} to {1}"),
    (
        re.compile(rf"\balter\s+table\s+(?:only\s+)?({_NAME})\s+rename\s+to\s+({_NAME})", re.IGNORECASE),
        "renames {0} to {1}",
    ),
    (re.compile(rf"\balter\s+(?:column\s+)?({_NAME})\s+set\s+not\s+null", re.IGNORECASE), "requires the column {0}"),
    (
        re.compile(
            rf"\badd\s+column\s+(?:if\s+not\s+exists\s+)?({_NAME})(?=[^,;]{{0,300}}\bnot\s+null)(?![^,;]{{0,300}}\bdefault\b)",
            re.IGNORECASE,
        ),
        "adds the required column {0} without a default",
    ),
    (re.compile(rf"\btruncate\s+(?:table\s+)?({_NAME})", re.IGNORECASE), "empties {0}"),
)
_RAILS: Final = (
    (
        re.compile(
            r"^[ \t]*(drop_table|remove_columns?|rename_column|rename_table|remove_reference)\b[ (]*(.*)$", re.MULTILINE
        ),
        "{0} {1}",
    ),
    (re.compile(r"^[ \t]*(change_column_null)\b[ (]*(.*\bfalse\b.*)$", re.MULTILINE), "{0} {1}"),
)
_ALEMBIC: Final = {
    "drop_table": "drops the table {}",
    "drop_column": "drops a column of {}",
    "rename_table": "renames the table {}",
}
_DJANGO: Final = {
    "RemoveField": "drops a field of {}",
    "DeleteModel": "drops {}",
    "RenameField": "renames a field of {}",
    "RenameModel": "renames {}",
}


@dataclass(frozen=True, slots=True)
class OneWay:
    """A step that the former release likely can't live with, in words, and where it stands."""

    path: str
    line: int
    what: str


def is_migration(path: str) -> bool:
    """Whether a file lies where migrations do, and goes forward."""
    *folders, name = path.lower().split("/")
    if not _FOLDERS & set(folders) or name == "__init__.py" or path.lower().endswith(_DOWN_NAMES):
        return False
    return name.endswith((".sql", ".py", ".rb"))


def one_way_steps(path: str, text: str) -> tuple[OneWay, ...]:
    """What in a migration the former release likely can't live with, in the order of the file."""
    if len(text) > MAX_MIGRATION_CHARS:
        return (OneWay(path, 1, f"has more than {MAX_MIGRATION_CHARS} characters, and was not read"),)
    if CLEARED in text:
        return ()
    kind = path.rpartition(".")[2].lower()
    found = {"sql": _in_sql, "py": _in_python, "rb": _in_ruby}[kind](text)
    return tuple(OneWay(path, line, what) for line, what in sorted(set(found)))


def _in_sql(text: str) -> Iterator[tuple[int, str]]:
    """Without comments and texts, of which only the line breaks stay; and without the way down."""
    plain = _NOISE.sub(lambda noise: "\n" * noise[0].count("\n") or " ", _forward(text))
    for pattern, words in _ONE_WAY_SQL:
        for found in pattern.finditer(plain):
            yield plain.count("\n", 0, found.start()) + 1, words.format(*map(_bare, found.groups()))


def _forward(text: str) -> str:
    """The ways up of a file, each at its line: comments such as `-- migrate:down` begin and end them."""
    kept, is_up = [], True
    for line in text.split("\n"):
        comment = " ".join(line.lower().partition("--")[2].split())
        is_up = (is_up or any(mark in comment for mark in _UP_MARKS)) and not any(
            mark in comment for mark in _DOWN_MARKS
        )
        kept.append(line if is_up else "")
    return "\n".join(kept)


def _bare(name: str) -> str:
    return name.strip('"`[]').lower()


def _in_ruby(text: str) -> Iterator[tuple[int, str]]:
    forward = re.split(r"^[ \t]*def[ \t]+(?:self\.)?down\b", text, maxsplit=1, flags=re.MULTILINE)[0]
    for pattern, words in _RAILS:
        for found in pattern.finditer(forward):
            yield forward.count("\n", 0, found.start(1)) + 1, words.format(found[1], found[2].strip(" )"))


def _in_python(text: str) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield 1, "is no Python that this version reads, and was not looked into"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade":
            yield from _in_alembic(node)
        elif isinstance(node, ast.ClassDef) and node.name == "Migration":
            yield from _in_django(node)


def _in_alembic(upgrade: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for call, name in _calls(upgrade):
        subject = _first_text(call)
        keywords = {one.arg: one.value for one in call.keywords}
        if name in _ALEMBIC:
            yield call.lineno, _ALEMBIC[name].format(subject or "the table")
        elif name == "alter_column" and _is_constant(keywords.get("nullable"), value=False):
            yield call.lineno, f"requires a column of {subject}"
        elif name == "alter_column" and "new_column_name" in keywords:
            yield call.lineno, f"renames a column of {subject}"
        elif name == "execute":
            yield from ((call.lineno, what) for _, what in _in_sql(subject))


def _in_django(migration: ast.ClassDef) -> Iterator[tuple[int, str]]:
    for call, name in _calls(migration):
        keywords = {one.arg: one.value for one in call.keywords}
        of = _text_of(keywords.get("model_name")) or _text_of(keywords.get("name")) or _first_text(call)
        if name in _DJANGO:
            yield call.lineno, _DJANGO[name].format(of or "a model")
        elif name == "AddField" and _is_required(keywords.get("field")):
            yield call.lineno, f"adds a required field to {of}, whose default Django does not leave in the database"
        elif name == "RunSQL":
            yield from ((call.lineno, what) for _, what in _in_sql(_first_text(call)))


def _is_required(field: ast.expr | None) -> bool:
    """Whether a row that leaves the field out is refused by the database."""
    if not isinstance(field, ast.Call):
        return False
    keywords = {one.arg: one.value for one in field.keywords}
    is_null = _is_constant(keywords.get("null"), value=True)
    return not is_null and "db_default" not in keywords and _called(field) != "ManyToManyField"


def _calls(inside: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(inside):
        if isinstance(node, ast.Call):
            yield node, _called(node)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _first_text(call: ast.Call) -> str:
    """The first argument where it is a text, alone or inside one call such as `sa.text(…)`."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call):
        return _first_text(first)
    return _text_of(first)


def _text_of(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_constant(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
