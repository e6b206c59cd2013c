"""The small sites around the product: the edge's redirects, a booking page, a parked host."""

import datetime as dt
from collections.abc import Callable, Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from launchready_worlds.addresses import BOOKING_URL

OWNERSHIP_PREFIX = "/.well-known/"
"""Answered by the product on every host, redirected ones too, or a host could not prove who owns it."""
MOVED_PERMANENTLY = 301

_BOOKING_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Book a call with Maya</title></head>
<body><h1>Introductory call with Maya Ortiz</h1><p>30 minutes, free. Pick a time.</p>
<form method="post">{times}<button>Book</button></form></body></html>
"""
_BOOKABLE_DAYS = (1, 2, 5)
_PARKING_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>This domain is parked</title></head>
<body><h1>This domain is parked</h1><p>Contact your hosting provider.</p></body></html>
"""


def requested(scope: Scope) -> str:
    """Path and query as they came in."""
    query = scope["query_string"].decode("latin-1")
    path = scope["raw_path"].decode("latin-1")
    return f"{path}?{query}" if query else path


def host_of(scope: Scope) -> str:
    """The Host header without a port, in lower case; empty when there is none."""
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1").partition(":")[0].lower())
    return ""


def redirect(target: Callable[[Scope], str], status: int = MOVED_PERMANENTLY, page: str = "") -> ASGIApp:
    """An application that sends everybody elsewhere.

    Args:
        target: Makes the Location from the request.
        status: The redirect's status code.
        page: HTML that comes with it, for clients that don't follow.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        media_type = "text/html" if page else None
        location = target(scope).encode("latin-1", "replace").decode("latin-1")  # a path may be no text
        response = Response(page, status, {"location": location}, media_type)
        await response(scope, receive, send)

    return app


def to_https(status: int = MOVED_PERMANENTLY, page: str = "") -> ASGIApp:
    """Sends plain http to the same host, path and query on https; status and page as for `redirect`."""
    return redirect(lambda scope: f"https://{host_of(scope)}{requested(scope)}", status, page)


def to_canonical(origin: str, product: ASGIApp) -> ASGIApp:
    """Sends a host's visitors to another origin, path and query kept; ownership is answered in place."""
    elsewhere = redirect(lambda scope: origin + requested(scope))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        stays = scope["path"].startswith(OWNERSHIP_PREFIX)
        await (product if stays else elsewhere)(scope, receive, send)

    return app


def booking_page(days: Iterable[int]) -> str:
    """A booking page that offers ten o'clock, so many days from today."""
    ten = dt.datetime.now(dt.UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    times = [(ten + dt.timedelta(days=day)).isoformat() for day in days]
    return _BOOKING_PAGE.format(
        times="".join(f'<label><input type="radio" name="at" value="{at}"> {at}</label>' for at in times)
    )


def booking_site() -> Starlette:
    """The calendar company's page for Maya; an older link of hers redirects to it."""

    async def page(_request: Request) -> Response:
        return HTMLResponse(booking_page(_BOOKABLE_DAYS))

    async def older(_request: Request) -> Response:
        return RedirectResponse(BOOKING_URL, MOVED_PERMANENTLY)

    return Starlette(routes=[Route("/maya/intro-call", page), Route("/maya", older)])


def parked_site() -> ASGIApp:
    """What the former hosting company shows under any name."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await HTMLResponse(_PARKING_PAGE)(scope, receive, send)

    return app


def unknown_site() -> ASGIApp:
    """What the edge says about a host it does not serve."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("No such site here.\n", 404)(scope, receive, send)

    return app
