"""The guard as a reverse proxy: requests go on to another server and its answers come back as they are made.

HTTP only. A WebSocket is refused with a sentence: put the product's own WebSocket path beside the guard, not behind it.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Mount, Route
from starlette.types import Message, Receive, Scope, Send

from launchready_guard.chat_guard import ChatGuard, GuardSettings
from launchready_guard.client import ClientAddresses
from launchready_guard.error_bodies import Refusal, answer
from launchready_guard.health import DependencyDownError, Readiness, health_routes, store_probe
from launchready_guard.metrics import Metrics, metrics_route
from launchready_guard.request_id import HEADER, request_id_of
from launchready_guard.store import MemoryStore, Store

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that speak of one connection only (RFC 9110 section 7.6.1), and never travel on."""

FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
"""Headers that say where a request came from; the upstream believes ours, so a client's own are replaced."""

CONNECT_S = 5.0
"""Seconds to connect to the upstream, which is next door."""

MAX_CONNECTIONS = 2000
"""Connections to the upstream: twice the thousand slow answers that one core holds."""

UPSTREAM_READ_S = 120.0
"""Seconds between two bytes of the upstream outside the chat, where no other clock runs."""

CANNOT_SERVE = frozenset({502, 503, 504})
"""Statuses by which a server says that it can't serve now (RFC 9110 section 15.6); 404 or 405 on `/` mean nothing."""

NO_WEBSOCKET = "this guard passes no WebSockets; connect to the product itself"


class Upstream:
    """Passes requests on to another server.

    Args:
        url: Its origin.
        client: Sends them; follows no redirects, keeps no cookies.
        addresses: Finds the client's address, for `X-Forwarded-For`.
    """

    def __init__(self, url: str, client: httpx2.AsyncClient, addresses: ClientAddresses) -> None:
        self._url = url
        self._client = client
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1003, "reason": NO_WEBSOCKET})
            return
        request = self._request(scope, receive)
        try:
            response = await self._client.send(request, stream=True)
        except httpx2.TransportError:
            await answer(scope, Refusal(502, "upstream_unreachable", retry_after_s=5))(scope, receive, send)
            return
        try:
            await self._pass_back(response, send)
        finally:
            await response.aclose()

    async def _pass_back(self, response: httpx2.Response, send: Send) -> None:
        named = _named_by(response.headers.get("connection", ""))
        headers = [
            (name.lower(), value)
            for name, value in response.headers.raw
            if name.decode("latin-1").lower() not in HOP_BY_HOP | named
        ]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        async for chunk in response.aiter_raw():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _request(self, scope: Scope, receive: Receive) -> httpx2.Request:
        headers = Headers(scope=scope)
        path = scope.get("raw_path") or scope["path"].encode()
        query = scope.get("query_string", b"")
        target = path.split(b"?")[0] + (b"?" + query if query else b"")
        has_body = "content-length" in headers or "transfer-encoding" in headers
        return self._client.build_request(
            scope["method"],
            httpx2.URL(self._url).copy_with(raw_path=target),
            headers=self._sent_on(scope, headers),
            content=_body(receive) if has_body else None,
        )

    def _sent_on(self, scope: Scope, headers: Headers) -> list[tuple[str, str]]:
        left_out = HOP_BY_HOP | FORWARDED | _named_by(headers.get("connection", "")) | {HEADER.lower()}
        sent = [(name, value) for name, value in headers.items() if name not in left_out]
        sent.append(("x-forwarded-for", self._addresses.of(scope)))
        sent.append(("x-forwarded-proto", self._told(scope, headers, "x-forwarded-proto", str(scope.get("scheme")))))
        sent.append(("x-forwarded-host", self._told(scope, headers, "x-forwarded-host", headers.get("host", ""))))
        sent.append((HEADER, request_id_of(scope)))
        return sent

    def _told(self, scope: Scope, headers: Headers, name: str, seen: str) -> str:
        """What a proxy of the owner's own says, else what we saw."""
        peer = scope.get("client")
        trusted = peer is not None and self._addresses.trusts(peer[0])
        return headers.get(name, seen) if trusted else seen

    async def check(self) -> str:
        """Whether the upstream takes connections, and does not itself say that it can't serve.

        Raises:
            DependencyDownError: It does not, or says so.
        """
        try:
            response = await self._client.send(self._client.build_request("HEAD", self._url), stream=True)
        except httpx2.TransportError as lost:
            raise DependencyDownError(type(lost).__name__) from None
        await response.aclose()
        if response.status_code in CANNOT_SERVE:
            raise DependencyDownError(f"it answers {response.status_code}")
        return ""


def create_proxy(
    url: str,
    settings: GuardSettings,
    *,
    store: Store | None = None,
    logger: logging.Logger | None = None,
    metrics_token: str = "",
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Starlette:
    """The proxy as an application, with `/healthz` and `/readyz` of its own.

    Args:
        url: Origin of the product.
        settings: What the owner decides.
        store: Where requests are counted; this process alone when None.
        logger: Where outcomes are noted.
        metrics_token: Opens `/metrics`; empty has no such page.
        transport: How the upstream is reached, when not over the network.
    """
    limits = httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=100)
    timeout = httpx2.Timeout(UPSTREAM_READ_S, connect=CONNECT_S)
    client = httpx2.AsyncClient(
        limits=limits, timeout=timeout, follow_redirects=False, trust_env=False, transport=transport
    )
    client.headers.clear()
    store = store if store is not None else MemoryStore()
    upstream = Upstream(url, client, ClientAddresses(settings.trusted_proxies))
    metrics = Metrics()
    guard = ChatGuard(upstream, settings, store=store, metrics=metrics, logger=logger)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with client:
            yield
        await store.close()

    own: list[Route] = health_routes(Readiness({"upstream": upstream.check, "limits": store_probe(store)}))
    if metrics_token:
        own.append(metrics_route(metrics, metrics_token))
    return Starlette(routes=[*own, Mount("", guard)], lifespan=lifespan)


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message: Message = await receive()
        yield message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)


def _named_by(connection: str) -> frozenset[str]:
    """Headers that `Connection` declares as speaking of one connection only."""
    return frozenset(name.strip().lower() for name in connection.split(","))
