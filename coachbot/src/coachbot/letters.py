"""What the mails say."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from urllib.parse import urlencode

from jinja2 import Environment

from coachbot.clock import Clock

LINK_HOURS = 24
"""Hours a verification link works."""

MAX_LINE_CHARS = 998
"""Longest line of a mail (RFC 5322 2.1.1)."""


@dataclass(frozen=True, slots=True)
class LeadText:
    """What a visitor wrote to the coach."""

    name: str
    email: str
    message: str


class Letters:
    """Writes the mails.

    Args:
        templates: Holds `mail/*.txt` and `mail/*.html`.
        sender: The `From` of every mail.
        base_url: Origin that links point to.
        clock: For the `Date`.
    """

    def __init__(self, templates: Environment, *, sender: str, base_url: str, clock: Clock) -> None:
        self._templates = templates
        name, address = parseaddr(sender)
        self._sender = Address(display_name=name, addr_spec=address)
        self._base_url = base_url
        self._clock = clock

    def verification(self, email: str, token: str) -> EmailMessage:
        """The mail whose link finishes a sign-up. It greets nobody: the name was typed by whoever signed up."""
        link = f"{self._base_url}/verify?{urlencode({'token': token})}"
        subject = "Confirm your e-mail address"
        return self._letter(email, subject, "verify", {"link": link, "hours": LINK_HOURS})

    def already_signed_up(self, email: str) -> EmailMessage:
        """The mail to someone who signs up with an address that has an account."""
        link = f"{self._base_url}/login"
        return self._letter(email, "You already have an account", "already", {"link": link})

    def lead(self, coach_email: str, lead: LeadText) -> EmailMessage:
        """The mail that tells the coach what a visitor wrote; a reply goes to the visitor."""
        letter = self._letter(coach_email, "New message from your website", "lead", {"lead": lead})
        letter["Reply-To"] = lead.email
        return letter

    def _letter(self, to: str, subject: str, template: str, values: dict[str, object]) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self._sender
        letter["To"] = to
        letter["Subject"] = subject
        letter["Date"] = format_datetime(self._clock())
        letter["Message-ID"] = make_msgid(domain=self._sender.domain)
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies stay away
        values = values | {"sender": self._sender.display_name or self._sender.domain, "subject": subject}
        text = self._templates.get_template(f"mail/{template}.txt").render(values)
        letter.set_content(text, cte=_encoding(text))
        html = self._templates.get_template(f"mail/{template}.html").render(values)
        letter.add_alternative(html, subtype="html", cte=_encoding(html))
        return letter


def _encoding(text: str) -> str | None:
    """Plain where possible, so that a long link is one line in the raw mail too; None lets the library choose."""
    plain = text.isascii() and all(len(line) <= MAX_LINE_CHARS for line in text.splitlines())
    return "7bit" if plain else None
