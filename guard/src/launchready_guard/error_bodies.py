"""What a visitor reads when something fails: a stable code and a sentence of ours, never what broke inside.

Bodies of failing applications quote stack traces, queries and keys. They are thrown away; the status is kept, since a
monitor has to see a failure as one.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from launchready_guard.request_id import request_id_of

MAX_ERROR_BYTES = 4096
"""Bytes of an error body that are looked at; one in the known shape has under 500."""

MAX_MESSAGE_CHARS = 300
"""Longest sentence of the product's own that is let through."""

CODE = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
SHAPE = frozenset({"code", "message", "retryable", "request_id"})

LEAKS = re.compile(
    r"traceback|exception|\bat .+:\d+|File \"|\.py\b|/(?:app|home|srv|usr|var)/"
    r"|(?:sk|pk|rk|xox[a-z]|ghp|AKIA)[-_A-Z0-9]|bearer\s|https?://|postgres|sqlite|select\s.+\sfrom|[A-Za-z0-9+/_-]{33,}|[\x00-\x1f]",
    re.IGNORECASE,
)
"""Signs that a sentence was written for an engineer: a trace, a path, an address, a query, or something like a key."""

SAFE_HEADERS = frozenset(
    {
        b"access-control-allow-credentials",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
        b"allow",
        b"cache-control",
        b"content-security-policy",
        b"cross-origin-opener-policy",
        b"cross-origin-resource-policy",
        b"permissions-policy",
        b"referrer-policy",
        b"retry-after",
        b"set-cookie",
        b"strict-transport-security",
        b"vary",
        b"www-authenticate",
        b"x-content-type-options",
        b"x-frame-options",
        b"x-request-id",
    }
)
"""Headers of a failing answer that are kept; others, such as `x-debug-exception`, may hold what its body held."""

RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})

SENTENCES = {
    400: "This request can't be read.",
    401: "Please log in again.",
    403: "You may not do this.",
    404: "There is no such thing here.",
    405: "This can't be used that way.",
    408: "The request took too long to arrive. Please try again.",
    413: "That was more than we can take at once. Please shorten it.",
    422: "Something in this request is not as it should be.",
    429: "That was a lot at once. Please wait a moment and try again.",
    500: "Something broke on our side. We have a note of it; please try again in a moment.",
    502: "The assistant can't be reached at the moment. Please try again in a moment.",
    503: "Too many people are asking at the moment. Please try again shortly.",
    504: "The assistant took too long. Please try again.",
}
OTHER_SENTENCE = "That did not work."


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of the guard's own.

    Attributes:
        status: HTTP status, 400 or above.
        code: Stable name.
        message: What to tell the visitor.
        retry_after_s: Whole seconds for `Retry-After`; None when waiting is not what helps.
        headers: Further headers.
        retryable: Whether asking again may help; by the status when None.
    """

    status: int
    code: str
    message: str = ""
    retry_after_s: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retryable: bool | None = None

    def as_json(self, request_id: str) -> dict[str, object]:
        """The body: `{code, message, retryable, request_id}`."""
        return {
            "code": self.code,
            "message": self.message or sentence(self.status),
            "retryable": self.status in RETRYABLE if self.retryable is None else self.retryable,
            "request_id": request_id,
        }


Render = Callable[[Scope, Refusal], Response | None]
"""Makes a page of the product's own for a refusal; None leaves it to the guard, which answers with JSON."""


def sentence(status: int) -> str:
    """Our sentence for a status."""
    return SENTENCES.get(status, OTHER_SENTENCE)


def answer(scope: Scope, refusal: Refusal, render: Render | None = None) -> Response:
    """The response that says a refusal; no cache keeps it (RFC 9111 section 5.2.2.5)."""
    response = render(scope, refusal) if render is not None else None
    if response is None:
        response = JSONResponse(refusal.as_json(request_id_of(scope)), refusal.status)
    response.headers["cache-control"] = "no-store"
    for name, value in refusal.headers.items():
        response.headers[name] = value
    if refusal.retry_after_s is not None:
        response.headers["retry-after"] = str(refusal.retry_after_s)
    return response


def stream_error(refusal: Refusal, request_id: str) -> bytes:
    """The `error` event that ends a stream; blank lines before it end whatever was being said."""
    return f"\n\nevent: error\ndata: {json.dumps(refusal.as_json(request_id))}\n\n".encode()


def replacement(status: int, body: bytes) -> Refusal:
    """What stands in the place of an error body.

    For 5xx even the sentence is ours, since there it is too often an exception's text.

    Args:
        status: Its status.
        body: As much of it as was kept, at most `MAX_ERROR_BYTES`.
    """
    said = own_words(status, body)
    if said is None:
        return Refusal(status, f"http_{status}")
    return replace(said, message="") if status >= 500 else said


def own_words(status: int, body: bytes) -> Refusal | None:
    """What a body in our own shape says, without its sentence unless that was clearly written for visitors.

    None when it has another shape, of which nothing can be said again.
    """
    said = _in_our_shape(body)
    if said is None:
        return None
    code, message, retryable = said
    if len(message) > MAX_MESSAGE_CHARS or LEAKS.search(message):
        message = ""
    return Refusal(status, code, message, retryable=retryable)


def kept_headers(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a failing answer that a visitor may see."""
    return [(name, value) for name, value in headers if name.lower() in SAFE_HEADERS]


def _in_our_shape(body: bytes) -> tuple[str, str, bool | None] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not {"code", "message"} <= value.keys() <= SHAPE:
        return None
    code, message = value["code"], value["message"]
    if not isinstance(code, str) or not isinstance(message, str) or not CODE.fullmatch(code) or LEAKS.search(code):
        return None
    retryable = value.get("retryable")
    return code, message, retryable if isinstance(retryable, bool) else None
