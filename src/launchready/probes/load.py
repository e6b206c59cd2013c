"""Send more than one request at a time: many to one endpoint, and several visitors on the whole way."""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable
from statistics import median
from typing import Any, Final

from launchready.facts.endpoints import EndpointTimes
from launchready.facts.journeys import SignupWalk, VisitorsTogether, VisitorWalk
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, Journey
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.network import CONNECTIONS_PER_HOST
from launchready.parse.rfc9110 import SERVER_ERROR, TOO_MANY_REQUESTS
from launchready.probes.journeys import walk_as_visitor
from launchready.probes.nested import all_at_once, reading_of

COUNTED_REQUESTS: Final = 200
"""Row S4.5 of the roadmap: at least 200 requests an endpoint, so that ten of them stand behind the 95th percentile."""

WARM_UP_REQUESTS: Final = 10
"""Requests before those that count: they open connections and wake what sleeps, which customers meet once."""

SHORTEST_INTERVAL_S: Final = 0.02
"""50 requests a second at most: far more than a first campaign brings, and 200 are through in four seconds."""

LONGEST_INTERVAL_S: Final = 0.2
"""So that 200 requests are sent within 40 seconds, however slow the product is."""

BUSY_CONNECTIONS: Final = CONNECTIONS_PER_HOST * 3 // 4
"""How many of our connections the schedule keeps busy: if all were, requests would wait for us, not for the product."""

REQUEST_LIMIT_S: Final = 8.0
"""A request that is not answered so long after its time is an error; few people wait half as long."""

BROKEN: Final = frozenset({Why.REFUSED, Why.UNREADABLE, Why.TIMED_OUT, Why.TOO_LARGE})

Outcome = float | str
"""The time to the last byte in milliseconds, or what went wrong in a few words."""


@probe(manner=Manner.LOAD, timeout_s=60.0)
async def endpoint_times(endpoint: Endpoint, http: HttpClient, clock: Clock) -> EndpointTimes:
    """Send requests on a schedule that no slow answer delays, and count each from the time it was due.

    So an answer that holds up the ones behind it counts for all of them (no "coordinated omission").
    """
    async with Visitor(http, apart=True) as visitor:
        warm = await _all(_answer(endpoint, visitor, clock, clock.tick()) for _ in range(WARM_UP_REQUESTS))
        interval_s, start = interval_for(warm), clock.tick()
        due = [start + number * interval_s for number in range(COUNTED_REQUESTS)]
        outcomes = await _all(_answer(endpoint, visitor, clock, due_at) for due_at in due)
    return EndpointTimes(
        times_ms=tuple(round(outcome, 1) for outcome in outcomes if isinstance(outcome, float)),
        errors=tuple(outcome for outcome in outcomes if isinstance(outcome, str)),
    )


@probe(manner=Manner.LOAD, timeout_s=60.0)
async def visitors_together(journey: Journey, product: Product, http: HttpClient, clock: Clock) -> VisitorsTogether:
    """Let as many visitors as the journey declares walk the whole way at the same time."""
    walks = (_visitor(walk_as_visitor(journey, product, http, clock)) for _ in range(journey.visitors))
    return VisitorsTogether(await all_at_once(reading_of(walk, clock) for walk in walks))


def interval_for(warm: tuple[Outcome, ...]) -> float:
    """Seconds between requests, so that a product as fast as in the warm-up never waits for our connections."""
    times_ms = [outcome for outcome in warm if isinstance(outcome, float)]
    wanted_s = median(times_ms) / 1000 / BUSY_CONNECTIONS if times_ms else LONGEST_INTERVAL_S
    return min(max(wanted_s, SHORTEST_INTERVAL_S), LONGEST_INTERVAL_S)


async def _visitor(walk: Awaitable[SignupWalk]) -> VisitorWalk:
    step = (await walk).broken_at
    return VisitorWalk("", "") if step is None else VisitorWalk(step.name.value, step.detail)


async def _answer(endpoint: Endpoint, visitor: Visitor, clock: Clock, due_at: float) -> Outcome | NotSeen:
    """One request at its time, and what came of it; what is no fault of the product is returned as `NotSeen`."""
    await asyncio.sleep(due_at - clock.tick())
    try:
        async with asyncio.timeout(due_at + REQUEST_LIMIT_S - clock.tick()):
            response = await visitor.fetch(endpoint.url)
    except TimeoutError:
        return f"no answer within {REQUEST_LIMIT_S:g} s"
    except NotSeen as unseen:
        return f"connection {unseen.why.value}" if unseen.why in BROKEN else unseen
    took_ms = (clock.tick() - due_at) * 1000
    if response.status == TOO_MANY_REQUESTS:
        return NotSeen(Why.CHALLENGED, f"{endpoint.url} answered 429: a limit stopped our requests from one address.")
    return str(response.status) if response.status >= SERVER_ERROR else took_ms


async def _all(requests: Iterable[Coroutine[Any, Any, Outcome | NotSeen]]) -> tuple[Outcome, ...]:
    """The outcomes in order.

    Raises:
        NotSeen: the first that was returned.
    """
    outcomes: list[Outcome] = []
    for outcome in await all_at_once(requests):
        if isinstance(outcome, NotSeen):
            raise outcome
        outcomes.append(outcome)
    return tuple(outcomes)
