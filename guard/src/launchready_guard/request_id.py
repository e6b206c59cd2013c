"""A name for each request, the same in the response, the log and the error page."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID_BYTES = 12
"""96 random bits: no two requests of one product share an id by chance."""

HEADER = "X-Request-Id"


class RequestIds:
    """Gives each request an id under `scope["state"]["request_id"]` and answers with it in `X-Request-Id`.

    An id that a client sends is not used: it would be someone else's text in our logs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(REQUEST_ID_BYTES)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)


def request_id_of(scope: Scope) -> str:
    """The id of the request, empty when no `RequestIds` stands in front."""
    state = scope.get("state", {})
    return str(state.get("request_id", ""))
