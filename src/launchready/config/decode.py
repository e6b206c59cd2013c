"""TOML text to a `Document`: grammar, names of tables and keys, types. What values mean is judged in `build.py`."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import msgspec

from launchready.config.document import Document
from launchready.config.errors import ConfigError, shown
from launchready.config.lines import Place
from launchready.config.source import Source
from launchready.config.wording import TableWords, nearest, tables

_TOML_PLACE = re.compile(
    r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL
)
_MISSING = re.compile(r"^Object missing required field `(?P<key>\w+)`")
_PATH = re.compile(r" - at `\$\.(?P<table>\w+)(?:\[(?P<index>\d+)\])?(?:\.(?P<key>\w+))?[^`]*`$")

_TOML_FAULTS = {
    "Invalid value": (
        "there is no value, or one that is not TOML",
        'Put text into quotes, as in name = "example.com"; numbers, dates, true and false stand without.',
    ),
    "Illegal character '\\n'": ("a text in quotes does not end on its line", "Close the quotes."),
    "Unterminated string": ("a text in quotes does not end", "Close the quotes of the last text."),
    "Unclosed array": ("a list does not end", "Close the list with ]."),
    "Cannot overwrite": ("a key stands twice in one table", "Keep one of the two lines."),
    "Cannot declare": (
        "a table is declared twice",
        "Keep one of the two, or write both with two brackets, as in [[hosts]].",
    ),
    "Expected '='": ("a key has no value", 'Write key = value, as in name = "example.com".'),
    "Expected newline": (
        "something follows after the end of a value",
        "Put each key on a line of its own, and text into quotes.",
    ),
}
"""What `tomllib` finds most often, by the beginning of its message: the fault in plain words, and the next step."""

_TOML_HINT = 'Each line is a [table], a key = value such as name = "example.com", or a # comment.'


def read_document(text: str, file_name: str) -> tuple[Document, Source]:
    """The typed tables of a TOML text, and the source that later messages point into.

    Raises:
        ConfigError: not TOML, an unknown or missing table or key, or a value of the wrong type.
    """
    source = Source(file_name, text)
    raw = _toml(source)
    for error in _unknown(raw, source):
        raise error
    for error in _unprintable(raw, source):
        raise error
    try:
        return msgspec.convert(raw, Document, builtin_types=(date, datetime, time)), source
    except msgspec.ValidationError as problem:
        raise _type_error(str(problem), raw, source) from None


def _toml(source: Source) -> dict[str, Any]:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as problem:
        raise _toml_error(str(problem), source) from None
    except RecursionError:
        raise ConfigError(
            "The lists in the file are nested too deep to be read.",
            where=source.where(None),
            next_step="Write lists of texts, one level deep.",
        ) from None
    except ValueError:  # Python refuses to read whole numbers of thousands of digits
        raise ConfigError(
            "A number in the file is too long to be read.",
            where=source.where(None),
            next_step="Write a number of a few digits.",
        ) from None


def _toml_error(message: str, source: Source) -> ConfigError:
    found = _TOML_PLACE.match(message)
    what, column = (found["what"], found["column"]) if found else (message, None)
    line = int(found["line"]) if found and found["line"] else source.text.rstrip().count("\n") + 1
    fault, hint = next(
        (words for start, words in _TOML_FAULTS.items() if what.startswith(start)), (shown(what)[1:-1], _TOML_HINT)
    )
    at = f", column {column}" if column else ""
    return ConfigError(f"this is not TOML: {fault}.", where=source.where(line) + at, next_step=hint)


def _unknown(raw: dict[str, Any], source: Source) -> Iterator[ConfigError]:
    """Tables and keys that don't exist, in the order of the file."""
    for name, value in raw.items():
        if name not in tables():
            yield _unknown_table(name, source)
            continue
        for index, row in enumerate(_rows(value)):
            for key in row:
                if key not in tables()[name].keys:
                    next_step = nearest(key, tables()[name].keys, "It has the keys")
                    yield source.row(name, index).error(f"has no key {shown(key)}.", next_step, key)


def _unknown_table(name: str, source: Source) -> ConfigError:
    line = source.line(Place(name))
    homes = [table.label for table in tables().values() if name in table.keys]
    step = f"It belongs under {' or '.join(homes)}." if homes else nearest(name, tables(), "There are the tables")
    return ConfigError(f"there is no table {shown(name)}.", where=source.where(line), next_step=step)


def _rows(value: object) -> list[dict[str, Any]]:
    """The tables in a value; anything else is a wrong type, which msgspec names."""
    rows = value if isinstance(value, list) else [value]
    return [row if isinstance(row, dict) else {} for row in rows]


def _unprintable(raw: dict[str, Any], source: Source) -> Iterator[ConfigError]:
    """Texts with control characters: they would reach terminals, requests and mail."""
    for name, value in raw.items():
        for index, row in enumerate(_rows(value)):
            for key, item in row.items():
                texts = item if isinstance(item, list) else [item]
                if any(isinstance(text, str) and not _printable(text) for text in texts):
                    step = "Remove the characters that are written as \\u or \\x, or type the text anew."
                    yield source.row(name, index).error(f"{key} holds a control character.", step, key)


def _printable(text: str) -> bool:
    return all(c in "\t\n\r" or unicodedata.category(c) != "Cc" for c in text)


def _type_error(message: str, raw: dict[str, Any], source: Source) -> ConfigError:
    """A complaint of msgspec in our words. The names in its path are known ones: the others are sorted out before."""
    path, missing = _PATH.search(message), _MISSING.match(message)
    if path is None:
        assert missing is not None, f"msgspec says something new: {message}"
        return _missing_table(tables()[missing["key"]], source)
    words, index = tables()[path["table"]], int(path["index"] or 0)
    row = source.row(words.name, index)
    key = missing["key"] if missing else path["key"]
    if key is None:
        return _wrong_table(words, raw[words.name], source)
    if missing:
        return row.error(f"needs the key '{key}'.", words.keys[key].next_step)
    return row.error(f"{key} has to be {words.keys[key].expects}.", words.keys[key].next_step, key)


def _missing_table(words: TableWords, source: Source) -> ConfigError:
    example = next(key.example for key in words.keys.values() if key.required)
    return ConfigError(
        f"there is no {words.label} table.",
        where=source.where(None),
        next_step=f"Add the line {words.label}, and under it: {example}",
    )


def _wrong_table(words: TableWords, value: object, source: Source) -> ConfigError:
    line = source.line(Place(words.name))
    where = source.where(line)
    if words.repeats and isinstance(value, dict):
        what, step = f"[{words.name}] can stand more than once.", f"Write it with two brackets: {words.label}"
    elif isinstance(value, list) and not words.repeats:
        what, step = f"[[{words.name}]] can stand only once.", f"Write it with one bracket: {words.label}"
    else:
        what, step = f"'{words.name}' is a table.", f"Write {words.label} on a line of its own, and its keys under it."
    return ConfigError(what, where=where, next_step=step)
