"""Talks to a chatbot as a visitor's browser would, one message at a time, and watches how the answer comes."""

import asyncio
import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from launchready.facts.chat import Reply, Transport
from launchready.model.chat import Budgets, Chat, ChatProtocol, Place
from launchready.model.reading import NotSeen, Why
from launchready.net.chat_reply import Headers, Listener
from launchready.net.chat_request import body_of
from launchready.net.cookies import Cookies
from launchready.net.http_client import HttpClient
from launchready.net.http_message import Request
from launchready.net.network import Network
from launchready.net.websocket import Socket

FIRST_VISITOR: Final = "a"
"""Name of the visitor who speaks where no other is named."""

MAX_HISTORY: Final = 200
"""Turns that are sent again with each message, where the client sends them; older ones are left out."""

_STOPPED: Final = {
    Why.TIMED_OUT: Transport.TIMED_OUT_FIRST,
    Why.TOO_LARGE: Transport.TOO_LARGE,
}
_ACCEPT: Final = "text/event-stream, application/json, text/plain"


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
        last_message_id: the id that the last message went with.
    """

    target: ChatTarget
    visitor: str = FIRST_VISITOR
    cookies: Cookies = field(default_factory=Cookies, repr=False)
    session: str | None = field(default=None, repr=False)
    history: list[tuple[str, str]] = field(default_factory=list, repr=False)
    last_message_id: str | None = None


class ChatClient:
    """Says messages and reads answers. Use it in `async with`.

    Args:
        http: the way to the world; requests are counted there.
    """

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._sockets: dict[int, tuple[Conversation, Socket]] = {}  # the talk is kept, so that its id stays its own
        self._with_end: set[str] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, socket in self._sockets.values():
            await socket.close()
        self._sockets.clear()

    def conversation(
        self, target: ChatTarget, visitor: str = FIRST_VISITOR, cookies: Cookies | None = None
    ) -> Conversation:
        """A new talk of a visitor; `cookies` are what they have from an earlier visit, such as a log-in."""
        made = uuid.uuid4().hex if target.chat.client_makes_session else None
        return Conversation(target, visitor, Cookies() if cookies is None else cookies, made)

    def second_tab(self, conversation: Conversation) -> Conversation:
        """The same visitor and the same session in another tab, or after a reload: only what the browser keeps."""
        return dataclasses.replace(conversation, history=list(conversation.history), last_message_id=None)

    async def say(
        self,
        conversation: Conversation,
        text: str,
        *,
        message_id: str | None = None,
        budgets: Budgets | None = None,
        leave_after: int | None = None,
    ) -> Reply:
        """Say something and read the whole answer; what goes wrong on the way is in the reply, and never raised.

        Args:
            conversation: whose next message it is.
            text: the message.
            message_id: the client's id of the message; a new one is made up where the chat has a place for it.
            budgets: how long to wait, in place of the declared ones.
            leave_after: hang up after so many pieces with content, as a visitor who reloads the page.
        """
        chat = conversation.target.chat
        if message_id is None and chat.message_id.place is not Place.NONE:
            message_id = str(uuid.uuid4())
        conversation.last_message_id = message_id
        said = [*conversation.history[-MAX_HISTORY:], ("user", text)]
        body = body_of(chat, said, conversation.session, message_id)
        reply = await self._exchange(conversation, body, message_id, budgets or chat.budgets, leave_after)
        if reply.transport is Transport.OK:
            conversation.history += [("user", text), ("assistant", reply.text)]
        return reply

    async def send(self, conversation: Conversation, body: bytes) -> Reply:
        """Send bytes in place of a message, with all that otherwise goes with it; the history stays as it is."""
        chat = conversation.target.chat
        message_id = str(uuid.uuid4()) if chat.message_id.place is Place.HEADER else None
        return await self._exchange(conversation, body, message_id, chat.budgets, None)

    async def _exchange(
        self, conversation: Conversation, body: bytes, message_id: str | None, budgets: Budgets, leave_after: int | None
    ) -> Reply:
        chat = conversation.target.chat
        clock = asyncio.get_running_loop().time
        listener = Listener(chat, clock, end_is_known=chat.url in self._with_end, enough=leave_after)
        stopped = await self._listen(conversation, listener, (body, _headers(conversation, message_id)), budgets)
        conversation.cookies.store(
            _http_url(chat.url), tuple(value for name, value in listener.headers if name == "set-cookie")
        )
        reply = listener.reply(stopped)
        self._learn_session(conversation, listener)
        if reply.done_seen and chat.protocol is not ChatProtocol.JSON and reply.pieces:
            self._with_end.add(chat.url)
        return reply

    async def _listen(
        self, conversation: Conversation, listener: Listener, message: tuple[bytes, Headers], budgets: Budgets
    ) -> tuple[Transport, str] | None:
        """Send, and hear the answer until it ends or a budget does; None where it ended by itself."""
        chat = conversation.target.chat
        now = asyncio.get_running_loop().time()
        last = now + budgets.total_s
        first = last if chat.protocol is ChatProtocol.JSON else now + budgets.first_token_s
        try:
            async with asyncio.timeout_at(min(first, last)) as limit:
                listener.on_content = lambda at: _wait_until(limit, min(now + at + budgets.idle_s, last))
                if chat.protocol is ChatProtocol.WEBSOCKET:
                    await self._over_socket(conversation, listener, message)
                else:
                    await self._over_http(conversation, listener, message)
        except TimeoutError:
            return _too_late(listener, budgets, is_total=asyncio.get_running_loop().time() >= last)
        except NotSeen as unseen:
            if listener.status is not None:
                return Transport.CUT, f"The connection broke in the middle of the answer: {unseen.detail}"
            return _STOPPED.get(unseen.why, Transport.NO_CONNECTION), unseen.detail
        return None

    async def _over_http(self, conversation: Conversation, listener: Listener, message: tuple[bytes, Headers]) -> None:
        url = conversation.target.chat.url
        body, headers = message
        await self._http.send(
            Request(
                url,
                method="POST",
                headers=headers,
                body=body,
                cookies=conversation.cookies.header_for(url),
                even_if_challenged=True,
                watcher=listener,
            )
        )

    async def _over_socket(
        self, conversation: Conversation, listener: Listener, message: tuple[bytes, Headers]
    ) -> None:
        _, socket = self._sockets.get(id(conversation), (conversation, None))
        if socket is None or not socket.is_open:
            url = conversation.target.chat.url
            cookies = conversation.cookies.header_for(_http_url(url))
            socket = await Socket.open(self._http, url, (*message[1], *((("Cookie", cookies),) if cookies else ())))
            self._sockets[id(conversation)] = conversation, socket
        await socket.ask(message[0], listener)

    def _learn_session(self, conversation: Conversation, listener: Listener) -> None:
        place = conversation.target.chat.session
        if place.place is Place.BODY and listener.session is not None:
            conversation.session = listener.session
        elif place.place is Place.HEADER:
            name = place.name.lower()
            conversation.session = next((v for n, v in listener.headers if n == name and v), conversation.session)


def network_for(network: Network, *urls: str) -> Network:
    """A network on which what these URLs name may be reached where it is this machine; others stay as they are."""
    hosts = {urlsplit(url).hostname or "" for url in urls}
    own = sorted(host for host in hosts if host in {"localhost", "::1"} or host.startswith("127."))
    given = tuple((host, ("127.0.0.1",)) for host in own if host == "localhost")
    return dataclasses.replace(
        network, resolve=(*network.resolve, *given), allow_private=(*network.allow_private, *own)
    )


def _wait_until(limit: asyncio.Timeout, when: float) -> None:
    """Wait on, where the time is not over already."""
    if not limit.expired():
        limit.reschedule(when)


def _too_late(listener: Listener, budgets: Budgets, *, is_total: bool) -> tuple[Transport, str]:
    if is_total:
        return Transport.TIMED_OUT_TOTAL, f"The answer was not whole after {budgets.total_s:g} seconds."
    if listener.has_content:
        return Transport.TIMED_OUT_IDLE, f"The answer stood still for {budgets.idle_s:g} seconds."
    return Transport.TIMED_OUT_FIRST, f"No word came within {budgets.first_token_s:g} seconds."


def _headers(conversation: Conversation, message_id: str | None) -> Headers:
    chat = conversation.target.chat
    parts = urlsplit(_http_url(chat.url))
    headers: list[tuple[str, str]] = [
        ("Content-Type", "application/json"),
        ("Accept", _ACCEPT),
        ("Origin", f"{parts.scheme}://{parts.netloc}"),
        *conversation.target.headers.get(conversation.visitor, ()),
    ]
    if chat.session.place is Place.HEADER and conversation.session is not None:
        headers.append((chat.session.name, conversation.session))
    if chat.message_id.place is Place.HEADER and message_id is not None:
        headers.append((chat.message_id.name, message_id))
    return tuple(headers)


def _http_url(url: str) -> str:
    """The http URL of a WebSocket's: same host, same port, same cookies."""
    return f"http{url[2:]}" if url.startswith("ws") else url
