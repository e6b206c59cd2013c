"""How a chat's answer is read."""

import json

import pytest

from launchready.probes.answers import Answer, read_answer

SSE = "text/event-stream; charset=utf-8"


def events(*lines: str) -> bytes:
    return ("\n\n".join(lines) + "\n\n").encode()


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (events('data: {"delta": "Hello"}', 'data: {"delta": " you"}', 'event: done\ndata: {"message_id": "1"}'), 9),
        (events('data: {"choices": [{"delta": {"content": "Hi"}}]}', "data: [DONE]"), 2),
        (events("data: Hello", "data: you"), 8),
        (b'data: {"delta": "Hello"}', 5),
        (b'data: {"delta": "Hel"}\r\n\r\ndata: {"delta": "lo"}\r\n\r\n', 5),
        (b"", 0),
        (events(": ping"), 0),
    ],
)
def test_the_characters_of_a_stream_are_counted(body: bytes, answer: int) -> None:
    assert read_answer(SSE, body) == Answer(answer)


def test_an_error_in_a_stream_is_named_by_its_code() -> None:
    body = events(
        'data: {"delta": "Hel"}', 'event: error\ndata: {"code": "model_down", "message": "Sorry, maya@x.example"}'
    )
    assert read_answer(SSE, body) == Answer(3, "model_down")


def test_an_error_without_a_code_is_still_an_error() -> None:
    assert read_answer(SSE, events("event: error\ndata: oh no, a sentence")) == Answer(0, "error")


def test_an_event_that_was_cut_off_is_left_out() -> None:
    assert read_answer(SSE, b'data: {"delta": "Hello"}\n\ndata: {"del', truncated=True) == Answer(5)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ({"answer": "Hello"}, Answer(5)),
        ({"code": "ok", "message": "Hello"}, Answer(5)),
        ({"choices": [{"message": {"content": "Hello"}}]}, Answer(5)),
        ({"content": [{"type": "text", "text": "Hello"}]}, Answer(5)),
        ({"error": {"code": "overloaded", "message": "a sentence"}}, Answer(0, "overloaded")),
        ({"error": "logged_out"}, Answer(0, "logged_out")),
        ({"error": True}, Answer(0, "error")),
        ({}, Answer(0)),
        ([], Answer(0)),
    ],
)
def test_json_is_read_in_its_usual_forms(value: object, answer: Answer) -> None:
    assert read_answer("application/json", json.dumps(value).encode()) == answer


def test_plain_text_is_an_answer_and_a_page_is_none() -> None:
    assert read_answer("text/plain", b"Hello\n") == Answer(5)
    assert read_answer("text/html", b"<p>Hello") is None
    assert read_answer("", b" <!DOCTYPE html><p>Hello") is None


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"delta":' * 500 + b"1" + b"}" * 500, b"\xff\x00"])
def test_hostile_bytes_are_read_without_an_error(body: bytes) -> None:
    assert read_answer("application/json", body) is not None
    assert read_answer(SSE, b"data: " + body) is not None
