"""The bodies of answers, streamed and whole, as each mood has them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from launchready_worlds.provider_moods import LONGEST_S, ProviderMood, Turn
from launchready_worlds.provider_record import tokens_in

MODEL: Final = "coach-small"
ANSWER: Final = "Coaching with Maya costs 180 dollars a session, and the first call is free."
CUT_AFTER_WORDS: Final = 4
HUGE_TOKEN_BYTES: Final = 100 * 1024 * 1024
"""One token that no client should keep; sent piece by piece, so that the provider does not keep it either."""
PIECE_BYTES: Final = 256 * 1024
ENDLESS_LINE_BYTES: Final = 64 * 1024 * 1024
"""A line longer than any bound on lines; then it stalls, so that a client left running fills no disk."""
LINE_PAUSE_S: Final = 0.005
"""A pause between pieces of the line without end: about 50 MB a second."""
WORD_PAUSE_S: Final = 0.02
"""A fast model says fifty words a second."""
PING_S: Final = 1.0
"""Seconds between comments: more often than any idle time-out of bytes."""
CHARACTER_CUT: Final = "Café".encode()[:-1]

Pieces = AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """What matters of a question.

    Attributes:
        streaming: Whether a stream was asked for.
        usage: Whether the stream should say its usage.
        max_tokens: Longest answer, None for no bound.
        prompt_tokens: Tokens of the question.
        sent: Told of tokens as they leave.
    """

    streaming: bool
    usage: bool
    max_tokens: int | None
    prompt_tokens: int
    sent: Callable[[int], None] = field(default=lambda _tokens: None)

    def words(self) -> tuple[list[str], str]:
        """The answer's words, and why it ends: `stop`, or `length` at the bound."""
        words = [word if count == 0 else f" {word}" for count, word in enumerate(ANSWER.split())]
        said, used = list[str](), 0
        for word in words:
            used += tokens_in(word)
            if self.max_tokens is not None and used > self.max_tokens:
                return said, "length"
            said.append(word)
        return said, "stop"


def completion(part: str, content: dict[str, str], finish: str | None) -> dict[str, Any]:
    """A completion, or a chunk of one: `part` is `message` or `delta`."""
    kind = "chat.completion" if part == "message" else "chat.completion.chunk"
    choice = {"index": 0, part: content, "finish_reason": finish}
    return {"id": "chatcmpl-world", "object": kind, "created": 0, "model": MODEL, "choices": [choice]}


def usage(prompt: int, said: int) -> dict[str, int]:
    """Tokens to pay for."""
    return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


def event(payload: dict[str, Any]) -> bytes:
    """One event of a stream."""
    return f"data: {json.dumps(payload)}\n\n".encode()


def pieces(turn: Turn, asked: Asked) -> Pieces:
    """The body of an answer with status 200; what makes a client hang is in here too."""
    return _streamed(turn, asked) if asked.streaming else _whole(turn, asked)


async def _streamed(turn: Turn, asked: Asked) -> Pieces:
    await asyncio.sleep(turn.wait_s)
    match turn.mood:
        case ProviderMood.NO_BODY:
            return
        case ProviderMood.PINGS:
            async for piece in _every_second(b": ping\n\n"):
                yield piece
            return
    yield event(completion("delta", {"role": "assistant", "content": ""}, None))
    words, finish = asked.words()
    for count, word in enumerate([] if turn.mood is ProviderMood.EMPTY else words):
        if count == CUT_AFTER_WORDS and (trouble := _in_the_middle(turn)) is not None:
            async for piece in trouble:
                yield piece
            return
        yield event(completion("delta", {"content": word}, None))
        asked.sent(tokens_in(word))
        await asyncio.sleep(0)
    yield event(completion("delta", {}, finish))
    if asked.usage:
        said = sum(map(tokens_in, words))
        yield event({**completion("delta", {}, None), "choices": [], "usage": usage(asked.prompt_tokens, said)})
    yield b"data: [DONE]\n\n"


