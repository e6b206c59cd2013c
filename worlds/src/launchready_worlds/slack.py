"""An incoming webhook that remembers what was posted, as a team's alert channel does."""

from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

HOOK_PATH = "/services/T00000000/B00000000/world"


class SlackSink:
    """Keeps every payload in order.

    Attributes:
        posted: The payloads, decoded.
    """

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []

    def route(self) -> Route:
        """The webhook."""
        return Route(HOOK_PATH, self._receive, methods=["POST"])

    async def _receive(self, request: Request) -> Response:
        payload = await request.json()
        if not isinstance(payload, dict) or not ({"text", "blocks", "attachments"} & payload.keys()):
            return PlainTextResponse("no_text", 400)
        self.posted.append(payload)
        return PlainTextResponse("ok")
