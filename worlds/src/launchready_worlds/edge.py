"""The front of every web host: TLS by name, routing by Host, and the wrapping of faults around sites."""

import ssl
from collections import Counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from launchready_worlds.addresses import (
    APEX,
    APP,
    APP_EDGE,
    BOOKING,
    BOOKING_EDGE,
    EDGE,
    HTTPS_PORT,
    OLD_HOST,
    ORIGIN,
    REGISTRY,
    REGISTRY_EDGE,
    REGISTRY_LIST,
    WWW,
)
from launchready_worlds.authority import Authority, Certificate, take_old_versions
from launchready_worlds.edge_cache import EdgeCache
from launchready_worlds.limiting import limited
from launchready_worlds.registry import list_site, registry_site
from launchready_worlds.scene import Scene
from launchready_worlds.sites import (
    booking_site,
    host_of,
    parked_site,
    to_canonical,
    to_https,
    unknown_site,
)
from launchready_worlds.wrapping import HeaderEdit, response_headers

WEB_ADDRESSES = (EDGE, APP_EDGE, BOOKING_EDGE, OLD_HOST, ORIGIN, REGISTRY_EDGE)
CACHED_HOSTS = (APEX, APP)
"""Where the edge keeps files and says what it does."""
PARKING_NAME = "parking.shared-hosting.example"

HSTS = "strict-transport-security"
A_YEAR = "max-age=31536000"
"""What the edge promises for every host over https, whoever answers behind it."""


def _promising(value: str) -> HeaderEdit:
    """Put one HSTS header in the place of those that are there; an empty value takes them away."""

    def edit(headers: MutableHeaders) -> None:
        del headers[HSTS]
        if value:
            headers[HSTS] = value

    return edit


class Edge:
    """All web hosts of a world.

    Attributes:
        counts: Requests served by Host, since the world began: the ground truth for "requests sent".
    """

    def __init__(self, authority: Authority) -> None:
        self.counts: Counter[str] = Counter()
        self._authority = authority
        self._sites: dict[tuple[str, bool], ASGIApp] = {}
        self._certificates: dict[str, Certificate] = {}
        self._old_tls: frozenset[str] = frozenset()
        self._parked = parked_site()
        self._unknown = unknown_site()

    def show(self, scene: Scene, product: ASGIApp) -> None:
        """Serve a scene from the next request and the next handshake on."""
        product = product if scene.limits is None else limited(product, scene.limits)
        sites: dict[tuple[str, bool], ASGIApp] = {
            (APEX, True): product,
            (WWW, True): to_canonical(f"https://{APEX}", product),
            (APP, True): product,
            (ORIGIN, True): product,
            (BOOKING, True): booking_site(),
            (REGISTRY_LIST, True): list_site(),
            (REGISTRY, True): registry_site(scene.now),
        }
        sites |= {(host, True): product for host in scene.certificates if (host, True) not in sites}
        sites |= {(host, False): to_https() for host, _secure in tuple(sites)}
        for wrap in scene.wraps:
            sites[wrap.host, wrap.secure] = wrap.wrapper(sites[wrap.host, wrap.secure])
        sites |= {(host, True): EdgeCache(sites[host, True]) for host in CACHED_HOSTS}
        for host in (host for host, secure in sites if secure):
            sites[host, True] = response_headers(_promising(scene.hsts.get(host, A_YEAR)))(sites[host, True])
        self._sites = sites
        self._certificates = dict(scene.certificates)
        self._old_tls = frozenset(scene.old_tls)

    def site(self, address: str, port: int) -> ASGIApp:
        """The application behind one logical address and port."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            host = host_of(scope)
            self.counts[host] += 1
            served = self._sites.get((host, port == HTTPS_PORT), self._unknown)
            if address == ORIGIN:
                served = self._sites[ORIGIN, port == HTTPS_PORT]
            await (self._parked if address == OLD_HOST else served)(scope, receive, send)

        return app

    def landing(self) -> ASGIApp:
        """What https at the bare domain serves in the present scene, for any Host."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await self._sites[APEX, True](scope, receive, send)

        return app

    def tls(self, address: str) -> ssl.SSLContext:
        """TLS settings of one address: the certificate follows the name that the client sends (SNI)."""
        fallback = self._authority.context(PARKING_NAME, Certificate.GOOD)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if address in self._old_tls:
            take_old_versions(context)
        context.set_alpn_protocols(["http/1.1"])

        def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
            host = (name or "").lower()
            kind = None if address == OLD_HOST else self._certificates.get(host)
            connection.context = fallback if kind is None else self._authority.context(host, kind)

        context.sni_callback = choose
        return context
