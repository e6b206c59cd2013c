"""Questions and answers: kept, shown again, and never answered twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from coachbot.answers import TOTAL_TIMEOUT_S, Turn
from coachbot.clock import Clock
from coachbot.database import Database
from coachbot.schema import Conversation, Message

PAGE_TURNS = 100
"""Turns shown in the history: weeks of talk, and a page that still opens at once."""

CONTEXT_TURNS = 6
"""Turns that an answer may refer to: what "and the second one?" points at is rarely further back."""

STALE_S = TOTAL_TIMEOUT_S + 30
"""Seconds after which an answer that never ended (its process was killed) is shown as one that broke off."""


class Status(Enum):
    """Where an answer stands."""

    PENDING = "pending"
    DONE = "done"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    CANNED = "canned"
    """No model answered; what is kept is the notice that the customer saw."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer as far as it got."""

    message_id: str
    question: str
    answer: str
    status: Status
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Fresh:
    """The question is to be answered now.

    Attributes:
        turn: Where its answer is kept.
        started_at: Which attempt at an answer this is; a later one is not overwritten by this one.
        before: What was said before it, oldest first.
    """

    turn: int
    started_at: datetime
    before: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The question was answered before; this is the answer."""

    answer: str


@dataclass(frozen=True, slots=True)
class Reused:
    """The message id belongs to another question."""


Begun = Fresh | Answered | Reused


class Conversations:
    """Every customer's talk with the assistant; a customer id is part of every question put to it.

    Args:
        database: Holds them.
        clock: The time of day.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, customer: int, message_id: str, question: str) -> Begun:
        """Keep the question, and say what is to be done about it.

        Two requests with one id never come here at once: `Continuity` in front lets the second one join the first.

        Args:
            customer: Who asks.
            message_id: The client's id of the question; the same id again is the same question.
            question: What was asked.
        """
        now = self._clock()
        async with self._database.write() as session:
            conversation = await self._conversation(session, customer)
            same = Message.conversation_id == conversation, Message.message_id == message_id
            row = (await session.scalars(select(Message).where(*same))).first()
            if row is None:
                row = Message(conversation_id=conversation, message_id=message_id, question=question, created_at=now)
                session.add(row)
            elif row.question != question:
                return Reused()
            elif row.status == Status.DONE.value:
                return Answered(row.answer)
            row.status, row.answer, row.started_at = Status.PENDING.value, "", now
            await session.flush()
            return Fresh(turn=row.id, started_at=now, before=await self._before(session, conversation, row.id))

    async def finish(self, fresh: Fresh, answer: str, status: Status) -> None:
        """Keep the answer as far as it got, unless a later attempt has begun."""
        this_attempt = Message.id == fresh.turn, Message.started_at == fresh.started_at
        async with self._database.write() as session:
            await session.execute(update(Message).where(*this_attempt).values(answer=answer, status=status.value))

    async def history(self, customer: int) -> list[Exchange]:
        """The latest turns of this customer, oldest first."""
        latest = select(Message).join(Conversation).where(Conversation.user_id == customer)
        async with self._database.read() as session:
            rows = (await session.scalars(latest.order_by(Message.id.desc()).limit(PAGE_TURNS))).all()
        return [
            Exchange(row.message_id, row.question, row.answer, self._status(row), row.created_at)
            for row in reversed(rows)
        ]

    def _status(self, row: Message) -> Status:
        status = Status(row.status)
        lost = status is Status.PENDING and self._clock() - row.started_at >= timedelta(seconds=STALE_S)
        return Status.INTERRUPTED if lost else status

    async def _conversation(self, session: AsyncSession, customer: int) -> int:
        mine = select(Conversation.id).where(Conversation.user_id == customer)
        try:
            return (await session.scalars(mine)).one()
        except NoResultFound:
            opened = Conversation(user_id=customer, created_at=self._clock())
            session.add(opened)
            await session.flush()
            return opened.id

    async def _before(self, session: AsyncSession, conversation: int, turn: int) -> tuple[Turn, ...]:
        done = Message.conversation_id == conversation, Message.id < turn, Message.status == Status.DONE.value
        recent = select(Message).where(*done).order_by(Message.id.desc()).limit(CONTEXT_TURNS)
        rows = (await session.scalars(recent)).all()
        return tuple(Turn(row.question, row.answer) for row in reversed(rows))
