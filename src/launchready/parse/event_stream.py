"""Server-sent events (HTML standard, section 9.2), read as they come: any bytes in any pieces give the same events."""

import re
from dataclasses import dataclass
from typing import Final

# HTML standard, section 9.2.5:
#
#   stream        = [ bom ] *event
#   event         = *( comment / field ) end-of-line
#   comment       = colon *any-char end-of-line
#   field         = 1*name-char [ colon [ space ] *any-char ] end-of-line
#   end-of-line   = ( cr lf / cr / lf )

MAX_LINE_BYTES: Final = 1024 * 1024
"""Longest line: a thousand times a usual piece of an answer, so that a line without end costs little memory."""

MAX_EVENT_BYTES: Final = 4 * MAX_LINE_BYTES
"""Most bytes of data in one event, over all its lines."""

DEFAULT_TYPE: Final = "message"
"""What an event is called that does not say."""

_BOM: Final = b"\xef\xbb\xbf"
_END_OF_LINE: Final = re.compile(rb"[\r\n]")


class EventStreamError(Exception):
    """A line or an event is larger than any answer's; what came before it stays good."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: its type, its data, and the last id that the stream gave."""

    type: str
    data: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that browsers pass over, such as one that keeps a connection open."""

    text: str


class EventStreamReader:
    """Takes bytes and gives events. Text is UTF-8; what is not becomes U+FFFD, as in browsers."""

    def __init__(self) -> None:
        self._line: list[bytes] = []
        self._line_bytes = 0
        self._after_cr = False
        self._is_first_line = True
        self._data: list[str] = []
        self._data_bytes = 0
        self._type = ""
        self._id = ""
        self._ready: list[ServerEvent | Comment] = []
        self.retry_ms: int | None = None

    @property
    def has_unfinished(self) -> bool:
        """Whether the stream stopped inside a line or an event; browsers throw that away."""
        return bool(self._line or self._data)

    def feed(self, piece: bytes) -> tuple[ServerEvent | Comment, ...]:
        """The events and comments that end in this piece.

        Raises:
            EventStreamError: a line or an event is too large.
        """
        start = 0
        for match in _END_OF_LINE.finditer(piece):
            end = match.start()
            if self._after_cr and end == 0 and piece[:1] == b"\n":
                self._after_cr, start = False, 1
                continue
            if end == start and end and piece[end - 1 : end + 1] == b"\r\n":
                start = end + 1
                continue
            self._keep(piece[start:end])
            self._end_line()
            start = end + 1
        self._keep(piece[start:])
        if piece:
            self._after_cr = piece.endswith(b"\r")
        ready, self._ready = tuple(self._ready), []
        return ready

    def close(self) -> tuple[ServerEvent | Comment, ...]:
        """What browsers throw away at the end of a stream: an event whose last empty line is missing."""
        if self._line:
            self._end_line()
        self._dispatch()
        ready, self._ready = tuple(self._ready), []
        return ready

    def _keep(self, part: bytes) -> None:
        if not part:
            return
        self._line_bytes += len(part)
        if self._line_bytes > MAX_LINE_BYTES:
            raise EventStreamError(f"a line of more than {MAX_LINE_BYTES} bytes")
        self._line.append(part)

    def _end_line(self) -> None:
        line = b"".join(self._line)
        self._line, self._line_bytes = [], 0
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(_BOM)
        if not line:
            self._dispatch()
        else:
            self._take(line.decode("utf-8", "replace"), len(line))

    def _take(self, line: str, size: int) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not name:
            self._ready.append(Comment(value))
        elif name == "data":
            self._data_bytes += size
            if self._data_bytes > MAX_EVENT_BYTES:
                raise EventStreamError(f"an event of more than {MAX_EVENT_BYTES} bytes")
            self._data.append(value)
        elif name == "event":
            self._type = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry_ms = int(value[:9])

    def _dispatch(self) -> None:
        if self._data:
            self._ready.append(ServerEvent(self._type or DEFAULT_TYPE, "\n".join(self._data), self._id))
        self._data, self._data_bytes, self._type = [], 0, ""
