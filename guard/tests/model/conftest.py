"""A provider on loopback that sends any bytes at any pace, and notices when its caller has gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from launchready_guard.completions import Ask, Completions, Limits, Provider

KEY = "sk-hush-0123456789"
PATIENCE_S = 5
Mood = Callable[[], AsyncIterator[bytes]]


def head(status: str = "200 OK", kind: str = "text/event-stream", **more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def chunk(text: str | None = None, **more: object) -> bytes:
    """One `chat.completion.chunk`; `more` goes into its choice."""
    delta = {} if text is None else {"content": text}
    return event({"choices": [{"index": 0, "delta": delta, **more}]})


def event(value: object) -> bytes:
    return f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()


DONE = event("[DONE]")
STOP = chunk(finish_reason="stop")
ROLE = event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
COUNTS = event({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}})


def sends(*parts: bytes | float) -> Mood:
    """Bytes that are sent, and seconds that are waited."""

    async def mood() -> AsyncIterator[bytes]:
        for part in parts:
            if isinstance(part, bytes):
                yield part
            else:
                await asyncio.sleep(part)

    return mood


def answers(*words: str) -> Mood:
    return sends(head(), ROLE, *[chunk(word) for word in words], STOP, COUNTS, DONE)


def refuses(status: str, error: object = None, **headers: str) -> Mood:
    body = json.dumps({"error": error or {"message": f"no, {KEY}"}}).encode()
    return sends(head(status, "application/json", **headers), body)


@dataclass
class Loopback:
    """The provider. Each call takes the next mood; the last one stays."""

    moods: list[Mood] = field(default_factory=list)
    asked: list[dict] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    left: int = 0  # callers that went before the mood was over
    running: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.running += 1
        try:
            try:
                await self._take(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.left += 1  # it did not even wait until it was heard
                return
            mood = self.moods.pop(0) if len(self.moods) > 1 else self.moods[0]
            async with asyncio.TaskGroup() as group:
                sending = group.create_task(self._send(mood, writer))
                listening = group.create_task(self._listen(reader, sending))
                sending.add_done_callback(lambda _over: listening.cancel())
        finally:
            self.running -= 1
            writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        _line, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, value in (row.split(": ", 1) for row in fields)}
        self.headers.append(headers)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.asked.append(json.loads(body or "null"))

    async def _send(self, mood: Mood, writer: asyncio.StreamWriter) -> None:
        try:
            async for part in mood():
                writer.write(part)
                await writer.drain()
        except ConnectionError:
            self.left += 1

    async def _listen(self, reader: asyncio.StreamReader, sending: asyncio.Task[None]) -> None:
        with suppress(ConnectionError):
            await reader.read(1)
        if not sending.done():
            self.left += 1
            sending.cancel()

    async def idle(self) -> None:
        """Wait until no call is being served."""
        async with asyncio.timeout(PATIENCE_S):
            while self.running:  # noqa: ASYNC110 - what is awaited is a connection's end
                await asyncio.sleep(0.005)


@asynccontextmanager
async def listening() -> AsyncIterator[Loopback]:
    kept = Loopback()
    server = await asyncio.start_server(kept.serve, "127.0.0.1", 0, backlog=2048)
    kept.port = server.sockets[0].getsockname()[1]
    async with server:
        yield kept


@pytest.fixture
async def loopback() -> AsyncIterator[Loopback]:
    async with listening() as kept:
        yield kept


@pytest.fixture
async def second() -> AsyncIterator[Loopback]:
    async with listening() as kept:
        yield kept


@pytest.fixture
def ask() -> Ask:
    return Ask(messages=[{"role": "user", "content": "I feel stuck."}], max_tokens=50, request_id="req-1")


@pytest.fixture
async def completions_of() -> AsyncIterator[Callable]:
    """Clients of a provider, closed at the end; `limits` are the ones that differ."""
    opened: list[Completions] = []

    def make(url: str, name: str = "first", **limits: float) -> Completions:
        provider = Provider(name=name, url=url, key=KEY, model="tiny")
        opened.append(Completions(provider, Limits(**limits)))
        return opened[-1]

    yield make
    for completions in opened:
        await completions.close()


@dataclass
class Said:
    """The little language in which tests say what a provider sends."""

    head = staticmethod(head)
    chunk = staticmethod(chunk)
    event = staticmethod(event)
    sends = staticmethod(sends)
    answers = staticmethod(answers)
    refuses = staticmethod(refuses)
    done = DONE
    stop = STOP
    role = ROLE
    counts = COUNTS
    key = KEY


@pytest.fixture
def says() -> Said:
    return Said()
