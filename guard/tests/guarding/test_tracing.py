"""Spans of model calls, read back through the SDK."""

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from launchready_guard.tracing import ModelCall, ModelSpans


def test_a_call_becomes_a_span_with_the_conventions_names_and_its_own_times():
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    call = ModelCall(
        provider="first",
        model="gpt-4o-mini",
        request_id="61f8",
        failure="timed_out_idle",
        prompt_tokens=12,
        completion_tokens=34,
        first_token_s=0.5,
        ended_at_s=1_000_000.0,
        took_s=2.5,
    )
    ModelSpans(provider.get_tracer("launchready_guard")).note(call)
    (span,) = exporter.get_finished_spans()
    assert (span.name, span.kind.name, span.status.status_code.name) == ("chat gpt-4o-mini", "CLIENT", "ERROR")
    assert span.end_time - span.start_time == 2_500_000_000
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "first",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 34,
        "gen_ai.response.time_to_first_chunk": 0.5,
        "error.type": "timed_out_idle",
        "launchready.request_id": "61f8",
    }
