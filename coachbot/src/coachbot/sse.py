"""Server-sent events: the wire format, and a response that lets go of its maker."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


def sse_event(data: dict[str, object], *, event: str | None = None) -> bytes:
    """One event in the format of the HTML standard, section 9.2; `Continuity` in front numbers it.

    Args:
        data: Sent as one line of JSON.
        event: Its type; None is the plain `message`.
    """
    lines = [f"event: {event}"] if event is not None else []
    return "\n".join([*lines, f"data: {json.dumps(data, ensure_ascii=False)}", "", ""]).encode()


class EventStream(Response):
    """Sends events as they are made.

    Args:
        events: Makes the events; closed in every case, so its `finally` is where partial work is kept.
    """

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers={"Cache-Control": "no-store, no-transform"})
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the events end."""
        del scope, receive
        async with aclosing(self._events) as events:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for event in events:
                await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
