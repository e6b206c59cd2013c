"""The tables."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

EMAIL_CHARS = 254
"""Longest mail address (RFC 5321 4.5.3.1.3, less the angle brackets)."""

NAME_CHARS = 80
HASH_CHARS = 64
STATUS_CHARS = 16


class UtcTime(TypeDecorator[datetime]):
    """A time that is UTC in the database and aware in the program, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives the time back without its zone."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables of the product."""

    type_annotation_map = {datetime: UtcTime}  # noqa: RUF012 - SQLAlchemy's own way to declare it


class User(Base):
    """A customer whose mail address is verified."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_CHARS), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_CHARS))
    password_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class VerificationToken(Base):
    """A sign-up that waits for its link to be used; the account is made from it, never before.

    The password belongs to the sign-up and not to the address: whoever signs up with someone else's address first
    gains nothing, because the owner's own link brings the owner's own password.
    """

    __tablename__ = "verification_tokens"
    token_hash: Mapped[str] = mapped_column(String(HASH_CHARS), primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_CHARS), index=True)
    name: Mapped[str] = mapped_column(String(NAME_CHARS))
    password_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Base):
    """A log-in; the cookie's value is stored as keyed hash only."""

    __tablename__ = "sessions"
    token_hash: Mapped[str] = mapped_column(String(HASH_CHARS), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Lead(Base):
    """What a visitor wrote to the coach."""

    __tablename__ = "leads"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_CHARS))
    email: Mapped[str] = mapped_column(String(EMAIL_CHARS), index=True)
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Conversation(Base):
    """A customer's talk with the assistant."""

    __tablename__ = "conversations"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime]


class Message(Base):
    """A question and its answer: one row, since neither is shown without the other.

    `status` is `pending` while the answer is being made, then `done`, `interrupted` (partial text kept), `failed` or
    `canned` (a notice stood in for the answer).
    """

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(STATUS_CHARS))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("conversation_id", "message_id"),)


class OutboxMail(Base):
    """A mail that was decided in the same transaction as its cause, and is delivered later.

    `claimed_until` is the lease of the worker that is delivering it; `next_attempt_at` is None once it is sent or
    given up.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(EMAIL_CHARS))
    content: Mapped[bytes]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (Index("outbox_due", "next_attempt_at"),)
