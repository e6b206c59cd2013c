"""Spans of model calls for OpenTelemetry, by its names for generative AI; without content, which is opt-in there too.

`opentelemetry-api` is the extra `otel`. The names are still marked "Development" there, so they are written down here
once and change only when somebody decides it.
"""

from dataclasses import dataclass

from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
REQUEST_MODEL = "gen_ai.request.model"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
ERROR_TYPE = "error.type"
FIRST_TOKEN_S = "gen_ai.response.time_to_first_chunk"  # noqa: S105 - the name of an attribute
REQUEST_ID = "launchready.request_id"

NANOS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """A call that is over.

    Attributes:
        provider: Who was asked.
        model: Which model.
        request_id: The product's id of the request.
        failure: A stable code; None when nothing went wrong.
        prompt_tokens: Tokens of the prompt.
        completion_tokens: Tokens of the answer, as far as it came.
        first_token_s: Seconds to the first token; None when none came.
        ended_at_s: Seconds since the epoch.
        took_s: Seconds that the call took.
    """

    provider: str
    model: str
    request_id: str
    failure: str | None
    prompt_tokens: int
    completion_tokens: int
    first_token_s: float | None
    ended_at_s: float
    took_s: float


class ModelSpans:
    """Makes a span of each model call when it is over.

    Args:
        tracer: From `opentelemetry.trace.get_tracer("launchready_guard")`.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def note(self, call: ModelCall) -> None:
        """Write the span of a call."""
        started_ns = int((call.ended_at_s - call.took_s) * NANOS)
        span = self._tracer.start_span(f"chat {call.model}", kind=SpanKind.CLIENT, start_time=started_ns)
        span.set_attribute(OPERATION, "chat")
        span.set_attribute(PROVIDER, call.provider)
        span.set_attribute(REQUEST_MODEL, call.model)
        span.set_attribute(REQUEST_ID, call.request_id)
        span.set_attribute(INPUT_TOKENS, call.prompt_tokens)
        span.set_attribute(OUTPUT_TOKENS, call.completion_tokens)
        if call.first_token_s is not None:
            span.set_attribute(FIRST_TOKEN_S, call.first_token_s)
        if call.failure is not None:
            span.set_attribute(ERROR_TYPE, call.failure)
            span.set_status(Status(StatusCode.ERROR))
        span.end(end_time=int(call.ended_at_s * NANOS))
