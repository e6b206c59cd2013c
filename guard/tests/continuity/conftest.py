"""A chat product with a chatty answer, behind the layer, over either store."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from launchready_guard.continuity import Continuity, ContinuitySettings, say_again
from launchready_guard.message_store import Bounds
from launchready_guard.store import MemoryStore, SqliteStore

KEY = b"0123456789abcdef0123456789abcdef"
QUICK = Bounds(flush_s=0.005, look_s=0.02, poll_s=0.005, ping_s=0.2, lease_s=0.5, answer_s=5, linger_s=1)


@dataclass
class Model:
    """What stands in for the product's model: says words, and stops where it is told to."""

    words: list[str] = field(default_factory=lambda: ["One ", "two ", "three"])
    asked: int = 0
    cut: int = 0
    pause_at: int | None = None
    raise_at: int | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def say(self):
        self.asked += 1
        try:
            for number, word in enumerate(self.words):
                if number == self.pause_at:
                    await self.go_on.wait()
                if number == self.raise_at:
                    raise ZeroDivisionError
                yield word
        except asyncio.CancelledError:
            self.cut += 1
            raise


def product(model: Model) -> Starlette:
    """Speaks events, JSON and refusals, like a product that knows nothing of the layer."""

    async def stream(request: Request) -> Response:
        if "accept-encoding" in request.headers:
            return JSONResponse({"code": "would-compress"}, 500)
        if b"refuse" in await request.body():
            return JSONResponse({"code": "bad_question"}, 422)

        async def events():
            async for word in model.say():
                yield f"data: {json.dumps({'delta': word})}\n\n"
            yield 'event: done\ndata: {"secret": 1}\n\n'

        headers = {"Set-Cookie": "mine=1", "Cache-Control": "no-store"}
        return StreamingResponse(events(), media_type="text/event-stream", headers=headers)

    async def whole(request: Request) -> Response:
        if b"canned" in await request.body():
            say_again(request.scope)
        return JSONResponse({"answer": "".join([word async for word in model.say()])})

    async def other(request: Request) -> Response:
        return JSONResponse({"path": request.url.path, "body": (await request.body()).decode()})

    return Starlette(
        routes=[
            Route("/api/chat", stream, methods=["POST"]),
            Route("/api/whole", whole, methods=["POST"]),
            Route("/{rest:path}", other, methods=["GET", "POST", "DELETE"]),
        ]
    )


async def by_header(scope) -> str | None:
    """The owner in a header: who may read what is tried, not how a product finds out who asks."""
    return dict(scope["headers"]).get(b"x-user", b"").decode() or None


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def bare(model) -> Starlette:
    """The product without the layer."""
    return product(model)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request, tmp_path):
    kept = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "guard.sqlite3")
    yield kept
    await kept.close()


@pytest.fixture
def layer(store, bare) -> Callable:
    """The product behind a layer of its own, as each worker has one."""

    def make(bounds: Bounds = QUICK, *, app=None, metrics=None, **differing) -> Continuity:
        kept = differing.pop("store", store)
        settings = ContinuitySettings(key=KEY, owner=differing.pop("owner", by_header), bounds=bounds, **differing)
        return Continuity(app or bare, store=kept, settings=settings, metrics=metrics)

    return make


@pytest.fixture
def client_of() -> Callable:
    def make(app, user: str = "ana", **headers: str) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        headers = ({"X-User": user} if user else {}) | headers
        return httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    return make


@dataclass
class Answer:
    """A response that has begun, read piece by piece; closing it is what a browser does when it goes."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    over: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, part: bytes) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: part in self.body or self.over)
        assert part in self.body

    @property
    def pieces(self) -> list[tuple[str, str, object]]:
        """Id, type and data of each event."""
        found = []
        for block in self.body.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
            if "data" in lines:
                found.append((lines.get("id", ""), lines.get("event", "message"), json.loads(lines["data"])))
        return found

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pieces; all are of one attempt."""
        names, numbers = zip(*[piece[0].split("-") for piece in self.pieces if piece[0]], strict=True)
        assert len(set(names)) == 1
        return [int(number) for number in numbers]

    def id_of(self, number: int) -> str:
        """What a client that has so many pieces sends as `Last-Event-ID`."""
        return f"{self.pieces[0][0].partition('-')[0]}-{number}"

    @property
    def text(self) -> str:
        """The words that a reader is left with: a restart makes it forget."""
        said = ""
        for _id, kind, data in self.pieces:
            said = "" if kind == "restart" else said + data.get("delta", "")
        return said


class Browser:
    """Sends one request straight to the application, as a server would, and may go away in the middle."""

    def __init__(self, app, group: asyncio.TaskGroup, user: str = "ana") -> None:
        self._app = app
        self._group = group
        self._user = user
        self.tasks: list[asyncio.Task] = []

    def open(self, method: str, path: str, body: object = None, *, last: str = "") -> tuple[Answer, asyncio.Event]:
        """The answer as it comes, and what to set in order to go away."""
        answer, away = Answer(), asyncio.Event()
        headers = [(b"x-user", self._user.encode()), (b"accept-encoding", b"gzip")]
        headers += [(b"last-event-id", last.encode())] if last else []
        scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
        scope |= {"asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "scheme": "http"}
        said = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]

        async def receive():
            if said:
                return said.pop()
            await away.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            async with answer.changed:
                if message["type"] == "http.response.start":
                    answer.status = message["status"]
                    answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
                else:
                    answer.body += message.get("body", b"")
                    answer.over = not message.get("more_body", False)
                answer.changed.notify_all()

        self.tasks.append(self._group.create_task(self._app(scope, receive, send)))
        return answer, away

    async def read(self, method: str, path: str, body: object = None, *, last: str = "") -> Answer:
        """The whole answer."""
        answer, away = self.open(method, path, body, last=last)
        async with asyncio.timeout(10), answer.changed:
            await answer.changed.wait_for(lambda: answer.over)
        away.set()
        return answer


@pytest.fixture
async def group():
    async with asyncio.TaskGroup() as group:
        yield group


@pytest.fixture
def browser(group) -> Callable:
    def make(app, user: str = "ana") -> Browser:
        return Browser(app, group, user)

    return make
