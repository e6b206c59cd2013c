"""What the chunks of a stream say, whatever they hold."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_guard.deltas import Delta, DeltaError, Text, ToolDelta, Usage, read_delta
from launchready_guard.failures import Failure


def delta(value: object, event_type: str = "message") -> Delta:
    return read_delta(json.dumps(value), event_type)


def choice(**fields: object) -> dict:
    return {"choices": [{"index": 0, "delta": {}, **fields}]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (choice(delta={"content": "Hi"}), "Hi"),
        (choice(delta={"content": None, "refusal": "I can't."}), "I can't."),
        (choice(delta={"content": [{"type": "text", "text": "Hi"}, {"type": "reference"}]}), "Hi"),
        (choice(delta={"reasoning_content": "hidden"}), ""),
        (choice(delta=None), ""),
        ({"choices": []}, ""),
        ({"choices": None, "error": None}, ""),
        ({}, ""),
    ],
)
def test_visible_text_is_taken_and_hidden_reasoning_is_not(value, text):
    assert delta(value).text == text


def test_a_tool_call_is_taken_in_parts():
    first = {"index": 1, "id": "call_1", "type": "function", "function": {"name": "book", "arguments": ""}}
    more = {"index": 1, "function": {"arguments": '{"day"'}}
    got = [delta(choice(delta={"tool_calls": [part]})).tools for part in (first, more)]
    assert got == [(ToolDelta(1, "call_1", "book", ""),), (ToolDelta(1, "", "", '{"day"'),)]


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4}, Usage(3, 4, estimated=False)),
        ({"prompt_tokens": 3}, Usage(3, 0, estimated=False)),
        ({"prompt_tokens": -3}, None),
        ({"prompt_tokens": "3"}, None),
        (None, None),
        (7, None),
    ],
)
def test_counts_are_taken_when_they_are_counts(usage, counts):
    assert delta({"choices": [], "usage": usage}).usage == counts


@pytest.mark.parametrize(
    "data",
    [
        *["", "{", "[]", "5", "null", "[" * 100_000, "9" * 5000],
        '{"choices": [1]}',
        '{"choices": 5}',
        '{"choices": [{"delta": 5}]}',
        '{"choices": [{"delta": {"content": 5}}]}',
        '{"choices": [{"delta": {"tool_calls": 5}}]}',
        '{"choices": [{"delta": {"tool_calls": [{"index": "x"}]}}]}',
    ],
)
def test_what_is_no_chunk_is_malformed(data):
    with pytest.raises(DeltaError) as failed:
        read_delta(data)
    assert failed.value.failure is Failure.MALFORMED


@pytest.mark.parametrize(
    ("value", "event_type", "failure"),
    [
        ({"error": {"code": "insufficient_quota"}}, "message", Failure.QUOTA),
        ({"error": {}}, "message", Failure.STREAM_ERROR),
        ({"error": {"message": "no"}, "choices": [{"delta": {"content": "x"}}]}, "message", Failure.STREAM_ERROR),
        ({"message": "Overloaded", "code": 503}, "error", Failure.PROVIDER_ERROR),
        ({"object": "error", "message": "no"}, "message", Failure.STREAM_ERROR),
        (choice(finish_reason="error"), "message", Failure.STREAM_ERROR),
    ],
)
def test_an_error_inside_the_stream_is_one(value, event_type, failure):
    with pytest.raises(DeltaError) as failed:
        delta(value, event_type)
    assert failed.value.failure is failure


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "error", "usage", "tool_calls", "function", "index"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_delta_or_its_own_error(value):
    with suppress(DeltaError):
        assert isinstance(delta(value).text, str)


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=4), max_size=8))
def test_text_can_always_be_sent_on_and_cutting_it_changes_nothing(parts):
    whole, cut = Text(), Text()
    together = whole.add("".join(parts)) + whole.rest()
    apart = "".join(cut.add(part) for part in parts) + cut.rest()
    assert together == apart
    assert "\0" not in together
    together.encode()


def test_the_halves_of_a_character_are_joined_and_a_lone_one_is_replaced():
    text = Text()
    assert [text.add("a\ud83c"), text.add("\udfd4b"), text.add("\udfd4"), text.add("\ud83c"), text.rest()] == [
        "a", "🏔b", "\ufffd", "", "\ufffd",
    ]  # fmt: skip
