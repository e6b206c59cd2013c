"""Handing a mail over: to a mail server, or to a folder on a developer's machine."""

import re
import secrets
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

import aiosmtplib
from anyio import to_thread

from coachbot.smtp_url import SmtpSecurity, SmtpServer
from launchready_guard.health import DependencyDownError

DELIVERY_TIMEOUT_S = 20
"""Seconds for each step of a delivery; slow servers greet late on purpose (RFC 5321 4.5.3.2 allows minutes)."""

CHECK_TIMEOUT_S = 1.5
"""Seconds for each step of the readiness check, below the limit of the whole check."""

EMAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
"""The pattern of `<input type=email>` (HTML standard), with a dotted domain: nobody signs up from `root@localhost`."""


class MailDelayedError(Exception):
    """The mail was not taken now; trying again may help. The text is the kind of failure, without addresses."""


class MailRefusedError(Exception):
    """The server refused the recipient for good (RFC 5321 4.2.1, 5yz); trying again would not help."""


class Mailer(Protocol):
    """Takes mails out of the house."""

    async def deliver(self, mail: EmailMessage) -> None:
        """Hand `mail` over, or raise `MailDelayedError` or `MailRefusedError`."""

    async def check(self) -> str:
        """Say whether mails could be handed over now; `DependencyDownError` when not."""


def password_is_safe(*, tls: bool, peer: str) -> bool:
    """Whether a password may be sent: over TLS, or without leaving this machine.

    Args:
        tls: Whether the connection is encrypted.
        peer: Address of the other end.
    """
    return tls or ip_address(peer).is_loopback


class SmtpMailer:
    """Delivers to a mail server, one connection a mail.

    Args:
        server: The mail server.
        tls: TLS settings; the system's certificates when None.
        timeout_s: Seconds for each step of a delivery.
    """

    def __init__(
        self, server: SmtpServer, *, tls: ssl.SSLContext | None = None, timeout_s: float = DELIVERY_TIMEOUT_S
    ) -> None:
        self._server = server
        self._tls = tls
        self._timeout_s = timeout_s

    async def deliver(self, mail: EmailMessage) -> None:
        """Hand `mail` over.

        Raises:
            MailDelayedError: The server could not be reached, or did not take it this time.
            MailRefusedError: The server refused the recipient for good.
        """
        try:
            async with self._client(self._timeout_s) as client:
                await self._log_in(client)
                await client.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(one.code >= 500 for one in refused.recipients):
                raise MailRefusedError("recipient refused") from refused
            raise MailDelayedError("recipient deferred") from refused
        except aiosmtplib.SMTPResponseException as refused:
            raise MailDelayedError(f"{type(refused).__name__} {refused.code}") from refused
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise MailDelayedError(type(failed).__name__) from failed

    async def check(self) -> str:
        """Connect and say NOOP (RFC 5321 4.1.1.9).

        Raises:
            DependencyDownError: The server did not answer that well.
        """
        try:
            async with self._client(CHECK_TIMEOUT_S) as client:
                await client.noop()
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise DependencyDownError(type(failed).__name__) from failed
        return ""

    def _client(self, timeout_s: float) -> aiosmtplib.SMTP:
        starttls = {SmtpSecurity.TLS: False, SmtpSecurity.STARTTLS: True, SmtpSecurity.OPPORTUNISTIC: None}
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.security is SmtpSecurity.TLS,
            start_tls=starttls[self._server.security],
            tls_context=self._tls,
            timeout=timeout_s,
        )

    async def _log_in(self, client: aiosmtplib.SMTP) -> None:
        if self._server.user is None:
            return
        tls = client.get_transport_info("sslcontext") is not None
        if not password_is_safe(tls=tls, peer=client.get_transport_info("peername")[0]):
            raise MailDelayedError("no TLS, so the password was not sent")
        await client.login(self._server.user, self._server.password or "")


class FolderMailer:
    """Writes each mail as `.eml` file into a folder, for development.

    Args:
        folder: Made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, mail: EmailMessage) -> None:
        """Write `mail` under a name that sorts by date.

        Raises:
            MailDelayedError: The folder can't be written.
        """
        try:
            await to_thread.run_sync(self._write, mail)
        except OSError as failed:
            raise MailDelayedError(type(failed).__name__) from failed

    async def check(self) -> str:
        """Say where mails go."""
        return f"mails are written to the folder {self._folder.name}"

    def _write(self, mail: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        sent_at = mail["Date"].datetime.strftime("%Y%m%d-%H%M%S")
        path = self._folder / f"{sent_at}-{secrets.token_hex(4)}.eml"
        path.write_bytes(mail.as_bytes())
