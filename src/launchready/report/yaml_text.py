"""Plain values as YAML 1.2 text that YAML 1.1 readers understand the same way; nothing is guessed back from it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z./][A-Za-z0-9_./@=-]*(?: [A-Za-z0-9_./@=-]+)*")
_MEANS_MORE: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", ".inf", ".nan"})
"""Words that some reader takes for something other than text (YAML 1.1, types bool, null and float)."""

_BESIDE: Final = re.compile(r"(?P<text>\S+) (?P<comment># .+)")

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]


class Commented(str):
    """A text of the form `text # comment`, whose comment stays one."""

    __slots__ = ()


def yaml_lines(value: Mapping[str, Value], indent: str = "") -> Iterator[str]:
    """The lines of a mapping. Texts of several lines become literal blocks; None becomes nothing.

    Args:
        value: texts, whole numbers, truth values, lists and mappings with plain keys.
        indent: what every line begins with.
    """
    for key, item in value.items():
        yield from _entry(f"{indent}{key}:", item, indent)


def _entry(head: str, item: Value, indent: str) -> Iterator[str]:
    match item:
        case str() if "\n" in item and item[0] not in " \n":
            yield f"{head} |"
            yield from (f"{indent}  {line}" if line else "" for line in item.rstrip("\n").split("\n"))
        case str() | int() | None:
            yield f"{head} {_scalar(item)}".rstrip()
        case Mapping():
            yield head if item else f"{head} {{}}"
            yield from yaml_lines(item, f"{indent}  ")
        case _:
            yield head if item else f"{head} []"
            for one in item:
                yield from _item(one, f"{indent}  ")


def _item(one: Value, indent: str) -> Iterator[str]:
    if not isinstance(one, Mapping) or not one:
        yield from _entry(f"{indent}-", one, f"{indent}  ")
        return
    first, *rest = yaml_lines(one, f"{indent}  ")
    yield f"{indent}- {first.lstrip()}"
    yield from rest


def _scalar(item: str | int | None) -> str:
    match item:
        case None:
            return ""
        case bool():
            return "true" if item else "false"
        case int():
            return str(item)
        case Commented() if found := _BESIDE.fullmatch(item):
            return f"{_scalar(found['text'])} {found['comment']}"
        case _:
            is_plain = _PLAIN.fullmatch(item) and item.lower() not in _MEANS_MORE
            # JSON's strings are YAML's double-quoted ones (YAML 1.2, section 1.3).
            return item if is_plain else json.dumps(item, ensure_ascii=False)
