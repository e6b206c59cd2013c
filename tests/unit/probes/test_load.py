"""The probes of `probes/load.py`, against a little real product."""

import asyncio

import pytest

from launchready.facts.journeys import VisitorWalk
from launchready.model.reading import Measured, NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind
from launchready.probes import load
from launchready.probes.load import endpoint_times, interval_for, visitors_together

PAGE = Endpoint("http://app.example.com/sent", EndpointKind.PAGE, p95_ms=500)


@pytest.fixture(autouse=True)
def _fewer_requests(monkeypatch) -> None:
    monkeypatch.setattr(load, "COUNTED_REQUESTS", 20)
    monkeypatch.setattr(load, "WARM_UP_REQUESTS", 2)


def on_schedule(shop, reply, *, slow: dict[int, float], then=lambda number: 200):
    """Answers to requests by number, the warm-up not counted, some after a while."""
    count = iter(range(-2, 1000))

    async def answer(_ask):
        number = next(count)
        await asyncio.sleep(slow.get(number, 0))
        return reply(then(number))

    return answer


async def test_every_counted_request_has_its_time(http, clock, shop) -> None:
    seen = await endpoint_times(PAGE, http, clock)
    assert len(seen.times_ms) == 20
    assert seen.errors == ()
    assert len(shop.asked) == 22


async def test_slow_answers_count_and_the_warm_up_does_not(http, clock, shop, reply) -> None:
    shop.answers["GET /sent"] = on_schedule(shop, reply, slow={-2: 0.2, 5: 0.2})
    seen = await endpoint_times(PAGE, http, clock)
    assert sum(time_ms >= 200 for time_ms in seen.times_ms) == 1


async def test_what_waits_behind_a_slow_answer_counts_from_its_time(http, clock, shop, reply, monkeypatch) -> None:
    monkeypatch.setattr(load, "SHORTEST_INTERVAL_S", 0.005)
    monkeypatch.setattr(load, "LONGEST_INTERVAL_S", 0.005)
    lock = asyncio.Lock()
    count = iter(range(-2, 1000))

    async def one_at_a_time(_ask):
        async with lock:
            await asyncio.sleep(0.3 if next(count) == 0 else 0)
            return reply()

    shop.answers["GET /sent"] = one_at_a_time
    seen = await endpoint_times(PAGE, http, clock)
    assert sum(time_ms > 150 for time_ms in seen.times_ms) == 20


@pytest.mark.parametrize(("status", "is_error"), [(500, True), (503, True), (499, False), (404, False)])
async def test_server_errors_are_kept_apart(http, clock, shop, reply, status, is_error) -> None:
    shop.answers["GET /sent"] = on_schedule(shop, reply, slow={}, then=lambda number: status if number == 7 else 200)
    assert (await endpoint_times(PAGE, http, clock)).errors == ((str(status),) if is_error else ())


async def test_a_connection_that_breaks_and_an_answer_that_never_comes_are_errors(
    http, clock, shop, reply, monkeypatch
) -> None:
    monkeypatch.setattr(load, "REQUEST_LIMIT_S", 0.3)
    count = iter(range(-2, 1000))

    async def answer(_ask):
        number = next(count)
        await asyncio.sleep(60 if number == 4 else 0)
        return reply(body="Hel", cut_off=number == 3)

    shop.answers["GET /sent"] = answer
    seen = await endpoint_times(PAGE, http, clock)
    assert len(seen.times_ms) == 18
    assert seen.errors == ("connection unreadable", "no answer within 0.3 s")


async def test_a_limit_on_one_address_is_not_the_products_answer_to_many(http, clock, shop, reply) -> None:
    shop.answers["GET /sent"] = on_schedule(shop, reply, slow={}, then=lambda number: 429 if number == 7 else 200)
    with pytest.raises(NotSeen) as caught:
        await endpoint_times(PAGE, http, clock)
    assert caught.value.why is Why.CHALLENGED


async def test_a_bot_wall_is_not_the_products_answer(http, clock, shop, reply) -> None:
    wall = reply(403, "<title>Just a moment...</title>", headers=(("cf-mitigated", "challenge"),))
    shop.answers["GET /sent"] = lambda _ask: wall
    with pytest.raises(NotSeen) as caught:
        await endpoint_times(PAGE, http, clock)
    assert caught.value.why is Why.CHALLENGED


@pytest.mark.parametrize(
    ("warm_ms", "interval_s"), [(0.0, 0.02), (120.0, 0.02), (126.0, 0.021), (1200.0, 0.2), (9000.0, 0.2)]
)
def test_the_pace_leaves_connections_free(warm_ms, interval_s) -> None:
    assert interval_for((warm_ms, warm_ms)) == pytest.approx(interval_s)


def test_a_product_that_gave_no_answer_is_asked_at_the_slowest_pace() -> None:
    assert interval_for(("503", "503")) == 0.2


async def test_all_visitors_walk_at_once_and_each_is_reported(journey, product, http, clock, shop, reply) -> None:
    answered = iter(range(3))
    usual = shop.usual
    shop.answers["POST /api/chat"] = lambda ask: reply(503, "{}", "application/json") if next(answered) else usual(ask)
    together = await visitors_together(journey, product, http, clock)
    walks = [visitor.value for visitor in together.visitors if isinstance(visitor, Measured)]
    broken = VisitorWalk("ask and get an answer", "http://app.example.com/api/chat answered 503")
    assert sorted(walks, key=lambda walk: walk.detail) == [VisitorWalk("", ""), broken, broken]


async def test_a_visitor_that_can_not_be_seen_stays_among_the_others(
    journey, product, http, clock, shop, reply
) -> None:
    shown = iter(range(3))
    shop.answers["GET /signup"] = lambda ask: shop.usual(ask) if next(shown) else reply(body="<p>scripts only")
    together = await visitors_together(journey, product, http, clock)
    assert [type(visitor).__name__ for visitor in together.visitors].count("Unmeasured") == 1
