import io
import json
import logging

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from launchready_guard.client import ClientAddresses
from launchready_guard.logs import AccessLog, RedactingFormatter, json_logger, keyed_hash
from launchready_guard.request_id import RequestIds

CANARY = "canary-7f3a"
KEY = b"k" * 32


def app_logging_to(stream: io.StringIO) -> Starlette:
    async def fine(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def broken(_request: Request) -> Response:
        raise ValueError(CANARY)

    logged = Middleware(AccessLog, logger=json_logger("test", stream), key=KEY, addresses=ClientAddresses())
    routes = [Route("/people/{name}", fine), Route("/broken", broken)]
    return Starlette(routes=routes, middleware=[Middleware(RequestIds), logged])


def client_of(app: Starlette) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=("198.51.100.7", 4711))
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


async def test_a_request_is_logged_without_what_was_in_it():
    stream = io.StringIO()
    async with client_of(app_logging_to(stream)) as client:
        answer = await client.get(f"/people/{CANARY}?token={CANARY}", headers={"Cookie": f"session={CANARY}"})
    line = json.loads(stream.getvalue())
    assert CANARY not in stream.getvalue()
    assert line["route"] == "/people/{name}"
    assert (line["status"], line["level"], line["method"], line["event"]) == (200, "info", "GET", "request")
    assert line["client"] == keyed_hash(KEY, "198.51.100.7")
    assert line["session"] == keyed_hash(KEY, CANARY)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["duration_ms"] >= 0


async def test_an_exception_is_logged_as_type_and_frames_without_its_text():
    stream = io.StringIO()
    async with client_of(app_logging_to(stream)) as client:
        assert (await client.get("/broken")).status_code == 500
    line = json.loads(stream.getvalue())
    assert line["error"]["type"] == "ValueError"
    assert line["error"]["frames"][-1].endswith("broken")
    assert (line["status"], line["level"]) == (500, "error")
    assert CANARY not in stream.getvalue()


async def test_a_path_that_no_route_took_is_not_logged():
    stream = io.StringIO()
    async with client_of(app_logging_to(stream)) as client:
        await client.get(f"/{CANARY}")
    assert json.loads(stream.getvalue())["route"] == "unmatched"


async def test_a_request_id_from_the_client_is_not_used():
    stream = io.StringIO()
    async with client_of(app_logging_to(stream)) as client:
        answer = await client.get("/people/x", headers={"X-Request-Id": CANARY})
    assert answer.headers["x-request-id"] != CANARY


@pytest.mark.parametrize("message", [f"failed for {CANARY}", f"{CANARY}@example.org", "Failed %s"])
def test_the_text_of_a_library_is_not_logged(message: str):
    record = logging.LogRecord("library", logging.WARNING, "file.py", 1, message, (CANARY,), None)
    line = RedactingFormatter().format(record)
    assert CANARY not in line
    assert json.loads(line)["event"] == "library-message"


def test_a_field_that_is_not_on_the_list_is_not_logged():
    stream = io.StringIO()
    json_logger("test", stream).info("mail-sent", extra={"attempts": 2, "email": CANARY})
    line = json.loads(stream.getvalue())
    assert "email" not in line
    assert line["attempts"] == 2


def test_a_keyed_hash_needs_its_key():
    assert keyed_hash(b"one", "198.51.100.7") != keyed_hash(b"two", "198.51.100.7")
    assert len(keyed_hash(b"one", "x")) == 16
