"""A receiving mail server that keeps a Maildir, and is the product's relay too."""

import asyncio
import logging
import mailbox
import ssl
from collections.abc import Callable
from email.message import Message
from email.utils import formatdate
from enum import Enum, auto
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.CRITICAL)
"""aiosmtpd writes a trace for each caller that refuses our certificate: its right, and often the point."""

HOSTNAME = "mx.inbox.example"
DEFERRALS = 2
"""How often a greylisting server sends a new sender away before it takes the mail."""


class MailMood(Enum):
    """How the server takes mail."""

    DELIVERS = auto()
    DEFERS_TWICE = auto()
    """451 for the first two attempts."""
    SWALLOWS = auto()
    """250, and the mail is gone."""
    REJECTS = auto()
    """550."""


def _text(message: Message) -> str:
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    bodies = [part.get_payload(decode=True) for part in parts]
    text = "\n".join(body.decode() for body in bodies if isinstance(body, bytes))
    return f"To: {message['To']}\nSubject: {message['Subject']}\n\n{text}"


class MailSink:
    """Takes mail for everybody and delivers it into one Maildir.

    Args:
        folder: The Maildir, made when missing.
        mood: Says how mail is taken right now.
    """

    def __init__(self, folder: Path, mood: Callable[[], MailMood]) -> None:
        self._box = mailbox.Maildir(folder, create=True)
        self._mood = mood
        self._deferred = 0

    def protocol(self, tls: ssl.SSLContext | None = None) -> asyncio.Protocol:
        """The SMTP protocol for a new connection; with TLS settings it offers STARTTLS."""
        return SMTP(
            self,
            hostname=HOSTNAME,
            ident="mail",
            enable_SMTPUTF8=True,
            tls_context=tls,
            loop=asyncio.get_running_loop(),
            timeout=60,
        )

    def texts(self) -> list[str]:
        """The subject and the plain text of every mail in the box."""
        return [_text(message) for message in self._box]

    def clear(self) -> None:
        """Empty the mailbox and forget who was sent away."""
        self._box.clear()
        self._deferred = 0

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Take one message (aiosmtpd calls this)."""
        match self._mood():
            case MailMood.REJECTS:
                return "550 5.7.1 Message rejected"
            case MailMood.SWALLOWS:
                return "250 2.0.0 OK"
            case MailMood.DEFERS_TWICE if self._deferred < DEFERRALS:
                self._deferred += 1
                return "451 4.7.1 Greylisted, try again later"
            case _:
                self._deliver(session, envelope)
                return "250 2.0.0 OK"

    def _deliver(self, session: Session, envelope: Envelope) -> None:
        """Put the message in the box, with the headers a receiving server adds (RFC 5321 section 4.4)."""
        added = [f"Return-Path: <{envelope.mail_from or ''}>"]
        added += [f"Delivered-To: {recipient}" for recipient in envelope.rcpt_tos]
        added += [f"Received: from {session.host_name} by {HOSTNAME} with ESMTP; {formatdate()}"]
        content = envelope.content or b""
        body = content if isinstance(content, bytes) else content.encode()
        self._box.add("".join(f"{line}\r\n" for line in added).encode() + body)
