"""One worker of a product: `python worker.py STORE` listens on a free port of loopback and prints it.

Its model says `w0 w1 …`, and notes in a file beside the store each time it is asked.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from launchready_guard.continuity import Continuity, ContinuitySettings
from launchready_guard.message_store import Bounds
from launchready_guard.store import SqliteStore

WORDS = 30
PAUSE_S = 0.02


async def by_header(scope) -> str | None:
    return dict(scope["headers"]).get(b"x-user", b"").decode() or None


def product(notes: Path) -> Starlette:
    async def chat(request: Request) -> Response:
        said = await request.json()
        with notes.open("a") as file:
            file.write(f"{said['message_id']}\n")

        async def words():
            for number in range(WORDS):
                yield f"data: {json.dumps({'delta': f'w{number} '})}\n\n"
                await asyncio.sleep(said.get("pause_s", PAUSE_S))
            yield "event: done\ndata: {}\n\n"

        return StreamingResponse(words(), media_type="text/event-stream")

    return Starlette(routes=[Route("/api/chat", chat, methods=["POST"])])


def main() -> None:
    path = Path(sys.argv[1])
    settings = ContinuitySettings(
        key=b"0123456789abcdef0123456789abcdef",
        owner=by_header,
        bounds=Bounds(lease_s=1.5, look_s=0.2, flush_s=0.02, poll_s=0.02),
    )
    app = Continuity(product(path.with_suffix(".asked")), store=SqliteStore(path), settings=settings)
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[listener])


if __name__ == "__main__":
    main()
