"""What visitors write to the coach."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from coachbot.clock import Clock
from coachbot.database import Database
from coachbot.letters import LeadText, Letters
from coachbot.outbox import Outbox
from coachbot.schema import Lead

SAME_LEAD_MINUTES = 10
"""Minutes in which the same words from the same address are one lead: a double click or a reload, not a second wish."""


class Leads:
    """Keeps leads and tells the coach.

    Args:
        database: Holds them.
        outbox: Takes the mail to the coach.
        letters: Writes it.
        coach_email: Who is told; None tells nobody.
        clock: The time of day.
    """

    def __init__(
        self, *, database: Database, outbox: Outbox, letters: Letters, coach_email: str | None, clock: Clock
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._letters = letters
        self._coach_email = coach_email
        self._clock = clock

    async def save(self, lead: LeadText) -> None:
        """Keep the lead, and the mail about it, in one transaction; the same lead again changes nothing."""
        async with self._database.write() as session:
            if await self._is_known(session, lead):
                return
            row = Lead(name=lead.name, email=lead.email, message=lead.message, created_at=self._clock())
            session.add(row)
            if self._coach_email is not None:
                self._outbox.add(session, "lead", self._letters.lead(self._coach_email, lead))
        self._outbox.wake()

    async def _is_known(self, session: AsyncSession, lead: LeadText) -> bool:
        since = self._clock() - timedelta(minutes=SAME_LEAD_MINUTES)
        same = select(Lead.id).where(
            Lead.email == lead.email, Lead.message == lead.message, Lead.name == lead.name, Lead.created_at > since
        )
        return (await session.scalars(same)).first() is not None
