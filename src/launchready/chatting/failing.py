"""Lets the model fail, one way after the other, and hears what the visitor is told."""

import asyncio
from typing import Final

from launchready.chatting.control import ProviderControl
from launchready.chatting.stage import BUSY, SECOND_VISITOR, TRIES, Stage, heard, patience_of
from launchready.facts.chat import Reply, Transport
from launchready.facts.chat_trials import FailureTrial, Mood, Told
from launchready.net.chat_client import FIRST_VISITOR, Conversation
from launchready.parse.chat_apology import code_in, is_apology, is_marked, message_in
from launchready.parse.chat_leaks import leaks_in, masked
from launchready.probes.chat_record import Unseen
from launchready.report.hostile import printable

RECOVERY_S: Final = 45.0
"""Seconds after which a chat whose model is well again has to answer: a breaker that opened tries again within half a
minute."""

RECOVERY_STEP_S: Final = 3.0
"""Seconds between two tries."""

TURN_ABOUT: Final = (FIRST_VISITOR, SECOND_VISITOR)
"""The visitors ask in turn, so that a limit on each of them is met late."""

MAX_SAID_CHARS: Final = 160
"""How much is kept of what was told: a sentence."""

MAX_CODE_CHARS: Final = 60

WAITS: Final = frozenset({Mood.SLOW, Mood.STALL})
"""Moods in which the model keeps silent for as long as it is told; the others are over at once."""


NOT_ASKED: Final = (
    "the chat answered without asking the provider, so it met no failure of its model: point it at "
    "`launchready provider`"
)


async def fail_once(stage: Stage, control: ProviderControl, mood: Mood) -> FailureTrial | Unseen:
    """One failure, and the same message again once the model is well.

    What the visitor was told counts only where the failing provider was asked; that nothing was told always does.
    """
    stage.say_to_owner(f"the model fails: {mood.value}")
    talk = await stage.talk(TURN_ABOUT[list(Mood).index(mood) % len(TURN_ABOUT)])
    question = f"What does a first call cost? (asked while the model is unwell: {mood.value})"
    before = await control.calls()
    await control.set(mood, stage.chat.budgets.edge_limit_s if mood in WAITS else None)
    try:
        reply = await _unwell(stage, control, talk, question)
    finally:
        await control.set(None)
    was_met = (await control.calls()).since(before).total > 0
    retry = await _again(stage, talk, question)
    if not was_met and told_by(reply) is not Told.NOTHING:
        return Unseen(f"failures {mood.value}", NOT_ASKED)
    texts = (*reply.other, reply.text)
    return FailureTrial(
        mood=mood,
        told=told_by(reply),
        code=code_in(reply.other)[:MAX_CODE_CHARS],
        said=printable(masked(message_in(reply.other) or reply.text))[:MAX_SAID_CHARS],
        told_after_s=reply.total_s,
        leaks=leaks_in(texts),
        heard=heard(reply),
        retry=heard(retry),
    )


def told_by(reply: Reply) -> Told:
    """What a visitor was told, by an answer during a failure of the model."""
    is_named = bool(code_in(reply.other) or message_in(reply.other))
    match reply.transport:
        case Transport.OK if is_marked(reply.other, reply.headers):
            return Told.NOTICE
        case Transport.OK:
            return Told.APOLOGY if is_apology(reply.text) else Told.ANSWER
        case Transport.REFUSED:
            return Told.NAMED if is_named else Told.NOTHING
        case Transport.BAD_STATUS:
            return Told.NAMED if is_named else Told.NOTHING
        case _:
            return Told.NOTHING


async def _unwell(stage: Stage, control: ProviderControl, talk: Conversation, question: str) -> Reply:
    """Say it until the model was asked: a limit that answers in its place says nothing of the model."""
    message_id = None
    for _ in range(TRIES - 1):
        before = await control.calls()
        reply = await stage.client.say(talk, question, message_id=message_id, budgets=patience_of(stage.chat.budgets))
        if reply.status not in BUSY or (await control.calls()).since(before).total:
            return reply
        message_id = talk.last_message_id
        await stage.wait(reply)
    return await stage.client.say(talk, question, message_id=message_id, budgets=patience_of(stage.chat.budgets))


async def _again(stage: Stage, talk: Conversation, question: str) -> Reply:
    """The same message, with the same id, until it is answered or time is up."""
    message_id = talk.last_message_id
    clock = asyncio.get_running_loop().time
    until = clock() + RECOVERY_S
    while True:
        reply = await stage.client.say(talk, question, message_id=message_id)
        is_answered = reply.transport is Transport.OK and told_by(reply) is Told.ANSWER
        if is_answered or clock() + RECOVERY_STEP_S > until:
            return reply
        await asyncio.sleep(min(max(RECOVERY_STEP_S, reply.retry_after_s or 0.0), max(0.0, until - clock())))
