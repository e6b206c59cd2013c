"""The chat of a product as its owner declares it: where it is asked, in which words, and how it answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FIRST_TOKEN_S: Final = 10.0
"""Seconds until the first word: people leave a silent chat after about that long."""

IDLE_S: Final = 20.0
"""Seconds between two words: a stream that pauses longer does not come back."""

TOTAL_S: Final = 90.0
"""Seconds for a whole answer: below what an edge in front of it waits."""

EDGE_LIMIT_S: Final = 100.0
"""Seconds after which Cloudflare cuts an answer that is silent (error 524), as its documentation says."""


class ChatProtocol(StrEnum):
    """How a message is sent and its answer comes back."""

    JSON = "json"
    SSE = "sse"
    WEBSOCKET = "websocket"
    OPENAI = "openai"
    UI_MESSAGE_STREAM = "ui-message-stream"


class Place(StrEnum):
    """Where a value such as the id of a session stands in a request."""

    NONE = "none"
    BODY = "body"
    HEADER = "header"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Placed:
    """A place and its name there: a JSON path in a body, or the name of a header. Cookies need no name."""

    place: Place = Place.NONE
    name: str = ""


@dataclass(frozen=True, slots=True)
class SecretHeader:
    """A header whose value is in an environment variable, which is named here and never read here.

    `prefix` is what stands before it in the header, such as `Bearer `.
    """

    name: str
    variable: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class ChatVisitor:
    """Somebody who chats, with headers of their own, such as a token."""

    name: str
    headers: tuple[SecretHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatTool:
    """A tool that the bot may call, and the roles of visitors who may make it do so; empty means all."""

    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budgets:
    """How long an answer may take, in seconds; all are below the edge's limit."""

    first_token_s: float = FIRST_TOKEN_S
    idle_s: float = IDLE_S
    total_s: float = TOTAL_S
    edge_limit_s: float = EDGE_LIMIT_S


@dataclass(frozen=True, slots=True)
class Chat:
    """The product's chat.

    Attributes:
        url: http, https, ws or wss.
        protocol: how it speaks.
        body: a JSON object that goes with every message; the message is put into it. Empty means the protocol's own.
        message: JSON path in the body where the message stands; empty means the protocol's own.
        history: JSON path in the body where the client sends the whole talk as a list of role and content.
        reply: JSON path in an answer, or in the data of its events, where the visible text stands; empty means that
            usual fields are recognised.
        end: type or data of the event that ends an answer; empty means that the usual ones do.
        model: name of the model, where the client sends it.
        session: where the id of a session stands; from the server's answer it is read at the same place.
        client_makes_session: whether the client makes that id up, and not the server.
        message_id: where the client's id of a message stands, by which a repeated message is known.
        headers: of every visitor.
        visitors: two of them at most; where there are none, two without headers of their own are made up.
        login: name of the journey that signs a visitor up; empty means that nobody has to.
        staging: whether it is a copy that no customer uses, so that it may be broken and attacked.
        budgets: how long an answer may take.
        tools: what the bot may call; None means that the owner has not said.
        version: URL that tells which commit answers; empty where there is none.
        provider_control: URL that switches the moods of the fault provider behind it; empty where there is none.
        provider_token: variable with the token for it.
        records: folder where tests of it are written down.
        record_days: how long they count.
        declared: digest of what is declared, so that a test of another declaration does not count.
    """

    url: str
    protocol: ChatProtocol = ChatProtocol.JSON
    body: str = ""
    message: str = ""
    history: str = ""
    reply: str = ""
    end: str = ""
    model: str = ""
    session: Placed = Placed(Place.COOKIE)
    client_makes_session: bool = False
    message_id: Placed = Placed()
    headers: tuple[SecretHeader, ...] = ()
    visitors: tuple[ChatVisitor, ...] = ()
    login: str = ""
    staging: bool = False
    budgets: Budgets = Budgets()
    tools: tuple[ChatTool, ...] | None = None
    version: str = ""
    provider_control: str = ""
    provider_token: str = ""
    records: str = ""
    record_days: int = 30
    declared: str = ""

    @property
    def id(self) -> str:
        """Canonical id; there is one chat at most."""
        return "chat"
