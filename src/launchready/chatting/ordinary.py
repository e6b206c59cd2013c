"""Ordinary talk: a question and its answer, and whether an answer comes while it is made."""

from typing import Final

from launchready.chatting.stage import Stage, heard
from launchready.facts.chat import Reply
from launchready.facts.chat_trials import Mood
from launchready.model.chat import ChatProtocol
from launchready.probes.chat_record import Paused, Unseen

QUESTION: Final = "What do you offer, and what does it cost?"
LONG_QUESTION: Final = "Please explain in eight sentences what you offer, for whom it is, and what it costs."

PAUSE_S: Final = 3.0
"""Seconds that the model pauses in the middle of an answer: far longer than a network's jitter, far shorter than any
time-out."""

HOLDS_BACK: Final = frozenset({"gzip", "deflate", "br", "zstd"})
"""Content codings; most middlewares collect some KB before they pack them."""

NOT_ASKED: Final = (
    "the chat answered without asking the provider, so no pause was in the answer: point it at `launchready provider`"
)
ONE_PIECE: Final = "the chat answers in one piece, by its protocol"


async def ask_once(stage: Stage) -> Reply:
    """One question of a new visitor."""
    stage.say_to_owner("an ordinary question")
    return await stage.ask(await stage.talk(), QUESTION)


async def pause_once(stage: Stage) -> Paused | Unseen:
    """An answer in whose middle the model pauses; without a provider that does so, a long answer."""
    if stage.chat.protocol is ChatProtocol.JSON:
        return Unseen("streaming", ONE_PIECE)
    stage.say_to_owner("an answer with a pause in it")
    if stage.control is None:
        reply = await stage.ask(await stage.talk(), LONG_QUESTION)
        return _paused(0.0, reply)
    pause_s = min(PAUSE_S, stage.chat.budgets.idle_s / 2)
    await stage.control.set(Mood.STALL, pause_s)
    try:
        reply, calls = await stage.counted(await stage.talk(), QUESTION)
    finally:
        await stage.control.set(None)
    if calls is None or not calls.total:
        return Unseen("streaming", NOT_ASKED)
    return _paused(pause_s, reply)


def _paused(pause_s: float, reply: Reply) -> Paused:
    headers = dict(reply.headers)
    encoding = headers.get("content-encoding", "").strip().lower()
    hints = []
    if encoding in HOLDS_BACK:
        hints.append(f"it is packed ({encoding})")
    if headers.get("x-accel-buffering", "").lower() != "no":
        hints.append("it has no X-Accel-Buffering: no")
    if "no-transform" not in headers.get("cache-control", "").lower():
        hints.append("its Cache-Control has no no-transform")
    return Paused(pause_s, heard(reply), encoding, "; ".join(hints))
