"""What the guard costs: time per request, requests a second, memory over many streams, a thousand slow streams.

`python bench/guard.py [--seconds 7] [--streams 10000] [--slow 1000]`. Bare and guarded servers are asked in turn, so
that a busy machine slows both; medians are compared. Requests a second are counted three times: of tiny JSON answers
and of streams without a pause, where the bare server has nothing but overhead of its own and is as busy as it can be,
and of streams that take 200 ms, as a quick model's do, where it mostly waits. The bound holds for each. A line that
breaks its bound says MISSED, and the exit code is then 1.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import signal
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from launchready_guard.chat_guard import ChatGuard, GuardSettings
from launchready_guard.limiting import Per, Rate, Rule

MAX_OVERHEAD_MS = 0.3
MIN_SHARE = 0.9
MAX_GROWTH_MB = 5.0
ROUNDS = 7
CONNECTIONS = 8
BODY = b'{"message": "What does a session cost?"}'
REQUEST = (
    b"POST /api/chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nCookie: session=abc\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
QUICK_STREAM = REQUEST.replace(b"/api/chat", b"/api/stream?pause=0.02")
BUSY_STREAM = REQUEST.replace(b"/api/chat", b"/api/stream")
QUICK_CONNECTIONS = 32
ASKED = (
    ("tiny JSON answers", REQUEST, CONNECTIONS),
    ("streams without pause", BUSY_STREAM, CONNECTIONS),
    ("streams of 200 ms", QUICK_STREAM, QUICK_CONNECTIONS),
)
OFTEN = 10**9
RULE = Rule("chat", ("*",), (Rate(OFTEN, 60, Per.SESSION), Rate(OFTEN, 60), Rate(OFTEN, 60, Per.EVERYBODY)))
SETTINGS = GuardSettings(chat_paths=("/api/*",), rules=(RULE,), places=5000)


async def answer(request: Request) -> JSONResponse:
    asked = json.loads(await request.body())
    return JSONResponse({"answer": asked["message"]})


async def stream(request: Request) -> StreamingResponse:
    pause_s = float(request.query_params.get("pause", "0"))

    async def words() -> AsyncIterator[str]:
        for number in range(10):
            yield f'data: {{"delta": "word {number} "}}\n\n'
            await asyncio.sleep(pause_s)

    await request.body()
    return StreamingResponse(words(), media_type="text/event-stream")


def product() -> Starlette:
    return Starlette(
        routes=[Route("/api/chat", answer, methods=["POST"]), Route("/api/stream", stream, methods=["POST"])]
    )


def resident_mb(process: int | str = "self") -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


async def call(app: Callable[..., Awaitable[None]], path: str) -> None:
    """One request without a socket: what remains is the application's own time."""
    asked = [{"type": "http.request", "body": BODY, "more_body": False}]
    over = asyncio.Event()

    async def receive() -> dict:
        if asked:
            return asked.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(_message: dict) -> None:
        return None

    headers = [(b"content-type", b"application/json"), (b"cookie", b"session=abc")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": headers, "client": ("198.51.100.7", 1), "server": ("a", 80), "scheme": "http", "root_path": ""}
    await app(scope, receive, send)


async def overhead_ms() -> float:
    apps = [product(), ChatGuard(product(), SETTINGS)]
    took: list[list[float]] = [[], []]
    for turn in range(4000):
        for which, app in enumerate(apps):
            started = time.perf_counter()
            await call(app, "/api/chat")
            if turn >= 500:
                took[which].append((time.perf_counter() - started) * 1000)
    return statistics.median(took[1]) - statistics.median(took[0])


async def growth_mb(streams: int) -> float:
    guard = ChatGuard(product(), SETTINGS)
    before = 0.0
    for number in range(streams):
        await call(guard, "/api/stream")
        if number == streams // 5:
            gc.collect()
            before = resident_mb()
    gc.collect()
    return resident_mb() - before


def serve(listener: socket.socket, *, guarded: bool) -> None:
    """The body of a child process: serves until it is ended."""
    app = ChatGuard(product(), SETTINGS) if guarded else product()
    config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, backlog=4096)
    uvicorn.Server(config).run(sockets=[listener])


def end(child: int) -> None:
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)


