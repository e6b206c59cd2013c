"""The form of `launchready.toml` for editors (JSON Schema) and for readers (Markdown), both from `document.py`."""

from typing import Any

import msgspec

from launchready.config.document import Document
from launchready.config.wording import KeyWords, TableWords, tables

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_COUNTS = {
    (False, False): "One at most",
    (False, True): "Exactly one",
    (True, False): "Any number",
    (True, True): "One or more",
}
"""How many tables there are, by whether they repeat and whether they are required."""


def json_schema() -> dict[str, Any]:
    """A JSON Schema of the file for editors such as Taplo; it knows each table, key, type, choice and default."""
    schema = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(Document)))
    definitions = {name: _titled(definition) for name, definition in schema["$defs"].items()}
    return {"$schema": DIALECT, "title": "launchready.toml", "$ref": schema["$ref"], "$defs": definitions}


def render_reference() -> str:
    """Every table and key in Markdown, with type, default and meaning."""
    return "\n".join(line for words in tables().values() for line in _section(words))


def _titled(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition whose keys have titles, without the null that TOML can't write."""
    properties = {
        name: {"title": name.replace("_", " ").capitalize(), **_without_null(property_)}
        for name, property_ in definition.get("properties", {}).items()
    }
    return {**definition, "properties": properties} if properties else definition


def _without_null(property_: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in property_.get("anyOf", []) if choice != {"type": "null"}]
    if not choices:
        return property_
    kept = {name: value for name, value in property_.items() if name not in {"anyOf", "default"}}
    return {**kept, **choices[0]} if len(choices) == 1 else {**kept, "anyOf": choices}


def _section(words: TableWords) -> list[str]:
    count = _COUNTS[words.repeats, words.required]
    rows = [_row(key) for key in words.keys.values()]
    header = ["| key | type | default | meaning |", "|---|---|---|---|"]
    return [f"## `{words.label}`", "", f"{words.meaning} ({count}.)", "", *header, *rows, ""]


def _row(key: KeyWords) -> str:
    default = "**required**" if key.required else f"`{key.default}`" if key.default else "none"
    cells = (
        f"`{key.name}`",
        key.expects,
        default,
        f"{key.meaning} Example: `{key.example}`" if key.example else key.meaning,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
