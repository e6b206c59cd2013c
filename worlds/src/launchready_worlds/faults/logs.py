"""What the product writes into its log."""

import base64
import json
import logging
import re
from collections.abc import Callable
from typing import TextIO
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachbot.parts import Parts
from launchready_guard.logs import RedactingFormatter
from launchready_worlds.addresses import APP
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.product import LOG_NAME
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import JOURNEY
from launchready_worlds.wrapping import Applies, at, everywhere

PRIVATE = {"private-words-in-log": (JOURNEY,)}
USELESS = {"logs-answer-nothing": (JOURNEY,)}
UNRECORDED = {"failed-logins-unrecorded": (JOURNEY,)}
ALL = {**PRIVATE, **USELESS, **UNRECORDED}

Note = Callable[[Scope, bytes], str]
"""What is written about a request and its body; empty writes nothing."""


def _also_logs(scene: Scene, note: Note, applies: Applies) -> None:
    """Let the product write a line of its own about some requests, into its own log."""
    streams: list[TextIO] = []

    def rebuild(parts: Parts) -> None:
        streams[:] = [one.stream for one in parts.logger.handlers if isinstance(one, logging.StreamHandler)]

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            body = bytearray()

            async def overheard() -> Message:
                message = await receive()
                body.extend(message.get("body", b""))
                return message

            await app(scope, overheard, send)
            line = note(scope, bytes(body)) if applies(scope) else ""
            for stream in streams if line else ():
                stream.write(line + "\n")
                stream.flush()

        return wrapped

    scene.rebuild.append(rebuild)
    scene.wrap(APP, wrapper)


class _Lacking(RedactingFormatter):
    """Lines without some fields, or with others in their place."""

    def __init__(self, *names: str, **instead: object) -> None:
        super().__init__()
        self._names = names
        self._instead = instead

    def format(self, record: logging.LogRecord) -> str:
        line = {name: value for name, value in json.loads(super().format(record)).items() if name not in self._names}
        return json.dumps(line | {name: value for name, value in self._instead.items() if name in line})


def _formatted(scene: Scene, formatter: logging.Formatter) -> None:
    def rebuild(parts: Parts) -> None:
        for handler in parts.logger.handlers:
            handler.setFormatter(formatter)

    scene.rebuild.append(rebuild)


CHAT = at("/api/chat", methods=("POST",))


@fault(PRIVATE)
def prompt_in_log(scene: Scene) -> None:
    """Every message to the chat is logged as it came."""
    _also_logs(scene, lambda _scope, body: json.dumps({"event": "chat", "body": body.decode()}), CHAT)


@fault(PRIVATE)
def prompt_in_log_packed(scene: Scene) -> None:
    """Messages are logged in base64, which everybody can read back."""
    _also_logs(scene, lambda _scope, body: f"payload={base64.b64encode(body).decode()}", CHAT)


@fault(PRIVATE)
def key_in_log(scene: Scene) -> None:
    """A message that holds a key is logged as suspicious, with the key."""
    pattern = re.compile(r"sk-[\w-]+")

    def note(_scope: Scope, body: bytes) -> str:
        found = pattern.search(body.decode())
        return f"suspicious: {found[0]}" if found else ""

    _also_logs(scene, note, CHAT)


@fault(PRIVATE)
def exception_quotes_prompt(scene: Scene) -> None:
    """A message that can't be read is logged with the text of the exception, which quotes it."""

    def note(_scope: Scope, body: bytes) -> str:
        try:
            json.loads(body)
        except ValueError as error:
            return f"ERROR JSONDecodeError: {error} in {body!r}"
        return ""

    _also_logs(scene, note, CHAT)


@fault(PRIVATE)
def address_in_log(scene: Scene) -> None:
    """Every sign-up is logged with the customer's mail address."""

    def note(_scope: Scope, body: bytes) -> str:
        return f"new account for {parse_qs(body.decode()).get('email', [''])[0]}"

    _also_logs(scene, note, at("/signup", methods=("POST",)))


@fault(PRIVATE)
def password_in_log(scene: Scene) -> None:
    """A log-in is logged with its form, password and all."""
    _also_logs(scene, lambda _scope, body: body.decode(), at("/login", methods=("POST",)))


@fault(PRIVATE)
def query_in_log(scene: Scene) -> None:
    """The access log holds whole URLs, and so what stands behind the question mark."""
    _also_logs(scene, lambda scope, _body: f"GET {scope['path']}?{scope['query_string'].decode()}", everywhere)


@fault(USELESS)
def log_without_request_ids(scene: Scene) -> None:
    """No line says which request it is about, though the customer is shown a number."""
    _formatted(scene, _Lacking("request_id"))


@fault(USELESS)
def log_without_visitors(scene: Scene) -> None:
    """No line says whose request it was."""
    _formatted(scene, _Lacking("client", "session"))


@fault({**USELESS, **UNRECORDED})
def log_without_outcomes(scene: Scene) -> None:
    """Lines say that there was a request, and not how it ended."""
    _formatted(scene, _Lacking("status", "outcome"))


@fault({**USELESS, **UNRECORDED})
def log_says_all_is_well(scene: Scene) -> None:
    """Whatever happens, the log says 200."""
    _formatted(scene, _Lacking("outcome", status=200))


@decoy(ALL)
def log_mentions_prompts(scene: Scene) -> None:
    """The log speaks of prompts, addresses and keys, and holds none."""

    def note(_scope: Scope, body: bytes) -> str:
        return f"prompt of {len(body)} bytes; email=[redacted] key=sk-proj-**** card=4000 **** **** ****"

    _also_logs(scene, note, CHAT)


@decoy(ALL)
def log_in_words(scene: Scene) -> None:
    """Beside its own lines the log holds some of a server, in words and without a query."""
    _also_logs(scene, lambda scope, _body: f'203.0.113.9 - "{scope["method"]} {scope["path"]}" done', everywhere)


@blind(ALL)
def log_missing(scene: Scene) -> None:
    """The declared log does not exist."""
    scene.declaration["logs"]["paths"] = ["nowhere.log"]


@blind(ALL)
def log_undeclared(scene: Scene) -> None:
    """Nobody said where the log is."""
    del scene.declaration["logs"]


@blind(ALL)
def log_of_another_product(scene: Scene) -> None:
    """The declared log exists, and the product writes into another."""
    scene.declaration["logs"]["paths"] = ["launchready.toml"]


@decoy(ALL)
def log_in_folder(scene: Scene) -> None:
    """A folder is declared instead of the file, by a longer way."""
    scene.declaration["logs"]["paths"] = [f"inbox/../{LOG_NAME}"]
