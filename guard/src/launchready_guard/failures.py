"""The ways in which a model provider fails, told apart by what it sent.

Nothing of the provider's own text is kept: an error's text may quote the key or what a customer wrote.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

MAX_RETRY_AFTER_S = 24 * 3600.0
"""Seconds of the longest Retry-After that is believed; a daily quota is the longest wait that providers ask for."""


class Failure(StrEnum):
    """Why a call gave no whole answer; the value is a stable code for logs and metrics."""

    UNREACHABLE = "unreachable"
    """No connection within the time for it."""
    TIMED_OUT_FIRST = "timed_out_first"
    """No visible token in time, whatever else came."""
    TIMED_OUT_IDLE = "timed_out_idle"
    """The tokens stopped."""
    TIMED_OUT_TOTAL = "timed_out_total"
    """The tokens did not end in time."""
    RATE_LIMITED = "rate_limited"
    """429: too many calls; a later one may do."""
    QUOTA = "insufficient_quota"
    """The account's money or quota is used up or billing is not active; waiting does not help, the owner has to pay."""
    REFUSED_KEY = "refused_key"
    """401 or 403: the key is wrong or may not do this."""
    WRONG_MODEL = "wrong_model"
    """The provider has no such model, or not for this key."""
    CONTEXT_OVERFLOW = "context_overflow"
    """The talk is longer than the model takes."""
    REFUSED = "refused"
    """Another status that is not 200, such as 400 or a redirect: the request itself is not taken."""
    PROVIDER_ERROR = "provider_error"
    """5xx or 408."""
    STREAM_ERROR = "stream_error"
    """An error object inside a stream that began with 200."""
    BAD_CONTENT_TYPE = "bad_content_type"
    """200, and no event stream: a captive portal, a proxy's page, an answer that is not streamed."""
    MALFORMED = "malformed"
    """An event that is none of the protocol."""
    EMPTY = "empty"
    """The stream ended well, without a visible word."""
    CUT = "cut"
    """The stream ended without its end."""
    TOO_LARGE = "too_large"
    """A line, an event, the answer or the stream is larger than its bound."""

    @property
    def same_again(self) -> bool:
        """Whether the same provider may do better at once. Another 10 s of silence is not worth a visitor's time."""
        return self in _SAME_AGAIN

    @property
    def of_the_request(self) -> bool:
        """Whether the request is at fault rather than the provider: it says nothing about the provider's health."""
        return self in {Failure.CONTEXT_OVERFLOW, Failure.REFUSED}

    @property
    def retryable(self) -> bool:
        """Whether a visitor who asks again later may get an answer without anybody mending something."""
        return self not in _NEEDS_MENDING


_SAME_AGAIN = frozenset(
    {
        Failure.UNREACHABLE,
        Failure.RATE_LIMITED,
        Failure.PROVIDER_ERROR,
        Failure.STREAM_ERROR,
        Failure.MALFORMED,
        Failure.EMPTY,
        Failure.CUT,
    }
)
_NEEDS_MENDING = frozenset(
    {Failure.QUOTA, Failure.REFUSED_KEY, Failure.WRONG_MODEL, Failure.CONTEXT_OVERFLOW, Failure.REFUSED}
)

QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "billing_error",
        "account_deactivated",
        "insufficient_balance",
        "insufficient_credits",
        "insufficient_funds",
    }
)
"""Codes and types of an account without money, as OpenAI, DeepSeek, OpenRouter and Anthropic spell them."""

MODEL_CODES = frozenset({"model_not_found", "model_not_available", "invalid_model", "unknown_model"})
CONTEXT_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error", "string_above_max_length"})
RATE_CODES = frozenset({"rate_limit_exceeded", "rate_limit_error", "too_many_requests"})

CONTEXT_WORDS = (
    "maximum context length",
    "context length",
    "context window",
    "context size",
    "prompt is too long",
    "input is too long",
)
"""What servers without codes say (vLLM, llama.cpp, Ollama), in lower case."""

ABSENT_WORDS = ("not found", "does not exist", "not exist", "unknown model", "invalid model", "not a valid model")


def failure_of(status: int, body: bytes) -> Failure:
    """What an answer with a status other than 200 means.

    Args:
        status: The HTTP status.
        body: Its body, as far as it was read; looked at for its code only.
    """
    return _told(status, error_in(parsed(body)))


def failure_in_stream(error: object) -> Failure:
    """What an error object inside a 200 means.

    Args:
        error: What stands under `error`: an object, or a bare text.
    """
    named = error if isinstance(error, Mapping) else {"message": error}
    code = named.get("code")
    status = code if isinstance(code, int) and not isinstance(code, bool) else 0
    told = _told(status, named)
    return Failure.STREAM_ERROR if told is Failure.REFUSED else told


def error_in(value: object) -> Mapping[str, object]:
    """The error object of a body or event; empty when there is none.

    The shapes in use: `{"error": {…}}`, `{"error": "text"}`, `{"object": "error", …}`, `[{"error": {…}}]`.
    """
    if isinstance(value, list) and value:
        return error_in(value[0])
    if not isinstance(value, Mapping):
        return {}
    error = value.get("error")
    if isinstance(error, Mapping):
        return error
    if isinstance(error, str) and error:
        return {"message": error}
    return value if value.get("object") == "error" else {}


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds that `Retry-After` asks to wait (RFC 9110, section 10.2.3): a number of seconds or a date.

    Args:
        value: The header's value; empty when there was none.
        now: The time of day, aware.

    Returns:
        None when it is absent or neither of the two; never negative, at most `MAX_RETRY_AFTER_S`.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), MAX_RETRY_AFTER_S)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def _told(status: int, error: Mapping[str, object]) -> Failure:
    codes = {str(error.get(name)).lower() for name in ("code", "type")}
    words = str(error.get("message", "")).lower()
    by_code = _by_code(codes)
    if by_code is not None:
        return by_code
    if _says_no_such_model(status, words):
        return Failure.WRONG_MODEL
    if status in {0, 400, 413, 422} and any(said in words for said in CONTEXT_WORDS):
        return Failure.CONTEXT_OVERFLOW
    return _by_status(status)


def _by_code(codes: set[str]) -> Failure | None:
    for known, failure in (
        (QUOTA_CODES, Failure.QUOTA),
        (MODEL_CODES, Failure.WRONG_MODEL),
        (CONTEXT_CODES, Failure.CONTEXT_OVERFLOW),
        (RATE_CODES, Failure.RATE_LIMITED),
    ):
        if codes & known:
            return failure
    return None


def _says_no_such_model(status: int, words: str) -> bool:
    return status in {0, 400, 404} and "model" in words and any(said in words for said in ABSENT_WORDS)


def _by_status(status: int) -> Failure:
    match status:
        case 401 | 403:
            return Failure.REFUSED_KEY
        case 402:
            return Failure.QUOTA
        case 413:
            return Failure.CONTEXT_OVERFLOW
        case 429:
            return Failure.RATE_LIMITED
        case 408:
            return Failure.PROVIDER_ERROR
        case _:
            return Failure.PROVIDER_ERROR if status >= 500 else Failure.REFUSED


def parsed(body: bytes | str) -> object:
    """The JSON of a body or event; None when it is none, and no error that would quote it."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value
