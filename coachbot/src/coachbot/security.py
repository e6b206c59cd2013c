"""What a browser is told, and what it is not believed."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Everything comes from our own files (CSP Level 3); no inline script or style exists, so none is allowed."""

HSTS = "max-age=31536000"
"""A year. Neither `includeSubDomains` nor `preload`: those are promises about hosts that this product does not run."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110 9.2.1)."""


def security_headers(*, https: bool) -> dict[str, str]:
    """The headers of every response.

    Args:
        https: Whether visitors come over TLS.
    """
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    return headers | {"Strict-Transport-Security": HSTS} if https else headers


class SecurityHeaders:
    """Adds `headers` to each response that does not set them itself."""

    def __init__(self, app: ASGIApp, *, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OwnPagesOnly:
    """Refuses requests that change something when another site's page made the browser send them.

    A browser says where a request comes from (`Sec-Fetch-Site`, else `Origin`); a client that says neither is no
    browser and carries nobody's cookies. Cookies are `SameSite=Lax` besides.

    Args:
        app: The application inside.
        origins: Origins whose pages may post here.
    """

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = frozenset(_canonical_origin(origin) for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("This request came from another website and was not carried out.\n", 403)
        await refusal(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        if headers.get("sec-fetch-site") in {"same-origin", "none"}:
            return True
        origin = headers.get("origin")
        if origin is not None:
            return _canonical_origin(origin) in self._origins
        return "sec-fetch-site" not in headers


def _canonical_origin(origin: str) -> str:
    try:
        parts = urlsplit(origin.lower())
        port = parts.port
    except ValueError:
        return ""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname}:{port or default}"
