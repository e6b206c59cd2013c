"""What the pieces of a chat's answer can be, whatever protocol they come by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MAX_LEAVES: Final = 2_000
"""Texts that are read out of one JSON value; a chat's answer has a dozen."""

MAX_DEPTH: Final = 40
"""How deep texts are looked for in a JSON value."""

CODE_KEYS: Final = ("code", "type", "kind", "name", "status")
MESSAGE_KEYS: Final = ("message", "detail", "error", "errorText", "description", "title", "reason")


@dataclass(frozen=True, slots=True)
class Text:
    """Words that the visitor sees."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolPiece:
    """A call of a tool, or a part of one: parts with the same key belong together, `is_whole` replaces earlier ones."""

    key: str
    name: str = ""
    arguments: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that the answer names: its code and its sentence, each empty where there is none."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class End:
    """The protocol's own end of an answer."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Text that came besides; what has the same key belongs together. `is_part` says that it goes on word by word."""

    key: str
    text: str
    is_part: bool = False


Piece = Text | ToolPiece | Failure | End | Other


def leaves(value: object, key: str = "$") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value with its path, in order; bounded in depth and number. Names of keys are in the paths.

    Numbers are given too, for a secret may be one; true, false and null are not.
    """
    waiting: list[tuple[str, object, int]] = [(key, value, MAX_DEPTH)]
    count = 0
    while waiting and count < MAX_LEAVES:
        at, here, depth = waiting.pop()
        count += 1
        if isinstance(here, str):
            yield at, here
        elif isinstance(here, int | float) and not isinstance(here, bool):
            yield at, _number(here)
        elif depth and isinstance(here, Mapping):
            waiting += [(f"{at}.{name}", inner, depth - 1) for name, inner in list(here.items())[MAX_LEAVES::-1]]
        elif depth and isinstance(here, list):
            waiting += [(f"{at}[{n}]", inner, depth - 1) for n, inner in list(enumerate(here[:MAX_LEAVES]))[::-1]]


def others(value: object, key: str, but: frozenset[str] = frozenset()) -> tuple[Other, ...]:
    """The texts of a value, except at paths that were read already."""
    return tuple(Other(at, text) for at, text in leaves(value, key) if at not in but and text)


def failure_of(value: object) -> Failure:
    """The code and the sentence of whatever stands where an error should."""
    if isinstance(value, str):
        return Failure("", value)
    if not isinstance(value, Mapping):
        return Failure("", "")
    inner = value.get("error")
    if isinstance(inner, Mapping):
        return failure_of(dict(list(inner.items())[:MAX_LEAVES])) if "error" not in inner else _flat(inner)
    return _flat(value)


def _flat(value: Mapping[object, object]) -> Failure:
    code = next((value[key] for key in CODE_KEYS if isinstance(value.get(key), str | int) and value[key]), "")
    message = next((text for key in MESSAGE_KEYS if isinstance(text := value.get(key), str) and text), "")
    return Failure(str(code), message)


def _number(number: float) -> str:
    """A number as text; whole numbers of thousands of digits, which Python refuses to write, as nothing."""
    try:
        return str(number)
    except ValueError:
        return ""
