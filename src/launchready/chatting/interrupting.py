"""Interrupts a talk, and sees whether it goes on.

Whether the chat still knows what was said is seen in two ways: it says a name again that it was told, or the provider
behind it was asked with so many more tokens, as the earlier message has.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from launchready.chatting.control import Calls
from launchready.chatting.restarting import Restart, RestartError
from launchready.chatting.stage import SECOND_VISITOR, Stage
from launchready.facts.chat import Reply, Transport
from launchready.facts.chat_trials import ContinuityTrial, Interruption
from launchready.model.chat import Place
from launchready.net.chat_client import Conversation
from launchready.probes.chat_record import Unseen

FILLER: Final = "I would like to talk about work, sleep and money, one after the other, and take notes while we do. "
FILLERS: Final = 14
"""Repeats that make the message about 1,400 characters, which are 350 tokens: more than any rounding."""

KNOWN_TOKENS: Final = 150
"""Tokens more than an empty talk's, from which on the earlier message was among what the model was asked."""

TURNS: Final = 4
"""Follow-up questions in a row: of two workers that share nothing, four in a row would all meet the right one in one
of eight cases only."""

QUESTION: Final = "What is my dog called? One word is enough."


class Talks:
    """The talks of one test: visitor `a` tells something, and has to be remembered."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.name = f"Zor{secrets.token_hex(3)}"
        self._empty: Calls | None = None
        self._is_seen = False
        self.trials: list[ContinuityTrial] = []
        self.unseen: list[Unseen] = []

    async def begin(self) -> Conversation | None:
        """Measure what an empty talk asks of the model, then tell the name; None where it was not answered."""
        _, self._empty = await self._stage.counted(await self._stage.talk(SECOND_VISITOR), QUESTION)
        talk = await self._stage.talk()
        told = await self._tell(talk)
        if told.transport is not Transport.OK:
            self._add(Interruption.NEXT_TURN, held=False, seen=f"a message of 1,400 characters: {told.detail}")
            return None
        return talk

    async def next_turns(self, talk: Conversation) -> bool:
        """Ask some questions in a row; False where nothing can be said about memory."""
        seen = [await self._remembers(talk) for _ in range(TURNS)]
        if not any(known for _, known in seen) and self._stage.control is None:
            detail = (
                "the chat does not say again what it was told, so nobody can see whether it knows it: put it behind"
            )
            self._skip(Interruption.NEXT_TURN, f"{detail} `launchready provider`, and declare provider_control")
            return False
        bad = [self._words(reply, known) for reply, known in seen if not known]
        self._add(Interruption.NEXT_TURN, held=not bad, seen=bad[0] if bad else f"{TURNS} turns, all remembered")
        return not bad

    async def reload(self, talk: Conversation) -> None:
        """Leave in the middle of an answer, come back, and ask on."""
        await self._tell(talk)
        await self._stage.client.say(talk, "Please tell me more about the first call.", leave_after=1)
        await self._ask_on(Interruption.RELOAD, self._stage.client.second_tab(talk))

    async def two_tabs(self, talk: Conversation) -> None:
        """Ask in two tabs at once; both are answered, and nothing is forgotten."""
        await self._tell(talk)
        tabs = (talk, self._stage.client.second_tab(talk))
        async with asyncio.TaskGroup() as tasks:
            asked = [
                tasks.create_task(self._stage.ask(tab, f"And in tab {n}, what then?")) for n, tab in enumerate(tabs)
            ]
        bad = [task.result().detail for task in asked if task.result().transport is not Transport.OK]
        if bad:
            self._add(Interruption.TWO_TABS, held=False, seen=f"of two questions at once: {bad[0]}")
        else:
            await self._ask_on(Interruption.TWO_TABS, talk)

    async def restart(self, talk: Conversation, restart: Restart | None) -> None:
        """Restart the chat between two turns."""
        if restart is None:
            self._skip(Interruption.RESTART, "no command restarts the chat: declare restart under [chat]")
            return
        await self._tell(talk)
        try:
            await restart.run()
        except RestartError as error:
            self._skip(Interruption.RESTART, str(error))
            return
        await self._ask_on(Interruption.RESTART, self._stage.client.second_tab(talk))

    async def repeat(self, talk: Conversation) -> None:
        """Send one message twice, as a browser does that lost the answer."""
        if self._stage.chat.message_id.place is Place.NONE:
            self._skip(Interruption.REPEATED, "messages have no id of the client's: declare message_id under [chat]")
            return
        first = await self._stage.ask(talk, "How long is a session?")
        again, calls = await self._stage.counted(
            self._stage.client.second_tab(talk), "How long is a session?", talk.last_message_id
        )
        if again.transport is not Transport.OK:
            self._add(Interruption.REPEATED, held=False, seen=again.detail)
        elif calls is not None and calls.total:
            self._add(Interruption.REPEATED, held=False, seen="the model was asked a second time for one message")
        elif again.text != first.text:
            self._add(Interruption.REPEATED, held=False, seen="the second answer to one message has other words")
        elif calls is not None:
            self._add(Interruption.REPEATED, held=True, seen="the same answer, and the model was not asked again")
        elif (await self._stage.ask(talk, "How long is a session?")).text != first.text:
            self._add(Interruption.REPEATED, held=True, seen="the same answer, and a new message gets other words")
        else:
            detail = "the chat answers such a question in the same words each time, so nobody can see whether it asked"
            self._skip(Interruption.REPEATED, f"{detail} the model again: put it behind `launchready provider`")

    async def other_visitor(self) -> None:
        """Ask as somebody else, who must not know what the first one said."""
        reply, calls = await self._stage.counted(await self._stage.talk(SECOND_VISITOR), QUESTION)
        shown = "\n".join((reply.text, *reply.other)).lower()
        knows = self.name.lower() in shown or self._grew(calls)
        seen = (
            "the second visitor's talk holds what the first one said" if knows else "nothing of the first one's words"
        )
        if reply.transport is Transport.OK or knows:
            self._add(Interruption.OTHER_VISITOR, held=not knows, seen=seen)
        else:
            self._skip(Interruption.OTHER_VISITOR, f"the second visitor was not answered: {reply.detail}")

    async def _tell(self, talk: Conversation) -> Reply:
        """Tell the name, in a long message; again before each interruption, for products drop the oldest turns."""
        return await self._stage.ask(talk, f"My dog is called {self.name}. {FILLER * FILLERS}")

    async def _ask_on(self, kind: Interruption, talk: Conversation) -> None:
        reply, known = await self._remembers(talk)
        self._add(kind, held=known, seen="it goes on" if known else self._words(reply, known))

    async def _remembers(self, talk: Conversation) -> tuple[Reply, bool]:
        reply, calls = await self._stage.counted(talk, QUESTION)
        is_known = self.name.lower() in reply.text.lower() or self._grew(calls)
        return reply, reply.transport is Transport.OK and is_known

    def _grew(self, calls: Calls | None) -> bool:
        if calls is None or self._empty is None:
            return False
        return calls.prompt_tokens >= self._empty.prompt_tokens + KNOWN_TOKENS

    def _words(self, reply: Reply, _known: bool) -> str:
        return reply.detail or "the answer came, and what was said before is forgotten"

    def _add(self, kind: Interruption, *, held: bool, seen: str) -> None:
        self.trials.append(ContinuityTrial(kind, held, seen))

    def _skip(self, kind: Interruption, detail: str) -> None:
        self.unseen.append(Unseen(f"continuity {kind.value}", detail))


async def interrupt_all(stage: Stage, restart: Restart | None) -> Talks:
    """Every interruption, one after the other."""
    talks = Talks(stage)
    stage.say_to_owner("a talk of several turns")
    talk = await talks.begin()
    if talk is None or not await talks.next_turns(talk):
        return talks
    steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
        ("a reload in the middle of an answer", lambda: talks.reload(talk)),
        ("two tabs at once", lambda: talks.two_tabs(talk)),
        ("one message twice", lambda: talks.repeat(talk)),
        ("a second visitor", talks.other_visitor),
        ("a restart between two turns", lambda: talks.restart(talk, restart)),
    )
    for words, step in steps:
        stage.say_to_owner(words)
        await step()
    return talks
