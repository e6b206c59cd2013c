"""Where a chat's words stand in JSON that follows no protocol: at the declared path, or in one of the usual fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from launchready.parse.chat_pieces import End, Piece, Text, failure_of, others
from launchready.parse.json_path import JsonPath, read_path
from launchready.parse.rfc8259 import read_json

USUAL_PATHS: Final = tuple(
    read_path(path)
    for path in (
        "$.reply",
        "$.answer",
        "$.response",
        "$.delta",
        "$.token",
        "$.text",
        "$.content",
        "$.output_text",
        "$.output",
        "$.completion",
        "$.result",
        "$.delta.content",
        "$.delta.text",
        "$.choices[0].delta.content",
        "$.choices[0].message.content",
        "$.message.content",
        "$.message.text",
        "$.response.text",
        "$.data.reply",
        "$.data.answer",
        "$.data.text",
        "$.data.content",
        "$.data.message",
        "$.messages[-1].content",
        "$[0].output",
        "$[0].text",
        "$.message",
    )
)
"""In this order: the most telling names first, `message` last, for it may as well be the question or a remark."""

END_EVENTS: Final = frozenset({"done", "end", "complete", "completed", "finish", "finished", "stop", "close", "final"})
"""Types of events after which nothing comes."""

ERROR_EVENTS: Final = frozenset({"error", "exception", "failure", "failed"})
NO_TEXT_EVENTS: Final = frozenset({"ping", "heartbeat", "keepalive", "keep-alive", "metadata", "meta", "status"})
SAID_EVENTS: Final = frozenset(
    {"message", "token", "delta", "text", "content", "chunk", "answer", "data", "completion"}
)

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Found:
    """Words, and the path where they stood; the path is empty where the whole body was the words."""

    text: str
    path: str


def find_reply(value: object, declared: JsonPath | None) -> Found | None:
    """The visible words in an answer; None where there are none.

    Args:
        value: read from JSON.
        declared: where the owner says they stand; None leaves it to the usual fields.
    """
    if isinstance(value, str) and declared is None:
        return Found(value, "$") if value else None
    for path in USUAL_PATHS if declared is None else (declared,):
        texts = [found for found in path.find(value) if isinstance(found, str)]
        if any(texts):
            return Found("".join(texts), written(path))
    return None


def written(path: JsonPath) -> str:
    """A path as it is typed."""
    return "$" + "".join(_written_step(step) for step in path.steps)


def _written_step(step: str | int | None) -> str:
    if step is None:
        return "[*]"
    if isinstance(step, int):
        return f"[{step}]"
    if _NAME.fullmatch(step):
        return f".{step}"
    quoted = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"


def read_reply(value: object, declared: JsonPath | None) -> tuple[Piece, ...]:
    """The pieces of a JSON answer that came whole."""
    found = find_reply(value, declared)
    is_error = isinstance(value, Mapping) and bool(value.get("error"))
    failed: tuple[Piece, ...] = (failure_of(value),) if is_error else ()
    if found is None:
        return (*failed, *others(value, "$"))
    return (Text(found.text), *failed, *others(value, "$", frozenset({found.path})))


def read_event(kind: str, data: str, declared: JsonPath | None, end: str = "") -> tuple[Piece, ...]:
    """The pieces of one event of a stream that follows no protocol.

    Args:
        kind: its type; `message` where it has none.
        data: its data.
        declared: where the words stand in JSON data.
        end: type of the event, or data, that ends an answer; empty leaves it to the usual ones.
    """
    name = kind.lower()
    value = read_json(data)
    told = data if value is None else value
    if name in ERROR_EVENTS or _type_of(value) in ERROR_EVENTS or (isinstance(value, Mapping) and value.get("error")):
        return (failure_of(told), *others(told, name))
    if _is_end(name, data, value, end):
        return (*_last_words(name, value, declared), *others(told, name), End(name))
    if name in NO_TEXT_EVENTS or (name not in SAID_EVENTS and declared is None):
        return others(told, name)
    if value is None or isinstance(value, int | float):
        return (Text(data),) if name in SAID_EVENTS else others(data, name)
    found = find_reply(value, declared)
    if found is None:
        return others(value, name)
    return (Text(found.text), *others(value, "$", frozenset({found.path})))


def _last_words(name: str, value: object, declared: JsonPath | None) -> tuple[Text, ...]:
    """Words in a piece that says it is the last; an event of its own for the end repeats the answer, as a rule."""
    found = find_reply(value, declared) if name in SAID_EVENTS else None
    return (Text(found.text),) if found else ()


def _type_of(value: object) -> str:
    kind = value.get("type") if isinstance(value, Mapping) else None
    return kind.lower() if isinstance(kind, str) else ""


def _is_end(name: str, data: str, value: object, end: str) -> bool:
    if end:
        return end in {name, data.strip()}
    if name in END_EVENTS or data.strip() == "[DONE]" or _type_of(value) in END_EVENTS:
        return True
    return isinstance(value, Mapping) and any(value.get(key) is True for key in ("done", "finished", "is_final"))
