"""The guard as a reverse proxy, in front of a real server on loopback."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from launchready_guard.chat_guard import GuardSettings
from launchready_guard.deadlines import Deadlines
from launchready_guard.upstream import create_proxy

SETTINGS = GuardSettings(deadlines=Deadlines(first_s=0.5, idle_s=0.5, total_s=3), rules=())
SECRET = "sk-live-0123456789abcdefghij"


@asynccontextmanager
async def served(app) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - what is awaited is the server's doing
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


class Product:
    """Says what it was asked, streams, stalls or breaks, by path."""

    def __init__(self) -> None:
        self.cancelled = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        match scope["path"]:
            case "/api/chat":
                await self.stream(json.loads(body), receive, send)
            case "/broken":
                await self.say(send, 500, SECRET.encode())
            case _:
                headers = [[name.decode(), value.decode()] for name, value in scope["headers"]]
                said = {"headers": headers, "raw": scope["raw_path"].decode(), "query": scope["query_string"].decode()}
                await self.say(send, 200, json.dumps(said | {"body": body.decode()}).encode())

    async def say(self, send: Send, status: int, body: bytes) -> None:
        headers = [
            (b"connection", b"x-private"),
            (b"x-private", b"1"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def stream(self, asked: dict, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number in range(asked["words"]):
            word = f'data: {{"delta": "{number}"}}\n\n'.encode()
            await send({"type": "http.response.body", "body": word, "more_body": True})
            await asyncio.sleep(0.02)
        if asked.get("stall"):
            async with asyncio.TaskGroup() as group:
                pings = group.create_task(self.ping(send))
                while (await receive())["type"] != "http.disconnect":
                    continue
                pings.cancel()
                self.cancelled.set()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def ping(self, send: Send) -> None:
        while True:
            await send({"type": "http.response.body", "body": b": ping\n\n", "more_body": True})
            await asyncio.sleep(0.05)


@asynccontextmanager
async def proxied(product: Product, settings: GuardSettings = SETTINGS) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        served(product) as upstream,
        served(create_proxy(upstream, settings, metrics_token="t" * 32)) as proxy,
        httpx2.AsyncClient(base_url=proxy, trust_env=False) as client,
    ):
        yield client


async def test_a_stream_comes_through_as_it_is_made():
    async with proxied(Product()) as client, client.stream("POST", "/api/chat", json={"words": 5}) as answer:
        chunks = [chunk async for chunk in answer.aiter_bytes()]
    assert answer.status_code == 200
    assert b"".join(chunks).count(b"data:") == 5
    assert len(chunks) >= 3


async def test_a_stall_of_the_upstream_is_ended_and_its_connection_closed():
    product = Product()
    async with proxied(product) as client:
        before = await client.post("/api/chat", json={"words": 0, "stall": True})
        async with asyncio.timeout(2):
            await product.cancelled.wait()
        within = await client.post("/api/chat", json={"words": 1, "stall": True})
    assert (before.status_code, before.json()["code"]) == (504, "timed_out_first")
    assert within.status_code == 200
    assert '"code": "timed_out_idle"' in within.text


async def test_headers_of_one_connection_stop_here_and_a_forged_origin_does_not_travel_on():
    forged = {
        "x-forwarded-for": "192.0.2.1",
        "x-forwarded-proto": "https",
        "forwarded": "for=192.0.2.1",
        "x-real-ip": "192.0.2.1",
        "te": "trailers",
        "connection": "keep-alive, x-mine",
        "x-mine": "1",
        "x-kept": "1",
    }
    async with proxied(Product()) as client:
        answer = await client.post("/echo%2Fa?b=%20c", headers=forged, content=b"hello")
    said = answer.json()
    seen = dict(said["headers"])
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "http"
    assert seen["x-forwarded-host"].startswith("127.0.0.1:")
    assert seen["x-kept"] == "1"
    assert not {"forwarded", "x-real-ip", "te", "x-mine"} & set(seen)
    assert (said["raw"], said["query"], said["body"]) == ("/echo%2Fa", "b=%20c", "hello")
    assert "x-private" not in answer.headers
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_a_trusted_proxys_word_travels_on():
    settings = GuardSettings(rules=(), trusted_proxies=("127.0.0.1",))
    headers = {"x-forwarded-for": "192.0.2.1, 198.51.100.7", "x-forwarded-proto": "https"}
    async with proxied(Product(), settings) as client:
        seen = dict((await client.get("/echo", headers=headers)).json()["headers"])
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("198.51.100.7", "https")


async def test_an_upstream_that_breaks_or_is_gone_is_told_without_its_text():
    settings = GuardSettings(rules=(), error_paths=("/*",))
    async with proxied(Product(), settings) as client:
        broken = await client.get("/broken")
    assert (broken.status_code, broken.json()["code"]) == (500, "http_500")
    assert SECRET not in broken.text
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with (
        served(create_proxy(f"http://127.0.0.1:{port}", SETTINGS)) as proxy,
        httpx2.AsyncClient(base_url=proxy, trust_env=False) as client,
    ):
        gone = await client.post("/api/chat", json={})
        ready = await client.get("/readyz")
        alive = await client.get("/healthz")
    assert (gone.status_code, gone.json()["code"]) == (502, "upstream_unreachable")
    assert (ready.status_code, ready.json()["dependencies"]["upstream"]["status"]) == (503, "failing")
    assert alive.status_code == 200


@pytest.mark.parametrize(("status", "ready"), [(503, 503), (502, 503), (405, 200), (404, 200)])
async def test_an_upstream_that_says_that_it_can_not_serve_is_not_ready(status: int, ready: int):
    async def product(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async with proxied(product) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == ready
    assert answer.json()["dependencies"]["limits"] == {"status": "ok"}


async def test_numbers_are_shown_to_the_owner_alone():
    async with proxied(Product()) as client:
        await client.post("/api/chat", json={"words": 1})
        stranger = await client.get("/metrics")
        owner = await client.get("/metrics", headers={"authorization": f"Bearer {'t' * 32}"})
    assert stranger.status_code == 404
    assert "guard_answer_seconds_count 1.0" in owner.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no upstream is given; set --upstream to the product's origin"),
        (["--upstream", "127.0.0.1:3000"], "the upstream is no origin"),
        (["--upstream", "http://a", "--per-session", "20"], "write questions/seconds, such as 20/60"),
        (["--upstream", "http://a", "--trusted-proxies", "10.0.0.0/99"], "no address or network (10.0.0.0/99)"),
        (["--upstream", "http://a", "--first-s", "100"], "at most --total-s"),
    ],
)
def test_a_wrong_option_says_what_to_type(arguments: list[str], said: str):
    command = [sys.executable, "-m", "launchready_guard", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr


async def test_the_command_serves_until_it_is_told_to_stop():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with served(Product()) as upstream:
        environ = os.environ | {"LAUNCHREADY_GUARD_UPSTREAM": upstream, "LAUNCHREADY_GUARD_PORT": str(port)}
        command = [sys.executable, "-m", "launchready_guard", "--per-session", "1/60"]
        process = await asyncio.create_subprocess_exec(*command, env=environ, stderr=asyncio.subprocess.PIPE)
        assert process.stderr is not None
        try:
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                await process.stderr.readline()
                for _turn in range(100):
                    try:
                        answers = [await client.post("/api/chat", json={"words": 1}) for _turn in range(2)]
                        break
                    except httpx2.ConnectError:
                        await asyncio.sleep(0.05)
        finally:
            process.send_signal(signal.SIGTERM)
            await process.communicate()
    assert [answer.status_code for answer in answers] == [200, 429]
