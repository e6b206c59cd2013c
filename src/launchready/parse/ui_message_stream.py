"""The streams of Vercel's AI SDK that `useChat` reads: UI messages (version 5 and on) and the older data stream.

Source: AI SDK, "Stream Protocols": a UI message stream is server-sent events of JSON with a `type`, ended by `[DONE]`,
and announced by the header `x-vercel-ai-ui-message-stream: v1`. A data stream (version 4) is lines of `CODE:JSON`,
announced by `x-vercel-ai-data-stream: v1`.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from launchready.parse.chat_pieces import End, Failure, Other, Piece, Text, ToolPiece, failure_of, others
from launchready.parse.rfc8259 import read_json

UI_HEADER: Final = "x-vercel-ai-ui-message-stream"
DATA_HEADER: Final = "x-vercel-ai-data-stream"
VERSION: Final = "v1"

DONE: Final = "[DONE]"
ENDS: Final = frozenset({"finish", "abort"})
"""Types after which a UI message is over."""

_LINE: Final = re.compile(r"([0-9a-z]):(.*)", re.DOTALL)


class UiStreamError(ValueError):
    """What came is no part of such a stream; the message says what it is instead."""


def read_ui_part(data: str) -> tuple[Piece, ...]:
    """The pieces of the data of one event of a UI message stream.

    Raises:
        UiStreamError: it is no JSON object with a `type`.
    """
    if data.strip() == DONE:
        return (Other("done", DONE),)  # the end is `finish`: servers send this after errors too
    value = read_json(data)
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(kind, str):
        raise UiStreamError("no JSON object with a type")
    reader = _UI_PARTS.get(kind)
    rest = others({key: inner for key, inner in value.items() if key not in _READ}, kind)
    if reader is not None:
        return (*reader(value), *rest)
    return others(value, kind)


def read_data_line(line: str) -> tuple[Piece, ...]:
    """The pieces of one line of the older data stream.

    Raises:
        UiStreamError: it is no code with a colon and JSON.
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise UiStreamError("a line without a code and a colon")
    code, value = match[1], read_json(match[2])
    if value is None:
        raise UiStreamError(f"a line of the code {code} that is not JSON")
    return _data_part(code, value)


def _data_part(code: str, value: object) -> tuple[Piece, ...]:
    if code in "0g3" and not isinstance(value, str):
        raise UiStreamError(f"a line of the code {code} that is not a text")
    if code == "0":
        return (Text(str(value)),)
    if code == "g":
        return (Other("reasoning", str(value), is_part=True),)
    if code == "3":
        return (Failure("", str(value)),)
    if code in "9bc" and isinstance(value, Mapping):
        return _data_tool(code, value)
    if code == "d" and isinstance(value, Mapping):
        reason = _text(value, "finishReason")
        return (Failure("error", ""),) if reason == "error" else (End(reason), *others(value, "d"))
    return others(value, code)


def _data_tool(code: str, value: Mapping[str, object]) -> tuple[Piece, ...]:
    key, name = _text(value, "toolCallId"), _text(value, "toolName")
    if code == "b":
        return (ToolPiece(key, name),)
    if code == "c":
        return (ToolPiece(key, "", _text(value, "argsTextDelta")),)
    return (ToolPiece(key, name, _written(value.get("args")), is_whole=True),)


def _text(value: Mapping[str, object], key: str) -> str:
    text = value.get(key)
    return text if isinstance(text, str) else ""


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return ""


def _ui_text(value: Mapping[str, object]) -> tuple[Piece, ...]:
    return (Text(_text(value, "delta")),) if _text(value, "delta") else ()


def _ui_reasoning(value: Mapping[str, object]) -> tuple[Piece, ...]:
    thought = _text(value, "delta") or _text(value, "text")
    return (Other("reasoning", thought, is_part=True),) if thought else ()


def _ui_tool_start(value: Mapping[str, object]) -> tuple[Piece, ...]:
    return (ToolPiece(_text(value, "toolCallId"), _text(value, "toolName")),)


def _ui_tool_delta(value: Mapping[str, object]) -> tuple[Piece, ...]:
    return (ToolPiece(_text(value, "toolCallId"), "", _text(value, "inputTextDelta")),)


def _ui_tool(value: Mapping[str, object]) -> tuple[Piece, ...]:
    arguments = _written(value.get("input"))
    return (ToolPiece(_text(value, "toolCallId"), _text(value, "toolName"), arguments, is_whole=True),)


def _ui_error(value: Mapping[str, object]) -> tuple[Piece, ...]:
    return (Failure("", _text(value, "errorText")) if _text(value, "errorText") else failure_of(value),)


def _ui_finish(value: Mapping[str, object]) -> tuple[Piece, ...]:
    reason = _text(value, "finishReason")
    return (Failure("error", ""),) if reason == "error" else (End(reason),)


def _ui_abort(value: Mapping[str, object]) -> tuple[Piece, ...]:
    return (Failure("abort", _text(value, "reason")),)


_READ: Final = frozenset(
    {"type", "delta", "text", "toolCallId", "toolName", "inputTextDelta", "input", "errorText", "finishReason", "id"}
)

_UI_PARTS: Final[dict[str, Callable[[Mapping[str, object]], tuple[Piece, ...]]]] = {
    "text-start": lambda _value: (),
    "text-delta": _ui_text,
    "text-end": lambda _value: (),
    "reasoning-start": lambda _value: (),
    "reasoning-delta": _ui_reasoning,
    "reasoning": _ui_reasoning,
    "reasoning-end": lambda _value: (),
    "tool-input-start": _ui_tool_start,
    "tool-input-delta": _ui_tool_delta,
    "tool-input-available": _ui_tool,
    "tool-input-error": _ui_tool,
    "error": _ui_error,
    "finish": _ui_finish,
    "abort": _ui_abort,
}
