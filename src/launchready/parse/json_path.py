"""A part of JSONPath (RFC 9535): names, indexes and wildcards, which is all that leads to a chat's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# RFC 9535, section 2.1 and 2.3; descendants, slices and filters are left out:
#
#   path     = "$" *( "." ( name / "*" ) / "[" ( string / "*" / index ) "]" )
#   name     = ( ALPHA / "_" / %x80-10FFFF ) *( name-first / DIGIT )
#   string   = one or more characters in single or double quotes, with \ before a quote or a \
#   index    = "0" / ( [ "-" ] DIGIT1 *DIGIT )

MAX_PATH_CHARS: Final = 500
"""Longest path: a dozen long names."""

MAX_STEPS: Final = 32
"""Deepest path; no chat's answer is nested so deep."""

MAX_INDEX: Final = 10_000
"""Largest index, and largest list that `put` makes."""

_STEP: Final = re.compile(
    r"\.(?P<name>[A-Za-z_\x80-\U0010FFFF][A-Za-z0-9_\x80-\U0010FFFF]*)"
    r"|\.(?P<star>\*)|\[(?P<any>\*)\]"
    r"|\[(?P<index>0|-?[1-9][0-9]{0,5})\]"
    r"|\['(?P<single>(?:[^'\\\x00-\x1f]|\\['\\])*)'\]"
    r"|\[\"(?P<double>(?:[^\"\\\x00-\x1f]|\\[\"\\])*)\"\]"
)
_ESCAPED: Final = re.compile(r"\\(.)")

Step = str | int | None
"""A name, an index, or None for all."""


class JsonPathError(ValueError):
    """The text is no path of this kind; the message says where it stops being one."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path that was read; `is_single` says that it leads to one place at most."""

    steps: tuple[Step, ...]

    @property
    def is_single(self) -> bool:
        """Whether it has no wildcard."""
        return None not in self.steps

    def find(self, value: object) -> tuple[object, ...]:
        """Everything that the path leads to, in order."""
        found = [value]
        for step in self.steps:
            found = [inner for outer in found for inner in _inside(outer, step)]
        return tuple(found)

    def put(self, value: object, new: object) -> object:
        """A copy of a value with a new one at the path, and objects and lists made on the way where they are missing.

        Raises:
            JsonPathError: the path has a wildcard or a negative index, or leads through a text or number.
        """
        return _put(value, self.steps, new)


def read_path(text: str) -> JsonPath:
    """The path in a text.

    Raises:
        JsonPathError: it is none.
    """
    if len(text) > MAX_PATH_CHARS:
        raise JsonPathError(f"has more than {MAX_PATH_CHARS} characters")
    if not text.startswith("$"):
        raise JsonPathError("does not begin with $")
    steps: list[Step] = []
    at = 1
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise JsonPathError(f"can't be read from character {at + 1} on")
        steps.append(_step(match))
        at = match.end()
    if len(steps) > MAX_STEPS:
        raise JsonPathError(f"has more than {MAX_STEPS} steps")
    return JsonPath(tuple(steps))


def _step(match: re.Match[str]) -> Step:
    if match["star"] or match["any"]:
        return None
    if match["index"] is not None:
        index = int(match["index"])
        if abs(index) > MAX_INDEX:
            raise JsonPathError(f"has an index beyond {MAX_INDEX}")
        return index
    if match["name"] is not None:
        return match["name"]
    return _ESCAPED.sub(r"\1", match["single"] if match["single"] is not None else match["double"])


def _inside(value: object, step: Step) -> Iterator[object]:
    if isinstance(value, dict):
        if step is None:
            yield from value.values()
        elif isinstance(step, str) and step in value:
            yield value[step]
    elif isinstance(value, list):
        if step is None:
            yield from value
        elif isinstance(step, int) and -len(value) <= step < len(value):
            yield value[step]


def _put(value: object, steps: tuple[Step, ...], new: object) -> object:
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(step, str) and (value is None or isinstance(value, dict)):
        inside = value or {}
        return {**inside, step: _put(inside.get(step), rest, new)}
    if isinstance(step, int) and step >= 0 and (value is None or isinstance(value, list)):
        items = [*(value or ()), *[None] * (step + 1 - len(value or ()))]
        items[step] = _put(items[step], rest, new)
        return items
    raise JsonPathError("does not lead to one place in the body")