def start(listener: socket.socket, *, guarded: bool) -> int:
    listener.set_inheritable(True)
    child = os.fork()
    if child == 0:
        here = str(Path(__file__).resolve())
        os.execv(sys.executable, [sys.executable, here, "--serve", str(listener.fileno()), str(int(guarded))])
    return child


@asynccontextmanager
async def serving(*, guarded: bool) -> AsyncIterator[tuple[int, int]]:
    """A server in a process of its own; yields its port and its process id."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    child = start(listener, guarded=guarded)
    try:
        yield listener.getsockname()[1], child
    finally:
        end(child)
        listener.close()


async def ask_for(port: int, seconds: float, request: bytes = REQUEST, connections: int = CONNECTIONS) -> float:
    """Requests a second over connections that are kept."""
    started = time.perf_counter()
    end = started + seconds
    done = 0

    async def one() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            _before, has_length, after = head.lower().partition(b"content-length: ")
            if has_length:
                await reader.readexactly(int(after.split(b"\r\n")[0]))
            else:
                await reader.readuntil(b"0\r\n\r\n")
            done += 1
        writer.close()

    async with asyncio.TaskGroup() as group:
        for _connection in range(connections):
            group.create_task(one())
    return done / (time.perf_counter() - started)


async def rates(seconds: float, request: bytes, connections: int) -> tuple[float, float]:
    """Requests a second of the bare and of the guarded server: medians of rounds in turn."""
    found: list[list[float]] = [[], []]
    async with serving(guarded=False) as (bare, _), serving(guarded=True) as (guarded, _):
        for port in (bare, guarded):
            await ask_for(port, 1.0, request, connections)
        for _round in range(ROUNDS):
            for which, port in enumerate((bare, guarded)):
                found[which].append(await ask_for(port, seconds / ROUNDS, request, connections))
    return statistics.median(found[0]), statistics.median(found[1])


async def slow_streams(count: int) -> tuple[int, float, float]:
    """How many of many slow streams came whole, the CPU seconds the server used, and its resident megabytes."""
    request = REQUEST.replace(b"/api/chat", b"/api/stream?pause=1")
    whole = 0

    async def one(port: int) -> None:
        nonlocal whole
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        said = await reader.readuntil(b"0\r\n\r\n")
        whole += said.count(b"data:") == 10
        writer.close()

    async with serving(guarded=True) as (port, child):
        await ask_for(port, 0.5)
        before = cpu_s(child)
        async with asyncio.TaskGroup() as group:
            for _stream in range(count):
                group.create_task(one(port))
        return whole, cpu_s(child) - before, resident_mb(child)


def cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def judged(line: str, *, holds: bool) -> bool:
    """Say what was measured, and whether its bound holds."""
    print(f"{line}  {'ok' if holds else 'MISSED'}", flush=True)
    return holds


async def measure(options: argparse.Namespace) -> bool:
    extra_ms = await overhead_ms()
    line = f"median overhead per request   {extra_ms:8.3f} ms (at most {MAX_OVERHEAD_MS})"
    held = [judged(line, holds=extra_ms <= MAX_OVERHEAD_MS)]
    growth = await growth_mb(options.streams)
    line = f"memory over {options.streams} streams     {growth:8.1f} MB (at most {MAX_GROWTH_MB})"
    held.append(judged(line, holds=growth <= MAX_GROWTH_MB))
    for name, request, connections in ASKED:
        bare, guarded = await rates(options.seconds, request, connections)
        share = guarded / bare
        line = f"{name + ' a second':32} {guarded:5.0f} of {bare:.0f} bare: {share:.1%} (at least {MIN_SHARE:.0%})"
        held.append(judged(line, holds=share >= MIN_SHARE))
    whole, used_s, memory = await slow_streams(options.slow)
    line = f"slow streams held at once        {whole:5d} of {options.slow}, {used_s:.1f} CPU s in 10 s, {memory:.0f} MB"
    held.append(judged(line, holds=whole == options.slow))
    return all(held)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=7.0, help="of asking each server")
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--slow", type=int, default=1000)
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(socket.socket(fileno=int(options.serve[0])), guarded=options.serve[1] == "1")
        return 0
    return 0 if asyncio.run(measure(options)) else 1


if __name__ == "__main__":
    sys.exit(main())
