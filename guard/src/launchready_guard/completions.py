"""One streamed call of an OpenAI-compatible provider (`POST /chat/completions`), with limits on time and size.

What is timed is tokens, not bytes: keep-alive comments, empty deltas and hidden reasoning don't hide a stall. While the
visitor's own connection is slow, the clock between tokens stands still; the clock of the whole answer does not.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import ceil

import httpx2

from launchready_guard.deltas import DONE, Delta, DeltaError, Text, ToolDelta, Usage, read_delta
from launchready_guard.event_stream import EventReader, EventStreamError
from launchready_guard.failures import Failure, error_in, failure_in_stream, failure_of, parsed, retry_after_s
from launchready_guard.health import DependencyDownError

MAX_ERROR_BYTES = 64 * 1024
"""Bytes read of an answer that is no stream: enough for any error object."""

ERROR_BODY_S = 2.0
"""Seconds to wait for the body of a refusal; its status has come already."""

TAIL_S = 2.0
"""Seconds to wait for the token counts after the answer said it was finished; the visitor has all words by then."""

BYTES_PER_TOKEN = 3
"""Bytes of UTF-8 counted as one token where the provider sends no counts. English has about 4, Chinese 3; a cap on
spending errs on the dear side."""

EVENT_STREAM = "text/event-stream"
OPENAI = "https://api.openai.com/"
HEADER_TEXT = re.compile(r"[!-~]+", re.ASCII)
"""What a key or an id may hold to be sent in a header: visible ASCII (RFC 9110, section 5.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The patience with one call.

    Attributes:
        connect_s: Seconds to reach the provider.
        first_token_s: Seconds until the first visible token; people leave a silent chat after about that long.
        idle_s: Seconds between two tokens: a stream that pauses longer does not come back.
        total_s: Seconds for a whole answer: below the 100 s after which an edge in front cuts the connection.
        max_answer_chars: Characters of a whole answer, whatever the provider sends.
        max_stream_bytes: Bytes of a whole stream, comments included.
    """

    connect_s: float = 5.0
    first_token_s: float = 10.0
    idle_s: float = 20.0
    total_s: float = 90.0
    max_answer_chars: int = 20_000
    max_stream_bytes: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where a model is.

    Attributes:
        name: Its name in logs and metrics.
        url: Base URL, such as `https://api.openai.com/v1`.
        key: API key; empty sends none. It is in no text that this module makes.
        model: Name of the model.
        sends_usage: Whether it understands `stream_options`; old servers refuse a request with it.
        bound_field: How the request's bound on tokens is called. Left empty it is `max_completion_tokens` at OpenAI,
            whose newer models refuse the old name, and `max_tokens` elsewhere, where often only that is known.
    """

    name: str
    url: str
    key: str = field(default="", repr=False)
    model: str
    sends_usage: bool = True
    bound_field: str = ""

    def __post_init__(self) -> None:
        """Refuse a key that no header can hold, since HTTP libraries quote it in their errors; fill `bound_field`.

        Raises:
            ValueError: The key holds a space, a line break or a character outside ASCII.
        """
        if self.key and not HEADER_TEXT.fullmatch(self.key):
            raise ValueError(
                f"the key of {self.name} holds a space, a line break or a non-ASCII character; copy it anew"
            )
        if not self.bound_field:
            at_openai = self.url.startswith(OPENAI)
            object.__setattr__(self, "bound_field", "max_completion_tokens" if at_openai else "max_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked.

    Attributes:
        messages: The talk, as the protocol has it.
        max_tokens: Longest answer, which also bounds its price.
        request_id: The product's id of the request, sent as `X-Client-Request-Id`; empty sends none.
        options: More fields of the request, such as `temperature` or `tools`.
    """

    messages: Sequence[Mapping[str, object]]
    max_tokens: int
    request_id: str = ""
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an id that no header can hold."""
        if self.request_id and not HEADER_TEXT.fullmatch(self.request_id):
            raise ValueError("request_id has to be visible ASCII")


@dataclass(frozen=True, slots=True)
class Words:
    """Visible text of the model's."""

    text: str


class CompletionError(Exception):
    """A call that gave no whole answer. The text is the failure's code and the status, and nothing of the provider's.

    Attributes:
        failure: What went wrong.
        status: The HTTP status; None when there was none or it was 200.
        retry_after_s: Seconds that the provider asks to wait; None when it does not.
    """

    def __init__(self, failure: Failure, status: int | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(failure.value if status is None else f"{failure.value} ({status})")
        self.failure = failure
        self.status = status
        self.retry_after_s = retry_after_s


def estimated_tokens(messages: Sequence[Mapping[str, object]]) -> int:
    """Tokens of a talk that is not sent yet, a little more than most models count: for a cap on spending."""
    return ceil(len(json.dumps(list(messages), ensure_ascii=False).encode("utf-8", "replace")) / BYTES_PER_TOKEN)


def open_client(limits: Limits) -> httpx2.AsyncClient:
    """An HTTP client for calls with these limits. How many run at once is the product's business, not the pool's."""
    # Only connecting is timed here: a timer on bytes would be reset by keep-alive comments.
    patience = httpx2.Timeout(None, connect=limits.connect_s)
    pool = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
    return httpx2.AsyncClient(timeout=patience, limits=pool)


class Completions:
    """Calls one provider.

    Args:
        provider: Where it is.
        limits: The patience with one call.
        client: HTTP client; one of its own when None.
    """

    def __init__(
        self, provider: Provider, limits: Limits | None = None, *, client: httpx2.AsyncClient | None = None
    ) -> None:
        self.provider = provider
        self.limits = limits or Limits()
        self._client = client or open_client(self.limits)
        self._headers = {"Accept": EVENT_STREAM, "Accept-Encoding": "identity"}
        if provider.key:
            self._headers["Authorization"] = f"Bearer {provider.key}"

    def call(self, ask: Ask, *, first_token_s: float | None = None, total_s: float | None = None) -> "Call":
        """A call that has not begun.

        Args:
            ask: What is asked.
            first_token_s: Seconds left until the first token, when they are fewer than the limit.
            total_s: Seconds left for the whole answer, when they are fewer than the limit.
        """
        limits = self.limits
        first = min(limits.first_token_s, limits.first_token_s if first_token_s is None else first_token_s)
        total = min(limits.total_s, limits.total_s if total_s is None else total_s)
        return Call(self, ask, first_token_s=first, total_s=total)

    async def check(self) -> str:
        """Ask for the list of models, which needs a valid key and costs nothing.

        Raises:
            DependencyDownError: The provider does not answer with 200.
        """
        patience_s = self.limits.first_token_s
        try:
            async with asyncio.timeout(patience_s):
                request = self._client.build_request("GET", f"{self.provider.url}/models", headers=self._headers)
                async with self._sent(request) as response:
                    await _beginning(response)
        except TimeoutError:
            raise DependencyDownError(f"no answer within {patience_s:g} s") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as failed:
            raise DependencyDownError(type(failed).__name__) from None
        if response.status_code != 200:
            raise DependencyDownError(f"the provider answers {response.status_code}")
        return f"{self.provider.name}, {self.provider.model}"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @asynccontextmanager
    async def asked(self, ask: Ask) -> AsyncIterator[httpx2.Response]:
        """The beginning of the provider's answer."""
        named = {"X-Client-Request-Id": ask.request_id} if ask.request_id else {}
        url = f"{self.provider.url}/chat/completions"
        request = self._client.build_request("POST", url, headers=self._headers | named, json=self._body(ask))
        async with self._sent(request) as response:
            yield response

    @asynccontextmanager
    async def _sent(self, request: httpx2.Request) -> AsyncIterator[httpx2.Response]:
        """An answer without its body; closed in every case, so what is not read of it stops at the provider."""
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    def _body(self, ask: Ask) -> dict[str, object]:
        body = {"model": self.provider.model, "stream": True, self.provider.bound_field: ask.max_tokens}
        if self.provider.sends_usage:
            body["stream_options"] = {"include_usage": True}
        return {**ask.options, **body, "messages": list(ask.messages)}


class Call:
    """One call. What it cost can be read at any time, also after it failed.

    Attributes:
        first_token_s: Seconds until the first token came; None before.
        finish: Why the model ended (`stop`, `length` …); empty before.
    """

    def __init__(self, at: Completions, ask: Ask, *, first_token_s: float, total_s: float) -> None:
        self.first_token_s: float | None = None
        self.finish = ""
        self._at = at
        self._ask = ask
        self._first_limit_s = first_token_s
        self._total_limit_s = total_s
        self._answer = _Answer(at.limits.max_answer_chars)
        self._stream_bytes = 0
        self._is_billed = False
        self._counted: Usage | None = None

    @property
    def usage(self) -> Usage:
        """The provider's counts, or an estimate of what was sent and what came until now."""
        if self._counted is not None:
            return self._counted
        if not self._is_billed:
            return Usage(0, 0, estimated=True)
        said = ceil(self._answer.bytes / BYTES_PER_TOKEN)
        return Usage(estimated_tokens(self._ask.messages), said, estimated=True)

    async def stream(self) -> AsyncGenerator[Words | ToolDelta, None]:
        """The answer as it comes; close the generator (`contextlib.aclosing`) to stop the provider.

        Raises:
            CompletionError: It gave no whole answer.
        """
        clock = asyncio.get_running_loop().time
        began_s = clock()
        patience = _Patience.at_first(began_s + self._first_limit_s, began_s + self._total_limit_s)
        async with AsyncExitStack() as opened:
            chunks = await opened.enter_async_context(aclosing(await self._opened(opened, patience)))
            reader = EventReader()
            done = False
            while not done and (chunk := await self._next(chunks, patience)):
                for delta in _deltas(reader, chunk):
                    done = delta is None
                    for piece in self._taken(delta):
                        if self.first_token_s is None:
                            self.first_token_s = clock() - began_s
                        yield piece
                        patience = patience.renewed(clock(), self._at.limits.idle_s)
                if self.finish:
                    patience = patience.ending(clock())
        for piece in self._answer.ended(whole=done or bool(self.finish)):
            yield piece

    async def _opened(self, opened: AsyncExitStack, patience: "_Patience") -> AsyncGenerator[bytes, None]:
        """The chunks of the stream, once the provider has answered with one."""
        failed: CompletionError | None = None
        try:
            async with asyncio.timeout_at(patience.until_s):
                self._is_billed = True
                response = await opened.enter_async_context(self._at.asked(self._ask))
                failed = await _refusal(response)
                self._is_billed = failed is None
        except TimeoutError:
            failed = CompletionError(patience.failure)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            self._is_billed = False
            failed = CompletionError(Failure.UNREACHABLE)
        except httpx2.HTTPError:
            failed = CompletionError(Failure.CUT)
        if failed is not None:
            raise failed  # outside of the handlers: no error of the library's, which knows the key, hangs on it
        return response.aiter_raw()

    async def _next(self, chunks: AsyncGenerator[bytes, None], patience: "_Patience") -> bytes:
        """The next chunk; empty at the end of the stream."""
        failed: Failure | None = None
        chunk = b""
        try:
            async with asyncio.timeout_at(patience.until_s):
                chunk = await anext(chunks, b"")
        except TimeoutError:
            failed = patience.failure
        except httpx2.HTTPError:
            failed = Failure.CUT
        self._stream_bytes += len(chunk)
        if self._stream_bytes > self._at.limits.max_stream_bytes:
            failed = Failure.TOO_LARGE
        if failed is not None and not self.finish:  # an answer that is whole waits for nothing but its counts
            raise CompletionError(failed)
        return b"" if failed is not None else chunk

    def _taken(self, delta: Delta | None) -> Iterator[Words | ToolDelta]:
        """The pieces of a chunk; its other news are kept."""
        if delta is None:
            return
        yield from self._answer.pieces(delta)
        self.finish = delta.finish or self.finish
        self._counted = delta.usage or self._counted


class _Answer:
    """What came of an answer: whole characters, from the first that can be seen, up to a bound."""

    def __init__(self, max_chars: int) -> None:
        self.bytes = 0
        self._left = max_chars
        self._text = Text()
        self._blank = ""
        self._is_seen = False
        self._has_tools = False

    def pieces(self, delta: Delta) -> Iterator[Words | ToolDelta]:
        yield from self._words(self._text.add(delta.text))
        for tool in delta.tools:
            self._has_tools = True
            self._count(tool.name + tool.arguments)
            yield tool

    def ended(self, *, whole: bool) -> Iterator[Words]:
        if not whole:
            raise CompletionError(Failure.CUT)
        yield from self._words(self._text.rest())
        if not self._is_seen and not self._has_tools:
            raise CompletionError(Failure.EMPTY)

    def _words(self, text: str) -> Iterator[Words]:
        self._count(text)
        if not self._is_seen:
            text = self._blank + text
            self._is_seen = bool(text.strip())
            self._blank = "" if self._is_seen else text
        if self._is_seen and text:
            yield Words(text)

    def _count(self, text: str) -> None:
        self.bytes += len(text.encode("utf-8", "replace"))
        self._left -= len(text)
        if self._left < 0:
            raise CompletionError(Failure.TOO_LARGE)


@dataclass(frozen=True, slots=True)
class _Patience:
    """Until when the next token is waited for, and what it means when none comes (seconds of the loop's clock)."""

    until_s: float
    last_s: float
    meaning: Failure

    @classmethod
    def at_first(cls, first_s: float, last_s: float) -> "_Patience":
        return cls(min(first_s, last_s), last_s, Failure.TIMED_OUT_FIRST)

    @property
    def failure(self) -> Failure:
        return Failure.TIMED_OUT_TOTAL if self.until_s >= self.last_s else self.meaning

    def renewed(self, now_s: float, idle_s: float) -> "_Patience":
        """After a token, at the time when its reader came back for the next."""
        if now_s >= self.last_s:
            raise CompletionError(Failure.TIMED_OUT_TOTAL)
        return _Patience(min(now_s + idle_s, self.last_s), self.last_s, Failure.TIMED_OUT_IDLE)

    def ending(self, now_s: float) -> "_Patience":
        """After the answer said that it is finished: only its counts are still to come."""
        return replace(self, until_s=min(self.until_s, now_s + TAIL_S))


def _deltas(reader: EventReader, chunk: bytes) -> Iterator[Delta | None]:
    """The deltas in a chunk of bytes; None is the protocol's end, after which nothing is read."""
    try:
        for event in reader.feed(chunk):
            if event.data.strip() == DONE:
                yield None
                return
            yield read_delta(event.data, event.type)
    except EventStreamError:
        raise CompletionError(Failure.TOO_LARGE) from None
    except DeltaError as odd:
        raise CompletionError(odd.failure) from None


async def _refusal(response: httpx2.Response) -> CompletionError | None:
    """Why the answer is no stream; None when it is one."""
    status, headers = response.status_code, response.headers
    if status != 200:
        wait_s = retry_after_s(headers.get("retry-after", ""), datetime.now(UTC))
        return CompletionError(failure_of(status, await _beginning(response)), status, wait_s)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == EVENT_STREAM and headers.get("content-encoding", "identity").lower() == "identity":
        return None
    error = error_in(parsed(await _beginning(response)))
    return CompletionError(failure_in_stream(error) if error else Failure.BAD_CONTENT_TYPE)


async def _beginning(response: httpx2.Response) -> bytes:
    """The first bytes of a body, as far as they come soon."""
    read = bytearray()
    try:
        async with asyncio.timeout(ERROR_BODY_S), aclosing(response.aiter_raw()) as chunks:
            async for chunk in chunks:
                read += chunk
                if len(read) > MAX_ERROR_BYTES:
                    break
    except (TimeoutError, httpx2.HTTPError):
        pass  # the status has said what counts
    return bytes(read[:MAX_ERROR_BYTES])
