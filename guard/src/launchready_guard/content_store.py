"""What was said, for the people who improve the product: off by default, masked, apart from everything else, expiring.

Nothing is kept until somebody approves it by name and for a time, and approvals are entries in a log that the store
itself can't change. Secrets, e-mail addresses, phone, card and account numbers are masked before anything is written
(see `masking` for what that does not find), and whose talk it is is a keyed hash.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from launchready_guard.logs import keyed_hash
from launchready_guard.masking import mask
from launchready_guard.store import Clock, Store, epoch_s

MAX_APPROVAL = timedelta(days=30)
"""Longest approval: a look at what customers write is for a question at hand, and whoever has another asks again."""

KEPT = timedelta(days=14)
"""How long a text is kept: long enough to look at last week, no archive."""

AUDIT_KEPT = timedelta(days=3 * 366)
"""How long it can be seen who approved what: three years, well past any question about it."""

MAX_READ = 1000
"""Texts handed out at once."""

MIN_REASON_CHARS = 8
"""Shortest reason: a word says nothing to whoever reads it in a year."""


class ApprovalError(ValueError):
    """The approval says too little, or asks for too much; the text says what to change."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Somebody allowed content to be kept, or ended it.

    Attributes:
        who: A person's name or address.
        at: When it was said.
        until: Until when it holds; equal to `at` when it was ended.
        reason: What for.
    """

    who: str
    at: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Text:
    """One masked text.

    Attributes:
        talk: Keyed hash of the talk that it belongs to.
        role: `user` or `assistant`.
        text: Masked.
        at: When it was said.
    """

    talk: str
    role: str
    text: str
    at: datetime


class ContentStore:
    """Keeps masked texts of one product while an approval holds.

    Args:
        store: A store of its own, such as `SqliteStore("content.sqlite3")`, so that it can be deleted whole and is in
            no backup of the product's.
        product: Which product's content it is; an approval of one does not hold for another.
        key: The product's secret, for the hashes.
        clock: Seconds since the epoch.
    """

    def __init__(self, store: Store, *, product: str, key: bytes, clock: Clock = epoch_s) -> None:
        self._store = store
        self._product = product
        self._key = key
        self._clock = clock

    async def approve(self, *, who: str, until: datetime, reason: str) -> AuditEntry:
        """Let content be kept from now on; the entry is in the audit log before the first text is.

        Raises:
            ApprovalError: It names nobody or no reason, is over already, or is longer than `MAX_APPROVAL`.
        """
        now = self._now()
        if len(reason.strip()) < MIN_REASON_CHARS:
            raise ApprovalError("say what the content is needed for, in a sentence")
        if until.tzinfo is None or not now < until <= now + MAX_APPROVAL:
            raise ApprovalError(f"say until when, with a time zone, at most {MAX_APPROVAL.days} days from now")
        return await self._audited(AuditEntry(who, now, until, reason))

    async def revoke(self, *, who: str, reason: str) -> AuditEntry:
        """Keep nothing more from now on; what was kept expires in its time.

        Raises:
            ApprovalError: It names nobody.
        """
        now = self._now()
        return await self._audited(AuditEntry(who, now, now, reason))

    async def audit(self) -> list[AuditEntry]:
        """Every approval and end of one, oldest first."""
        kept = await self._store.events(self._named("audit"))
        return [_audit_entry(event.value) for event in kept]

    async def approved(self) -> bool:
        """Whether content may be kept now: the latest entry decides."""
        entries = await self.audit()
        return bool(entries) and self._now() < entries[-1].until

    async def keep(self, *, talk: str, role: str, text: str) -> bool:
        """Keep a text, masked; does nothing without an approval.

        Returns:
            Whether it was kept.

        Raises:
            StoreError: The store is gone.
        """
        if not await self.approved():
            return False
        kept = [keyed_hash(self._key, talk), role, mask(text), self._clock()]
        value = json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")
        await self._store.append(self._named("texts"), value, lifetime_s=KEPT.total_seconds())
        return True

    async def texts(self, *, after: int = 0) -> Sequence[tuple[int, Text]]:
        """The texts that have not expired, with their numbers, oldest first; at most `MAX_READ` after `after`."""
        kept = await self._store.events(self._named("texts"), after=after, limit=MAX_READ)
        return [(event.number, _text(event.value)) for event in kept]

    async def _audited(self, entry: AuditEntry) -> AuditEntry:
        if not entry.who.strip():
            raise ApprovalError("say who it is: a person's name or address")
        said = [entry.who, entry.at.isoformat(), entry.until.isoformat(), entry.reason]
        await self._store.append(self._named("audit"), json.dumps(said).encode(), lifetime_s=AUDIT_KEPT.total_seconds())
        return entry

    def _named(self, what: str) -> str:
        return f"content:{self._product}:{what}"

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _audit_entry(value: bytes) -> AuditEntry:
    who, at, until, reason = json.loads(value)
    return AuditEntry(who, datetime.fromisoformat(at), datetime.fromisoformat(until), reason)


def _text(value: bytes) -> Text:
    talk, role, text, at_s = json.loads(value)
    return Text(talk, role, text, datetime.fromtimestamp(at_s, UTC))
