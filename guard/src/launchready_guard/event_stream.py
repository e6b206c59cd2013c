"""Reads `text/event-stream` from chunks of bytes, cut anywhere (HTML standard, sections 9.2.5 and 9.2.6).

A line without end and an event without end stop early: what a stranger sends never decides how much memory we use.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LINE_BYTES = 256 * 1024
"""Bytes of one line: a word with all its log probabilities takes 20 KB, a whole answer in one line 100 KB."""

MAX_EVENT_BYTES = 512 * 1024
"""Bytes of one event's data, however many lines it is spread over."""

LINE_END = re.compile(rb"\r\n|\r|\n")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventStreamError(Exception):
    """The stream breaks a bound; nothing more can be read from it."""


class LineTooLongError(EventStreamError):
    """A line is longer than `max_line_bytes`."""


class EventTooLargeError(EventStreamError):
    """The data of an event is larger than `max_event_bytes`."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        type: `message` unless the stream names another.
        data: Its lines, joined by newlines; bytes that are no UTF-8 are U+FFFD.
        last_event_id: The latest id up to here; empty when there was none.
    """

    type: str
    data: str
    last_event_id: str


class EventReader:
    """Turns chunks of bytes into events; how the bytes are cut makes no difference.

    An event that the end of the stream cuts short is not handed out, as the standard says.

    Args:
        max_line_bytes: Bytes of one line, without its end.
        max_event_bytes: Bytes of one event's data, a newline counted for each line.

    Attributes:
        retry_ms: Milliseconds that the stream asks a client to wait before it connects again; None when it did not.
    """

    def __init__(self, *, max_line_bytes: int = MAX_LINE_BYTES, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.retry_ms: int | None = None
        self._max_line_bytes = max_line_bytes
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()
        self._at_start = True
        self._after_cr = False
        self._data: list[str] = []
        self._data_bytes = 0
        self._type = ""
        self._last_event_id = ""

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that end in this chunk. Take all of them before you feed the next chunk.

        Raises:
            EventStreamError: A line or an event is larger than its bound; events before it were handed out.
        """
        start = 1 if self._after_cr and chunk.startswith(b"\n") else 0
        self._after_cr = chunk.endswith(b"\r") or (self._after_cr and not chunk)
        for end in LINE_END.finditer(chunk, start):
            self._keep(chunk[start : end.start()])
            start = end.end()
            line = self._whole_line()
            if not line:
                yield from self._dispatched()
            else:
                self._take(line)
        self._keep(chunk[start:])

    def _keep(self, part: bytes) -> None:
        if len(self._line) + len(part) > self._max_line_bytes:
            raise LineTooLongError(f"a line is longer than {self._max_line_bytes} bytes")
        self._line += part

    def _whole_line(self) -> bytes:
        line = bytes(self._line)
        self._line.clear()
        if self._at_start:
            self._at_start = False
            return line.removeprefix(BYTE_ORDER_MARK)
        return line

    def _take(self, line: bytes) -> None:
        name, _colon, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"data":
                self._add_data(value)
            case b"event":
                self._type = _text(value)
            case b"id" if b"\0" not in value:
                self._last_event_id = _text(value)
            case b"retry" if value.isdigit() and len(value) < 10:
                self.retry_ms = int(value)
            case _:
                pass  # a comment, or a field that the standard ignores

    def _add_data(self, value: bytes) -> None:
        self._data_bytes += len(value) + 1
        if self._data_bytes > self._max_event_bytes:
            raise EventTooLargeError(f"an event is larger than {self._max_event_bytes} bytes")
        self._data.append(_text(value))

    def _dispatched(self) -> Iterator[Event]:
        data, kind = self._data, self._type
        self._data, self._data_bytes, self._type = [], 0, ""
        if data:
            yield Event(kind or "message", "\n".join(data), self._last_event_id)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
