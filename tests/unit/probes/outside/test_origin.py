"""What the probes of `probes/origin.py` see."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import MappingProxyType

import pytest

from launchready.facts.origin import MachineVisit, OriginEnd
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.network import Network
from launchready.probes import origin
from launchready.probes.origin import machine_visit, origin_reach

EDGE, ORIGIN = "203.0.113.10", "203.0.113.99"
SITE = Host("example.com", "example.com", origin_addresses=(ORIGIN,))
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),))
PAGE = "<!doctype html><title>Shop</title><p>We sell what nobody else has, day and night.</p>" + "x" * 100


def answer(body: str = PAGE, status: int = 200, kind: str = "text/html", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} -", f"content-type: {kind}", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", body]).encode()


@pytest.fixture
async def asked(certificate, clock):
    """`await asked({(address, port): bytes | None | callable})`: ends by scheme. None is a server that says nothing."""
    bundle, context = certificate

    @contextlib.asynccontextmanager
    async def serving(said, port) -> AsyncIterator[tuple[str, int]]:
        async def handle(reader, writer):
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                if said is None:
                    await reader.read()
                writer.write(said or b"")
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context if port == 443 else None)
        try:
            yield server.sockets[0].getsockname()[:2]
        finally:
            server.close()

    async def ask(servers, product=PRODUCT, host=SITE):
        async with contextlib.AsyncExitStack() as stack:
            ways = {way: await stack.enter_async_context(serving(said, way[1])) for way, said in servers.items()}
            for way in ((ORIGIN, 443), (ORIGIN, 80)):
                ways.setdefault(way, ("127.0.0.1", 1))  # nobody listens there
            network = Network(
                ("192.0.2.53",),
                str(bundle),
                resolve=(("example.com", (EDGE,)),),
                connect=MappingProxyType(ways),
                loopback_only=True,
            )
            http = await stack.enter_async_context(HttpClient(network, DnsClient(network)))
            reach = await origin_reach(host, product, http, clock)
        return {way.scheme: way.end.value if isinstance(way.end, Measured) else way.end for way in reach.ways}

    return ask


CLOSED = {"https": OriginEnd.CLOSED, "http": OriginEnd.CLOSED}


async def test_an_origin_that_takes_no_connection_is_closed(asked):
    assert await asked({(EDGE, 443): answer()}) == CLOSED


async def test_an_origin_that_gives_the_page_is_the_product(asked):
    ends = await asked({(EDGE, 443): answer(), (ORIGIN, 443): answer(), (ORIGIN, 80): answer()})
    assert ends == {"https": OriginEnd.PRODUCT, "http": OriginEnd.PRODUCT}


async def test_a_page_that_changes_is_known_by_its_title(asked):
    other = PAGE.replace("day and night", "at noon")
    assert (await asked({(EDGE, 443): answer(), (ORIGIN, 443): answer(other)}))["https"] is OriginEnd.PRODUCT


async def test_silence_is_told_from_an_answer(asked, monkeypatch):
    monkeypatch.setattr(origin, "SILENCE_S", 0.2)
    assert (await asked({(EDGE, 443): answer(), (ORIGIN, 443): None}))["https"] is OriginEnd.SILENT


@pytest.mark.parametrize(
    "said",
    [
        answer(status=403),
        answer("<title>400 No required SSL certificate was sent</title>", 400),
        answer("<title>Another shop</title>" + "y" * 100),
        answer("", 301, location="https://other.example/"),
    ],
)
async def test_another_answer_is_not_the_product(asked, said):
    assert (await asked({(EDGE, 443): answer(), (ORIGIN, 443): said}))["https"] is OriginEnd.OTHER


async def test_a_redirect_is_known_by_where_it_leads_and_never_in_plain_http(asked):
    moved = answer("<title>301 Moved Permanently</title>", 301, location="https://example.com/en/")
    ends = await asked({(EDGE, 443): moved, (ORIGIN, 443): moved, (ORIGIN, 80): moved})
    assert ends == {"https": OriginEnd.PRODUCT, "http": OriginEnd.OTHER}


@pytest.mark.parametrize("said", [answer("<title>404 Not Found</title>", 404), answer("ok", kind="text/plain")])
async def test_an_answer_that_any_server_gives_is_nothing_to_go_by(asked, said):
    with pytest.raises(NotSeen) as seen:
        await asked({(EDGE, 443): said, (ORIGIN, 443): said})
    assert seen.value.why is Why.UNREADABLE


async def test_a_declared_page_is_asked_for(asked):
    page = Endpoint("https://example.com/prices", EndpointKind.PAGE)
    product = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),), endpoints=(page,))
    assert await asked({(EDGE, 443): answer()}, product) == CLOSED


async def test_bytes_that_are_no_http_are_no_answer(asked):
    assert (await asked({(EDGE, 443): answer(), (ORIGIN, 443): b"SSH-2.0-x\r\n"}))["https"] is OriginEnd.CLOSED


async def test_an_origin_without_a_public_address_is_closed(asked):
    inside = Host("example.com", "example.com", origin_addresses=("10.0.0.7",))
    assert await asked({(EDGE, 443): answer()}, host=inside) == CLOSED


async def test_an_edge_that_does_not_answer_leaves_all_open(asked):
    with pytest.raises(NotSeen):
        await asked({(EDGE, 443): b"", (ORIGIN, 443): answer()})


async def test_our_own_network_is_no_answer_of_theirs(asked):
    away = Host("example.com", "example.com", origin_addresses=("198.51.100.7",))  # loopback alone may be reached here
    ends = await asked({(EDGE, 443): answer()}, host=away)
    assert all(isinstance(end, Unmeasured) and end.why is Why.OWN_NETWORK for end in ends.values())


HOOK = Endpoint("https://example.com/hook", EndpointKind.WEBHOOK)


async def test_a_program_is_told_who_turned_it_away(internet):
    internet.show(HOOK.url, b"", status=403, cf_mitigated="challenge")
    assert await machine_visit(HOOK, internet.http) == MachineVisit(403, "Cloudflare")


@pytest.mark.parametrize("status", [200, 403, 405, 500])
async def test_a_refusal_by_the_product_is_an_answer(internet, status):
    internet.show(HOOK.url, b"{}", status=status)
    assert await machine_visit(HOOK, internet.http) == MachineVisit(status, "")


async def test_a_captive_portal_is_not_their_edge(internet):
    internet.show(HOOK.url, b"", status=511)
    with pytest.raises(NotSeen) as seen:
        await machine_visit(HOOK, internet.http)
    assert seen.value.why is Why.CAPTIVE_PORTAL
