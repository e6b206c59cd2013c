"""Server-sent events: the wire format, and a response that stops working when nobody listens any more."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STREAM_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # nginx would hold the words back until its buffer is full
}


def sse_event(data: dict[str, object], *, event: str | None = None, event_id: int | None = None) -> bytes:
    """One event in the format of the HTML standard, section 9.2.

    Args:
        data: Sent as one line of JSON.
        event: Its type; None is the plain `message`.
        event_id: Its number in the stream.
    """
    lines = [f"id: {event_id}"] if event_id is not None else []
    lines += [f"event: {event}"] if event is not None else []
    return "\n".join([*lines, f"data: {json.dumps(data, ensure_ascii=False)}", "", ""]).encode()


class EventStream(Response):
    """Sends events as they are made, and closes their maker when the client has gone.

    Args:
        events: Makes the events; closed in every case, so its `finally` is where partial work is kept.
    """

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers=STREAM_HEADERS)
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the events end or the client goes."""
        del scope
        async with asyncio.TaskGroup() as group:
            pump = group.create_task(self._pump(send))
            listener = group.create_task(_until_gone(receive))
            pump.add_done_callback(lambda _ended: listener.cancel())
            listener.add_done_callback(lambda _gone: pump.cancel())

    async def _pump(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with aclosing(self._events) as events:
            async for event in events:
                await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