def _in_the_middle(turn: Turn) -> Pieces | None:
    """What comes after some words; None where the answer goes on."""
    opened = json.dumps(completion("delta", {"content": ""}, None)).encode().partition(b'"content": "')
    start = b"data: " + opened[0] + opened[1]
    match turn.mood:
        case ProviderMood.STALLS:
            trouble = _silence(turn.stall_s)
        case ProviderMood.CUTS | ProviderMood.CUTS_CONNECTION:
            trouble = _these()
        case ProviderMood.CUTS_CHARACTER:
            trouble = _these(start + CHARACTER_CUT)
        case ProviderMood.ERROR_EVENT:
            trouble = _these(event({"error": {"message": "The server had an error", "type": "server_error"}}))
        case ProviderMood.MALFORMED:
            trouble = _these(start + b"\n\n", b"data: [DONE]\n\n")
        case ProviderMood.ENDLESS:
            trouble = _endless(lambda count: event(completion("delta", {"content": f" and {count}"}, None)))
        case ProviderMood.HUGE:
            trouble = _huge(start, opened[2] + b"\n\ndata: [DONE]\n\n", HUGE_TOKEN_BYTES, 0)
        case ProviderMood.ENDLESS_LINE:
            trouble = _chain(_huge(start, b"", ENDLESS_LINE_BYTES, LINE_PAUSE_S), _silence(LONGEST_S))
        case _:
            return None
    return trouble


async def _whole(turn: Turn, asked: Asked) -> Pieces:
    await asyncio.sleep(turn.wait_s)
    words, finish = asked.words()
    said = "" if turn.mood is ProviderMood.EMPTY else "".join(words)
    answer = completion("message", {"role": "assistant", "content": said}, finish)
    answer["usage"] = usage(asked.prompt_tokens, tokens_in(said))
    body = json.dumps(answer).encode()
    opened, _, rest = body.partition(said.encode() or b"\0")
    match turn.mood:
        case ProviderMood.NO_BODY:
            return
        case ProviderMood.PINGS:
            trouble = _every_second(b"\n")
        case ProviderMood.STALLS:
            trouble = _silence(turn.stall_s)
        case ProviderMood.CUTS | ProviderMood.CUTS_CONNECTION | ProviderMood.MALFORMED:
            trouble = _these(body[: len(body) // 2])
        case ProviderMood.CUTS_CHARACTER:
            trouble = _these(opened + CHARACTER_CUT)
        case ProviderMood.ENDLESS:
            trouble = _chain(_these(opened), _endless(lambda count: f" and {count}".encode()))
        case ProviderMood.HUGE:
            trouble = _huge(opened, rest, HUGE_TOKEN_BYTES, 0)
        case ProviderMood.ENDLESS_LINE:
            trouble = _chain(_huge(opened, b"", ENDLESS_LINE_BYTES, LINE_PAUSE_S), _silence(LONGEST_S))
        case _:
            asked.sent(tokens_in(said))
            trouble = _these(body)
    async for piece in trouble:
        yield piece


async def _these(*parts: bytes) -> Pieces:
    for part in parts:
        yield part


async def _chain(*parts: Pieces) -> Pieces:
    for part in parts:
        async for piece in part:
            yield piece


async def _silence(seconds: float) -> Pieces:
    await asyncio.sleep(seconds)
    if seconds < 0:
        yield b""  # never: it is what makes this a stream


async def _every_second(piece: bytes) -> Pieces:
    for _ in range(int(LONGEST_S / PING_S)):
        yield piece
        await asyncio.sleep(PING_S)


async def _endless(word: Callable[[int], bytes]) -> Pieces:
    for count in range(int(LONGEST_S / WORD_PAUSE_S)):
        yield word(count)
        await asyncio.sleep(WORD_PAUSE_S)


async def _huge(start: bytes, end: bytes, size_bytes: int, pause_s: float) -> Pieces:
    yield start
    piece = b"a" * PIECE_BYTES
    for _ in range(size_bytes // PIECE_BYTES):
        yield piece
        await asyncio.sleep(pause_s)
    yield end
