"""Takes an answer while it comes, and says in the end what it was."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from launchready.facts.chat import Reply, ToolCall, Transport
from launchready.model.chat import Chat, ChatProtocol
from launchready.parse.chat_fields import read_event, read_reply
from launchready.parse.chat_pieces import End, Failure, Other, Piece, Text, ToolPiece, leaves
from launchready.parse.event_stream import Comment, EventStreamError, EventStreamReader, ServerEvent
from launchready.parse.json_path import JsonPath, read_path
from launchready.parse.openai_stream import OpenAiError, read_chunk, read_completion
from launchready.parse.rfc8259 import read_json
from launchready.parse.rfc9110 import HttpDateError, parse_http_date
from launchready.parse.ui_message_stream import DATA_HEADER, UiStreamError, read_data_line, read_ui_part

MAX_REPLY_BYTES: Final = 5 * 1024 * 1024
"""What is read of an answer: a book of a thousand pages, and harmless for our memory."""

MAX_OTHER_PARTS: Final = 500
"""Parts beside the words that are kept; an answer has a dozen."""

MAX_OTHER_CHARS: Final = 64 * 1024
"""How much is kept of each of them: a stack trace has a few thousand characters."""

MAX_TOOL_CALLS: Final = 100
MAX_DETAIL_CHARS: Final = 200

EVENTS: Final = "text/event-stream"
MARKUP: Final = frozenset({"text/html", "application/xhtml+xml"})
ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""What the year of a Date is read by where it has two digits, which no server writes any more."""

STREAMS: Final = frozenset({ChatProtocol.SSE, ChatProtocol.OPENAI, ChatProtocol.UI_MESSAGE_STREAM})

Headers = tuple[tuple[str, str], ...]


