"""Read a chat's answer: a stream of events, JSON, or text. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from launchready.parse.rfc8259 import read_json

TEXT_KEYS: Final = ("delta", "content", "text", "answer", "reply", "response", "message", "output")
"""Where an answer's words stand in JSON, the streaming names first; `choices` is OpenAI's list around them."""

MAX_DEPTH: Final = 6
"""How deep the words are looked for; OpenAI's stand at four (choices, first, delta, content)."""

_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_LINE: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Answer:
    """How many characters came, and the code of the error that ended it (empty: none)."""

    chars: int
    error: str = ""


def read_answer(content_type: str, body: bytes, *, truncated: bool = False) -> Answer | None:
    """What a chat endpoint said; None where it is a page, and no answer.

    Args:
        content_type: as it came; parameters are ignored.
        body: the answer, or its beginning.
        truncated: whether more would have come; an event that was cut off is left out.
    """
    kind = content_type.partition(";")[0].strip().lower()
    text = body.decode("utf-8", errors="replace")
    if kind == "text/event-stream":
        return _of_events(_events(text, complete=not truncated))
    if kind in {"text/html", "application/xhtml+xml"} or text.lstrip()[:9].lower() in {"<!doctype", "<html"}:
        return None
    value = read_json(text)
    return Answer(len(text.strip())) if value is None else Answer(_chars(value), _error(value))


def _events(text: str, *, complete: bool) -> Iterator[tuple[str, str]]:
    """Types and data of events (HTML standard, section 9.2.6). Some servers forget the last empty line."""
    kind, data = "message", list[str]()
    for line in [*_LINE.split(text), *([""] if complete else [])]:
        name, _, value = line.partition(":")
        if not line:
            if data:
                yield kind, "\n".join(data)
            kind, data = "message", []
        elif name == "event":
            kind = value.removeprefix(" ")
        elif name == "data":
            data.append(value.removeprefix(" "))


def _of_events(events: Iterable[tuple[str, str]]) -> Answer:
    chars, error = 0, ""
    for kind, data in events:
        value = read_json(data)
        if kind == "error":
            error = error or _error(value) or _code(value) or "error"
        elif data.strip() != "[DONE]" and kind not in {"done", "ping"}:
            chars += len(data) if value is None else _chars(value)
            error = error or _error(value)
    return Answer(chars, error)


def _chars(value: object, depth: int = MAX_DEPTH) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list) and value and depth:
        return _chars(value[0], depth - 1)
    if not isinstance(value, Mapping) or not depth:
        return 0
    inner = value.get("choices") or next((value[key] for key in TEXT_KEYS if value.get(key)), None)
    return _chars(inner, depth - 1)


def _error(value: object) -> str:
    """What an `error` in JSON is called; empty where there is none."""
    found = value.get("error") if isinstance(value, Mapping) else None
    return (_code(found) or "error") if found else ""


def _code(value: object) -> str:
    """The name of an error; never a sentence, for a sentence may hold anything."""
    named = [value.get(key) for key in ("code", "type")] if isinstance(value, Mapping) else [value]
    return next((code for code in named if isinstance(code, str) and _CODE.fullmatch(code)), "")
