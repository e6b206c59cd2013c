"""Whatever a chatbot streams is read without a foreign error, the same in any pieces, and in linear time."""

import itertools
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchready.parse.chat_fields import read_event, read_reply
from launchready.parse.chat_pieces import End, Failure, Other, Text, ToolPiece, leaves
from launchready.parse.event_stream import EventStreamError, EventStreamReader
from launchready.parse.json_path import JsonPathError, read_path
from launchready.parse.openai_stream import OpenAiError, read_chunk, read_completion
from launchready.parse.ui_message_stream import UiStreamError, read_data_line, read_ui_part

fuzz = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

STREAM_WORDS = (
    b"data",
    b":",
    b" ",
    b"\n",
    b"\r",
    b"\r\n",
    b"event",
    b"id",
    b"retry",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xe2\x82",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ("type", "delta", "choices", "message", "content", "tool_calls", "function", "error", "text", "index")
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
PIECES = (Text, ToolPiece, Failure, End, Other)


def near_stream() -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(STREAM_WORDS) | st.binary(max_size=3), max_size=40).map(b"".join)


def read_all(pieces: list[bytes]) -> list[object]:
    reader = EventStreamReader()
    return [event for piece in pieces for event in reader.feed(piece)] + list(reader.close())


@fuzz
@given(near_stream(), st.lists(st.integers(0, 100), max_size=10))
def test_a_stream_says_the_same_however_it_is_cut_into_pieces(stream: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[start:end] for start, end in itertools.pairwise(places)]
    assert read_all(pieces) == read_all([stream]) == read_all([stream[i : i + 1] for i in range(len(stream))])


@fuzz
@given(JSON | st.text(max_size=30))
def test_any_json_and_any_text_gives_pieces_or_the_readers_own_error(value: object) -> None:
    text = json.dumps(value)
    for raw in (text, str(value), f"0:{text}", f"9:{text}", f"d:{text}"):
        for reader, error in (
            (read_completion, OpenAiError),
            (read_chunk, OpenAiError),
            (read_ui_part, UiStreamError),
            (read_data_line, UiStreamError),
        ):
            try:
                pieces = reader(raw)
            except error:
                continue
            assert all(isinstance(piece, PIECES) for piece in pieces)
        assert all(isinstance(piece, PIECES) for piece in read_event("message", raw, None))
    assert all(isinstance(piece, PIECES) for piece in read_reply(value, None))


@fuzz
@given(
    st.lists(st.sampled_from(("$", ".", "a", "[", "]", "*", "'", '"', "\\", "0", "-1", "9")), max_size=12).map("".join),
    JSON,
)
def test_any_text_is_a_path_or_is_refused(text: str, value: object) -> None:
    try:
        path = read_path(text)
    except JsonPathError:
        return
    assert isinstance(path.find(value), tuple)
    try:
        changed = path.put(value, "new")
    except JsonPathError:
        return
    assert path.find(changed) == ("new",)


@pytest.mark.parametrize("unit", ["data: a\n", "\r", "\n", ":", "data:\n", "{", "[", '{"a":', "x", "\\", "'"])
def test_none_takes_more_than_linear_time(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    started = time.process_time()
    reader = EventStreamReader()
    try:
        for start in range(0, len(text), 100):
            reader.feed(text[start : start + 100].encode())
        reader.close()
    except EventStreamError:
        pass
    read_event("message", text, None)
    for read in (read_completion, read_chunk, read_ui_part, read_data_line, read_path):
        try:
            read(text)
        except (OpenAiError, UiStreamError, JsonPathError):
            continue
    assert time.process_time() - started < 2


def test_a_wide_and_a_deep_value_are_read_in_bounds() -> None:
    deep: object = "x"
    for _ in range(500):
        deep = [deep]
    assert list(leaves(deep)) == []
    assert len(list(leaves(["y"] * 1_000_000))) < 2_001


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(EventStreamError, match="a line of more than 1048576 bytes"):
        read_all([b"data: " + b"x" * 100_000] * 100)


def test_an_event_of_endless_lines_is_refused() -> None:
    with pytest.raises(EventStreamError, match="an event of more than"):
        read_all([b"data: " + b"x" * 100_000 + b"\n"] * 1000)
