"""Load the product, within bounds: several visitors at once, and one endpoint on a fixed schedule."""

import asyncio
from typing import Final

from launchready.facts.endpoints import EndpointTimes
from launchready.facts.journeys import VisitorsTogether, VisitorWalk
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen
from launchready.model.subject import Endpoint, Journey
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.probes.journeys import WALK_LIMIT_S, walk_as_visitor
from launchready.probes.nested import all_at_once, reading_of

REQUESTS: Final = 200
"""Row S4.5: a p95 of fewer than 200 is decided by fewer than ten requests."""

WARM_UP: Final = 10
"""Requests that open connections and fill caches; they don't count."""

PER_SECOND: Final = 50
"""The schedule: light for a server that shall take paid traffic, and four seconds for all of it."""

SERVER_ERROR: Final = 500
TOO_MANY_REQUESTS: Final = 429


@probe(manner=Manner.LOAD, timeout_s=WALK_LIMIT_S)
async def visitors_together(journey: Journey, product: Product, http: HttpClient, clock: Clock) -> VisitorsTogether:
    """Send as many visitors as the journey declares, all at once."""
    walks = (reading_of(_visitor(journey, product, http, clock), clock) for _ in range(journey.visitors))
    return VisitorsTogether(await all_at_once(walks))


async def _visitor(journey: Journey, product: Product, http: HttpClient, clock: Clock) -> VisitorWalk:
    broken = (await walk_as_visitor(journey, product, http, clock)).broken_at
    return VisitorWalk("", "") if broken is None else VisitorWalk(broken.name.value, broken.detail)


@probe(manner=Manner.LOAD, timeout_s=30.0)
async def endpoint_times(endpoint: Endpoint, http: HttpClient, clock: Clock) -> EndpointTimes:
    """Ask on a schedule that does not wait for answers, so that a slow answer delays no other question.

    A time counts from the moment that the request was due, not from when it was sent: what waits for a free connection
    waits as a visitor would (no coordinated omission).
    """
    started = clock.tick()
    async with Visitor(http) as visitor:
        results = await all_at_once(
            _one(endpoint.url, visitor, clock, started + number / PER_SECOND) for number in range(WARM_UP + REQUESTS)
        )
    counted = results[WARM_UP:]
    return EndpointTimes(
        times_ms=tuple(result for result in counted if isinstance(result, float)),
        errors=tuple(result for result in counted if isinstance(result, str)),
    )


async def _one(url: str, visitor: Visitor, clock: Clock, due_at: float) -> float | str:
    """Milliseconds from when the request was due to the last byte, or what went wrong."""
    await asyncio.sleep(max(0.0, due_at - clock.tick()))
    try:
        response = await visitor.fetch(url)
    except NotSeen as unseen:
        return unseen.why.value
    if response.status >= SERVER_ERROR or response.status == TOO_MANY_REQUESTS:
        return f"status {response.status}"
    return round((clock.tick() - due_at) * 1000, 2)
