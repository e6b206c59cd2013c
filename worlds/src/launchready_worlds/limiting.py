"""Limits in the place of coachbot's own: how many requests one visitor may send, and by what a visitor is known."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CHAT_PATH = "/api/chat"
FORM_PATHS = ("/signup", "/leads")
SESSION = "session"
CHAT_WINDOW_S = 60.0
FORM_WINDOW_S = 600.0


@dataclass(slots=True)
class Limits:
    """What is allowed, and how it is counted.

    Attributes:
        chat: Messages a minute; None: as many as come.
        signups: Sign-ups in ten minutes.
        leads: Messages to the coach in ten minutes.
        by_session: Whether the chat counts each session by itself, or everybody behind one address together.
        trusts: Header that is taken for the visitor's address, whoever wrote it; empty for none.
        says_when: Whether a refusal names the seconds to wait.
    """

    chat: int | None = 20
    signups: int | None = 30
    leads: int | None = 30
    by_session: bool = True
    trusts: str = ""
    says_when: bool = True

    def of(self, path: str) -> tuple[int | None, float]:
        """How many requests are allowed at a path, and in how many seconds."""
        if path == CHAT_PATH:
            return self.chat, CHAT_WINDOW_S
        return (self.signups if path == FORM_PATHS[0] else self.leads), FORM_WINDOW_S


def limited(app: ASGIApp, limits: Limits, clock: Callable[[], float] = time.monotonic) -> ASGIApp:
    """A site behind limits; each visitor's last requests are remembered for as long as the site is served."""
    seen: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        allowed, window_s = limits.of(path)
        if scope["method"] != "POST" or path not in {CHAT_PATH, *FORM_PATHS} or allowed is None:
            await app(scope, receive, send)
            return
        now, times = clock(), seen[path, _visitor(scope, limits)]
        while times and times[0] <= now - window_s:
            times.popleft()
        if len(times) < allowed:
            times.append(now)
            await app(scope, receive, send)
            return
        wait_s = math.ceil(times[0] + window_s - now)
        retry = {"Retry-After": str(wait_s)} if limits.says_when else {}
        body = {"code": "too_many_requests", "message": "Please wait a moment.", "retryable": True}
        await JSONResponse(body, 429, headers=retry)(scope, receive, send)

    return served


def _visitor(scope: Scope, limits: Limits) -> str:
    headers = Headers(scope=scope)
    if limits.trusts and limits.trusts in headers:
        return headers[limits.trusts].partition(",")[0].strip()
    session = cookie_parser(headers.get("cookie", "")).get(SESSION, "")
    if scope["path"] == CHAT_PATH and limits.by_session and session:
        return session
    return str(scope["client"][0]) if scope.get("client") else ""
