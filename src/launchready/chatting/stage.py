"""What every trial needs: the chat, its visitors, the provider behind it, and patience where the chat asks for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from launchready.chatting.control import Calls, ProviderControl
from launchready.facts.chat import Reply, Transport
from launchready.facts.chat_trials import Heard
from launchready.model.chat import Budgets, Chat
from launchready.net.chat_client import FIRST_VISITOR, ChatClient, ChatTarget, Conversation
from launchready.net.cookies import Cookies

LONGEST_WAIT_S: Final = 70.0
"""Seconds that a limit may keep us waiting: most count by the minute."""

TRIES: Final = 4
"""How often an ordinary message is said where a limit, or an answer that is still under way, is in the way."""

SHORTEST_WAIT_S: Final = 1.0

BUSY: Final = frozenset({409, 425, 429, 503})
"""Statuses that ask to come back (RFC 9110 sections 15.5.10 and 15.6.4, RFC 6585 section 4, RFC 8470 section 5.2)."""

SECOND_VISITOR: Final = "b"

Enter = Callable[[str], Awaitable[Cookies]]
"""Signs a visitor up, and gives the cookies that they then have."""


@dataclass(slots=True)
class Stage:
    """One test.

    Attributes:
        client: says messages.
        target: the chat.
        enter: signs a visitor up; called once for each.
        control: the provider behind it; None where there is none.
        say_to_owner: narrates.
    """

    client: ChatClient
    target: ChatTarget
    enter: Enter
    control: ProviderControl | None
    say_to_owner: Callable[[str], None]
    _cookies: dict[str, Cookies] = field(default_factory=dict)

    @property
    def chat(self) -> Chat:
        """What is declared."""
        return self.target.chat

    async def talk(self, visitor: str = FIRST_VISITOR) -> Conversation:
        """A new talk of a visitor, who is signed up before the first."""
        if visitor not in self._cookies:
            self._cookies[visitor] = await self.enter(visitor)
        return self.client.conversation(self.target, visitor, self._cookies[visitor])

    async def ask(self, talk: Conversation, text: str, message_id: str | None = None) -> Reply:
        """Say an ordinary message; where the chat asks to come back, do so."""
        for _ in range(TRIES - 1):
            reply = await self.client.say(talk, text, message_id=message_id)
            if reply.transport is not Transport.BAD_STATUS or reply.status not in BUSY:
                return reply
            message_id = talk.last_message_id
            await self.wait(reply)
        return await self.client.say(talk, text, message_id=message_id)

    async def wait(self, reply: Reply) -> None:
        """Wait as long as an answer asks for, within reason."""
        wait_s = max(SHORTEST_WAIT_S, min(LONGEST_WAIT_S, reply.retry_after_s or SHORTEST_WAIT_S))
        self.say_to_owner(f"the chat answers {reply.status}: waiting {wait_s:g} s")
        await asyncio.sleep(wait_s)

    async def counted(self, talk: Conversation, text: str, message_id: str | None = None) -> tuple[Reply, Calls | None]:
        """Say an ordinary message, and count what the provider was asked for it; None where there is none."""
        if self.control is None:
            return await self.ask(talk, text, message_id), None
        before = await self.control.calls()
        reply = await self.ask(talk, text, message_id)
        return reply, (await self.control.calls()).since(before)


def heard(reply: Reply) -> Heard:
    """An answer without its words."""
    return Heard(
        reply.transport,
        reply.status,
        reply.first_token_s,
        reply.largest_gap_s,
        reply.total_s,
        reply.pieces,
        reply.detail,
    )


def patience_of(budgets: Budgets) -> Budgets:
    """How long we wait for a chat whose model fails: a little longer than it may take, to see what it says then."""
    first = min(budgets.total_s, budgets.first_token_s + budgets.idle_s)
    return Budgets(first, min(budgets.total_s, budgets.idle_s + GRACE_S), budgets.total_s, budgets.edge_limit_s)


GRACE_S: Final = 5.0
"""Seconds beyond a budget that we listen: a product that waits exactly as long needs a moment to say so."""
