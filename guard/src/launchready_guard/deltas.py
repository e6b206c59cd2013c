"""The events of an OpenAI-compatible stream: what a chunk of `chat.completion.chunk` says."""

from collections.abc import Mapping
from dataclasses import dataclass

from launchready_guard.failures import Failure, error_in, failure_in_stream, parsed

DONE = "[DONE]"
"""The data of the event after the last chunk."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call.

    Attributes:
        prompt_tokens: Tokens of the question and what goes with it.
        completion_tokens: Tokens of the answer, as far as it came.
        estimated: Whether they are our estimate, because the provider sent no counts.
    """

    prompt_tokens: int
    completion_tokens: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class ToolDelta:
    """A part of a tool call, as the protocol streams it.

    Attributes:
        index: Which call of this answer it belongs to.
        call_id: The call's id, usually in its first part only.
        name: The tool's name, usually in its first part only.
        arguments: The next part of the JSON text.
    """

    index: int
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Delta:
    """What one chunk adds.

    Attributes:
        text: Visible text, a refusal included; hidden reasoning is none.
        tools: Parts of tool calls.
        finish: Why the answer ended (`stop`, `length` …); empty while it goes on.
        usage: The provider's counts, in one of the last chunks.
    """

    text: str = ""
    tools: tuple[ToolDelta, ...] = ()
    finish: str = ""
    usage: Usage | None = None


class DeltaError(Exception):
    """The chunk is an error, or none of the protocol.

    Attributes:
        failure: Which.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def read_delta(data: str, event_type: str = "message") -> Delta:
    """What an event's data says.

    Args:
        data: The data; not `DONE`.
        event_type: The event's type; some servers send their errors as `error`.

    Raises:
        DeltaError: It is an error object or malformed.
    """
    value = parsed(data)
    if not isinstance(value, dict):
        raise DeltaError(Failure.MALFORMED)
    if value.get("error") is not None or value.get("object") == "error":
        raise DeltaError(failure_in_stream(error_in(value)))
    if event_type == "error":
        raise DeltaError(failure_in_stream(value))
    return _delta(value)


class Text:
    """Joins what the chunks cut: the two halves of a character outside the basic plane may come apart.

    What remains alone becomes U+FFFD, and a null character is dropped: neither can be stored or sent on.
    """

    def __init__(self) -> None:
        self._half = ""

    def add(self, text: str) -> str:
        """The text that is whole now."""
        text = self._half + text
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return _whole(text.removesuffix(self._half) if self._half else text)

    def rest(self) -> str:
        """What is left at the end."""
        return _whole(self._half)


def _whole(text: str) -> str:
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _delta(value: Mapping[str, object]) -> Delta:
    usage = _usage(value.get("usage"))
    choices = value.get("choices") or []
    if not isinstance(choices, list):
        raise DeltaError(Failure.MALFORMED)
    if not choices:
        return Delta(usage=usage)
    choice = _mapping(choices[0])
    finish = choice.get("finish_reason")
    if finish == "error":
        raise DeltaError(Failure.STREAM_ERROR)
    delta = _mapping(choice.get("delta") or {})
    text = _text(delta.get("content")) + _text(delta.get("refusal"))
    return Delta(text, _tools(delta.get("tool_calls") or []), finish if isinstance(finish, str) else "", usage)


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DeltaError(Failure.MALFORMED)
    return value


def _text(value: object) -> str:
    """A text, or the texts among a list of parts."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list():
            return "".join(_text(_mapping(part).get("text")) for part in value)
        case _:
            raise DeltaError(Failure.MALFORMED)


def _tools(calls: object) -> tuple[ToolDelta, ...]:
    if not isinstance(calls, list):
        raise DeltaError(Failure.MALFORMED)
    return tuple(_tool(_mapping(call), position) for position, call in enumerate(calls))


def _tool(call: Mapping[str, object], position: int) -> ToolDelta:
    function = _mapping(call.get("function") or {})
    index = call.get("index", position)
    if not isinstance(index, int):
        raise DeltaError(Failure.MALFORMED)
    return ToolDelta(index, _text(call.get("id")), _text(function.get("name")), _text(function.get("arguments")))


def _usage(value: object) -> Usage | None:
    """The counts; None when they are absent or no counts."""
    if not isinstance(value, dict):
        return None
    prompt, completion = value.get("prompt_tokens"), value.get("completion_tokens", 0)
    if not (isinstance(prompt, int) and isinstance(completion, int) and prompt >= 0 and completion >= 0):
        return None
    return Usage(prompt, completion, estimated=False)
