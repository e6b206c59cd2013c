"""The table `[chat]`: what an audit has to know of it, and what `launchready chat test` and `redteam` need besides."""

import functools
import hashlib
import ipaddress
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchready.config.chat_table import ChatTable
from launchready.config.decode import read_document
from launchready.config.deploy import RECORDS_FOLDER
from launchready.config.document import Document
from launchready.config.environment import token_reference
from launchready.config.errors import ConfigError, ValueProblem, shown
from launchready.config.keys import CommandLine
from launchready.config.source import Row, Source
from launchready.config.urls import host_of_any, visible_url
from launchready.model.chat import (
    Budgets,
    Chat,
    ChatProtocol,
    ChatTool,
    ChatVisitor,
    Place,
    Placed,
    SecretHeader,
)
from launchready.model.subject import EndpointKind
from launchready.parse.json_path import JsonPathError, read_path

VISITORS: Final = ("a", "b")
"""Names of the two visitors."""

HTTP: Final = ("https", "http")
WEB_SOCKET: Final = ("wss", "ws")
SAFE: Final = frozenset({"https", "wss"})

NOT_TRIED: Final = frozenset({"manifest", "attacks", "price_per_call", "price_per_million_tokens", "record_days"})
"""Keys of [chat] that change nothing in a test of it."""

DECLARE_CHAT: Final = 'Add the line [chat], and under it: url = "https://staging.example.com/api/chat"'

_HEADER: Final = re.compile(
    r"(?P<name>[A-Za-z0-9-]{1,60}):\s*(?P<prefix>[A-Za-z0-9-]{1,20} )?env:(?P<variable>[A-Za-z_][A-Za-z0-9_]*)"
)
_TOOL: Final = re.compile(r"(?P<name>[A-Za-z0-9_.:/-]+?)(?::\s+(?P<roles>.+))?")
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class ChatPlan:
    """What a test needs and an audit does not: the folder of the file, and the owner's command (None: not declared)."""

    base: Path
    restart: CommandLine | None


def build_chat(document: Document, source: Source, base: Path, known: set[str]) -> Chat | None:
    """What is declared; None where no `[chat]` is.

    Args:
        document: The tables of the file.
        source: The file, for messages.
        base: Absolute path of the folder that paths are seen from.
        known: Names of the declared hosts.

    Raises:
        ConfigError: a value can't be right, or contradicts another.
    """
    table = document.chat
    if table is None:
        return None
    row = source.row("chat")
    url = _own_url(row, known, "url", table.url, WEB_SOCKET if table.protocol is ChatProtocol.WEBSOCKET else HTTP)
    _vet(table, row, document)
    token = table.provider_token
    return Chat(
        url=url,
        protocol=table.protocol,
        body=row.read("body", _json_object, table.body),
        message=row.read("message", _single_path, table.message),
        history=row.read("history", _single_path, table.history),
        reply=row.read("reply", _path, table.reply),
        end=table.end,
        model=table.model,
        session=row.read("session", _placed, table.session),
        client_makes_session=table.client_makes_session,
        message_id=row.read("message_id", _placed, table.message_id),
        headers=row.read("headers", _headers, table.headers),
        visitors=_visitors(table, row),
        login=table.login,
        staging=table.staging,
        budgets=Budgets(
            float(table.first_token_s), float(table.idle_s), float(table.total_s), float(table.edge_limit_s)
        ),
        tools=None if table.tools is None else row.read("tools", _tools, table.tools),
        version=_version(table, row, document, known, url),
        provider_control=row.read("provider_control", _loopback_url, table.provider_control),
        provider_token=""
        if token is None
        else row.read("provider_token", functools.partial(token_reference, base), token),
        records=str(base / RECORDS_FOLDER),
        record_days=table.record_days,
        declared=digest_of_chat(source.text),
    )


def digest_of_chat(text: str) -> str:
    """16 hexadecimal digits that change when [chat] does, except for keys that no test reads.

    It is the SHA-256 of the table, as it stands in the file, in JSON with sorted keys and no blanks.

    Args:
        text: TOML that a document was read from.
    """
    told = {key: value for key, value in tomllib.loads(text)["chat"].items() if key not in NOT_TRIED}
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def load_chat_plan(path: Path) -> ChatPlan:
    """The plan in a file that `load_product` has taken.

    Raises:
        ConfigError: it declares no chat.
    """
    document, _ = read_document(path.read_text("utf-8-sig"), str(path))
    if document.chat is None:
        raise ConfigError("there is no [chat] table.", where=shown(str(path))[1:-1], next_step=DECLARE_CHAT)
    return ChatPlan(path.absolute().parent, document.chat.restart)


