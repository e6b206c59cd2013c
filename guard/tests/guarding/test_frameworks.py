"""One line in front of Starlette, FastAPI and Django: the same promises under each."""

import asyncio
import json

import django
import httpx2
import pytest
from django.conf import settings as django_settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.routing import Route

from launchready_guard.chat_guard import ChatGuard, GuardSettings
from launchready_guard.deadlines import Deadlines
from launchready_guard.limiting import Rate, Rule

SECRET = "sk-live-0123456789abcdefghij"
SETTINGS = GuardSettings(
    deadlines=Deadlines(first_s=0.3, idle_s=0.3, total_s=2),
    rules=(Rule("chat", ("/api/chat",), (Rate(8, 60),)),),
    max_body_bytes=10_000,
)


async def words(asked: dict):
    for number in range(asked["words"]):
        yield f'data: {{"delta": "{number}"}}\n\n'
        await asyncio.sleep(0.01)
    if asked.get("stall"):
        for _turn in range(100):
            yield ": ping\n\n"
            await asyncio.sleep(0.05)
    if asked.get("break"):
        raise RuntimeError(SECRET)


def starlette_app():
    async def chat(request: Request):
        return StreamingResponse(words(json.loads(await request.body())), media_type="text/event-stream")

    return Starlette(debug=True, routes=[Route("/api/chat", chat, methods=["POST"])])


def fastapi_app():
    app = FastAPI(debug=True)

    @app.post("/api/chat")
    async def chat(asked: dict) -> StreamingResponse:
        return StreamingResponse(words(asked), media_type="text/event-stream")

    return app


@csrf_exempt
async def django_chat(request: HttpRequest) -> HttpResponse:
    return StreamingHttpResponse(words(json.loads(request.body)), content_type="text/event-stream")


urlpatterns = [path("api/chat", django_chat)]


def django_app():
    if not django_settings.configured:
        django_settings.configure(
            DEBUG=True, SECRET_KEY="x" * 50, ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], LOGGING_CONFIG=None
        )
        django.setup()
    return get_asgi_application()


@pytest.fixture(params=[starlette_app, fastapi_app, django_app])
def client(request: pytest.FixtureRequest) -> httpx2.AsyncClient:
    guard = ChatGuard(request.param(), SETTINGS)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(guard), base_url="http://guard.test")


async def test_a_stream_is_whole(client: httpx2.AsyncClient):
    answer = await client.post("/api/chat", json={"words": 3})
    assert (answer.status_code, answer.text.count("data:")) == (200, 3)


async def test_a_stall_before_the_first_word_is_a_504_and_later_an_error_event(client: httpx2.AsyncClient):
    before = await client.post("/api/chat", json={"words": 0, "stall": True})
    assert (before.status_code, before.json()["code"]) == (504, "timed_out_first")
    within = await client.post("/api/chat", json={"words": 2, "stall": True})
    assert within.text.count('{"delta"') == 2
    assert '"code": "timed_out_idle"' in within.text


@pytest.mark.parametrize("body", [b"{", b"\0", b"\xff\xfe", b'{"words": "\\u0000"}', b'{"words": null}', b""])
async def test_a_bad_body_is_answered_without_a_trace(client: httpx2.AsyncClient, body: bytes):
    answer = await client.post("/api/chat", content=body, headers={"content-type": "application/json"})
    assert answer.status_code >= 400
    assert set(answer.json()) == {"code", "message", "retryable", "request_id"}
    assert "Traceback" not in answer.text
    assert "python" not in answer.text.lower()


async def test_a_bug_in_the_middle_is_told_without_its_text(client: httpx2.AsyncClient):
    answer = await client.post("/api/chat", json={"words": 2, "break": True})
    assert SECRET not in answer.text
    assert '"code": "bug"' in answer.text


async def test_a_large_body_and_a_flood_are_refused(client: httpx2.AsyncClient):
    large = await client.post("/api/chat", content=b"x" * 20_000)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    answers = [await client.post("/api/chat", json={"words": 1}) for _turn in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
