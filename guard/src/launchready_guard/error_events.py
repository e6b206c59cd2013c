"""Error events that a product writes into its own stream: said in our words, as its error bodies are.

A stream that has begun has no status left to fail with, so products write what broke as an event, and quote traces,
queries and keys there too. Such an event is replaced in the shape that its protocol has; all others pass byte by byte.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from launchready_guard.error_bodies import Refusal, own_words
from launchready_guard.event_stream import Event, EventReader

EVENT_END = re.compile(rb"(?>\r\n|\r|\n){2}")
"""A blank line, with the end of the line before it."""

BLANK_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")

PRODUCT_ERROR = "product_error"
"""The code of an error whose own code we can't show."""

SENTENCE = "Something broke on our side. What you see is all that came; you can ask again."

STATUS = 500
"""What it would have been, had the stream not begun."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
"""A type of event, or the id of a call of a tool."""


class ErrorEvents:
    """Passes a stream on without what its error events say.

    The bytes of an event wait for the blank line that ends it, before which no reader has an event anyway.

    Args:
        request_id: Named in what is said instead.

    Attributes:
        code: The code of the latest error; empty while there was none.
    """

    def __init__(self, request_id: str) -> None:
        self.code = ""
        self._request_id = request_id
        self._waiting = bytearray()

    def passed(self, chunk: bytes, events: Sequence[Event], *, more: bool) -> bytes:
        """What may be sent on now.

        Args:
            chunk: What the product sent.
            events: The events that end in it, by an `EventReader`.
            more: Whether anything follows; otherwise what is unfinished is looked at and let go.
        """
        before = len(self._waiting)
        self._waiting += chunk
        ready = len(self._waiting)
        if not self._waiting.endswith(BLANK_ENDS):
            # From the end of the line before, and no earlier: it was looked at when it came.
            ready = max((end.end() for end in EVENT_END.finditer(self._waiting, max(0, before - 2))), default=0)
        said = bytes(self._waiting[:ready])
        del self._waiting[:ready]
        if any(map(is_error, events)):
            said = b"".join(map(self._shown, _blocks(said)))
        if not more:
            said += self._shown(bytes(self._waiting))
            self._waiting.clear()
        return said

    def _shown(self, block: bytes) -> bytes:
        error = next(filter(is_error, EventReader().feed(block + b"\n\n")), None)
        return block if error is None else self._instead(error)

    def _instead(self, error: Event) -> bytes:
        refusal = own_words(STATUS, error.data.encode()) or Refusal(STATUS, PRODUCT_ERROR)
        refusal = replace(refusal, message=refusal.message or SENTENCE)
        self.code = refusal.code
        lines = [f"event: {error.type}"] if error.type != "message" else []
        lines += [f"id: {error.last_event_id}"] if error.last_event_id else []
        data = json.dumps(_in_shape_of(error.data, refusal, self._request_id), ensure_ascii=False)
        return "\n".join([*lines, f"data: {data}", "", ""]).encode()


def is_error(event: Event) -> bool:
    """Whether an event says that something broke, in one of the protocols in use."""
    if event.type == "error":
        return True
    if '"error' not in event.data:
        return False
    value = _object(event.data)
    return bool(value.get("error")) or value.get("type") == "error" or "errorText" in value


def _in_shape_of(data: str, refusal: Refusal, request_id: str) -> dict[str, object]:
    """The refusal as the product's protocol has errors: OpenAI's, the AI SDK's, or ours."""
    said = refusal.as_json(request_id)
    value = _object(data)
    if "errorText" in value:
        named = {name: value[name] for name in ("type", "toolCallId") if NAME.fullmatch(str(value.get(name, "")))}
        return named | {"errorText": said["message"]}
    if value.get("error"):
        return {"error": said | {"type": "server_error"}}
    return said | ({"type": "error"} if value.get("type") == "error" else {})


def _object(data: str) -> dict[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _blocks(whole: bytes) -> list[bytes]:
    """The events of some bytes, each with the blank line that ends it."""
    ends = [0, *(found.end() for found in EVENT_END.finditer(whole)), len(whole)]
    return [whole[start:end] for start, end in pairwise(ends) if start < end]
