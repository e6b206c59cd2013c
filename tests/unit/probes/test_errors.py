"""What the probes of `probes/errors.py` ask, and what they keep."""

from dataclasses import replace

import pytest

from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Endpoint, EndpointKind, Host
from launchready.parse.error_page import Leak, Mark
from launchready.probes.errors import bad_requests, missing_page

APP = "app.example.com"
HOST = Host(APP, "example.com")
TRACE = "Traceback (most recent call last):\n  File ..."


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """The little product speaks plain http."""
    monkeypatch.setattr("launchready.probes.errors.SCHEME", "http")


async def test_a_missing_page_is_kept_with_its_headers_and_marks(shop, http, reply):
    shop.answers["GET /launchready-probe-missing"] = lambda _: reply(404, TRACE, headers=(("X-Frame-Options", "DENY"),))
    seen = await missing_page(HOST, http)
    assert seen.marks == (Mark(Leak.TRACE, "Python"),)
    assert (seen.transfer.status, seen.transfer.values("x-frame-options")) == (404, ("DENY",))


async def test_a_page_that_is_no_error_may_print_a_trace(shop, http, reply):
    shop.answers["GET /launchready-probe-missing"] = lambda _: reply(399, TRACE)
    assert (await missing_page(HOST, http)).marks == ()


@pytest.mark.parametrize(("status", "headers", "why"), [(429, (), Why.UNREADABLE), (403, True, Why.CHALLENGED)])
async def test_a_wall_or_a_limiter_is_not_the_product(shop, http, reply, status, headers, why):
    wall = (("cf-mitigated", "challenge"),) if headers else ()
    shop.answers["GET /launchready-probe-missing"] = lambda _: reply(status, headers=wall)
    with pytest.raises(NotSeen) as unseen:
        await missing_page(HOST, http)
    assert unseen.value.why is why


async def test_each_api_and_the_chat_are_asked_wrongly_and_nothing_else_is(shop, product, journey, http, clock, reply):
    api = Endpoint(f"http://{APP}/api/prices", EndpointKind.API)
    product = replace(product, endpoints=(api, Endpoint(f"http://{APP}/x", EndpointKind.HEALTH)), journeys=(journey,))
    shop.answers["POST /api/prices"] = lambda ask: reply(400, TRACE if ask.body == b"[[]]" else "no")
    shop.answers["PROBE /api/prices"] = lambda _: reply(429)
    seen = await bad_requests(HOST, product, http, clock)
    assert [request.url for request in seen.requests[1:]] == [journey.chat] * 4 + [api.url] * 4
    marks = {r.what: r.answer.value.marks for r in seen.requests[5:8] if isinstance(r.answer, Measured)}
    assert marks == {
        "JSON that is cut off": (),
        "JSON that is not UTF-8": (),
        "a list in place of an object": (Mark(Leak.TRACE, "Python"),),
    }
    assert isinstance(seen.requests[-1].answer, Unmeasured)
    assert {ask.method for ask in shop.asked if ask.path == "/api/chat"} == {"POST", "PROBE"}
    assert {ask.path for ask in shop.asked} == {
        "/api/chat",
        "/api/prices",
        "/launchready-probe-missing/%C3%28",
    }
