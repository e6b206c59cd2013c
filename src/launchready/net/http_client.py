"""Asks over HTTP as a visitor's browser would, one response at a time and never past a redirect."""

import asyncio
from collections import Counter
from types import TracebackType
from typing import Self, Unpack

import pycurl

from launchready.model.reading import NotSeen, Why
from launchready.net.cookies import Cookies
from launchready.net.dns_client import DnsClient
from launchready.net.gates import HostGates
from launchready.net.http_message import HttpResponse, Request, RequestOptions, Target, read_url
from launchready.net.http_transfer import CannotConnect, transfer
from launchready.net.network import Endpoint, Network, ca_file
from launchready.parse.challenge import BlockKind, recognise_block

__all__ = ["HttpClient", "HttpResponse", "Visitor"]


class HttpClient:
    """Asks without cookies, over connections that stay open for the next question. Use it in `async with`.

    Args:
        network: the way to the world.
        dns: who resolves the hosts.
        gates: the limits on what one host sees at once, where they are shared with other clients.

    Attributes:
        requests: how many requests went to each host.
    """

    def __init__(self, network: Network, dns: DnsClient, gates: HostGates | None = None) -> None:
        self._network = network
        self._dns = dns
        self._multi = pycurl.AsyncCurlMulti()
        self._gates = HostGates(network) if gates is None else gates
        self.requests: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._multi.aclose()

    async def fetch(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """The response to one request; see `Request` for the options. Redirects are not followed.

        Raises:
            NotSeen: NO_NAME, REFUSED, CERTIFICATE, PRIVATE_ADDRESS, CHALLENGED, CAPTIVE_PORTAL, TOO_LARGE (headers),
                UNREADABLE, OWN_NETWORK, NOT_INSTALLED, or what DNS raises. A body that is too large is cut instead.
        """
        return await self.send(Request(url, **options))

    async def send(self, request: Request, own: pycurl.AsyncCurlMulti | None = None) -> HttpResponse:
        """As `fetch`; on the connections of `own`, where a visitor has some."""
        multi = self._multi if own is None else own
        target = read_url(request.url)
        clock = asyncio.get_running_loop().time
        started = clock()
        given = request.address
        addresses = await self._dns.addresses(target.host) if given is None else (given,)
        name_s = clock() - started
        async with self._gates.of(target.host):
            response = await self._try_in_turn(request, target, addresses, name_s, multi)
        if not request.even_if_challenged:
            _raise_if_blocked(response, target.host)
        return response

    async def ways_to(self, url: str) -> tuple[Target, tuple[Endpoint, ...], str]:
        """Where a URL leads, where to really connect for it, in order, and the file of the CAs to trust.

        For what is no HTTP after its first request, as a WebSocket is; the request is counted here.

        Raises:
            NotSeen: as `fetch` does before it connects.
        """
        target = read_url(url)
        addresses = await self._dns.addresses(target.host)
        self.requests[target.host] += 1
        endpoints = tuple(self._network.route(target.host, address, target.port) for address in addresses)
        return target, endpoints, ca_file(self._network)

    async def _try_in_turn(
        self,
        request: Request,
        target: Target,
        addresses: tuple[str, ...],
        name_s: float,
        multi: pycurl.AsyncCurlMulti,
    ) -> HttpResponse:
        """Ask the first address that takes a connection; the last one's refusal is the outcome."""
        trusted = ca_file(self._network)
        for address in addresses:
            endpoint = self._network.route(target.host, address, target.port)
            self.requests[target.host] += 1
            try:
                return await transfer(
                    multi,
                    request,
                    target,
                    address=address,
                    endpoint=endpoint,
                    ca_file=trusted,
                    name_s=name_s,
                )
            except CannotConnect as failure:
                if address == addresses[-1]:
                    raise NotSeen(failure.why, failure.detail) from None
        raise NotSeen(Why.NO_NAME, f"{target.host} has no address.")


class Visitor:
    """One visitor with cookies of its own. Use it in `async with`.

    Args:
        http: counts the visitor's requests with all others, and holds to the same limits.
        cookies: what the visitor has from an earlier visit.
        apart: open connections for this visitor alone, as a measurement of time needs it; otherwise open ones are
            taken, for HTTP has no state in a connection.
    """

    def __init__(self, http: HttpClient, cookies: Cookies | None = None, *, apart: bool = False) -> None:
        self._http = http
        self._own = pycurl.AsyncCurlMulti() if apart else None
        self.cookies = Cookies() if cookies is None else cookies

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own is not None:
            await self._own.aclose()

    async def fetch(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """As `HttpClient.fetch`, with the visitor's cookies; those that come back are kept, from any status.

        The option `cookies`, where it is given, is sent in their place.
        """
        asked = read_url(url).url
        if options.get("cookies") is None:
            options["cookies"] = self.cookies.header_for(asked)
        response = await self._http.send(Request(url, **options), self._own)
        self.cookies.store(asked, response.values("set-cookie"))
        return response


def _raise_if_blocked(response: HttpResponse, host: str) -> None:
    block = recognise_block(response.status, dict(response.headers), response.body)
    if block is None:
        return
    why = Why.CAPTIVE_PORTAL if block.kind is BlockKind.CAPTIVE_PORTAL else Why.CHALLENGED
    raise NotSeen(why, f"{block.blocker.value} answered in place of {host}: {block.kind.value} ({block.marker}).")
