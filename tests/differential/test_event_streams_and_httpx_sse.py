"""Our reader of event streams and httpx-sse's decoder give the same events."""

from httpx_sse import ServerSentEvent
from httpx_sse._decoders import SSEDecoder, SSELineDecoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchready.parse.event_stream import EventStreamReader, ServerEvent

WORDS = (
    "data",
    ": ",
    ":",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "event",
    "id",
    "retry",
    "42",
    "héllo",
    "message",
    "data: a\n\n",
)


def theirs(text: str) -> list[ServerSentEvent]:
    lines, decoder = SSELineDecoder(), SSEDecoder()
    found = [decoder.decode(line) for line in [*lines.decode(text), *lines.flush()]]
    return [event for event in found if event is not None]


def ours(text: str) -> list[ServerEvent]:
    return [event for event in EventStreamReader().feed(text.encode()) if isinstance(event, ServerEvent)]


@settings(max_examples=1000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(lambda words: "".join(words) + "\n\n"))
def test_both_read_the_same_events(text: str) -> None:
    # httpx-sse also dispatches events without data, which the standard (section 9.2.6) tells to drop.
    wanted = [event for event in theirs(text) if event.data or any(e.data == "" for e in ours(text))]
    kept = [event for event in ours(text) if event.data]
    assert [(e.type, e.data, e.id) for e in kept] == [(e.event, e.data, e.id) for e in wanted if e.data]


def test_the_standards_own_examples_are_read_as_it_says() -> None:
    # HTML standard, section 9.2.6
    stock = b"data: YHOO\ndata: +2\ndata: 10\n\n"
    blocks = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n"
    empty = b"data\n\ndata\ndata\n\ndata:"
    same = b"data:test\n\ndata: test\n\n"
    assert [event.data for event in ours(stock.decode())] == ["YHOO\n+2\n10"]
    assert [(e.data, e.id) for e in ours(blocks.decode())] == [("first event", "1"), ("second event", "")]
    assert [event.data for event in ours(empty.decode())] == ["", "\n"]
    assert [event.data for event in ours(same.decode())] == ["test", "test"]
