"""On which line of a TOML text a table or key stands.

`tomllib` gives values without lines. This scan only has to be right for texts that `tomllib` has accepted: it splits
the text into statements, skipping strings, comments and brackets that run over several lines, and lets `tomllib` read
the names. What stands in an inline table has no line of its own here, and gets none rather than a wrong one.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

# A token (TOML 1.0 "String", "Comment"): multi-line strings come first, since they begin like the short ones. Up to
# two quotes may stand right before the closing three.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|\#[^\n]*"
    r"|[^\"'\#\[\]{}=\n]+"
    r"|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the file. `index` counts the tables of one name from 0; `key` is None for the table itself."""

    table: str
    index: int = 0
    key: str | None = None


def lines_of(text: str) -> dict[Place, int]:
    """The first line, counted from 1, of each table and key that has one.

    Args:
        text: TOML that `tomllib` accepts.
    """
    lines: dict[Place, int] = {}
    seen: Counter[str] = Counter()
    header: tuple[str, ...] = ()
    for line, statement in _statements(text):
        path = _path(statement)
        if statement.startswith("["):
            header = path
            if statement.startswith("[[") and len(path) == 1:
                seen[path[0]] += 1
        else:
            path = header + path
        index = max(seen[path[0]] - 1, 0)
        lines.setdefault(Place(path[0], index, path[1] if len(path) > 1 else None), line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header and each key (without its value), with the line it begins on."""
    line, first, depth, head, in_value = 1, 1, 0, "", False
    for match in _TOKEN.finditer(text + "\n"):
        piece = match.group()
        if piece == "\n" and depth == 0:
            if head.strip():
                yield first, head.strip()
            first, head, in_value = line + 1, "", False
        elif piece == "=" and depth == 0:
            in_value = True
        elif not in_value and not piece.startswith("#"):
            head += piece
        depth += (piece in ("[", "{")) - (piece in ("]", "}"))
        line += piece.count("\n")


def _path(statement: str) -> tuple[str, ...]:
    """The names in a header or dotted key, read by `tomllib`, which knows quotes and escapes."""
    value = tomllib.loads(statement if statement.startswith("[") else f"{statement}=0")
    names: list[str] = []
    here: object = value
    while True:
        here = here[0] if isinstance(here, list) else here
        if not isinstance(here, dict) or not here:
            return tuple(names)
        name, here = next(iter(here.items()))
        names.append(name)
