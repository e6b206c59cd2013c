"""`create_app(settings)` is the product as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from email.utils import parseaddr

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from coachbot import __version__
from coachbot.guarding import READING, refusal_page
from coachbot.parts import Parts
from coachbot.security import OwnPagesOnly, SecurityHeaders, security_headers
from coachbot.sessions import COOKIE
from coachbot.settings import Settings
from launchready_guard.chat_guard import ChatGuard
from launchready_guard.continuity import Continuity
from launchready_guard.environment import environment_route
from launchready_guard.health import health_routes
from launchready_guard.limiting import Limited, Limits
from launchready_guard.logs import AccessLog
from launchready_guard.metrics import metrics_route
from launchready_guard.request_id import HEADER, RequestIds, request_id_of
from launchready_guard.version import version_route

GZIP_MIN_BYTES = 500
"""Below a packet compression saves nothing."""

GZIP_LEVEL = 6
"""Within a percent of level 9 for pages of this size, at half the time."""

SECURITY_TXT_FOR = timedelta(days=180)
"""How long security.txt holds from the start of the process: under a year (RFC 9116 2.5.5), renewed by each deploy."""

SHUTDOWN_GRACE_S = 5
"""Seconds that mails on their way have to finish when the process stops."""

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def create_app(settings: Settings, parts: Parts | None = None) -> Starlette:
    """Build the product; its lifespan creates the tables and runs the mail worker.

    Args:
        settings: What the owner decided.
        parts: The parts to build it from, when some are replaced; made from `settings` when None.
    """
    parts = parts or Parts(settings)
    errors = _ErrorPages(parts)
    return Starlette(
        routes=[
            *parts.pages.routes(),
            *parts.chat.routes(),
            *health_routes(parts.readiness),
            version_route(name="coachbot", version=__version__, commit=settings.commit, built_at=settings.built_at),
            parts.assets.route(),
            *_well_known(parts),
            *_environment(parts),
            *_numbers(parts),
        ],
        middleware=_middleware(parts),
        exception_handlers={HTTPException: errors.http, Exception: errors.broken},
        lifespan=_lifespan(parts),
    )


def _middleware(parts: Parts) -> list[Middleware]:
    """Outermost first. All are pure ASGI: none holds back a stream."""
    settings = parts.settings
    key = settings.secret.encode()
    return [
        Middleware(RequestIds),
        Middleware(AccessLog, logger=parts.logger, key=key, addresses=parts.addresses, session_cookie=COOKIE),
        Middleware(SecurityHeaders, headers=security_headers(https=settings.https)),
        Middleware(GZipMiddleware, minimum_size=GZIP_MIN_BYTES, compresslevel=GZIP_LEVEL),
        Middleware(OwnPagesOnly, origins=(settings.base_url, settings.site_url)),
        # The guard does not see what is answered before it.
        Middleware(
            Limited,
            limits=Limits(READING, parts.guard_store, logger=parts.logger),
            addresses=parts.addresses,
            session_cookie=COOKIE,
        ),
        # Outside of whatever limits and times an answer: joining one that is under way costs nothing.
        Middleware(
            Continuity,
            store=parts.guard_store,
            settings=parts.continuity,
            logger=parts.logger,
            metrics=parts.metrics,
        ),
        Middleware(
            ChatGuard,
            settings=parts.guard_settings,
            store=parts.guard_store,
            spend=parts.spend if settings.model_key else None,
            metrics=parts.metrics,
            logger=parts.logger,
            render=refusal_page(parts.render),
        ),
    ]


def _lifespan(parts: Parts) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            closing.push_async_callback(parts.database.close)
            closing.push_async_callback(parts.answers.close)
            closing.push_async_callback(parts.guard_store.close)
            await parts.database.create_tables()
            async with asyncio.TaskGroup() as group:
                delivering = group.create_task(parts.worker.run())
                yield
                parts.worker.stop()
                await asyncio.wait([delivering], timeout=SHUTDOWN_GRACE_S)
                delivering.cancel()

    return lifespan


def _well_known(parts: Parts) -> list[Route]:
    """What crawlers may look at, whom to tell of a weak spot, and the ownership token when the owner has set one."""
    token = parts.settings.launchready_token

    async def ownership(_request: Request) -> Response:
        return PlainTextResponse(token, headers={"Cache-Control": "no-store"})

    async def robots(_request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /chat\nDisallow: /verify\n")

    async def security(_request: Request) -> Response:
        return PlainTextResponse(policy)

    contact = parseaddr(parts.settings.mail_from)[1]
    expires = (parts.clock() + SECURITY_TXT_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    policy = f"Contact: mailto:{contact}\nExpires: {expires}\n"
    shown = [Route("/robots.txt", robots), Route("/.well-known/security.txt", security)]
    return [*shown, Route("/.well-known/launchready", ownership)] if token else shown


def _environment(parts: Parts) -> list[Route]:
    """What is wrong with its variables, for the owner's auditor, when the owner has set a token for it."""
    token, key = parts.settings.report_token, parts.settings.secret.encode()
    return [environment_route(parts.contract, parts.environ, token=token, key=key)] if token else []


def _numbers(parts: Parts) -> list[Route]:
    """Numbers for Prometheus, for the holder of the same token."""
    token = parts.settings.report_token
    return [metrics_route(parts.metrics, token)] if token else []


class _ErrorPages:
    """What a visitor sees when something is missing or broken: a page, or JSON under `/api/`."""

    def __init__(self, parts: Parts) -> None:
        self._render = parts.render
        self._headers = security_headers(https=parts.settings.https)

    async def http(self, request: Request, error: Exception) -> Response:
        """A status that an endpoint raised, such as 404, 405 or 413."""
        assert isinstance(error, HTTPException)
        return self._page(request, error.status_code, dict(error.headers or {}))

    async def broken(self, request: Request, _error: Exception) -> Response:
        """A bug. The page is made outside the middleware, so it brings its own headers; the log has the frames."""
        return self._page(request, 500, self._headers | {HEADER: request_id_of(request.scope)})

    def _page(self, request: Request, status: int, headers: dict[str, str]) -> Response:
        request_id = request_id_of(request.scope)
        if request.url.path.startswith("/api/"):
            body = {"code": f"http_{status}", "message": _SENTENCES.get(status, _OTHER), "retryable": status >= 500}
            return JSONResponse(body | {"request_id": request_id}, status, headers=headers)
        sentence = _SENTENCES.get(status, _OTHER)
        return self._render.private(
            "error.html", status=status, headers=headers, code=status, sentence=sentence, request_id=request_id
        )


_OTHER = "That did not work."
_SENTENCES = {
    404: "There is no such page.",
    405: "This page can't be used that way.",
    413: "That was more than we can take at once. Please shorten it.",
    500: "Something broke on our side. We have a note of it; please try again in a moment.",
}
