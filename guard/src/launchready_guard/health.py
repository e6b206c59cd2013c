"""Two different questions: is the process alive (`/healthz`), and can it serve a customer (`/readyz`)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launchready_guard.store import Store, StoreError

PROBE_TIMEOUT_S = 2.0
"""Seconds a dependency has to answer: a load balancer usually gives the whole request 5."""

CACHE_S = 3.0
"""Seconds a result is reused, so that calling `/readyz` in a loop can't hammer the dependencies."""

NO_STORE = {"Cache-Control": "no-store"}

Probe = Callable[[], Awaitable[str]]
"""Asks one dependency. Returns a detail for people (may be empty); raises `DependencyDownError` when it can't serve."""


class DependencyDownError(Exception):
    """A dependency can't serve; the text is shown publicly, so it holds no address, user or secret."""


@dataclass(frozen=True, slots=True)
class DependencyState:
    """What one probe said.

    Attributes:
        ok: Whether the dependency can serve.
        detail: A short text for people; empty when there is nothing to add.
    """

    ok: bool
    detail: str

    def as_json(self) -> dict[str, str]:
        """The JSON shape of one dependency."""
        shown = {"status": "ok" if self.ok else "failing"}
        return shown | {"detail": self.detail} if self.detail else shown


def store_probe(store: Store) -> Probe:
    """Asks the store that workers share whether it can be written."""

    async def probe() -> str:
        try:
            await store.check()
        except StoreError as gone:
            raise DependencyDownError("the store that workers share can't be written") from gone
        return ""

    return probe


class Readiness:
    """Asks all dependencies at once, each within a time limit, and remembers the answer briefly.

    Args:
        probes: Name of each dependency and the probe that asks it.
        timeout_s: Seconds each probe may take.
        cache_s: Seconds a result is reused.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        probes: Mapping[str, Probe],
        *,
        timeout_s: float = PROBE_TIMEOUT_S,
        cache_s: float = CACHE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probes = dict(probes)
        self._timeout_s = timeout_s
        self._cache_s = cache_s
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known: tuple[float, dict[str, DependencyState]] | None = None

    async def states(self) -> dict[str, DependencyState]:
        """The state of each dependency, at most `cache_s` seconds old; callers at the same time share one look."""
        async with self._asking:
            if self._known is not None and self._clock() - self._known[0] < self._cache_s:
                return self._known[1]
            async with asyncio.TaskGroup() as group:
                asked = {name: group.create_task(self._ask(probe)) for name, probe in self._probes.items()}
            states = {name: task.result() for name, task in asked.items()}
            self._known = (self._clock(), states)
            return states

    async def _ask(self, probe: Probe) -> DependencyState:
        try:
            async with asyncio.timeout(self._timeout_s):
                return DependencyState(ok=True, detail=await probe())
        except DependencyDownError as down:
            return DependencyState(ok=False, detail=str(down))
        except TimeoutError:
            return DependencyState(ok=False, detail=f"no answer within {self._timeout_s:g} s")
        except OSError as failed:
            return DependencyState(ok=False, detail=type(failed).__name__)

    async def endpoint(self, _request: Request) -> Response:
        """Answer 200 when every dependency can serve, else 503; the body says which one can't."""
        states = await self.states()
        ready = all(state.ok for state in states.values())
        body = {
            "status": "ok" if ready else "failing",
            "dependencies": {name: state.as_json() for name, state in states.items()},
        }
        return JSONResponse(body, status_code=200 if ready else 503, headers=NO_STORE)


async def alive(_request: Request) -> Response:
    """Answer that the process handles requests; it asks no dependency, so a restart loop can't follow an outage."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


def health_routes(readiness: Readiness) -> list[Route]:
    """The two routes `/healthz` and `/readyz`."""
    return [Route("/healthz", alive, name="healthz"), Route("/readyz", readiness.endpoint, name="readyz")]
