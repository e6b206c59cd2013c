"""The reader of event streams, against the standard's own examples and against another implementation."""

from contextlib import suppress
from itertools import pairwise

import pytest
from httpx_sse._decoders import SSEDecoder, SSELineDecoder
from hypothesis import example, given
from hypothesis import strategies as st

from launchready_guard.event_stream import Event, EventReader, EventStreamError, EventTooLargeError, LineTooLongError


def read(*chunks: bytes, **bounds: int) -> list[Event]:
    reader = EventReader(**bounds)
    return [event for chunk in chunks for event in reader.feed(chunk)]


def data_of(*chunks: bytes) -> list[str]:
    return [event.data for event in read(*chunks)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        # HTML standard, section 9.2.6, in its order.
        (b"data: This is the first message.\n\ndata: a\ndata: b\n\n", ["This is the first message.", "a\nb"]),
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"]),
        (b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
         ["first event", "second event", " third event"]),
        (b"data\n\ndata\ndata\n\ndata:", ["", "\n"]),
        (b"data:test\n\ndata: test\n\n", ["test", "test"]),
    ],
)  # fmt: skip
def test_the_examples_of_the_standard_are_read_as_it_says(stream, events):
    assert data_of(stream) == events


def test_an_id_is_kept_for_later_events_until_an_empty_one_resets_it_and_one_with_a_null_is_ignored():
    got = read(b"id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n")
    assert [event.last_event_id for event in got] == ["1", "1", "1", ""]


def test_a_type_belongs_to_one_event_only():
    assert [event.type for event in read(b"event: error\ndata: a\n\ndata: b\n\nevent: x\n\ndata: c\n\n")] == [
        "error",
        "message",
        "message",
    ]


@pytest.mark.parametrize(("value", "wait_ms"), [(b"1500", 1500), (b"1.5", None), (b"-1", None), (b"9" * 5000, None)])
def test_a_wish_to_wait_is_kept_when_it_is_digits(value, wait_ms):
    reader = EventReader()
    list(reader.feed(b"retry: " + value + b"\n"))
    assert reader.retry_ms == wait_ms


def test_a_byte_order_mark_is_dropped_at_the_start_only():
    mark = b"\xef\xbb\xbf"
    assert data_of(mark[:1], mark[1:] + b"data: a\n\ndata: " + mark + b"b\n\n") == ["a", "\ufeffb"]


def test_a_line_end_cut_in_two_ends_one_line():
    assert data_of(b"data: a\r", b"\ndata: b\r", b"", b"\n\r", b"\n") == ["a\nb"]


def test_a_carriage_return_ends_a_line_at_once():
    assert data_of(b"data: a\r\r") == ["a"]


def test_a_character_cut_in_two_is_one_character_and_a_broken_one_is_replaced():
    mountain = "🏔".encode()
    assert data_of(b"data: " + mountain[:2], mountain[2:] + b"\n\n") == ["🏔"]
    assert data_of(b"data: " + mountain[:2] + b"\n\n") == ["\ufffd"]


def test_an_event_that_the_end_cuts_short_is_not_handed_out():
    assert data_of(b"data: a\n\ndata: b\n") == ["a"]


def test_a_line_may_be_as_long_as_its_bound_and_no_longer():
    assert read(b"data: 12\n\n", max_line_bytes=8)
    with pytest.raises(LineTooLongError):
        read(b"data: 123\n\n", max_line_bytes=8)


def test_an_event_may_be_as_large_as_its_bound_and_no_larger():
    assert read(b"data: 123\ndata: 456\n\n", max_event_bytes=8)
    with pytest.raises(EventTooLargeError):
        read(b"data: 123\ndata: 4567\n\n", max_event_bytes=8)


def test_a_line_without_end_stops_long_before_its_bytes_are_kept():
    reader = EventReader()
    for _ in range(4):
        assert not list(reader.feed(b"x" * 65_536))
    with pytest.raises(LineTooLongError):
        list(reader.feed(b"x"))
    assert len(reader._line) == 256 * 1024


def test_events_before_the_one_that_breaks_a_bound_are_handed_out():
    events = EventReader(max_line_bytes=100).feed(b"data: a\n\ndata: " + b"x" * 200)
    assert next(events).data == "a"
    with pytest.raises(EventStreamError):
        next(events)


PIECES = st.sampled_from(
    [
        *[b"data", b"event", b"id", b"retry", b":", b": ", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b"5", b"a"],
        *[b"data: x", b"data:y\n", b"data: z\r\n", b"event: e\n", b"id: 7\r", b"id\n"],
        *[b"\xc3\xa9", "🏔".encode(), b"\xf0\x9f", b"\xff", b"\0", b"\xef\xbb\xbf"],
    ]
)
STREAMS = st.lists(PIECES, max_size=40).map(b"".join)


@given(STREAMS, st.lists(st.integers(0, 120), max_size=8))
def test_how_the_bytes_are_cut_makes_no_difference(stream, cuts):
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[start:end] for start, end in pairwise(places)]
    assert read(*chunks) == read(stream)
    assert read(*(stream[place : place + 1] for place in range(len(stream)))) == read(stream)


@given(st.binary(max_size=300))
def test_any_bytes_are_events_or_a_bound_that_is_broken(stream):
    with suppress(EventStreamError):
        assert all(len(event.data) <= 60 for event in read(stream, max_line_bytes=50, max_event_bytes=60))


def other_reader(stream: bytes) -> list[tuple[str, str, str]]:
    """The same by httpx-sse, which hands out events without data too: the standard does not."""
    lines, decoder, got = SSELineDecoder(), SSEDecoder(), []
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    for line in [*lines.decode(text), *lines.flush()]:
        has_data = bool(decoder._data)
        event = decoder.decode(line)
        if event is not None and has_data:
            got.append((event.event, event.data, event.id))
    return got


@given(STREAMS)
@example(b"data: a\r\n\r\nevent: b\ndata\n\n")
def test_another_implementation_reads_the_same_events(stream):
    if not stream.endswith((b"\n", b"\r")):
        stream += b"\n"  # what an unfinished line means is the other one's own choice
    got = [(event.type, event.data, event.last_event_id) for event in read(stream)]
    assert got == other_reader(stream)
