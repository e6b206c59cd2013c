"""How a bot's answer goes over the wire: JSON, events, the OpenAI protocol, or the UI message stream of AI SDK."""

import json
import secrets
from collections.abc import AsyncIterator, Mapping
from itertools import islice
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from launchready_worlds.bots.planting import Planting
from launchready_worlds.bots.talk import MOST_SAID, Bot, Heard, Memory, Said

MAX_REQUEST_BYTES: Final = 1024 * 1024
PIECE_CHARS: Final = 24
"""Characters of one piece of a stream: some words."""
MOST_SESSIONS: Final = 20_000
"""Talks that a bot remembers; the oldest goes first."""
COOKIE: Final = "sid"


class _MessageError(Exception):
    """The request holds no message."""


class Wire:
    """One bot on the wire.

    Args:
        bot: The bot.
        plant: What is planted.
        memory: What it remembers.
    """

    def __init__(self, bot: Bot, plant: Planting, memory: Memory) -> None:
        self._bot = bot
        self._plant = plant
        self._memory = memory
        self._talks: dict[str, list[str]] = {}

    async def answer(self, request: Request) -> Response:
        """Answer one message."""
        try:
            asked = await _asked(request)
            session, before, text = self._heard(request, asked)
        except _MessageError as error:
            return JSONResponse({"error": str(error)}, 400)
        heard = Heard(text, len(before) + 1, tuple(before), session, self._plant, self._memory)
        said = self._bot.behave(heard)
        self._memory.said.append((session, text))
        del self._memory.said[:-MOST_SAID]
        self._memory.calls += said.tools
        response = self._written(said, session, streaming=bool(asked.get("stream")))
        for name, value in said.headers.items():
            response.headers[name] = value
        if self._bot.protocol in {"json", "sse"}:
            response.set_cookie(COOKIE, session, httponly=True, samesite="lax")
        return response

    def _heard(self, request: Request, asked: Mapping[str, Any]) -> tuple[str, list[str], str]:
        """The session, the visitor's earlier messages, and the message."""
        if self._bot.protocol in {"openai", "ui-message-stream"}:
            *before, text = _visitors_words(asked)
            return str(asked.get("id") or f"talk of {before[0] if before else text}"), before, text
        message = asked.get("message")
        if not isinstance(message, str):
            raise _MessageError('send {"message": "a text"}')
        session = str(asked.get("session_id") or request.cookies.get(COOKIE) or secrets.token_hex(16))
        if session not in self._talks and len(self._talks) >= MOST_SESSIONS:
            del self._talks[next(iter(self._talks))]
        talk = self._talks.setdefault(session, [])
        talk.append(message)
        return session, talk[:-1], message

    def _written(self, said: Said, session: str, *, streaming: bool) -> Response:
        if said.status != 200:
            return JSONResponse({"error": {"message": "internal error", "detail": said.text}}, said.status)
        match self._bot.protocol:
            case "json":
                tools = [{"name": name, "arguments": arguments} for name, arguments in said.tools]
                calls = {"tool_calls": tools} if tools else {}
                return JSONResponse({"reply": said.text, "session_id": session, **calls, **said.extra})
            case "sse":
                return StreamingResponse(_events(said), media_type="text/event-stream")
            case "openai":
                if not streaming:
                    return JSONResponse(_completion(said))
                return StreamingResponse(_chunks(said), media_type="text/event-stream")
            case _:
                headers = {"x-vercel-ai-ui-message-stream": "v1"}
                return StreamingResponse(_ui_parts(said), media_type="text/event-stream", headers=headers)


async def _asked(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            raise _MessageError("the message is too long")
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise _MessageError("the body is no JSON") from error
    if not isinstance(asked, dict):
        raise _MessageError("the body is no object")
    return asked


def _visitors_words(asked: Mapping[str, Any]) -> list[str]:
    messages = asked.get("messages")
    if not isinstance(messages, list):
        raise _MessageError("there is no list of messages")
    words = [_text(one) for one in messages if isinstance(one, dict) and one.get("role") in {"user", "tool"}]
    if not words:
        raise _MessageError("there is no message of a user")
    return words


def _text(message: Mapping[str, Any]) -> str:
    """The text of a message: as such, or in parts."""
    parts = message.get("parts") or message.get("content") or ""
    if isinstance(parts, str):
        return parts
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))


def _pieces(text: str) -> list[str]:
    characters = iter(text)
    return ["".join(piece) for piece in iter(lambda: list(islice(characters, PIECE_CHARS)), [])]


def _event(data: object, name: str = "") -> str:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n"


async def _events(said: Said) -> AsyncIterator[str]:
    for name, arguments in said.tools:
        yield _event({"name": name, "arguments": arguments}, "tool_call")
    for piece in _pieces(said.text):
        yield _event({"text": piece}, "token")
    for name, data in said.extra.items():
        yield _event(data, name)
    yield _event({}, "done")


def _tool_calls(said: Said) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "id": f"call_{index}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)},
        }
        for index, (name, arguments) in enumerate(said.tools)
    ]


def _completion(said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text}
    if said.tools:
        message["tool_calls"] = _tool_calls(said)
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "chatcmpl-bot", "object": "chat.completion", "model": "coach", "choices": [choice], **said.extra}


async def _chunks(said: Said) -> AsyncIterator[str]:
    def chunk(delta: Mapping[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({"id": "chatcmpl-bot", "object": "chat.completion.chunk", "model": "coach", "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in _pieces(said.text):
        yield chunk({"content": piece})
    if said.tools:
        yield chunk({"tool_calls": _tool_calls(said)})
    yield chunk({}, "stop")
    yield "data: [DONE]\n\n"


async def _ui_parts(said: Said) -> AsyncIterator[str]:
    yield _event({"type": "start", "messageId": "msg-1"})
    for index, (name, arguments) in enumerate(said.tools):
        call = {"toolCallId": f"call-{index}", "toolName": name}
        yield _event({"type": "tool-input-available", **call, "input": arguments})
    yield _event({"type": "text-start", "id": "text-1"})
    for piece in _pieces(said.text):
        yield _event({"type": "text-delta", "id": "text-1", "delta": piece})
    yield _event({"type": "text-end", "id": "text-1"})
    for name, data in said.extra.items():
        yield _event({"type": name, "data": data})
    yield _event({"type": "finish"})
    yield "data: [DONE]\n\n"
