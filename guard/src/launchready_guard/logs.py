"""Logs that can be read by anyone in the company: names, numbers and keyed hashes, never what people wrote.

A log line is built from a list of allowed fields. What is not on the list can't be logged, by accident or by a library:
no body, no query string, no header, no text of an exception.
"""

import hashlib
import hmac
import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from types import TracebackType
from typing import TextIO

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from launchready_guard.client import ClientAddresses
from launchready_guard.request_id import request_id_of

ALLOWED_FIELDS = (
    "request_id",
    "method",
    "route",
    "status",
    "duration_ms",
    "client",
    "session",
    "outcome",
    "attempts",
    "error_type",
    "count",
    "provider",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "first_token_ms",
)
"""Every field a line may have besides time, level, logger, event and error; each holds a name, a number or a hash."""

EVENT_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
"""An event is a constant name in kebab case; anything else may be a sentence with someone's data in it."""

FOREIGN_EVENT = "library-message"
"""Stands for the text of a library's own message, which nobody here has checked for personal data."""

MAX_FIELD_CHARS = 200
"""Longest value of a field; ids, routes and names are shorter."""

MAX_FRAMES = 20
"""Frames kept of a traceback, innermost last: enough to find the line."""

KEYED_HASH_CHARS = 16
"""Hex digits kept of a keyed hash: 64 bits tell visitors apart and are no use to look anybody up."""

UNROUTED = "unmatched"
"""The route of a request that no route took; its path is the client's text, so it is not logged."""

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def keyed_hash(key: bytes, value: str) -> str:
    """A short stable stand-in for an address or a session, useless without the key (RFC 2104).

    Args:
        key: The product's secret.
        value: What to stand in for.
    """
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:KEYED_HASH_CHARS]


class RedactingFormatter(logging.Formatter):
    """Writes a record as one JSON line from the allowed fields only."""

    def format(self, record: logging.LogRecord) -> str:
        """The JSON line of `record`, without newline."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event_name(record.msg),
        }
        for field in ALLOWED_FIELDS:
            value = record.__dict__.get(field)
            if value is not None:
                line[field] = value if isinstance(value, int | float) else str(value)[:MAX_FIELD_CHARS]
        if isinstance(record.exc_info, tuple):
            line["error"] = _described(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def json_logger(name: str, stream: TextIO, level: int = logging.INFO) -> logging.Logger:
    """A logger of its own that writes redacted JSON lines; it is not in the process-wide registry.

    Args:
        name: Shown as `logger`.
        stream: Where lines go.
        level: The least level that is written.
    """
    logger = logging.Logger(name, level)  # noqa: LOG001 - unregistered on purpose: two apps in one process don't share it
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter())
    logger.addHandler(handler)
    return logger


class AccessLog:
    """Logs each request when it ends: how it went, not what was in it.

    Args:
        app: The application inside.
        logger: Where lines go, usually from `json_logger`.
        key: Secret for the keyed hashes of client and session.
        addresses: Finds the client's address.
        session_cookie: Name of the session cookie.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        logger: logging.Logger,
        key: bytes,
        addresses: ClientAddresses,
        session_cookie: str = "session",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._logger = logger
        self._key = key
        self._addresses = addresses
        self._cookie = session_cookie
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._clock()
        status = 500  # what the server answers when the application raised before it answered

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        raised: BaseException | None = None
        try:
            await self._app(scope, receive, watch)
        except BaseException as error:
            raised = error
            raise
        finally:
            self._write(scope, status, self._clock() - started, raised)

    def _write(self, scope: Scope, status: int, took_s: float, raised: BaseException | None) -> None:
        route = scope.get("route")
        session = _cookie(scope, self._cookie)
        fields = {
            "request_id": request_id_of(scope),
            "method": scope["method"] if scope["method"] in KNOWN_METHODS else "other",
            "route": getattr(route, "path", UNROUTED),
            "status": status,
            "duration_ms": round(took_s * 1000, 1),
            "client": keyed_hash(self._key, self._addresses.of(scope)),
            "session": keyed_hash(self._key, session) if session else None,
        }
        level = logging.ERROR if status >= 500 else logging.INFO
        self._logger.log(level, "request", extra=fields, exc_info=raised)


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are logged by name; another one is the client's own text."""


def _cookie(scope: Scope, name: str) -> str:
    try:
        morsel = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


def _event_name(message: object) -> str:
    return message if isinstance(message, str) and EVENT_NAME.fullmatch(message) else FOREIGN_EVENT


def _described(raised: ExceptionInfo) -> dict[str, object]:
    """Type and places of an exception and its causes; never its text, which may quote what a customer wrote."""
    kind, error, _trace = raised
    if kind is None or error is None:
        return {}
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    described: dict[str, object] = {"type": kind.__qualname__, "frames": frames[-MAX_FRAMES:]}
    cause = error.__cause__ or error.__context__
    if cause is not None:
        described["cause"] = type(cause).__qualname__
    if isinstance(error, BaseExceptionGroup):
        described["grouped"] = [type(inner).__qualname__ for inner in error.exceptions]
    return described
