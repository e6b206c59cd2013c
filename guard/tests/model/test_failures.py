"""Failures told apart by what providers really send."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_guard.failures import (
    MAX_RETRY_AFTER_S,
    Failure,
    failure_in_stream,
    failure_of,
    retry_after_s,
)

NOW = datetime(2026, 3, 2, 9, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "error", "failure"),
    [
        (429, {"code": "rate_limit_exceeded", "message": "Rate limit reached"}, Failure.RATE_LIMITED),
        (429, {"code": "insufficient_quota", "type": "insufficient_quota"}, Failure.QUOTA),
        (429, {"type": "insufficient_quota", "code": None}, Failure.QUOTA),
        (403, {"code": "billing_not_active"}, Failure.QUOTA),
        (402, {"message": "Insufficient Balance"}, Failure.QUOTA),
        (429, {"code": 429, "message": "You exceeded your current quota", "status": "RESOURCE_EXHAUSTED"},
         Failure.RATE_LIMITED),
        (401, {"code": "invalid_api_key", "message": "Incorrect API key provided"}, Failure.REFUSED_KEY),
        (403, {"message": "Country, region, or territory not supported"}, Failure.REFUSED_KEY),
        (404, {"code": "model_not_found", "message": "The model `x` does not exist"}, Failure.WRONG_MODEL),
        (403, {"code": "model_not_found", "message": "Project has no access to model `x`"}, Failure.WRONG_MODEL),
        (404, {"message": 'model "x" not found, try pulling it first'}, Failure.WRONG_MODEL),
        (404, {"message": "Not Found"}, Failure.REFUSED),
        (400, {"code": "context_length_exceeded"}, Failure.CONTEXT_OVERFLOW),
        (400, {"code": 400, "type": "exceed_context_size_error"}, Failure.CONTEXT_OVERFLOW),
        (400, {"message": "This model's maximum context length is 4096 tokens."}, Failure.CONTEXT_OVERFLOW),
        (413, {}, Failure.CONTEXT_OVERFLOW),
        (413, {"code": "rate_limit_exceeded", "type": "tokens"}, Failure.RATE_LIMITED),
        (400, {"message": "max_tokens has to be positive"}, Failure.REFUSED),
        (301, {}, Failure.REFUSED),
        (408, {}, Failure.PROVIDER_ERROR),
        (500, {"message": "The server had an error"}, Failure.PROVIDER_ERROR),
        (529, {"type": "overloaded_error"}, Failure.PROVIDER_ERROR),
    ],
)  # fmt: skip
def test_a_refusal_is_named(status, error, failure):
    assert failure_of(status, json.dumps({"error": error}).encode()) is failure


@pytest.mark.parametrize(
    "body",
    [
        {"object": "error", "message": "The model `x` does not exist.", "code": 404},
        {"error": "model 'x' not found"},
        [{"error": {"message": "model x is not found"}}],
    ],
)
def test_other_shapes_of_an_error_are_read_too(body):
    assert failure_of(404, json.dumps(body).encode()) is Failure.WRONG_MODEL


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[]", b"5", b"[" * 100_000])
def test_without_a_readable_body_the_status_counts(body):
    assert failure_of(429, body) is Failure.RATE_LIMITED
    assert failure_of(502, body) is Failure.PROVIDER_ERROR


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ({"message": "Overloaded"}, Failure.STREAM_ERROR),
        ({"code": 429, "message": "slow down"}, Failure.RATE_LIMITED),
        ({"code": 502, "message": "Provider disconnected"}, Failure.PROVIDER_ERROR),
        ({"code": "insufficient_quota"}, Failure.QUOTA),
        ({"code": True}, Failure.STREAM_ERROR),
        ({"message": "prompt is too long"}, Failure.CONTEXT_OVERFLOW),
        ("Something broke", Failure.STREAM_ERROR),
        ({}, Failure.STREAM_ERROR),
        (None, Failure.STREAM_ERROR),
    ],
)
def test_an_error_inside_a_stream_is_named(error, failure):
    assert failure_in_stream(error) is failure


def test_money_keys_models_and_long_talks_are_never_asked_again():
    never = {Failure.QUOTA, Failure.REFUSED_KEY, Failure.WRONG_MODEL, Failure.CONTEXT_OVERFLOW, Failure.REFUSED}
    assert {failure for failure in Failure if not failure.retryable} == never
    assert not [failure for failure in never if failure.same_again]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("20", 20),
        (" 0 ", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 400, MAX_RETRY_AFTER_S),
        ("Mon, 02 Mar 2026 09:14:37 GMT", 30),
        ("Monday, 02-Mar-26 09:14:37 GMT", 30),
        ("Mon, 02 Mar 2026 09:00:00 GMT", 0),
        ("Mon, 02 Mar 2036 09:00:00 GMT", MAX_RETRY_AFTER_S),
        ("Mon, 32 Mar 2026 09:00:00 GMT", None),
        ("Mon, 02 Mar 99999999999999999999 09:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after_s(value, NOW) == seconds


@given(st.timedeltas(timedelta(0), timedelta(hours=23)))
def test_a_date_is_read_back_to_the_second(ahead):
    written = format_datetime(NOW + ahead, usegmt=True)
    assert retry_after_s(written, NOW) == ahead.seconds + ahead.days * 86_400


@given(st.text(max_size=40))
def test_any_text_is_a_wait_or_none(value):
    wait_s = retry_after_s(value, NOW)
    assert wait_s is None or 0 <= wait_s <= MAX_RETRY_AFTER_S
