"""A model provider that speaks the OpenAI-compatible protocol and can fail like a real one."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from launchready_worlds.provider_moods import Moods, ProviderMood, Turn
from launchready_worlds.provider_record import Record, tokens_in
from launchready_worlds.provider_speech import MODEL, Asked, Pieces, pieces

RETRY_AFTER_S: Final = 20
MAX_REQUEST_BYTES: Final = 16 * 1024 * 1024
"""Longest question: more than a model reads, and no more than a test can hold."""
LEAVES_OPEN: Final = frozenset({ProviderMood.CUTS_CONNECTION, ProviderMood.CUTS_CHARACTER})
"""Moods whose answer has no end: the connection closes instead."""
PAGE: Final = b"<!doctype html><title>Welcome</title><h1>Sign in to continue</h1>"

FAILURES: Final[Mapping[ProviderMood, tuple[int, str, str, str]]] = {
    ProviderMood.BUSY: (429, "Rate limit reached", "rate_limit_exceeded", "rate_limit_exceeded"),
    ProviderMood.BUSY_FOR_EVER: (429, "Rate limit reached", "rate_limit_exceeded", "rate_limit_exceeded"),
    ProviderMood.NO_CREDIT: (
        429,
        "You exceeded your current quota, please check your plan and billing details",
        "insufficient_quota",
        "insufficient_quota",
    ),
    ProviderMood.BROKEN: (500, "The server had an error while processing your request", "server_error", "server_error"),
    ProviderMood.OVERLOADED: (503, "The engine is currently overloaded", "server_error", "overloaded"),
    ProviderMood.REFUSES_KEY: (401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
    ProviderMood.NO_MODEL: (404, "The model does not exist", "invalid_request_error", "model_not_found"),
    ProviderMood.TOO_LONG: (
        400,
        "This model's maximum context length is 8192 tokens",
        "invalid_request_error",
        "context_length_exceeded",
    ),
}
"""Status, message, type and code as OpenAI's API sends them (platform.openai.com/docs/guides/error-codes)."""
DOWN: Final = frozenset({ProviderMood.BROKEN, ProviderMood.OVERLOADED, ProviderMood.REFUSES_KEY})
"""Moods in which the list of models fails too."""


class _QuestionError(Exception):
    """The request is no question; the text says why."""


def provider_routes(moods: Moods, record: Record | None = None) -> list[Route]:
    """The provider's API.

    Args:
        moods: Say how calls are taken.
        record: Where calls are counted.
    """
    log = record or Record()

    async def models(_request: Request) -> Response:
        mood = moods.now().mood
        if mood in DOWN:
            return _failure(mood)
        return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "worlds"}]})

    async def completions(request: Request) -> Response:
        try:
            asked = await _asked(request, log)
        except _QuestionError as error:
            log.wrong += 1
            return _error(400, str(error), "invalid_request_error", "invalid_request_error")
        turn = moods.take()
        log.asked[turn.mood] += 1
        log.streaming += asked.streaming
        if turn.mood in FAILURES:
            log.answered += 1
            return _failure(turn.mood)
        log.prompt_tokens += asked.prompt_tokens
        return _Spoken(turn, asked, log)

    return [
        Route("/v1/models", models),
        Route("/v1/chat/completions", completions, methods=["POST"]),
    ]


async def _asked(request: Request, log: Record) -> Asked:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            raise _QuestionError(f"the request is longer than {MAX_REQUEST_BYTES} bytes")
    try:
        question = json.loads(body)
    except ValueError as error:
        raise _QuestionError("the body is no JSON") from error
    if not isinstance(question, dict) or not isinstance(question.get("messages", []), list):
        raise _QuestionError("the body is no object with a list of messages")
    bound = question.get("max_completion_tokens", question.get("max_tokens"))
    options = question.get("stream_options")
    return Asked(
        streaming=bool(question.get("stream")),
        usage=isinstance(options, dict) and bool(options.get("include_usage")),
        max_tokens=bound if isinstance(bound, int) else None,
        prompt_tokens=sum(map(_message_tokens, question.get("messages", []))),
        sent=lambda tokens: _count(log, tokens),
    )


def _message_tokens(message: object) -> int:
    content = message.get("content") if isinstance(message, dict) else None
    return tokens_in(content if isinstance(content, str) else json.dumps(content) if content else "")


def _count(log: Record, tokens: int) -> None:
    log.completion_tokens += tokens


def _failure(mood: ProviderMood) -> Response:
    headers = {"retry-after": str(RETRY_AFTER_S)} if mood is ProviderMood.BUSY else None
    return _error(*FAILURES[mood], headers)


def _error(status: int, message: str, kind: str, code: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": kind, "code": code, "param": None}}, status, headers)


class _Spoken(Response):
    """An answer with status 200 that is sent piece by piece, and given up when the client hangs up."""

    def __init__(self, turn: Turn, asked: Asked, log: Record) -> None:
        super().__init__()
        self._turn = turn
        self._log = log
        self._streaming = asked.streaming
        self._pieces = _page() if turn.mood is ProviderMood.WRONG_TYPE else pieces(turn, asked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope
        self._log.open += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                speaking = tasks.create_task(self._speak(send))
                leaving = tasks.create_task(_left(receive))
                await asyncio.wait({speaking, leaving}, return_when=asyncio.FIRST_COMPLETED)
                whole = speaking.done()
                speaking.cancel()
                leaving.cancel()
            self._log.answered += whole
            self._log.cancelled += not whole
        finally:
            self._log.open -= 1

    async def _speak(self, send: Send) -> None:
        begun = self._streaming  # a stream has its headers at once; a whole answer when it is there
        if begun:
            await send(self._start())
        async for piece in self._pieces:
            if not begun:
                begun = True
                await send(self._start())
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if not begun:
            await send(self._start())
        if self._turn.mood not in LEAVES_OPEN:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _start(self) -> dict[str, Any]:
        kind = "text/event-stream" if self._streaming else "application/json"
        if self._turn.mood is ProviderMood.WRONG_TYPE:
            kind = "text/html"
        headers = [(b"content-type", f"{kind}; charset=utf-8".encode())]
        return {"type": "http.response.start", "status": 200, "headers": headers}


async def _page() -> Pieces:
    yield PAGE


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
