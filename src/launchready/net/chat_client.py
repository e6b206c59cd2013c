"""Talks to a chatbot as a visitor's browser would, one message at a time, and watches how the answer comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import Final, Self

from launchready.facts.chat import Reply
from launchready.model.chat import Chat
from launchready.net.cookies import Cookies
from launchready.net.http_client import HttpClient

FIRST_VISITOR: Final = "a"
"""Name of the visitor who speaks where no other is named."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChatTarget:
    """The declared chat with the values that its headers have in this run.

    Attributes:
        chat: what the owner declared.
        headers: those of each visitor by name; they are secret, and no part of what is shown.
    """

    chat: Chat
    headers: Mapping[str, Headers] = field(default_factory=lambda: MappingProxyType({}), repr=False)


@dataclass(slots=True)
class Conversation:
    """One talk of one visitor; made by `ChatClient.conversation`.

    Attributes:
        target: who is talked to.
        visitor: who talks.
        cookies: the visitor's; shared by all their conversations.
        session: the id of the session, where it is not a cookie; None until it is known.
        history: what was said, as (role, text), for protocols in which the client sends it.
    """

    target: ChatTarget
    visitor: str = FIRST_VISITOR
    cookies: Cookies = field(default_factory=Cookies, repr=False)
    session: str | None = field(default=None, repr=False)
    history: list[tuple[str, str]] = field(default_factory=list, repr=False)


class ChatClient:
    """Says messages and reads answers. Use it in `async with`.

    Args:
        http: the way to the world; requests are counted there.
    """

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open."""

    def conversation(
        self, target: ChatTarget, visitor: str = FIRST_VISITOR, cookies: Cookies | None = None
    ) -> Conversation:
        """A new talk of a visitor; `cookies` are what they have from an earlier visit, such as a log-in."""
        return Conversation(target, visitor, Cookies() if cookies is None else cookies)

    async def say(self, conversation: Conversation, text: str, *, message_id: str | None = None) -> Reply:
        """Say something and read the whole answer; what goes wrong on the way is in the reply, and never raised.

        Args:
            conversation: whose next message it is.
            text: the message.
            message_id: the client's id of the message; a new one is made up where the chat has a place for it.
        """
        raise NotImplementedError

    async def send(self, conversation: Conversation, body: bytes) -> Reply:
        """Send bytes in place of a message, with all that otherwise goes with it; the history stays as it is."""
        raise NotImplementedError
