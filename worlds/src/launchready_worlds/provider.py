"""A model provider that speaks the OpenAI-compatible protocol and can fail like a real one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from enum import Enum, auto

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

MODEL = "coach-small"
STALL_S = 120.0
"""Longer than any client waits: a stall is a stream that never goes on."""
ANSWER = "Coaching with Maya costs 180 dollars a session, and the first call is free."
CUT_AFTER_WORDS = 4


class ProviderMood(Enum):
    """How the provider takes a question."""

    ANSWERS = auto()
    STALLS = auto()
    BUSY = auto()
    """429 with Retry-After."""
    BROKEN = auto()
    """500."""
    CUTS = auto()
    """The stream ends without its end."""


def provider_routes(mood: Callable[[], ProviderMood]) -> list[Route]:
    """The provider's API; `mood` says how it behaves right now."""

    async def models(_request: Request) -> Response:
        if mood() is ProviderMood.BROKEN:
            return _error(500, "The server had an error while processing your request")
        return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "worlds"}]})

    async def completions(request: Request) -> Response:
        asked = await request.json()
        match mood():
            case ProviderMood.BUSY:
                return _error(429, "Rate limit reached", {"retry-after": "20"})
            case ProviderMood.BROKEN:
                return _error(500, "The server had an error while processing your request")
            case now:
                if asked.get("stream"):
                    return StreamingResponse(_stream(now), media_type="text/event-stream")
                return JSONResponse(_completion("message", {"role": "assistant", "content": ANSWER}, "stop"))

    return [
        Route("/v1/models", models),
        Route("/v1/chat/completions", completions, methods=["POST"]),
    ]


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    kind = "rate_limit_exceeded" if status == 429 else "server_error"
    return JSONResponse({"error": {"message": message, "type": kind, "code": kind}}, status, headers)


def _completion(part: str, content: dict[str, str], finish: str | None) -> dict[str, object]:
    kind = "chat.completion" if part == "message" else "chat.completion.chunk"
    choice = {"index": 0, part: content, "finish_reason": finish}
    return {"id": "chatcmpl-world", "object": kind, "created": 0, "model": MODEL, "choices": [choice]}


async def _stream(mood: ProviderMood) -> AsyncIterator[str]:
    yield _event(_completion("delta", {"role": "assistant", "content": ""}, None))
    for count, word in enumerate(ANSWER.split()):
        if count == CUT_AFTER_WORDS and mood is ProviderMood.STALLS:
            await asyncio.sleep(STALL_S)
        if count == CUT_AFTER_WORDS and mood is ProviderMood.CUTS:
            return
        yield _event(_completion("delta", {"content": word if count == 0 else f" {word}"}, None))
        await asyncio.sleep(0)
    yield _event(_completion("delta", {}, "stop"))
    yield "data: [DONE]\n\n"


def _event(payload: dict[str, object]) -> str:
    return f"data: {json.dumps(payload)}\n\n"