def is_on_this_machine(url: str) -> bool:
    """Whether a URL names this machine, so that nobody else's is touched."""
    host = host_of_any(url)
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _vet(table: ChatTable, row: Row, document: Document) -> None:
    for key in ("first_token_s", "idle_s", "total_s"):
        if getattr(table, key) >= table.edge_limit_s:
            what = (
                f"{key} is not below edge_limit_s, which is {table.edge_limit_s}: the edge would cut the answer first."
            )
            raise row.error(what, f"Write a smaller {key}, such as {key} = {max(1, table.edge_limit_s - 10)}", key)
    if table.first_token_s > table.total_s:
        raise row.error("first_token_s is more than total_s.", "Write the larger number under total_s.", "total_s")
    names = [journey.name for journey in document.journeys]
    if table.login and table.login not in names:
        known = f"It can be one of {', '.join(names)}." if names else "Declare the way as a [[journeys]] table first."
        raise row.error(f"login names {shown(table.login)}, which is no journey of this file.", known, "login")
    if table.provider_control and table.provider_token is None:
        step = 'Add for example: provider_token = "env:PROVIDER_TOKEN"'
        raise row.error("needs the key 'provider_token' beside provider_control.", step)
    if table.restart == ():
        raise row.error(
            "restart is an empty list.", 'Write the program first: restart = ["make", "restart"]', "restart"
        )


def _own_url(row: Row, known: set[str], key: str, text: str, schemes: tuple[str, ...]) -> str:
    url = row.read(key, functools.partial(visible_url, schemes), text)
    if is_on_this_machine(url):
        return url
    host = host_of_any(url)
    if host not in known:
        step = f'Add the line [[hosts]], and under it: name = "{host}"'
        raise row.error(f"{key} is on {host}, which is not a declared host.", step, key)
    if url.partition(":")[0] not in SAFE:
        raise row.error(f"{key} is not encrypted.", f"Write it with {schemes[0]}://", key)
    return url


def _version(table: ChatTable, row: Row, document: Document, known: set[str], url: str) -> str:
    if table.version:
        return _own_url(row, known, "version", table.version, HTTP)
    urls = [one.url for one in document.endpoints if one.kind is EndpointKind.VERSION]
    return next((one for one in urls if host_of_any(one) == host_of_any(url)), "")


def _loopback_url(text: str) -> str:
    if text and not is_on_this_machine(visible_url(HTTP, text)):
        step = "Run `launchready provider` on this machine, and write the URL that it prints."
        raise ValueProblem("is not on this machine", step)
    return text


def _json_object(text: str) -> str:
    if not text:
        return ""
    step = 'Write for example: body = \'{"lang": "en"}\''
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueProblem("is not JSON", step) from None
    if not isinstance(value, dict):
        raise ValueProblem("is no JSON object", step)
    return text


def _path(text: str) -> str:
    if text:
        try:
            read_path(text)
        except JsonPathError as error:
            raise ValueProblem(str(error), "Write a path such as $.choices[0].message.content") from None
    return text


def _single_path(text: str) -> str:
    if _path(text) and not read_path(text).is_single:
        raise ValueProblem("has a *, and the place has to be one", "Write a path such as $.message")
    return text


def _placed(text: str) -> Placed:
    step = "Write cookie, none, body:$.session_id or header:X-Session-Id"
    kind, _, name = text.partition(":")
    if kind in {Place.NONE.value, Place.COOKIE.value} and not name:
        return Placed(Place(kind))
    if kind == Place.BODY.value and name:
        return Placed(Place.BODY, _single_path(name))
    if kind == Place.HEADER.value and _HEADER_NAME.fullmatch(name):
        return Placed(Place.HEADER, name)
    raise ValueProblem("names no place", step)


def _headers(lines: tuple[str, ...]) -> tuple[SecretHeader, ...]:
    return tuple(map(_secret_header, lines))


def _secret_header(line: str) -> SecretHeader:
    match = _HEADER.fullmatch(line)
    if match is None:
        step = 'Put the value into a variable, and write "Authorization: Bearer env:CHAT_TOKEN"'
        raise ValueProblem("has to say which variable holds the value, and never the value", step)
    return SecretHeader(match["name"], match["variable"], match["prefix"] or "")


def _visitors(table: ChatTable, row: Row) -> tuple[ChatVisitor, ...]:
    keys = ("visitor_a", "visitor_b")
    return tuple(
        ChatVisitor(name, row.read(key, _headers, getattr(table, key)))
        for name, key in zip(VISITORS, keys, strict=True)
        if getattr(table, key)
    )


def _tools(lines: tuple[str, ...]) -> tuple[ChatTool, ...]:
    return tuple(map(_tool, lines))


def _tool(line: str) -> ChatTool:
    match = _TOOL.fullmatch(line)
    if match is None:
        raise ValueProblem(f"holds {shown(line)}", 'Write the name of a tool, or "NAME: ROLE, ROLE".')
    roles = [role.strip() for role in (match["roles"] or "").split(",")]
    return ChatTool(match["name"], tuple(role for role in roles if role))
