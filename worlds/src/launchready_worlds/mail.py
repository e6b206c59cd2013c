"""A receiving mail server that keeps a Maildir, and is the product's relay too."""

import asyncio
import logging
import mailbox
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from email.utils import formatdate
from enum import Enum, auto
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from launchready_worlds.addresses import DOMAIN, MAIL_EXCHANGE
from launchready_worlds.mail_signing import sign
from launchready_worlds.zones import DKIM_SELECTOR

logging.getLogger("mail.log").setLevel(logging.CRITICAL)
"""aiosmtpd writes a trace for each caller that refuses our certificate: its right, and often the point."""

HOSTNAME = "mx.inbox.example"
RELAY_NAME = "mx.postmail.example"
DEFERRALS = 2
"""How often a greylisting server sends a new sender away before it takes the mail."""


@dataclass(frozen=True, slots=True)
class Relay:
    """How the founder's mail service sends the product's mail on.

    Attributes:
        signs_for: The domain it signs for; empty: it does not sign.
        bounces_to: The domain of the envelope sender; empty: that of From.
        address: Where the mail comes from.
        breaks: Whether something changes the mail after it was signed.
    """

    signs_for: str = DOMAIN
    bounces_to: str = ""
    address: str = MAIL_EXCHANGE
    breaks: bool = False


class MailMood(Enum):
    """How the server takes mail."""

    DELIVERS = auto()
    DEFERS_TWICE = auto()
    """451 for the first two attempts."""
    DEFERS = auto()
    """451 for every attempt."""
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
        key: What the founder's mail service signs with.
        mood: Says how mail is taken right now.
        relay: Says how the founder's mail service sends right now.
    """

    def __init__(
        self, folder: Path, key: RSAPrivateKey, mood: Callable[[], MailMood], relay: Callable[[], Relay]
    ) -> None:
        self._box = mailbox.Maildir(folder, create=True)
        self._key = key
        self._mood = mood
        self._relay = relay
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

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Take one message (aiosmtpd calls this)."""
        match self._mood():
            case MailMood.REJECTS:
                return "550 5.7.1 Message rejected"
            case MailMood.SWALLOWS:
                return "250 2.0.0 OK"
            case MailMood.DEFERS_TWICE if self._deferred < DEFERRALS:
                self._deferred += 1
                return "451 4.7.1 Greylisted, try again later"
            case MailMood.DEFERS:
                return "451 4.3.2 System not accepting messages"
            case _:
                self._deliver(envelope)
                return "250 2.0.0 OK"

    def _deliver(self, envelope: Envelope) -> None:
        """Put the message in the box, signed by the founder's mail service, with the headers a receiver adds.

        Those are Return-Path and Received (RFC 5321 section 4.4).
        """
        relay = self._relay()
        content = envelope.content or b""
        body = content if isinstance(content, bytes) else content.encode()
        signature = sign(body, relay.signs_for, DKIM_SELECTOR, self._key) if relay.signs_for else b""
        if relay.breaks:
            body += b"-- \r\nScanned by your friendly firewall\r\n"
        local, _, domain = (envelope.mail_from or "").rpartition("@")
        added = [f"Return-Path: <{local}@{relay.bounces_to or domain}>"]
        added += [f"Delivered-To: {recipient}" for recipient in envelope.rcpt_tos]
        hop = f"from {RELAY_NAME} ({RELAY_NAME} [{relay.address}])"
        added += [f"Received: {hop} by {HOSTNAME} with ESMTPS; {formatdate()}"]
        self._box.add("".join(f"{line}\r\n" for line in added).encode() + signature + body)
