"""Chat completions in OpenAI's shape, whole and as chunks of a stream, with what compatible servers do to them.

Source: OpenAI's API reference, "The chat completion object" and "The chat completion chunk object"; reasoning fields as
DeepSeek (`reasoning_content`) and OpenRouter (`reasoning`) send them; an `error` object in an answer with status 200 as
OpenRouter sends it in the middle of a stream.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from launchready.parse.chat_pieces import End, Failure, Other, Piece, Text, ToolPiece, failure_of, others
from launchready.parse.rfc8259 import read_json

DONE: Final = "[DONE]"
"""The last `data:` of a stream."""

REASONING_KEYS: Final = ("reasoning_content", "reasoning", "thinking")
READ_KEYS: Final = frozenset({"choices", "error"})


class OpenAiError(ValueError):
    """What came is no completion; the message says what it is instead."""


def read_completion(body: bytes | str) -> tuple[Piece, ...]:
    """The pieces of an answer that came whole; it ends with `End` or `Failure`.

    Raises:
        OpenAiError: it is no JSON object, or one without `choices` and `error`.
    """
    value = _object(body)
    if value.get("error"):
        return (failure_of(value), *others(value, "$"))
    choices = _choices(value)
    if choices is None:
        raise OpenAiError("a JSON object without choices")
    pieces = [piece for choice in choices for piece in _choice(choice, "message")]
    reason = next((piece.reason for piece in pieces if isinstance(piece, End)), "")
    return (*(piece for piece in pieces if not isinstance(piece, End)), *_rest(value), End(reason))


def read_chunk(data: str) -> tuple[Piece, ...]:
    """The pieces of the data of one event. Only `[DONE]` is the end; a `finish_reason` is not, as usage may follow.

    Raises:
        OpenAiError: it is neither `[DONE]` nor a JSON object.
    """
    if data.strip() == DONE:
        return (End(),)
    value = _object(data)
    if value.get("error"):
        return (failure_of(value), *others(value, "$"))
    pieces = [piece for choice in _choices(value) or () for piece in _choice(choice, "delta")]
    reasons = tuple(Other("finish_reason", piece.reason) for piece in pieces if isinstance(piece, End))
    return (*(piece for piece in pieces if not isinstance(piece, End)), *reasons, *_rest(value))


def _object(body: bytes | str) -> Mapping[str, object]:
    value = read_json(body)
    if not isinstance(value, Mapping):
        raise OpenAiError("no JSON object")
    return value


def _choices(value: Mapping[str, object]) -> list[object] | None:
    """The first choice only: one answer was asked for, and that is what products show."""
    choices = value.get("choices")
    return choices[:1] if isinstance(choices, list) else None


def _rest(value: Mapping[str, object]) -> tuple[Other, ...]:
    return others({key: inner for key, inner in value.items() if key not in READ_KEYS}, "$")


def _choice(choice: object, key: str) -> Iterator[Piece]:
    if not isinstance(choice, Mapping):
        return
    said = choice.get(key) or choice.get("message" if key == "delta" else "delta")
    if isinstance(said, Mapping):
        yield from _said(said)
    elif isinstance(choice.get("text"), str):  # the older completions
        yield Text(choice["text"])
    reason = choice.get("finish_reason")
    if isinstance(reason, str) and reason:
        yield Failure("error", "") if reason == "error" else End(reason)


def _said(said: Mapping[str, object]) -> Iterator[Piece]:
    content = said.get("content")
    if isinstance(content, str) and content:
        yield Text(content)
    elif isinstance(content, list):
        yield from (Text(part["text"]) for part in content if _is_text(part))
    refusal = said.get("refusal")
    if isinstance(refusal, str) and refusal:
        yield Text(refusal)
    for name in REASONING_KEYS:
        thought = said.get(name)
        if isinstance(thought, str) and thought:
            yield Other(name, thought, is_part=True)
    calls = said.get("tool_calls")
    for number, call in enumerate(calls if isinstance(calls, list) else ()):
        if isinstance(call, Mapping):
            yield from _call(call, str(call.get("index", number)))
    legacy = said.get("function_call")
    if isinstance(legacy, Mapping):
        yield _function(legacy, "function_call")
    read = {"content", "refusal", "tool_calls", "function_call", "role", *REASONING_KEYS}
    yield from others({key: inner for key, inner in said.items() if key not in read}, "message")


def _is_text(part: object) -> bool:
    return isinstance(part, Mapping) and isinstance(part.get("text"), str) and bool(part["text"])


def _call(call: Mapping[str, object], key: str) -> Iterator[Piece]:
    function = call.get("function")
    if isinstance(function, Mapping):
        yield _function(function, key)


def _function(function: Mapping[str, object], key: str) -> ToolPiece:
    name, arguments = function.get("name"), function.get("arguments")
    return ToolPiece(
        key, name if isinstance(name, str) else "", arguments if isinstance(arguments, str) else _told(arguments)
    )


def _told(arguments: object) -> str:
    """Arguments that a server sent as an object, in words."""
    return "" if arguments is None else ", ".join(f"{at}: {text}" for at, text in _leaves(arguments))


def _leaves(value: object) -> Iterator[tuple[str, str]]:
    return ((piece.key, piece.text) for piece in others(value, "$"))
