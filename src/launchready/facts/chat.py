"""What one message to a chatbot brought back, as a visitor's browser would have seen it."""

from dataclasses import dataclass
from enum import StrEnum


class Transport(StrEnum):
    """How an answer came, or why there is none that can be judged."""

    OK = "ok"
    REFUSED = "refused"
    TIMED_OUT_FIRST = "timed-out-first"
    TIMED_OUT_IDLE = "timed-out-idle"
    TIMED_OUT_TOTAL = "timed-out-total"
    CUT = "cut"
    BAD_STATUS = "bad-status"
    BAD_CONTENT_TYPE = "bad-content-type"
    EMPTY = "empty"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    NO_CONNECTION = "no-connection"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the answer calls; `arguments` are as they were sent, which should be JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one message.

    Attributes:
        transport: OK only where the answer is whole: right status and content type, its end seen where the protocol
            has one, and a text or a tool call in it. REFUSED is an `error` that the product itself named.
        status: the HTTP status, or None where there was no response. For WebSocket that of the handshake.
        text: the visible answer.
        tools: calls in the order in which they came.
        other: everything else that a visitor can read: error bodies, further fields, unknown and `error` events,
            comments, reasoning. Each part is cut at a bound.
        headers: of the response, names in lower case.
        first_byte_s: from sending to the first byte of the response; None where none came.
        first_token_s: from sending to the first piece with content.
        largest_gap_s: the longest wait between two pieces with content; None where there were fewer than two.
        total_s: from sending to the end.
        pieces: how many pieces with content came at times of their own or in events of their own.
        done_seen: whether the end that the protocol asks for was seen.
        retry_after_s: what Retry-After says, in seconds.
        detail: one sentence for people where transport is not OK.
    """

    transport: Transport
    status: int | None
    text: str
    tools: tuple[ToolCall, ...]
    other: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    first_byte_s: float | None
    first_token_s: float | None
    largest_gap_s: float | None
    total_s: float
    pieces: int
    done_seen: bool
    retry_after_s: float | None
    detail: str
