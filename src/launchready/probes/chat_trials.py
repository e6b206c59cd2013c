"""Read what the last `launchready chat test` wrote down of the present commit. Nothing is said to the chat here."""

import asyncio
from collections.abc import Callable, Collection
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from launchready.facts.chat import Transport
from launchready.facts.chat_trials import (
    LONG_ENOUGH_S,
    PIECES,
    BadInput,
    ChatAnswer,
    ChatContinuity,
    ChatFailures,
    ChatInput,
    ChatNeighbours,
    ChatRepeat,
    ChatRestart,
    ChatStreaming,
    ContinuityTrial,
    Interruption,
    Mood,
)
from launchready.model.chat import Chat
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.net.clock import Clock
from launchready.probes.chat_record import ChatRecord, ChatRecordError, RecordState, last_record
from launchready.probes.repository import head_of

READ_S: Final = 10.0
"""Seconds that reading two small files may take; a network drive is slow."""

AGAIN: Final = "type `launchready chat test`"

SHORTEST_COMMIT: Final = 7
"""Digits of a shortened commit that git shows."""

ALWAYS_TRIED: Final = dict.fromkeys((Interruption.NEXT_TURN, Interruption.RELOAD, Interruption.TWO_TABS))
"""Interruptions that need nothing from the owner, in the order in which they are tried."""

Part = TypeVar("Part")


def answer_of(record: ChatRecord) -> ChatAnswer:
    """How an ordinary question was answered."""
    return ChatAnswer(record.commit, record.at, _part(record, "answer", record.answer))


def streaming_of(record: ChatRecord) -> ChatStreaming:
    """How an answer came in whose middle the model paused."""
    part = _part(record, "streaming", record.streaming)
    heard = part.heard
    is_short = heard.pieces < PIECES and heard.total_s >= LONG_ENOUGH_S
    if not part.pause_s and (heard.transport is not Transport.OK or is_short):
        seen = heard.detail or f"{heard.pieces} pieces in {heard.total_s:.1f} s"
        detail = f"one long answer does not show whether words come as they are made ({seen.rstrip('.')})"
        raise NotSeen(Why.NOT_REQUESTED, f"{detail}: put the chat behind `launchready provider`, and {AGAIN} again")
    return ChatStreaming(part.pause_s, part.heard, part.encoding, part.buffer_hint)


def failures_of(record: ChatRecord) -> ChatFailures:
    """What the visitor was told while the model failed."""
    trials = _part(record, "failures", record.failures)
    return ChatFailures(trials, _untried(record, "failures", Mood, {one.mood for one in trials}))


def continuity_of(record: ChatRecord) -> ChatContinuity:
    """Whether talks went on."""
    trials = tuple(one for one in _part(record, "continuity", record.continuity) if one.kind in ALWAYS_TRIED)
    missing = ALWAYS_TRIED.keys() - {one.kind for one in trials}
    if missing == ALWAYS_TRIED.keys():
        raise NotSeen(Why.NOT_REQUESTED, _why_not(record, Interruption.NEXT_TURN))
    unseen = tuple(
        Unmeasured(Why.NOT_REQUESTED, _why_not(record, kind), record.at) for kind in ALWAYS_TRIED if kind in missing
    )
    return ChatContinuity(trials, () if any(not one.held for one in trials) else unseen)


def restart_of(record: ChatRecord) -> ChatRestart:
    """A talk over a restart."""
    return ChatRestart(_trial(record, Interruption.RESTART))


def repeat_of(record: ChatRecord) -> ChatRepeat:
    """One message twice."""
    return ChatRepeat(_trial(record, Interruption.REPEATED))


def neighbours_of(record: ChatRecord) -> ChatNeighbours:
    """Two visitors."""
    return ChatNeighbours(_trial(record, Interruption.OTHER_VISITOR))


def input_of(record: ChatRecord) -> ChatInput:
    """How bad messages were answered."""
    trials = _part(record, "input", record.input)
    return ChatInput(trials, _untried(record, "input", BadInput, {one.kind for one in trials}))


