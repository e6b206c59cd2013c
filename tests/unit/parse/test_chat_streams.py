"""Streams as products send them, written down by hand from the documentation of each protocol."""

import json

import pytest

from launchready.parse.chat_fields import find_reply, read_event, read_reply
from launchready.parse.chat_pieces import End, Failure, Other, Text, ToolPiece
from launchready.parse.json_path import read_path
from launchready.parse.openai_stream import OpenAiError, read_chunk, read_completion
from launchready.parse.ui_message_stream import UiStreamError, read_data_line, read_ui_part


def test_a_whole_completion_gives_its_words_its_calls_and_its_end() -> None:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "Sure.",
                    "reasoning_content": "They want a slot.",
                    "tool_calls": [
                        {"id": "c1", "type": "function", "function": {"name": "slots", "arguments": '{"day": 1}'}}
                    ],
                },
                "finish_reason": "tool_calls",
            }
        ],
    }
    pieces = read_completion(json.dumps(body))
    assert Text("Sure.") in pieces
    assert ToolPiece("0", "slots", '{"day": 1}') in pieces
    assert Other("reasoning_content", "They want a slot.", is_part=True) in pieces
    assert pieces[-1] == End("tool_calls")


def test_the_chunks_of_one_call_share_its_index() -> None:
    first = {
        "choices": [{"delta": {"tool_calls": [{"index": 1, "id": "c", "function": {"name": "book", "arguments": ""}}]}}]
    }
    second = {"choices": [{"delta": {"tool_calls": [{"index": 1, "function": {"arguments": '{"d'}}]}}]}
    assert read_chunk(json.dumps(first)) == (ToolPiece("1", "book", ""),)
    assert read_chunk(json.dumps(second)) == (ToolPiece("1", "", '{"d'),)


def test_only_the_word_done_ends_a_stream_of_chunks() -> None:
    last = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    assert read_chunk(json.dumps(last)) == (Other("finish_reason", "stop"),)
    assert read_chunk(" [DONE]") == (End(),)


def test_an_error_object_in_a_good_status_is_a_failure() -> None:
    body = {"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": None}}
    assert read_completion(json.dumps(body))[0] == Failure("insufficient_quota", "You exceeded your current quota")
    assert read_chunk('{"error": "overloaded"}')[0] == Failure("", "overloaded")


@pytest.mark.parametrize("body", ["", "[]", "null", "hello", "{}", '{"choices": 1}'])
def test_what_is_no_completion_is_refused(body: str) -> None:
    with pytest.raises(OpenAiError):
        read_completion(body)


def test_a_ui_message_stream_gives_words_calls_and_an_end() -> None:
    parts = [
        {"type": "start", "messageId": "m1"},
        {"type": "text-start", "id": "t1"},
        {"type": "text-delta", "id": "t1", "delta": "Hel"},
        {"type": "text-delta", "id": "t1", "delta": "lo"},
        {"type": "text-end", "id": "t1"},
        {"type": "tool-input-start", "toolCallId": "c1", "toolName": "slots"},
        {"type": "tool-input-delta", "toolCallId": "c1", "inputTextDelta": '{"day"'},
        {"type": "tool-input-available", "toolCallId": "c1", "toolName": "slots", "input": {"day": 1}},
        {"type": "data-note", "data": {"secret": "4711"}},
        {"type": "finish"},
    ]
    pieces = [piece for part in parts for piece in read_ui_part(json.dumps(part))]
    assert [piece.text for piece in pieces if isinstance(piece, Text)] == ["Hel", "lo"]
    assert ToolPiece("c1", "slots", '{"day": 1}', is_whole=True) in pieces
    assert Other("data-note.data.secret", "4711") in pieces
    assert pieces[-1] == End("")


def test_an_error_part_of_a_ui_message_stream_is_a_failure() -> None:
    assert read_ui_part('{"type": "error", "errorText": "Rate limited"}') == (Failure("", "Rate limited"),)
    assert read_ui_part('{"type": "abort"}')[0] == Failure("abort", "")


@pytest.mark.parametrize("data", ["", "x", "{}", '{"type": 1}', "[1]"])
def test_what_is_no_part_of_a_ui_message_stream_is_refused(data: str) -> None:
    with pytest.raises(UiStreamError):
        read_ui_part(data)


def test_the_older_data_stream_gives_the_same_pieces() -> None:
    assert read_data_line('0:"Hel"') == (Text("Hel"),)
    assert read_data_line('3:"Rate limited"') == (Failure("", "Rate limited"),)
    assert read_data_line('9:{"toolCallId":"c","toolName":"slots","args":{"day":1}}') == (
        ToolPiece("c", "slots", '{"day": 1}', is_whole=True),
    )
    assert read_data_line('d:{"finishReason":"stop"}')[0] == End("stop")
    assert read_data_line('g:"hm"') == (Other("reasoning", "hm", is_part=True),)


@pytest.mark.parametrize("line", ["", "hello", "0:hello", "0:1", "00:1"])
def test_what_is_no_line_of_a_data_stream_is_refused(line: str) -> None:
    with pytest.raises(UiStreamError):
        read_data_line(line)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"reply": "Hi"}, "$.reply"),
        ({"message": "Hi"}, "$.message"),
        ({"message": "What is it?", "answer": "Hi"}, "$.answer"),
        ({"data": {"text": "Hi"}}, "$.data.text"),
        ({"choices": [{"message": {"content": "Hi"}}]}, "$.choices[0].message.content"),
        ({"messages": [{"content": "What?"}, {"content": "Hi"}]}, "$.messages[-1].content"),
    ],
)
def test_usual_fields_are_recognised_and_named(value: object, path: str) -> None:
    found = find_reply(value, None)
    assert found is not None
    assert (found.text, found.path) == ("Hi", path)


def test_a_declared_path_goes_before_the_usual_fields() -> None:
    found = find_reply({"reply": "no", "out": [{"say": "yes"}]}, read_path("$.out[0].say"))
    assert found is not None
    assert found.text == "yes"


def test_what_stands_beside_the_words_is_kept() -> None:
    assert read_reply({"reply": "Hi", "debug": {"prompt": "You are"}}, None) == (
        Text("Hi"),
        Other("$.debug.prompt", "You are"),
    )


def test_an_error_and_an_end_are_told_from_words() -> None:
    assert read_event("message", '{"delta": "Hi"}', None) == (Text("Hi"),)
    assert read_event("message", "Hi", None) == (Text("Hi"),)
    assert read_event("error", '{"code": "busy", "message": "Later"}', None)[0] == Failure("busy", "Later")
    assert read_event("message", '{"type": "error", "message": "Later"}', None)[0] == Failure("error", "Later")
    assert read_event("done", '{"text": "the whole answer again"}', None)[-1] == End("done")
    assert not [p for p in read_event("done", '{"text": "again"}', None) if isinstance(p, Text)]
    assert read_event("message", "[DONE]", None)[-1] == End("message")
    assert read_event("message", '{"response": "last", "done": true}', None)[0] == Text("last")
