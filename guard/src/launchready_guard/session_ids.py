"""Who a visitor is, and which talks are theirs: ids that can't be guessed, forged or borrowed.

Both are random and signed. A visitor's id lives in a cookie; the id of a talk is bound to the visitor who began it, so
another visitor who learns it gains nothing. Nothing is stored for either.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ID_BYTES = 16
"""Random bytes of an id: 128 bits, which nobody guesses (OWASP asks for 64 of a session id)."""

MAC_BYTES = 16
"""Bytes kept of HMAC-SHA256: 128 bits, as many as the id has (RFC 2104 section 5 allows half of the hash)."""

MIN_KEY_BYTES = 16
"""Shortest key: fewer bits than an id has would be the easier thing to guess."""

MAX_ID_CHARS = 64
"""Longest text that is looked at; ours have 45 characters."""

COOKIE = "__Host-visitor"
"""The prefix makes a browser refuse the cookie unless it is `Secure`, without `Domain` and for the whole host, so that
no neighbour on a subdomain can plant one (RFC 6265bis section 4.1.3.2)."""

PLAIN_COOKIE = "visitor"
"""Its name without TLS, on a developer's machine, where a browser would refuse the other."""

COOKIE_DAYS = 30
"""Days a browser keeps being the same visitor."""


class SignedIds:
    """Makes random ids that carry a proof of who they were made for.

    Args:
        key: The product's secret; a new one makes every id out there a stranger's.
        purpose: What the ids are for; an id made for another purpose is refused.

    Raises:
        ValueError: The key is shorter than `MIN_KEY_BYTES`.
    """

    def __init__(self, key: bytes, purpose: str) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes; take at least {MIN_KEY_BYTES} random ones")
        self._key = key
        self._purpose = purpose

    def new(self, owner: str = "") -> str:
        """A new id of this owner."""
        value = _encoded(secrets.token_bytes(ID_BYTES))
        return f"{value}.{self._proof(value, owner)}"

    def belongs(self, signed: str, owner: str = "") -> bool:
        """Whether we made this id for this owner; comparing takes the same time wherever a forgery is wrong."""
        if len(signed) > MAX_ID_CHARS or not signed.isascii():
            return False
        value, dot, proof = signed.partition(".")
        return bool(dot) and hmac.compare_digest(proof, self._proof(value, owner))

    def _proof(self, value: str, owner: str) -> str:
        said = f"{self._purpose}\0{value}\0{owner}".encode()
        return _encoded(hmac.new(self._key, said, hashlib.sha256).digest()[:MAC_BYTES])


class Visitors:
    """Gives each browser a cookie of its own; `visitor_of(scope)` says inside whose request it is.

    A cookie that we did not sign is replaced by a new visitor. A response that brings a cookie is kept by no cache, or
    the next visitor would be handed it.

    Args:
        app: The application inside.
        key: The product's secret.
        secure: Whether visitors come over TLS.
        paths: Beginnings of the paths on which visitors are told apart; other pages stay free of cookies.
    """

    def __init__(self, app: ASGIApp, *, key: bytes, secure: bool = True, paths: Sequence[str] = ("/",)) -> None:
        self._app = app
        self._ids = SignedIds(key, "visitor")
        self._secure = secure
        self._name = COOKIE if secure else PLAIN_COOKIE
        self._paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] not in {"http", "websocket"} or not scope["path"].startswith(self._paths):
            await self._app(scope, receive, send)
            return
        known = cookie(scope, self._name)
        visitor = known if self._ids.belongs(known) else self._ids.new()
        scope.setdefault("state", {})["visitor"] = visitor

        async def send_with_cookie(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.accept"}:
                self._introduce(MutableHeaders(scope=message), visitor)
            await send(message)

        await self._app(scope, receive, send if visitor == known else send_with_cookie)

    def _introduce(self, headers: MutableHeaders, visitor: str) -> None:
        secure = "; Secure" if self._secure else ""
        lifetime_s = COOKIE_DAYS * 24 * 3600
        headers.append(
            "set-cookie", f"{self._name}={visitor}; Path=/; Max-Age={lifetime_s}; HttpOnly; SameSite=Lax{secure}"
        )
        if "no-store" not in headers.get("cache-control", ""):
            headers["cache-control"] = "no-store"


def visitor_of(scope: Scope) -> str | None:
    """The visitor's id; None where no `Visitors` stands in front."""
    visitor = scope.get("state", {}).get("visitor")
    return str(visitor) if visitor is not None else None


def cookie(scope: Scope, name: str) -> str:
    """The value of a cookie of the request; empty when it has none of that name."""
    for header in Headers(scope=scope).getlist("cookie"):
        try:
            morsel = SimpleCookie(header).get(name)
        except CookieError:
            continue
        if morsel is not None:
            return morsel.value
    return ""


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
