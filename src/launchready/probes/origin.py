"""Ask the origin around its edge, and the edge as a program. The first is active: it needs the owner's word."""

import asyncio
from collections.abc import Awaitable
from hashlib import sha256
from typing import Final

from launchready.facts.origin import MachineVisit, OriginEnd, OriginReach, OriginWay
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind, Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.challenge import BlockKind, recognise_block
from launchready.parse.html_page import read_page
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.redirects import MAX_WALK_BODY_BYTES
from launchready.probes.walking import REDIRECTS
from launchready.probes.web import text_of

SILENCE_S: Final = 4.0
"""How long we listen to an origin. A firewall that drops strangers looks exactly like this; a lost packet is sent again
after one second and after three (RFC 6298 section 2), so three of ours were lost, or none was to get through."""

SHUT: Final = frozenset({Why.REFUSED, Why.UNREADABLE, Why.PRIVATE_ADDRESS})
"""Outcomes in which a stranger gets nothing: no connection, one that is hung up on or speaks no HTTP to us (an edge's
own client certificate is missing, say), or an address that is not on the public internet."""

SCHEMES: Final = ("https", "http")
SUCCESSES: Final = range(200, 300)

MIN_CONTENT_BYTES: Final = 100
"""Shorter answers, such as "ok", are the same on many servers."""


@probe(manner=Manner.ACTIVE, timeout_s=20.0)
async def origin_reach(host: Host, product: Product, http: HttpClient, clock: Clock) -> OriginReach:
    """Get a page through the edge, then ask each origin address for it by the host's own name.

    Silence and refusal say something only because the edge answered us just before.
    """
    pages = sorted(e.url for e in product.endpoints if e.host == host.name and e.kind is EndpointKind.PAGE)
    path = next(iter(pages), f"https://{host.name}/").partition("://")[2]
    through_edge = await http.fetch(f"https://{path}", max_bytes=MAX_WALK_BODY_BYTES)
    if not _marks(through_edge):
        raise NotSeen(Why.UNREADABLE, f"https://{path} answered {through_edge.status} with nothing to know it by.")
    ways = [(address, scheme) for address in sorted(set(host.origin_addresses)) for scheme in SCHEMES]
    ends = await all_at_once(
        reading_of(_end(_ask(f"{scheme}://{path}", address, http), through_edge), clock) for address, scheme in ways
    )
    return OriginReach(tuple(OriginWay(*way, end) for way, end in zip(ways, ends, strict=True)))


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def machine_visit(endpoint: Endpoint, http: HttpClient) -> MachineVisit:
    """Ask as the program that we are, and say so."""
    answer = await http.fetch(endpoint.url, max_bytes=MAX_WALK_BODY_BYTES, even_if_challenged=True)
    block = recognise_block(answer.status, dict(answer.headers), answer.body)
    if block is not None and block.kind is BlockKind.CAPTIVE_PORTAL:
        raise NotSeen(Why.CAPTIVE_PORTAL, f"The network we are in answered in place of {endpoint.host}.")
    return MachineVisit(answer.status, "" if block is None else block.blocker.value)


async def _ask(url: str, address: str, http: HttpClient) -> HttpResponse:
    """Whoever the origin says it is: its certificate is often one that only the edge trusts."""
    return await http.fetch(
        url, address=address, any_certificate=True, even_if_challenged=True, max_bytes=MAX_WALK_BODY_BYTES
    )


async def _end(asking: Awaitable[HttpResponse], through_edge: HttpResponse) -> OriginEnd:
    try:
        async with asyncio.timeout(SILENCE_S):
            answer = await asking
    except TimeoutError:
        return OriginEnd.SILENT
    except NotSeen as unseen:
        if unseen.why is Why.TIMED_OUT:
            return OriginEnd.SILENT
        if unseen.why in SHUT:
            return OriginEnd.CLOSED
        raise
    return OriginEnd.PRODUCT if _marks(answer) & _marks(through_edge) else OriginEnd.OTHER


def _marks(answer: HttpResponse) -> frozenset[tuple[str, str]]:
    """What a product's answer is known by: of a page its title or content, of a redirect over https where it leads.

    Errors, redirects of plain http and answers of a few words have none, for any server gives the same.
    """
    if answer.status in REDIRECTS:
        location = next(iter(answer.values("location")), "")
        return frozenset({("location", location)} if location and answer.url.startswith("https://") else ())
    if answer.status not in SUCCESSES:
        return frozenset()
    title = read_page(text_of(answer)).title or ""
    content = sha256(answer.body).hexdigest() if len(answer.body) >= MIN_CONTENT_BYTES else ""
    return frozenset((kind, value) for kind, value in (("title", title), ("content", content)) if value)
