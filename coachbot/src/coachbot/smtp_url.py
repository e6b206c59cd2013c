"""The grammar of COACHBOT_SMTP_URL."""

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit


class SmtpSecurity(Enum):
    """How the connection is protected."""

    OPPORTUNISTIC = "smtp"
    """STARTTLS when the server offers it; a password is never sent without TLS except on this machine."""

    STARTTLS = "smtp+starttls"
    """STARTTLS or nothing (RFC 3207)."""

    TLS = "smtps"
    """TLS from the first byte (RFC 8314)."""


DEFAULT_PORTS = {SmtpSecurity.OPPORTUNISTIC: 587, SmtpSecurity.STARTTLS: 587, SmtpSecurity.TLS: 465}
"""Submission ports of RFC 6409 and RFC 8314."""


class SmtpUrlError(Exception):
    """The text is no SMTP URL; the message says why and never quotes it, since it may hold a password."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails are handed over."""

    host: str
    port: int
    security: SmtpSecurity
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(text: str) -> SmtpServer:
    """Parse `smtp://`, `smtp+starttls://` or `smtps://` with optional `user:password@` and port.

    Raises:
        SmtpUrlError: The text is none.
    """
    try:
        parts = urlsplit(text)
        security, port = SmtpSecurity(parts.scheme), parts.port
    except ValueError:
        raise SmtpUrlError("is not an SMTP URL (smtp://, smtp+starttls:// or smtps://)") from None
    if not parts.hostname:
        raise SmtpUrlError("names no mail server")
    return SmtpServer(
        host=parts.hostname,
        port=port or DEFAULT_PORTS[security],
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
