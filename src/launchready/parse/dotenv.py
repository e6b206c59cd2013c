r"""Files of `NAME=value` lines, as .env files and their examples are; no standard rules them.

Read here is what the two most used readers agree on, motdotla's dotenv (JavaScript) and python-dotenv:

    file       = *( [ blank / comment / assignment ] newline )
    assignment = [ "export " ] name [ ws ] "=" [ ws ] [ value ] [ ws comment ]
    value      = "'" *any "'" / DQUOTE *any DQUOTE / "`" *any "`" / bare

A quoted value may run over lines; in double quotes `\n`, `\r`, `\t`, `\"` and `\\` are what they are elsewhere. A bare
value ends before a blank with `#` behind it, is empty where it begins with `#` (as in JavaScript), and is kept without
its outer blanks. `${NAME}` outside single quotes becomes what the name held above it in the same file, and stays as it
is where it held nothing.
"""

import re
from dataclasses import dataclass
from typing import Final

_HEAD: Final = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*")
_REST: Final = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_COMMENT: Final = re.compile(r"(?:^|[ \t])#.*")
_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ESCAPE: Final = re.compile(r"\\([nrt\"\\])")
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_QUOTED: Final = {
    "'": re.compile(r"'([^']*)'"),
    "`": re.compile(r"`([^`]*)`"),
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
}


MAX_VALUE_CHARS: Final = 131_072
"""Longest value: Linux takes no more bytes for one variable (execve(2)), and references could multiply without end."""


class DotenvError(ValueError):
    """A line is no assignment; the message names the line, and repeats nothing of it, for it may hold a secret."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line} {what}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Assignment:
    """A name, its value, and the line it begins on, counted from 1."""

    name: str
    value: str
    line: int


def read_dotenv(text: str) -> tuple[Assignment, ...]:
    """All assignments, in the order of the file; of a name that stands twice, readers take the last.

    Raises:
        DotenvError: a line is neither an assignment nor a comment, or a quote does not end.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found: list[Assignment] = []
    known: dict[str, str] = {}
    at, line = 0, 1
    while at < len(text):
        empty = _REST.match(text, at)
        if empty is not None:
            end = empty.end()
        else:
            name, value, end = _assignment(text, at, line, known)
            if len(value) > MAX_VALUE_CHARS:
                raise DotenvError(line, f"holds a value of more than {MAX_VALUE_CHARS} characters")
            known[name] = value
            found.append(Assignment(name, value, line))
        line += text.count("\n", at, end)
        at = end
    return tuple(found)


def _assignment(text: str, at: int, line: int, known: dict[str, str]) -> tuple[str, str, int]:
    """Name, value and where the next line begins."""
    head = _HEAD.match(text, at)
    if head is None:
        raise DotenvError(line, "is neither NAME=value nor a comment")
    value, end = _value(text, head.end(), line, known)
    return head[1], value, end


def _value(text: str, at: int, line: int, known: dict[str, str]) -> tuple[str, int]:
    mark = text[at : at + 1]
    if mark not in _QUOTED:
        end = text.find("\n", at) + 1 or len(text) + 1
        bare = _COMMENT.split(text[at : end - 1], maxsplit=1)[0].strip()
        return _filled(bare, known), min(end, len(text))
    quoted = _QUOTED[mark].match(text, at)
    if quoted is None:
        raise DotenvError(line, f"opens a quote {mark} that does not end")
    rest = _REST.match(text, quoted.end())
    if rest is None:
        raise DotenvError(line, "goes on behind the end of its quotes")
    value = quoted[1]
    if mark == '"':
        value = _ESCAPE.sub(lambda found: _ESCAPED[found[1]], value)
    return value if mark == "'" else _filled(value, known), rest.end()


def _filled(value: str, known: dict[str, str]) -> str:
    return _REFERENCE.sub(lambda found: known.get(found[1], found[0]), value) if "${" in value else value


def values_of(assignments: tuple[Assignment, ...]) -> dict[str, str]:
    """What each name holds in the end."""
    return {one.name: one.value for one in assignments}
