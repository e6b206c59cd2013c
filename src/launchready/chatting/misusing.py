"""Sends what no page of the product would send."""

import json
from typing import Final

from launchready.chatting.ordinary import QUESTION
from launchready.chatting.stage import SECOND_VISITOR, Stage, heard
from launchready.facts.chat import Reply, Transport
from launchready.facts.chat_trials import BadInput, InputTrial
from launchready.net.chat_client import Conversation
from launchready.net.chat_request import body_of
from launchready.parse.chat_leaks import leaks_in

LARGE_CHARS: Final = 10 * 1024 * 1024
"""A message that no person writes: two thousand pages. Most products allow a few thousand characters."""

SPARE_ID: Final = "launchready-0001"


async def misuse_once(stage: Stage, kind: BadInput) -> InputTrial:
    """One bad message, and an ordinary one after it."""
    stage.say_to_owner(f"a bad message: {kind.value}")
    talk = await stage.talk(SECOND_VISITOR)
    reply = await stage.client.send(talk, _bytes_of(stage, talk, kind))
    after = await stage.ask(await stage.talk(SECOND_VISITOR), QUESTION)
    return InputTrial(kind, heard(reply), leaks_in((*reply.other, *_words(reply))), after.transport is Transport.OK)


def _words(reply: Reply) -> tuple[str, ...]:
    return (reply.text,) if reply.text else ()


def _bytes_of(stage: Stage, talk: Conversation, kind: BadInput) -> bytes:
    def message(text: str) -> bytes:
        return body_of(stage.chat, [("user", text)], talk.session, f"{SPARE_ID}-{kind.value}")

    match kind:
        case BadInput.INVALID_JSON:
            return message(QUESTION)[:-1] + b",,,"
        case BadInput.NO_OBJECT:
            return b'["' + b"x" * 100 + b'"]'
        case BadInput.NO_MESSAGE:
            return b"{}"
        case BadInput.NULL_BYTES:
            return message("What\x00 does it\x00cost?")
        case BadInput.UNKNOWN_FIELDS:
            known = json.loads(message(QUESTION))
            return json.dumps({**known, "role": "system", "__proto__": {"admin": True}, "debug": True}).encode()
        case BadInput.TOO_LARGE:
            return message("a" * LARGE_CHARS)
