import asyncio

import httpx2
from starlette.applications import Starlette

from launchready_guard.health import DependencyDownError, Readiness, health_routes
from launchready_guard.version import version_route


def client_of(routes: list) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(Starlette(routes=routes)), base_url="http://test")


async def well() -> str:
    return "12 documents"


async def down() -> str:
    raise DependencyDownError("connection refused")


async def silent() -> str:
    await asyncio.Event().wait()
    return ""


async def test_all_dependencies_well_is_ready():
    async with client_of(health_routes(Readiness({"model": well}))) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "dependencies": {"model": {"status": "ok", "detail": "12 documents"}}}
    assert answer.headers["cache-control"] == "no-store"


async def test_one_dead_dependency_is_named_and_not_ready_while_alive_stays_true():
    async with client_of(health_routes(Readiness({"mail": down, "model": well}))) as client:
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert ready.status_code == 503
    assert ready.json()["dependencies"]["mail"] == {"status": "failing", "detail": "connection refused"}
    assert ready.json()["dependencies"]["model"]["status"] == "ok"
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


async def test_a_silent_dependency_fails_within_its_time_limit():
    readiness = Readiness({"mail": silent}, timeout_s=0.01)
    assert (await readiness.states())["mail"].detail == "no answer within 0.01 s"


async def test_a_dependency_is_asked_once_per_cache_time_however_many_ask():
    asked = 0
    now = 0.0

    async def counting() -> str:
        nonlocal asked
        asked += 1
        return ""

    readiness = Readiness({"database": counting}, cache_s=3, clock=lambda: now)
    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(readiness.states())
    assert asked == 1
    now = 2.9
    await readiness.states()
    assert asked == 1
    now = 3.0
    await readiness.states()
    assert asked == 2


async def test_version_says_which_build_runs():
    route = version_route(name="coachbot", version="1.2.3", commit="abc", built_at=None)
    async with client_of([route]) as client:
        answer = await client.get("/version")
    assert answer.json() == {"name": "coachbot", "version": "1.2.3", "commit": "abc", "built_at": None}
