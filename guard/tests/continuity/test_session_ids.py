"""Ids that can't be guessed, forged or borrowed, and the cookie that carries one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from launchready_guard.session_ids import ID_BYTES, MAX_ID_CHARS, SignedIds, Visitors, cookie, visitor_of

KEY = b"k" * 32


def test_an_id_has_at_least_128_random_bits_and_no_two_are_alike():
    made = {SignedIds(KEY, "session").new("ana") for _ in range(1000)}
    assert len({one.partition(".")[0] for one in made}) == 1000
    assert ID_BYTES * 8 >= 128
    assert {len(one) for one in made} == {45}


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_id_belongs_to_its_owner_alone(owner, other):
    ids = SignedIds(KEY, "session")
    made = ids.new(owner)
    assert ids.belongs(made, owner)
    assert ids.belongs(made, other) == (owner == other)


@given(st.text(max_size=2 * MAX_ID_CHARS))
def test_no_made_up_id_belongs_to_anybody(made_up):
    assert not SignedIds(KEY, "session").belongs(made_up, "ana")


def test_an_id_of_another_purpose_key_or_with_one_character_changed_is_refused():
    ids = SignedIds(KEY, "session")
    made = ids.new("ana")
    assert not SignedIds(KEY, "visitor").belongs(made, "ana")
    assert not SignedIds(b"x" * 32, "session").belongs(made, "ana")
    for place in range(len(made) - 1):  # the last character of a base64 value has bits that say nothing
        changed = made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]
        assert not ids.belongs(changed, "ana")


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="at least 16 random"):
        SignedIds(b"short", "session")


def visitors(**differing) -> Visitors:
    async def who(request: Request) -> JSONResponse:
        headers = {"Cache-Control": request.query_params["cache"]} if "cache" in request.query_params else {}
        return JSONResponse({"visitor": visitor_of(request.scope)}, headers=headers)

    async def home(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("home", headers={"Cache-Control": "public, max-age=60"})

    async def socket(websocket) -> None:
        await websocket.accept()
        await websocket.close()

    routes = [Route("/api/chat", who), Route("/", home), WebSocketRoute("/api/socket", socket)]
    return Visitors(Starlette(routes=routes), key=KEY, **{"paths": ("/api/",)} | differing)


async def test_a_new_browser_gets_a_cookie_that_only_this_host_over_tls_can_have(client_of):
    async with client_of(visitors(), "") as client:
        answer = await client.get("/api/chat")
        name, _, rest = answer.headers["set-cookie"].partition("=")
        assert name == "__Host-visitor"
        assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(rest.split("; "))
        assert "domain" not in rest.lower()
        assert answer.headers["cache-control"] == "no-store"


async def test_a_browser_stays_the_same_visitor_and_a_forged_cookie_makes_a_new_one(client_of):
    app = visitors()
    async with client_of(app, "") as client:
        first = (await client.get("/api/chat")).json()["visitor"]
        own = {"Cookie": f"__Host-visitor={first}"}
        again = await client.get("/api/chat", headers=own)
        assert again.json()["visitor"] == first
        assert "set-cookie" not in again.headers
        for forged in (first[:-2] + "AA", "admin", f"{first}x", ""):
            answer = await client.get("/api/chat", headers={"Cookie": f"__Host-visitor={forged}"})
            assert answer.json()["visitor"] not in {first, forged}
            assert "set-cookie" in answer.headers


async def test_a_page_that_a_cache_may_keep_carries_no_cookie(client_of):
    async with client_of(visitors(), "") as client:
        home = await client.get("/")
        assert "set-cookie" not in home.headers
        assert home.headers["cache-control"] == "public, max-age=60"
        chat = await client.get("/api/chat?cache=public,max-age=60")
        assert "set-cookie" in chat.headers
        assert chat.headers["cache-control"] == "no-store"


async def test_without_tls_the_cookie_has_a_plain_name(client_of):
    async with client_of(visitors(secure=False), "") as client:
        answer = await client.get("/api/chat")
        assert answer.headers["set-cookie"].startswith("visitor=")
        assert "Secure" not in answer.headers["set-cookie"]
        assert (await client.get("/api/chat")).json() == answer.json()


async def test_a_websocket_gets_its_cookie_when_it_is_accepted():
    sent = []
    said = [{"type": "websocket.connect"}]

    async def receive():
        return said.pop()

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/api/socket", "headers": [], "query_string": b"", "scheme": "wss"}
    await visitors()(scope, receive, send)
    assert sent[0]["type"] == "websocket.accept"
    assert b"__Host-visitor" in dict(sent[0]["headers"])[b"set-cookie"]


def test_a_broken_cookie_header_is_no_cookie():
    scope = {"type": "http", "headers": [(b"cookie", b"a=1; \x00;;=;[]"), (b"cookie", b"visitor=me")]}
    assert cookie(scope, "visitor") == "me"
    assert cookie(scope, "other") == ""
