"""The body of a message, as each protocol wants it."""

import json
from collections.abc import Sequence
from typing import Final

from launchready.model.chat import Chat, ChatProtocol, Place
from launchready.parse.json_path import JsonPath, read_path

DEFAULT_MESSAGE: Final = "$.message"
DEFAULT_HISTORY: Final = "$.messages"
UI_TRIGGER: Final = "submit-message"
"""What `useChat` says when somebody sends a message, and does not ask for another answer."""

Said = tuple[str, str]
"""Who said something, `user` or `assistant`, and what."""


def body_of(chat: Chat, said: Sequence[Said], session: str | None, message_id: str | None) -> bytes:
    """The JSON to send.

    Args:
        chat: what is declared.
        said: the talk so far, the message to send last.
        session: the id of the session, where it is known.
        message_id: the id of the message, where it has one.

    Raises:
        JsonPathError: a declared path does not fit the declared body.
    """
    value: object = json.loads(chat.body) if chat.body else {}
    if chat.model:
        value = read_path("$.model").put(value, chat.model)
    if chat.protocol is ChatProtocol.OPENAI:
        value = read_path("$.stream").put(value, new=True) if not chat.body else value
        value = _history_at(chat).put(value, _turns(said))
    elif chat.protocol is ChatProtocol.UI_MESSAGE_STREAM:
        value = _ui_body(value, chat, said, session, message_id)
    else:
        if chat.history:
            value = _history_at(chat).put(value, _turns(said))
        if chat.message or not chat.history:
            value = read_path(chat.message or DEFAULT_MESSAGE).put(value, said[-1][1])
    if chat.session.place is Place.BODY and session is not None:
        value = read_path(chat.session.name).put(value, session)
    if chat.message_id.place is Place.BODY and message_id is not None:
        value = read_path(chat.message_id.name).put(value, message_id)
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _history_at(chat: Chat) -> JsonPath:
    return read_path(chat.history or DEFAULT_HISTORY)


def _turns(said: Sequence[Said]) -> list[dict[str, str]]:
    return [{"role": role, "content": text} for role, text in said]


def _ui_body(value: object, chat: Chat, said: Sequence[Said], session: str | None, message_id: str | None) -> object:
    """What `useChat` posts: an id of the talk, and messages made of parts."""
    messages = [
        {"id": f"m{number}", "role": role, "parts": [{"type": "text", "text": text}]}
        for number, (role, text) in enumerate(said)
    ]
    if message_id is not None:
        messages[-1]["id"] = message_id
    value = _history_at(chat).put(value, messages)
    value = read_path("$.trigger").put(value, UI_TRIGGER)
    return value if session is None else read_path("$.id").put(value, session)
