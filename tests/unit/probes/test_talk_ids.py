"""`probes/talk_ids.py`: which ids are seen, and how well they can be guessed."""

import dataclasses

import pytest

from launchready.facts.isolation import IdSeen
from launchready.net.http_message import HttpResponse, Timings
from launchready.probes.talk_ids import TalkId, chance_bits, compared, cookie_ids, counts_up, ids_of, words_of

EMPTY = HttpResponse(
    url="https://app.example.com/api/chat",
    method="GET",
    status=200,
    headers=(),
    body=b"",
    body_size_on_wire_bytes=0,
    truncated=False,
    address="203.0.113.1",
    http_version="1.1",
    timings=Timings(0, 0, 0, 0, 0),
)


def answer(body: str, kind: str = "application/json", *headers: tuple[str, str]) -> HttpResponse:
    return dataclasses.replace(EMPTY, headers=(("content-type", kind), *headers), body=body.encode())


def test_ids_are_found_in_fields_lists_and_headers() -> None:
    body = '{"conversation_id": 41, "turns": [{"threadId": "t-9", "text": "id"}], "request_id": "r", "done": true}'
    assert ids_of(answer(body, "application/json", ("x-session-id", "abc"))) == (
        TalkId("x-session-id", "header", "abc"),
        TalkId("conversation_id", "field", "41"),
        TalkId("threadId", "field", "t-9"),
    )


def test_ids_are_found_in_the_events_of_a_stream() -> None:
    stream = 'data: {"delta": "Hi"}\n\nevent: done\ndata: {"session": "s1"}\n\n'
    assert ids_of(answer(stream, "text/event-stream")) == (TalkId("session", "field", "s1"),)


def test_the_words_of_a_stream_are_joined() -> None:
    stream = 'data: {"delta": "Ba"}\n\ndata: {"delta": "deFo"}\n\n'
    assert "badefo" in words_of(answer(stream, "text/event-stream; charset=utf-8"))


@pytest.mark.parametrize(
    ("value", "bits"),
    [
        ("12345678", 26),
        ("0f" * 8, 64),
        ("1e9c0c5e-7d1a-4c43-9bb2-0d8de43ff7e1", 128),
        ("x_Y" + "A" * 18, 126),
        ("", 0),
    ],
)
def test_chance_is_bounded_by_length_and_alphabet(value, bits) -> None:
    assert chance_bits(value) == bits


@pytest.mark.parametrize(
    ("first", "second", "is_near"),
    [
        ("41", "42", True),
        ("user-41-chat", "user-57-chat", True),
        ("41", "1041", False),
        ("41", "1040", True),
        ("a1", "b2", False),
        ("1a2", "3a4", False),
        ("41", "41", False),
        ("9" * 19, "9" * 18 + "8", False),
    ],
)
def test_ids_that_count_up_are_told_from_others(first, second, is_near) -> None:
    assert counts_up(first, second) is is_near


def test_only_cookies_that_log_in_count_and_the_last_value_does() -> None:
    lines = (("https://app.example.com/", ("session=a; Path=/", "theme=dark", "csrftoken=x")),)
    again = (("https://app.example.com/", ("session=b; HttpOnly",)),)
    assert cookie_ids((*lines, *again)) == (TalkId("session", "cookie", "b"),)


def test_ids_that_both_customers_share_or_one_lacks_are_left_out() -> None:
    mine = (TalkId("session", "field", "a" * 32), TalkId("thread_id", "field", "7"), TalkId("chat_id", "field", "x"))
    theirs = (TalkId("session", "field", "b" * 32), TalkId("thread_id", "field", "7"))
    assert compared(mine, theirs) == (IdSeen("the field session", 128, counts_up=False),)


def test_nothing_shows_the_value_of_an_id() -> None:
    assert "hidden" not in repr(TalkId("session", "cookie", "hidden"))
