"""What the probe of `probes/cors.py` asks, and what it keeps."""

from dataclasses import replace

import pytest

from launchready.facts.cors import Asking, OriginKind
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Endpoint, EndpointKind, Host
from launchready.probes.cors import cors_matrix, origins_for

APP = "app.example.com"
HOST = Host(APP, "example.com", allowed_origins=("https://example.com", f"https://{APP}"))


def test_tricks_are_played_with_the_first_declared_origin_and_the_own_one_is_none() -> None:
    assert origins_for(HOST) == (
        (OriginKind.INTENDED, "https://example.com"),
        (OriginKind.STRANGER, "https://launchready-probe.example"),
        (OriginKind.NULL, "null"),
        (OriginKind.PREFIX, "https://example.com.launchready-probe.example"),
        (OriginKind.SUFFIX, "https://launchready-probeexample.com"),
        (OriginKind.SIBLING, "https://launchready-probe.example.com"),
        (OriginKind.PLAIN, "http://example.com"),
        (OriginKind.PORT, "https://example.com:8443"),
    )


def test_where_none_is_declared_the_own_name_is_taken_and_a_declared_trick_is_none() -> None:
    own = origins_for(replace(HOST, allowed_origins=None))
    assert (OriginKind.PLAIN, f"http://{APP}") in own
    assert OriginKind.INTENDED not in {kind for kind, _ in own}
    known = replace(HOST, allowed_origins=("https://launchready-probe.example.com",))
    assert OriginKind.SIBLING not in {kind for kind, _ in origins_for(known)}


@pytest.fixture
def secure(monkeypatch):
    """The little product speaks plain http."""
    monkeypatch.setattr("launchready.probes.cors.SCHEME", "http")


async def see(product, http, clock, host=HOST, **differs):
    return await cors_matrix(host, replace(product, hosts=(host,), **differs), http, clock)


@pytest.mark.usefixtures("secure")
async def test_the_chat_of_a_journey_is_asked_before_with_and_in_error(shop, product, journey, http, clock, reply):
    shop.answers["OPTIONS /api/chat"] = lambda ask: reply(204, headers=allow(ask))
    shop.answers["POST /api/chat"] = lambda ask: reply(401, "{}", headers=(*allow(ask), ("Vary", "Accept, Origin")))
    seen = await see(product, http, clock, journeys=(journey,))
    chat = [one for one in seen.tries if one.url == journey.chat]
    assert {one.asking for one in chat if one.kind is OriginKind.INTENDED} == set(Asking)
    assert {one.kind for one in chat} == set(OriginKind)
    real = next(one.answer.value for one in chat if one.kind is OriginKind.NULL)
    assert (real.status, real.headers.allow_origin, real.vary) == (401, ("null",), ("accept", "origin"))
    asked = [ask for ask in shop.asked if ask.path == "/api/chat"]
    preflight = next(ask.headers for ask in asked if ask.method == "OPTIONS")
    assert (preflight["access-control-request-method"], preflight["access-control-request-headers"]) == (
        "POST",
        "content-type",
    )
    assert "cookie" not in preflight
    assert {(ask.body, ask.headers["cookie"]) for ask in asked if ask.method == "POST"} == {
        (b"{}", "launchready-probe=1")
    }
    error = next(one.answer.value for one in chat if one.asking is Asking.ERROR)
    assert error.status == 404


def allow(ask):
    return (("Access-Control-Allow-Origin", ask.headers["origin"]), ("Access-Control-Allow-Credentials", "true"))


@pytest.mark.usefixtures("secure")
async def test_an_api_is_asked_with_get_and_a_front_page_with_two_origins(shop, product, http, clock):
    api = Endpoint(f"http://{APP}/api/prices", EndpointKind.API)
    seen = await see(product, http, clock, endpoints=(api, Endpoint(f"http://{APP}/x", EndpointKind.HEALTH)))
    front = [one for one in seen.tries if one.url == f"http://{APP}/"]
    assert {one.kind for one in front} == {OriginKind.STRANGER, OriginKind.NULL}
    assert {ask.method for ask in shop.asked} == {"GET"}
    assert {one.url for one in seen.tries} == {f"http://{APP}/", api.url}


@pytest.mark.usefixtures("secure")
async def test_a_host_without_an_api_has_its_front_page_alone(product, http, clock):
    seen = await see(product, http, clock)
    assert len(seen.tries) == 2


WALL = (("cf-mitigated", "challenge"),)


@pytest.mark.usefixtures("secure")
@pytest.mark.parametrize(
    ("status", "why"),
    [(403, Why.CHALLENGED), (429, Why.UNREADABLE), (500, Why.UNREADABLE), (499, None)],
)
async def test_a_wall_or_a_failure_is_not_seen(shop, product, http, clock, reply, status, why):
    shop.answers["GET /"] = lambda _: reply(status, headers=WALL if status == 403 else ())
    seen = await see(product, http, clock)
    for one in seen.tries:
        if why is None:
            assert isinstance(one.answer, Measured)
        else:
            assert isinstance(one.answer, Unmeasured)
            assert one.answer.why is why
