"""`python -m launchready_worlds provider`: the fault provider alone, for a copy of a product to be pointed at."""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from typing import Final

from starlette.applications import Starlette
from uvicorn.config import Config

from launchready_worlds.addresses import LOOPBACK
from launchready_worlds.http_server import HttpServer, http_config
from launchready_worlds.listener import Door, Listener
from launchready_worlds.pipes import CommandError, Commands, commands, emit
from launchready_worlds.provider import provider_routes
from launchready_worlds.provider_control import CONTROL_PATH, TOKEN_BYTES, control_route
from launchready_worlds.provider_moods import ProviderMood, Switch
from launchready_worlds.provider_record import Record
from launchready_worlds.provider_speech import MODEL

TOKEN_VARIABLE: Final = "LAUNCHREADY_PROVIDER_TOKEN"  # noqa: S105 - a variable's name
"""Holds a token that stays the same from start to start; without it there is a new one each time."""
MIN_TOKEN_CHARS: Final = 16
"""Shorter ones are guessed by what else runs on the machine."""
UNFINISHED: Final = "ASGI callable returned without completing response."
"""What uvicorn says of an answer that is cut on purpose."""


class UnknownMoodError(Exception):
    """There is no mood of that name; the text says which there are."""


def mood_named(name: str) -> ProviderMood:
    """A mood by its name.

    Raises:
        UnknownMoodError: There is none.
    """
    if name not in tuple(ProviderMood):
        raise UnknownMoodError(f"no mood is called {name!r}; there are: {', '.join(ProviderMood)}")
    return ProviderMood(name)


class WeakTokenError(Exception):
    """The token that was set is too short; the text says what to set."""


class PortTakenError(Exception):
    """Somebody else listens there; the text says what to do."""


def provider_app(switch: Switch, record: Record, token: str) -> Starlette:
    """The provider with its control endpoint."""
    return Starlette(routes=[*provider_routes(switch, record), control_route(switch, record, token)])


async def provide(mood: str, port: int) -> None:
    """Serve it on loopback until told to stop; the first event says where, with the token if it made one up.

    Args:
        mood: The first mood.
        port: The port, 0 for a free one.

    Raises:
        UnknownMoodError: There is no such mood.
        PortTakenError: The port can't be used.
        WeakTokenError: The token in the environment is too short.
    """
    switch, record, given = Switch(mood_named(mood)), Record(), os.environ.get(TOKEN_VARIABLE, "")
    if 0 < len(given) < MIN_TOKEN_CHARS:
        raise WeakTokenError(
            f"{TOKEN_VARIABLE} has less than {MIN_TOKEN_CHARS} characters; unset it, or set a longer one"
        )
    made = "" if given else secrets.token_hex(TOKEN_BYTES)
    await serve_until_told(
        http_config(provider_app(switch, record, given or made)),
        port,
        lambda origin: emit(
            "provider", url=f"{origin}/v1", control=f"{origin}{CONTROL_PATH}", token=made, model=MODEL, mood=mood
        ),
        lambda: emit("calls", **record.as_json()),
    )


async def serve_until_told(config: Config, port: int, ready: Callable[[str], None], counts: Callable[[], None]) -> None:
    """Serve an application on a loopback port; the commands are `counts` and `stop`.

    Args:
        config: The application.
        port: The port, 0 for a free one.
        ready: Told the origin.
        counts: Emits what was counted.

    Raises:
        PortTakenError: The port can't be used.
    """
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.getMessage() != UNFINISHED)
    server = HttpServer()
    try:
        listener = Listener(LOOPBACK, lambda: server.protocol(config), door=lambda: Door.OPEN, port=port)
    except OSError as error:
        raise PortTakenError(
            f"port {port} can't be used ({error.strerror}); take another, or 0 for a free one"
        ) from error
    async with commands() as source, asyncio.TaskGroup() as tasks, listener.serving(tasks):
        ready(f"http://{LOOPBACK}:{listener.port}")
        await _obey(source, counts)
        await server.drain()


async def _obey(source: Commands, counts: Callable[[], None]) -> None:
    while True:
        try:
            what = (await source.next())["do"]
        except CommandError as error:
            emit("error", message=str(error))
            continue
        if what == "stop":
            return
        if what == "counts":
            counts()
        else:
            emit("error", message=f"not a command here: {what}")
