"""Mails wait in a table until they are delivered.

A mail is written in the same transaction as its cause: no account waits for a mail that was never decided, and a mail
server that is down costs nobody their sign-up. Delivery is at least once; a mail that a crash sends twice bears the
same `Message-ID`, by which mailboxes drop the second.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from coachbot.clock import Clock
from coachbot.database import Database
from coachbot.mail import MailDelayedError, Mailer, MailRefusedError
from coachbot.schema import OutboxMail

BATCH = 8
"""Mails delivered at the same time: ten sign-ups at once are through in two rounds, and no mail server minds eight."""

LEASE_S = 120
"""Seconds a claimed mail is left to its worker; longer than the slowest delivery (six steps of 20 s)."""

LONGEST_SLEEP_S = 30
"""Seconds after which the table is read again even when nobody called: another process may have written."""

DATABASE_PAUSE_S = 2
"""Seconds to wait when the database itself failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When an undelivered mail is tried again.

    Attributes:
        first_s: Seconds before the second attempt.
        factor: Growth of the pause.
        longest_s: Longest pause; greylisting servers want to be asked again within the hour.
        give_up_s: Seconds after which a mail is given up; a verification link is dead after a day anyway.
    """

    first_s: float = 2
    factor: float = 2
    longest_s: float = 900
    give_up_s: float = 24 * 3600

    def pause_s(self, attempts: int) -> float:
        """Seconds to wait after `attempts` attempts (at least 1)."""
        return min(self.longest_s, self.first_s * self.factor ** min(attempts - 1, 30))


class Outbox:
    """Where mails are put; `wake` is called once their transaction is committed.

    Args:
        clock: The time of day.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.called = asyncio.Event()

    def add(self, session: AsyncSession, kind: str, mail: EmailMessage) -> None:
        """Put `mail` into the transaction of `session`."""
        now = self._clock()
        recipient = str(mail["To"])
        row = OutboxMail(kind=kind, recipient=recipient, content=mail.as_bytes(), created_at=now, next_attempt_at=now)
        session.add(row)

    def wake(self) -> None:
        """Tell the worker that a mail is waiting."""
        self.called.set()


class OutboxWorker:
    """Delivers what waits in the outbox until it is stopped.

    Args:
        database: Holds the outbox.
        outbox: Calls this worker.
        mailer: Takes the mails.
        retry: When to try again.
        clock: The time of day.
        logger: Where outcomes are noted.
    """

    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        mailer: Mailer,
        retry: RetryPolicy,
        clock: Clock,
        logger: logging.Logger,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._mailer = mailer
        self._retry = retry
        self._clock = clock
        self._logger = logger
        self._stopping = False

    async def run(self) -> None:
        """Deliver until `stop`, then finish what is on its way."""
        while not self._stopping:
            self._outbox.called.clear()
            try:
                wait_s = await self.deliver_due()
            except SQLAlchemyError:
                self._logger.exception("outbox-unreadable")
                wait_s = DATABASE_PAUSE_S
            await self._rest(wait_s)

    def stop(self) -> None:
        """Ask `run` to return."""
        self._stopping = True
        self._outbox.called.set()

    async def deliver_due(self) -> float:
        """Try every mail that is due, a batch at a time, and say how many seconds until the next one is."""
        claimed = await self._claim()
        async with asyncio.TaskGroup() as group:
            for mail in claimed:
                group.create_task(self._deliver(mail))
        return 0 if len(claimed) == BATCH else await self._until_next_s()

    async def _rest(self, wait_s: float) -> None:
        if self._stopping or wait_s <= 0:
            return
        try:
            async with asyncio.timeout(wait_s):
                await self._outbox.called.wait()
        except TimeoutError:
            return

    async def _claim(self) -> Sequence[OutboxMail]:
        now = self._clock()
        free = or_(OutboxMail.claimed_until.is_(None), OutboxMail.claimed_until <= now)
        due = select(OutboxMail).where(OutboxMail.next_attempt_at <= now, free).order_by(OutboxMail.next_attempt_at)
        async with self._database.read() as session:
            if (await session.scalars(due.limit(1))).first() is None:
                return ()  # the usual case takes no write lock
        async with self._database.write() as session:
            claimed = (await session.scalars(due.limit(BATCH))).all()
            for mail in claimed:
                mail.claimed_until = now + timedelta(seconds=LEASE_S)
                mail.attempts += 1
        return claimed

    async def _deliver(self, row: OutboxMail) -> None:
        try:
            await self._mailer.deliver(_parsed(row.content))
        except MailDelayedError as delayed:
            await self._delayed(row, str(delayed))
        except MailRefusedError as refused:
            await self._record(row, "refused", next_attempt_at=None, gave_up_at=self._clock(), last_error=str(refused))
        else:
            # The text holds a live link: it is not kept once it has done its duty.
            await self._record(row, "sent", next_attempt_at=None, sent_at=self._clock(), content=b"", last_error=None)

    async def _delayed(self, row: OutboxMail, why: str) -> None:
        now = self._clock()
        if now - row.created_at >= timedelta(seconds=self._retry.give_up_s):
            await self._record(row, "gave-up", next_attempt_at=None, gave_up_at=now, last_error=why)
            return
        again = now + timedelta(seconds=self._retry.pause_s(row.attempts))
        await self._record(row, "delayed", next_attempt_at=again, last_error=why)

    async def _record(self, row: OutboxMail, outcome: str, **values: datetime | bytes | str | None) -> None:
        async with self._database.write() as session:
            done = update(OutboxMail).where(OutboxMail.id == row.id).values(claimed_until=None, **values)
            await session.execute(done)
        level = logging.INFO if outcome == "sent" else logging.WARNING
        error = values.get("last_error")
        fields = {"outcome": outcome, "attempts": row.attempts, "error_type": error}
        self._logger.log(level, "mail-delivery", extra=fields)

    async def _until_next_s(self) -> float:
        # A mail that another worker has claimed is due when the lease ends, not before.
        due_at = func.coalesce(OutboxMail.claimed_until, OutboxMail.next_attempt_at)
        next_up = select(due_at).where(OutboxMail.next_attempt_at.is_not(None)).order_by(due_at)
        async with self._database.read() as session:
            due = (await session.scalars(next_up.limit(1))).first()
        if due is None:
            return LONGEST_SLEEP_S
        return min(LONGEST_SLEEP_S, max(0.01, (due - self._clock()).total_seconds()))


def _parsed(content: bytes) -> EmailMessage:
    # The policy makes the parser build EmailMessage objects, which the type of the function does not say.
    parsed = message_from_bytes(content, EmailMessage, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed
