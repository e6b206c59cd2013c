"""The chat's API: a question in, a stream of words out."""

import json
import logging
import re
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from coachbot.answers import AnswerError, AnswerSource, Piece, Question
from coachbot.conversations import Answered, Conversations, Exchange, Fresh, Reused, Status
from coachbot.forms import MAX_MESSAGE_CHARS
from coachbot.rendering import PRIVATE
from coachbot.sessions import Sessions
from coachbot.sse import EventStream, sse_event
from launchready_guard.canned import Canned
from launchready_guard.continuity import say_again
from launchready_guard.request_id import request_id_of

MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
"""A client's id of a question: a UUID or the like."""

CHAT_PATH = "/api/chat"


class BadQuestionError(Exception):
    """The request is no question; the text says what it lacks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the client sends it."""

    message_id: str
    text: str


class ChatApi:
    """The endpoints `/api/chat` and `/api/history`.

    Args:
        sessions: Knows who asks.
        conversations: Keeps questions and answers.
        answers: Makes answers.
        logger: Where outcomes are noted.
    """

    def __init__(
        self, *, sessions: Sessions, conversations: Conversations, answers: AnswerSource, logger: logging.Logger
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._answers = answers
        self._logger = logger

    def routes(self) -> list[Route]:
        """The routes of the API."""
        return [Route(CHAT_PATH, self.ask, methods=["POST"]), Route("/api/history", self.history)]

    async def history(self, request: Request) -> Response:
        """The customer's turns, oldest first."""
        customer = await self._sessions.customer(request)
        if customer is None:
            return _logged_out(request)
        turns = await self._conversations.history(customer.id)
        return JSONResponse({"messages": [_turn_json(turn) for turn in turns]}, headers=PRIVATE)

    async def ask(self, request: Request) -> Response:
        """Answer a question as a stream; a question that was answered before is answered the same.

        `Continuity` stands in front: it lets a reload and a second tab join a running answer, so this is called once
        for each attempt at one.
        """
        customer = await self._sessions.customer(request)
        if customer is None:
            return _logged_out(request)
        try:
            asked = _asked(await request.body())
        except BadQuestionError as bad:
            return _refusal(request, 422, "bad_question", str(bad))
        match await self._conversations.begin(customer.id, asked.message_id, asked.text):
            case Fresh() as fresh:
                return EventStream(self._answered(fresh, asked, request.scope))
            case Answered(answer):
                return EventStream(_replayed(answer, asked, request.scope))
            case Reused():
                return _refusal(request, 409, "message_id_reused", "This message id belongs to another question.")

    async def _answered(self, fresh: Fresh, asked: Asked, scope: Scope) -> AsyncGenerator[bytes, None]:
        """The events of a new answer. Whatever ends it, what was said until then is kept."""
        progress, request_id = _Progress(), request_id_of(scope)
        pieces = self._answers.stream(Question(asked.text, fresh.before, request_id))
        try:
            async with self._kept(fresh, progress), aclosing(pieces):
                async for piece in pieces:
                    progress.add(piece)
                    if isinstance(piece, Canned):
                        say_again(scope)
                    yield sse_event(_delta(piece))
        except AnswerError as error:
            failure = {"code": error.code, "message": error.message, "retryable": error.retryable}
            yield sse_event(failure | {"request_id": request_id}, event="error")
        else:
            yield _done(asked, request_id)

    @asynccontextmanager
    async def _kept(self, fresh: Fresh, progress: "_Progress") -> AsyncGenerator[None, None]:
        """Keeps what was said, whatever ends it, before anybody is told of the end."""
        status, outcome = Status.INTERRUPTED, "broken_off"  # unless it turns out otherwise: a bug, or nobody's wish
        try:
            yield
            status = Status.DONE if progress.canned is None else Status.CANNED
            outcome = "done" if progress.canned is None else progress.canned.code
        except AnswerError as error:
            status, outcome = Status.INTERRUPTED if progress.said else Status.FAILED, error.code
            raise
        finally:
            await self._conversations.finish(fresh, progress.said, status)
            fields = {"outcome": outcome, "count": progress.count, "first_token_ms": progress.first_token_ms}
            self._logger.info("answer", extra=fields)


class _Progress:
    """What has been said of an answer."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._pieces: list[str] = []
        self.first_token_ms: float | None = None
        self.canned: Canned | None = None

    def add(self, piece: Piece) -> None:
        if isinstance(piece, Canned):
            self.canned = piece
            self._pieces.append(piece.text)
            return
        if self.first_token_ms is None:
            self.first_token_ms = round((time.perf_counter() - self._started) * 1000, 1)
        self._pieces.append(piece)

    @property
    def said(self) -> str:
        return "".join(self._pieces)

    @property
    def count(self) -> int:
        return len(self._pieces)


async def _replayed(answer: str, asked: Asked, scope: Scope) -> AsyncGenerator[bytes, None]:
    yield sse_event({"delta": answer})
    yield _done(asked, request_id_of(scope))


def _delta(piece: Piece) -> dict[str, object]:
    """The data of a piece; a notice says that it is none of the model's words."""
    if isinstance(piece, Canned):
        return {"delta": piece.text, "canned": {"code": piece.code, "retryable": piece.retryable}}
    return {"delta": piece}


def _done(asked: Asked, request_id: str) -> bytes:
    return sse_event({"message_id": asked.message_id, "request_id": request_id}, event="done")


def _asked(body: bytes) -> Asked:
    try:
        value = json.loads(body)
    except ValueError:
        raise BadQuestionError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise BadQuestionError("The body is not a JSON object.")
    text, message_id = value.get("message"), value.get("message_id")
    if not isinstance(text, str) or not text.strip():
        raise BadQuestionError("Please write a question.")
    if len(text) > MAX_MESSAGE_CHARS:
        raise BadQuestionError(f"Please shorten your question to {MAX_MESSAGE_CHARS:,} characters.")
    if not isinstance(message_id, str) or not MESSAGE_ID.fullmatch(message_id):
        raise BadQuestionError("message_id has to be 8 to 64 letters, digits, - or _.")
    return Asked(message_id, text.replace("\0", "").strip())


def _turn_json(turn: Exchange) -> dict[str, str]:
    return {
        "message_id": turn.message_id,
        "question": turn.question,
        "answer": turn.answer,
        "status": turn.status.value,
        "asked_at": turn.asked_at.isoformat(),
    }


def _logged_out(request: Request) -> Response:
    return _refusal(request, 401, "logged_out", "Please log in again.")


def _refusal(request: Request, status: int, code: str, message: str) -> Response:
    body = {
        "code": code,
        "message": message,
        "retryable": False,
        "request_id": request_id_of(request.scope),
    }
    return JSONResponse(body, status, headers=PRIVATE)