class Listener:
    """Watches one answer; `Watcher` of the HTTP client.

    Args:
        chat: how it speaks.
        clock: a steady clock in seconds; now is the moment of sending.
        end_is_known: whether an earlier answer of this chat had an end of its own, so that one without was cut.
        enough: after so many pieces with content we hang up; None hears it to the end.

    Attributes:
        on_content: called with the time of each piece with content.
        session: the id of the session, where the answer held it.
    """

    def __init__(
        self, chat: Chat, clock: Callable[[], float], *, end_is_known: bool = False, enough: int | None = None
    ) -> None:
        self._chat = chat
        self._clock = clock
        self._started = clock()
        self.end_is_known = end_is_known
        self._enough = enough
        self._reply_at: JsonPath | None = read_path(chat.reply) if chat.reply else None
        self._session_at: JsonPath | None = read_path(chat.session.name) if chat.session.name.startswith("$") else None
        self._events = EventStreamReader()
        self._body = bytearray()
        self._line = bytearray()
        self._bytes = 0
        self._times: list[float] = []
        self._text: list[str] = []
        self._tools: dict[str, list[str]] = {}
        self._other: dict[str, list[str]] = {}
        self._failure: Failure | None = None
        self._malformed = ""
        self._too_large = ""
        self._left = False
        self._done = False
        self._first_byte: float | None = None
        self.status: int | None = None
        self.headers: Headers = ()
        self.session: str | None = None
        self.on_content: Callable[[float], None] = lambda _at: None

    @property
    def has_content(self) -> bool:
        """Whether a word or a call came."""
        return bool(self._times)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected: the protocol's end, or an error, was seen."""
        return self._done or self._failure is not None

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        value = next((value for name, value in self.headers if name == "content-type"), "")
        return value.partition(";")[0].strip().lower()

    def head(self, status: int, headers: Headers) -> None:
        """The response began."""
        self.status, self.headers = status, headers
        self._first_byte = self._clock() - self._started

    def body(self, piece: bytes) -> bool:
        """More of the body."""
        self._bytes += len(piece)
        if self._bytes > MAX_REPLY_BYTES:
            self._too_large = f"an answer of more than {MAX_REPLY_BYTES // 1024**2} MiB"
            return False
        if not self._is_stream:
            self._body += piece
        elif self.content_type == EVENTS:
            self._take_events(piece)
        else:
            self._take_lines(piece)
        return not (self._too_large or self._left)

    def frame(self, text: str) -> bool:
        """A whole message of a WebSocket."""
        self._bytes += len(text)
        if self._bytes > MAX_REPLY_BYTES:
            self._too_large = f"an answer of more than {MAX_REPLY_BYTES // 1024**2} MiB"
            return False
        self._read_event("message", text)
        return not self._left

    @property
    def _is_stream(self) -> bool:
        if self.status is None or not 200 <= self.status < 300:
            return False
        return self.content_type == EVENTS or any(name == DATA_HEADER for name, _ in self.headers)

    def _take_events(self, piece: bytes) -> None:
        try:
            found = self._events.feed(piece)
        except EventStreamError as error:
            self._too_large = str(error)
            return
        self._take_found(found)

    def _take_found(self, found: tuple[ServerEvent | Comment, ...]) -> None:
        for event in found:
            if isinstance(event, Comment):
                self._keep("comment", event.text, is_part=False)
            else:
                self._read_event(event.type, event.data)

    def _take_lines(self, piece: bytes) -> None:
        """The older data stream of the AI SDK."""
        self._line += piece
        *lines, rest = bytes(self._line).split(b"\n") if b"\n" in piece else (bytes(self._line),)
        self._line = bytearray(rest)
        for line in lines:
            if line.strip():
                self._read(read_data_line, line.decode("utf-8", "replace").rstrip("\r"))

    def _read_event(self, kind: str, data: str) -> None:
        if self._session_at is not None:
            self._find_session(read_json(data))
        match self._chat.protocol:
            case ChatProtocol.OPENAI if kind != "error":
                self._read(read_chunk, data)
            case ChatProtocol.UI_MESSAGE_STREAM if kind != "error":
                self._read(read_ui_part, data)
            case _:
                self._read(lambda text: read_event(kind, text, self._reply_at, self._chat.end), data)

    def _read(self, reader: Callable[[str], tuple[Piece, ...]], text: str) -> None:
        try:
            pieces = reader(text)
        except (OpenAiError, UiStreamError) as error:
            self._malformed = self._malformed or str(error)
            self._keep("malformed", text, is_part=False)
            return
        self._take(pieces)

    def _take(self, pieces: tuple[Piece, ...]) -> None:
        has_content = False
        for piece in pieces:
            match piece:
                case Text(text):
                    self._text.append(text)
                    has_content = has_content or bool(text)
                case ToolPiece():
                    self._take_tool(piece)
                    has_content = True
                case Failure():
                    self._failure = self._failure or piece
                case End():
                    self._done = True
                case Other(key, text, is_part):
                    self._keep(key, text, is_part=is_part)
        if has_content:
            at = self._clock() - self._started
            self._times.append(at)
            self.on_content(at)
            self._left = self._left or (self._enough is not None and len(self._times) >= self._enough)

    def _take_tool(self, piece: ToolPiece) -> None:
        if piece.key not in self._tools and len(self._tools) >= MAX_TOOL_CALLS:
            return
        name, arguments = self._tools.setdefault(piece.key, ["", ""])
        arguments = piece.arguments if piece.is_whole else arguments + piece.arguments
        self._tools[piece.key] = [piece.name or name, arguments]

    def _keep(self, key: str, text: str, *, is_part: bool) -> None:
        """Keep a text beside the words; one that is repeated in each event is kept once."""
        if key not in self._other and len(self._other) >= MAX_OTHER_PARTS:
            return
        parts = self._other.setdefault(key, [])
        if not is_part and parts and parts[-1] == text[:MAX_OTHER_CHARS]:
            return
        if len(parts) < MAX_REPLY_BYTES:
            parts.append(text[:MAX_OTHER_CHARS])

    def _find_session(self, value: object) -> None:
        assert self._session_at is not None
        found = next((one for one in self._session_at.find(value) if isinstance(one, str | int) and one), None)
        if found is not None:
            self.session = str(found)

    def reply(self, stopped: tuple[Transport, str] | None) -> Reply:
        """What it was.

        Args:
            stopped: what ended it before its end, and the sentence for it; None where it came to its end.
        """
        self.on_content = lambda _at: None
        total = self._clock() - self._started
        if self._is_stream and self.content_type == EVENTS:
            self._take_found(() if self._too_large else self._events.close())
        elif not self._is_stream and self._body:
            self._read_body(stopped is None)
        transport, detail = self._outcome(stopped)
        gaps = [later - earlier for earlier, later in itertools.pairwise(self._times)]
        return Reply(
            transport=transport,
            status=self.status,
            text="".join(self._text),
            tools=tuple(ToolCall(name, arguments) for name, arguments in self._tools.values()),
            other=self._others(),
            headers=self.headers,
            first_byte_s=_rounded(self._first_byte),
            first_token_s=_rounded(self._times[0] if self._times else None),
            largest_gap_s=_rounded(max(gaps, default=None)),
            total_s=round(total, 4),
            pieces=len(self._times),
            done_seen=self._done,
            retry_after_s=self._retry_after(),
            detail="" if transport is Transport.OK else detail[:MAX_DETAIL_CHARS],
        )

    def _others(self) -> tuple[str, ...]:
        return tuple(f"{key}: {''.join(parts)}"[:MAX_OTHER_CHARS] for key, parts in self._other.items())

    def _read_body(self, is_whole: bool) -> None:
        text = bytes(self._body).decode("utf-8", "replace")
        if self.status is None or not 200 <= self.status < 300 or not is_whole:
            self._keep_body(text)
        elif self.content_type in MARKUP:
            self._keep("body", text, is_part=False)
        elif self._chat.protocol in {ChatProtocol.OPENAI, ChatProtocol.UI_MESSAGE_STREAM}:
            self._read(read_completion, text)
        else:
            self._read_json(text)

    def _keep_body(self, text: str) -> None:
        value = read_json(text)
        if isinstance(value, dict | list):
            for at, leaf in leaves(value):
                self._keep(at, leaf, is_part=False)
        else:
            self._keep("body", text, is_part=False)

    def _read_json(self, text: str) -> None:
        value = read_json(text)
        if value is None and self.content_type.startswith("text/") and self._reply_at is None:
            self._take((Text(text.strip()), End("body")) if text.strip() else ())
        elif value is None:
            self._malformed = "an answer that is not JSON"
            self._keep("body", text, is_part=False)
        else:
            if self._session_at is not None:
                self._find_session(value)
            self._take((*read_reply(value, self._reply_at), End("body")))

    def _outcome(self, stopped: tuple[Transport, str] | None) -> tuple[Transport, str]:
        """The first that is true: what was seen of an answer counts more than how it ended."""
        has_page = not self._is_stream and self.content_type in MARKUP
        named = self._failure is not None
        outcomes = (
            (bool(self._too_large), Transport.TOO_LARGE, f"The chat sent {self._too_large}."),
            (self._has_bad_status, Transport.BAD_STATUS, f"The chat answered with status {self.status}."),
            (named, Transport.REFUSED, self._refusal()),
            (self._left, Transport.CUT, "We hung up in the middle of the answer."),
            (stopped is not None, *(stopped or (Transport.OK, ""))),
            (has_page, Transport.BAD_CONTENT_TYPE, "The chat answered with a page instead of an answer."),
            (bool(self._malformed), Transport.MALFORMED, f"The chat sent {self._malformed}."),
            (self._must_end and not self._done, Transport.CUT, "The answer stopped without its end."),
            (not self._has_words, Transport.EMPTY, "The chat answered without a word."),
        )
        return next(((kind, detail) for holds, kind, detail in outcomes if holds), (Transport.OK, ""))

    @property
    def _has_bad_status(self) -> bool:
        is_http = self._chat.protocol is not ChatProtocol.WEBSOCKET
        return is_http and self.status is not None and not 200 <= self.status < 300

    @property
    def _must_end(self) -> bool:
        return self._chat.protocol in {ChatProtocol.OPENAI, ChatProtocol.UI_MESSAGE_STREAM} or self.end_is_known

    @property
    def _has_words(self) -> bool:
        return bool("".join(self._text).strip() or self._tools)

    def _refusal(self) -> str:
        if self._failure is None:
            return ""
        named = ": ".join(part for part in (self._failure.code, self._failure.message) if part)
        return f"The chat named an error: {named.rstrip('.') or 'without a word'}."

    def _retry_after(self) -> float | None:
        """Whole seconds, or a date by the chat's own clock, which Date tells (RFC 9110 sections 10.2.3 and 6.6.1)."""
        value, date = (next((v.strip() for n, v in self.headers if n == name), "") for name in ("retry-after", "date"))
        if value.isascii() and value.isdigit():
            return float(value[:9])
        try:
            now = parse_http_date(date, ANY_TIME)
            return max(0.0, (parse_http_date(value, now) - now).total_seconds())
        except HttpDateError:
            return None


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
