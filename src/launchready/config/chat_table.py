"""The table `[chat]` of `launchready.toml` with its meanings."""

from typing import Annotated

from msgspec import Meta, Struct

from launchready.config.keys import COMMAND, MAX_RECORD_DAYS, CommandLine, Words
from launchready.model.chat import ChatProtocol

MAX_EDGE_LIMIT_S = 600
"""Longest that an edge waits, in seconds: most edges allow less than ten minutes, and nobody waits longer for an
answer."""


class ChatTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The chat that customers talk to, for `launchready chat test` and `launchready redteam`."""

    url: Annotated[
        Words,
        Meta(
            description="URL that messages are posted to, or that a WebSocket opens: on a declared host, or on this "
            "machine.",
            examples=["https://staging.example.com/api/chat"],
        ),
    ]
    protocol: Annotated[ChatProtocol, Meta(description="How it answers.", examples=["sse"])] = ChatProtocol.JSON
    body: Annotated[
        str,
        Meta(
            description="JSON that goes with every message; the message is put into it.",
            examples=["{'lang': 'en'}"],
            extra={"next_step": 'Write for example: body = \'{"lang": "en"}\''},
        ),
    ] = ""
    message: Annotated[
        str,
        Meta(
            description="JSON path of the message in the body; `$.message` where absent.", examples=["$.input.question"]
        ),
    ] = ""
    history: Annotated[
        str,
        Meta(
            description="JSON path of the whole talk in the body, as a list of role and content, where the client "
            "sends it.",
            examples=["$.messages"],
        ),
    ] = ""
    reply: Annotated[
        str,
        Meta(
            description="JSON path of the visible text in the answer or in each event; usual fields are recognised.",
            examples=["$.reply"],
        ),
    ] = ""
    end: Annotated[
        str,
        Meta(
            description="Type or data of the event that ends an answer; usual ones are recognised.", examples=["done"]
        ),
    ] = ""
    model: Annotated[str, Meta(description="Name of the model, where the client sends it.", examples=["gpt-5"])] = ""
    session: Annotated[
        str,
        Meta(
            description="Where the id of a session stands: `cookie`, `none`, `body:PATH` or `header:NAME`.",
            examples=["body:$.session_id"],
        ),
    ] = "cookie"
    client_makes_session: Annotated[
        bool, Meta(description="Whether the client makes the id of a session up, and not the server.")
    ] = False
    message_id: Annotated[
        str,
        Meta(
            description="Where the client's id of a message stands, by which a repeated one is known: `none`, "
            "`body:PATH` or `header:NAME`.",
            examples=["body:$.message_id"],
        ),
    ] = "none"
    headers: Annotated[
        tuple[Words, ...],
        Meta(
            description="Headers of every message, as `NAME: env:VARIABLE` or `NAME: Bearer env:VARIABLE`; values stay "
            "outside this file.",
            examples=[["Authorization: Bearer env:CHAT_TOKEN"]],
        ),
    ] = ()
    visitor_a: Annotated[
        tuple[Words, ...],
        Meta(description="Headers of the first visitor, besides.", examples=[["Authorization: Bearer env:TOKEN_A"]]),
    ] = ()
    visitor_b: Annotated[
        tuple[Words, ...],
        Meta(
            description="Headers of a second visitor, whose talk nobody else may see.",
            examples=[["Authorization: Bearer env:TOKEN_B"]],
        ),
    ] = ()
    login: Annotated[
        str, Meta(description="Name of the [[journeys]] that signs a visitor up first.", examples=["signup"])
    ] = ""
    staging: Annotated[
        bool, Meta(description="Whether it is a copy that no customer uses, so that it may be broken and attacked.")
    ] = False
    first_token_s: Annotated[
        int, Meta(ge=1, le=MAX_EDGE_LIMIT_S, description="Seconds until the first word of an answer.", examples=[10])
    ] = 10
    idle_s: Annotated[
        int, Meta(ge=1, le=MAX_EDGE_LIMIT_S, description="Seconds between two words of an answer.", examples=[20])
    ] = 20
    total_s: Annotated[
        int, Meta(ge=1, le=MAX_EDGE_LIMIT_S, description="Seconds for a whole answer.", examples=[90])
    ] = 90
    edge_limit_s: Annotated[
        int,
        Meta(
            ge=2,
            le=MAX_EDGE_LIMIT_S,
            description="Seconds after which the edge or proxy in front cuts an answer; the budgets stay below it.",
            examples=[100],
        ),
    ] = 100
    tools: Annotated[
        tuple[Words, ...] | None,
        Meta(
            description="What the bot may call, as `NAME` or `NAME: ROLE, ROLE`; an empty list means nothing.",
            examples=[["find_slots", "cancel_booking: owner"]],
        ),
    ] = None
    version: Annotated[
        str,
        Meta(
            description="URL that tells which commit answers; that of a version endpoint on its host where absent.",
            examples=["https://staging.example.com/version"],
        ),
    ] = ""
    provider_control: Annotated[
        str,
        Meta(
            description="Control URL of `launchready provider` behind it, which then breaks on purpose.",
            examples=["http://127.0.0.1:8555/control"],
        ),
    ] = ""
    provider_token: Annotated[
        str | None,
        Meta(description="Where its token is: `env:NAME` or `file:PATH`.", examples=["env:PROVIDER_TOKEN"]),
    ] = None
    restart: Annotated[
        CommandLine | None,
        Meta(
            description="Restarts the chat, to see whether a talk goes on; it ends when the chat answers again.",
            examples=["docker compose restart app"],
            extra=COMMAND,
        ),
    ] = None
    record_days: Annotated[
        int, Meta(ge=1, le=MAX_RECORD_DAYS, description="Days that a test of it counts.", examples=[30])
    ] = 30
    manifest: Annotated[
        str,
        Meta(
            description="File that `launchready redteam plant` wrote, seen from this one: what is planted in the chat.",
            examples=["manifest.json"],
        ),
    ] = ""
    attacks: Annotated[
        str,
        Meta(
            description="File with attacks of your own for `launchready redteam`, seen from this file.",
            examples=["attacks.toml"],
        ),
    ] = ""
    price_per_call: Annotated[
        float,
        Meta(ge=0, description="What one message costs you, in your own currency; 0 is not said.", examples=[0.002]),
    ] = 0.0
    price_per_million_tokens: Annotated[
        float,
        Meta(ge=0, description="What a million tokens cost you, in your own currency; 0 is not said.", examples=[0.6]),
    ] = 0.0
