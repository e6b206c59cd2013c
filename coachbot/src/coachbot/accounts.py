"""Sign-up, verification, log-in and sessions.

Nothing here tells whether an address has an account: not the answer, not its status, not the time it takes.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from coachbot.clock import Clock
from coachbot.database import Database
from coachbot.letters import LINK_HOURS, Letters
from coachbot.outbox import Outbox
from coachbot.passwords import Passwords
from coachbot.schema import SessionRow, User, VerificationToken

TOKEN_BYTES = 32
"""Random bytes of a session or link: 256 bits, twice what OWASP asks of a session id."""

SESSION_DAYS = 30
"""Days a log-in lasts."""

MAILS_PER_HOUR = 5
"""Verification mails to one address in an hour: enough to try again, too few to annoy a stranger with."""


class LinkState(Enum):
    """What a verification link is worth."""

    OPEN = "open"
    USED = "used"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is logged in."""

    id: int
    name: str
    email: str


def canonical_email(typed: str) -> str:
    """The one spelling an address is stored and compared in."""
    return typed.strip().lower()


class Accounts:
    """Customers and their sessions.

    Args:
        database: Holds them.
        outbox: Takes the mails.
        letters: Writes the mails.
        passwords: Hashes the passwords.
        secret: Key of the token hashes; a new one ends every session and voids every link.
        clock: The time of day.
    """

    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        letters: Letters,
        passwords: Passwords,
        secret: str,
        clock: Clock,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._letters = letters
        self._passwords = passwords
        self._secret = secret.encode()
        self._clock = clock

    async def sign_up(self, *, name: str, email: str, password: str) -> None:
        """Send a verification link, or a note when the address has an account. Both take one hash and one mail.

        Args:
            name: What to call the customer.
            email: Address in canonical spelling.
            password: In the clear.
        """
        password_hash = await self._passwords.hash(password)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        async with self._database.write() as session:
            known = (await session.scalars(select(User.id).where(User.email == email))).first()
            if await self._too_many_mails(session, email):
                return
            pending = self._pending(token, email, name, password_hash)
            if known is not None:
                pending.used_at = pending.created_at  # counts as a mail to this address, opens nothing
                mail = self._letters.already_signed_up(email)
            else:
                mail = self._letters.verification(email, token)
            session.add(pending)
            self._outbox.add(session, "sign-up", mail)
        self._outbox.wake()

    def _pending(self, token: str, email: str, name: str, password_hash: str) -> VerificationToken:
        now = self._clock()
        return VerificationToken(
            token_hash=self._hashed(token),
            email=email,
            name=name,
            password_hash=password_hash,
            created_at=now,
            expires_at=now + timedelta(hours=LINK_HOURS),
        )

    async def _too_many_mails(self, session: AsyncSession, email: str) -> bool:
        since = self._clock() - timedelta(hours=1)
        recent = select(func.count()).where(VerificationToken.email == email, VerificationToken.created_at > since)
        return (await session.scalars(recent)).one() >= MAILS_PER_HOUR

    async def link_state(self, token: str) -> LinkState:
        """What the link is worth now; asking changes nothing, so a mail scanner that opens it does no harm."""
        async with self._database.read() as session:
            row = await session.get(VerificationToken, self._hashed(token))
        return self._state(row)

    def _state(self, row: VerificationToken | None) -> LinkState:
        if row is None or row.expires_at <= self._clock():
            return LinkState.DEAD
        return LinkState.USED if row.used_at is not None else LinkState.OPEN

    async def verify(self, token: str) -> LinkState:
        """Make the account that the link stands for; a second click finds it made.

        Returns:
            The state the link was in.
        """
        token_hash = self._hashed(token)
        async with self._database.write() as session:
            row = await session.get(VerificationToken, token_hash)
            state = self._state(row)
            if row is None or state is not LinkState.OPEN:
                return state
            now = self._clock()
            row.used_at = now
            session.add(User(email=row.email, name=row.name, password_hash=row.password_hash, created_at=now))
            others = VerificationToken.email == row.email, VerificationToken.token_hash != token_hash
            await session.execute(delete(VerificationToken).where(*others))
            await session.execute(delete(VerificationToken).where(VerificationToken.expires_at <= now))
        return state

    async def log_in(self, *, email: str, password: str) -> str | None:
        """Open a session.

        Returns:
            The value of its cookie, or None when address and password don't belong together.
        """
        async with self._database.read() as session:
            user = (await session.scalars(select(User).where(User.email == email))).first()
        if not await self._passwords.verify(user.password_hash if user else None, password) or user is None:
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        expires_at = now + timedelta(days=SESSION_DAYS)
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            row = SessionRow(token_hash=self._hashed(token), user_id=user.id, created_at=now, expires_at=expires_at)
            session.add(row)
        return token

    async def customer(self, token: str) -> Customer | None:
        """Who the session belongs to; None when it is unknown or over."""
        found = select(User).join(SessionRow).where(SessionRow.token_hash == self._hashed(token))
        async with self._database.read() as session:
            user = (await session.scalars(found.where(SessionRow.expires_at > self._clock()))).first()
        return None if user is None else Customer(id=user.id, name=user.name, email=user.email)

    async def log_out(self, token: str) -> None:
        """End the session."""
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.token_hash == self._hashed(token)))

    def _hashed(self, token: str) -> str:
        return hmac.new(self._secret, token.encode(), hashlib.sha256).hexdigest()