FACTS_OF_RECORD: Final[dict[type, Callable[[ChatRecord], object]]] = {
    ChatAnswer: answer_of,
    ChatStreaming: streaming_of,
    ChatFailures: failures_of,
    ChatContinuity: continuity_of,
    ChatRestart: restart_of,
    ChatRepeat: repeat_of,
    ChatNeighbours: neighbours_of,
    ChatInput: input_of,
}
"""Each fact that a record gives; all of them raise `NotSeen` where it does not."""


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_answer(chat: Chat, product: Product, clock: Clock) -> ChatAnswer:
    """An ordinary question, by the last record."""
    return answer_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_streaming(chat: Chat, product: Product, clock: Clock) -> ChatStreaming:
    """A stream with a pause, by the last record."""
    return streaming_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_failures(chat: Chat, product: Product, clock: Clock) -> ChatFailures:
    """Failures of the model, by the last record."""
    return failures_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_continuity(chat: Chat, product: Product, clock: Clock) -> ChatContinuity:
    """Interrupted talks, by the last record."""
    return continuity_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_restart(chat: Chat, product: Product, clock: Clock) -> ChatRestart:
    """A restart, by the last record."""
    return restart_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_repeat(chat: Chat, product: Product, clock: Clock) -> ChatRepeat:
    """A repeated message, by the last record."""
    return repeat_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_neighbours(chat: Chat, product: Product, clock: Clock) -> ChatNeighbours:
    """A second visitor, by the last record."""
    return neighbours_of(await _record(chat, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def chat_input(chat: Chat, product: Product, clock: Clock) -> ChatInput:
    """Bad messages, by the last record."""
    return input_of(await _record(chat, product, clock))


async def _record(chat: Chat, product: Product, clock: Clock) -> ChatRecord:
    """The last record, where it is of the present commit and declaration, and young enough.

    Raises:
        NotSeen: there is none that counts.
    """
    try:
        record = await asyncio.to_thread(last_record, Path(chat.records))
    except ChatRecordError as error:
        raise NotSeen(Why.UNREADABLE, f"{error}: {AGAIN}") from None
    if record is None:
        raise NotSeen(Why.NOT_FOUND, f"no test of the chat is written down: {AGAIN}")
    if record.declared != chat.declared:
        raise NotSeen(Why.EXPIRED, f"[chat] changed since the last test: {AGAIN}")
    if record.state is not RecordState.ENDED:
        raise NotSeen(Why.INTERRUPTED, f"the last test of the chat did not come to its end: {AGAIN} again")
    age = clock.now() - record.at
    if not timedelta(minutes=-5) <= age <= timedelta(days=chat.record_days):
        raise NotSeen(Why.EXPIRED, f"the last test of the chat is of {record.at:%Y-%m-%d}: {AGAIN} again")
    await _hold_to_commit(record, product)
    return record


async def _hold_to_commit(record: ChatRecord, product: Product) -> None:
    """Where a repository is declared, the chat that was tested has to have run its present commit."""
    if product.repository is None:
        return
    head = await asyncio.to_thread(head_of, product.repository)
    if not record.commit:
        detail = "the chat that was tested does not say its commit: declare version under [chat], and"
        raise NotSeen(Why.NOT_DECLARED, f"{detail} {AGAIN}")
    if len(record.commit) < SHORTEST_COMMIT or not head.startswith(record.commit):
        raise NotSeen(Why.NOT_FOUND, f"the chat that was tested ran {record.commit[:12]}, not {head[:12]}: {AGAIN}")


def _part(record: ChatRecord, name: str, part: Part | None) -> Part:
    if part is None:
        detail = next((gap.detail for gap in record.unseen if gap.part == name), "it was not tried")
        raise NotSeen(Why.NOT_REQUESTED, detail)
    return part


def _trial(record: ChatRecord, kind: Interruption) -> ContinuityTrial:
    trials = _part(record, "continuity", record.continuity)
    found = next((one for one in trials if one.kind is kind), None)
    if found is None:
        raise NotSeen(Why.NOT_REQUESTED, _why_not(record, kind))
    return found


def _why_not(record: ChatRecord, kind: Interruption) -> str:
    said = [gap.detail for gap in record.unseen if gap.part == f"continuity {kind.value}"]
    first = [gap.detail for gap in record.unseen if gap.part.startswith("continuity")]
    return next(iter(said or first), "an earlier turn of the talk was not answered")


def _untried(record: ChatRecord, part: str, kinds: type[StrEnum], tried: Collection[StrEnum]) -> tuple[Unmeasured, ...]:
    """Kinds of trial that the record does not hold: left out, never come to, or not known to who wrote it."""
    said = {gap.part: gap.detail for gap in record.unseen}
    missing = [kind for kind in kinds if kind not in tried]
    return tuple(
        Unmeasured(Why.NOT_REQUESTED, said.get(f"{part} {kind.value}", f"{kind.value} was not tried"), record.at)
        for kind in missing
    )
