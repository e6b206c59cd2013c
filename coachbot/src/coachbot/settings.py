"""What the owner decides: read once from the environment, checked at the start, then never changed."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from coachbot.smtp_url import SmtpUrlError, parse_smtp_url
from launchready_guard.completions import HEADER_TEXT, Provider

DEFAULT_DATABASE_URL = "sqlite+aiosqlite:///coachbot.sqlite3"
DEFAULT_MODEL_NAME = "gpt-4o-mini"

DEFAULT_DAILY_SPEND = 20.0
"""Dollars a day for the model unless the owner says otherwise: some 5,000 answers of a small model."""

DEFAULT_MODEL_PRICE = (2.5, 10.0)
"""Dollars for a million tokens of a prompt and of an answer, unless the owner says otherwise: a large model's, since a
price that is too high stops too early and one that is too low too late."""

MIN_DAILY_SPEND = 1.0
"""Dollars of the least cap: below it a single long answer could be more than the cap."""

MAX_PRICE = 1000.0
"""Dollars a million tokens of the dearest price that is believed: the dearest model costs 600."""

MIN_SECRET_CHARS = 32
"""Shortest COACHBOT_SECRET: 128 bits as hex digits."""

AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?", re.ASCII)
"""Dollars, with a point."""

DEMO_SENDER = "Bright Path Coaching <hello@brightpath.example>"
DEV_BASE_URL = "http://127.0.0.1:8000"
DEV_MAIL_FOLDER = Path("coachbot-mails")


class SettingsError(Exception):
    """Settings are missing or wrong; the text names each variable and what to set it to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The product's settings.

    Attributes:
        base_url: Origin of the application; links in mails point here.
        site_url: Origin of the landing page; equal to `base_url` when empty.
        secret: Key of the stored token hashes and of the hashes in logs.
        database_url: SQLAlchemy URL with an async driver.
        smtp_url: Mail server; empty with `mail_folder`.
        mail_from: Sender of every mail.
        mail_folder: Folder for mails instead of a server (development).
        coach_email: Who is told about a lead; None tells nobody.
        model_url: Base URL of an OpenAI-compatible provider.
        model_key: Its key; empty means answers come from local retrieval alone.
        model_name: Its model.
        model_url_2: Base URL of a second one, asked when the first gives no answer.
        model_key_2: Its key; empty means there is no second one.
        model_name_2: Its model.
        documents: Folder with the coach's `.md` and `.txt` files; None takes the example set.
        booking_url: Where a call is booked; empty sends visitors to the form.
        commit: Commit of the running build.
        built_at: RFC 3339 time of the build, None when unknown.
        launchready_token: Ownership token served at `/.well-known/launchready`; empty serves none.
        trusted_proxies: Addresses or networks of the proxies in front.
        daily_spend: Dollars a day after which no model is asked.
        model_price: Dollars for a million tokens of a prompt and of an answer, of the dearer of the two models.
        report_token: What an auditor shows to read `/launchready/environment`; empty has no such page.
    """

    base_url: str
    secret: str = field(repr=False)
    site_url: str = ""
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = DEMO_SENDER
    mail_folder: Path | None = None
    coach_email: str | None = None
    model_url: str = ""
    model_key: str = field(default="", repr=False)
    model_name: str = DEFAULT_MODEL_NAME
    model_url_2: str = ""
    model_key_2: str = field(default="", repr=False)
    model_name_2: str = DEFAULT_MODEL_NAME
    documents: Path | None = None
    booking_url: str = ""
    commit: str = "unknown"
    built_at: str | None = None
    launchready_token: str = field(default="", repr=False)
    trusted_proxies: tuple[str, ...] = ()
    daily_spend: float = DEFAULT_DAILY_SPEND
    model_price: tuple[float, float] = DEFAULT_MODEL_PRICE
    report_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Take `base_url` for the landing page too unless it has its own."""
        if not self.site_url:
            object.__setattr__(self, "site_url", self.base_url)

    @property
    def providers(self) -> tuple[Provider, ...]:
        """The providers of answers, in the order in which they are asked; none without a key."""
        first = Provider(name="first", url=self.model_url, key=self.model_key, model=self.model_name)
        second = Provider(name="second", url=self.model_url_2, key=self.model_key_2, model=self.model_name_2)
        return tuple(provider for provider in (first, second) if provider.key)

    @property
    def https(self) -> bool:
        """Whether visitors reach the application over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, dev: bool = False) -> "Settings":
        """Read the settings.

        Args:
            environ: Variables by name, usually `os.environ`.
            dev: Fill what is missing with values for one developer's machine: mails go to a folder, the secret is
                random.

        Raises:
            SettingsError: With one line for each variable that is missing or wrong.
        """
        read = _Reader(environ)
        base_url = read.origin("COACHBOT_BASE_URL", DEV_BASE_URL if dev else None)
        smtp_url = read.smtp("COACHBOT_SMTP_URL", required=not dev)
        settings = cls(
            base_url=base_url,
            site_url=read.origin("COACHBOT_SITE_URL", base_url),
            secret=read.secret("COACHBOT_SECRET", secrets.token_hex(32) if dev else None),
            database_url=read.database("COACHBOT_DATABASE_URL"),
            smtp_url=smtp_url,
            mail_from=read.sender("COACHBOT_MAIL_FROM", DEMO_SENDER if dev else None),
            mail_folder=DEV_MAIL_FOLDER if dev and not smtp_url else None,
            coach_email=read.optional_address("COACHBOT_COACH_EMAIL"),
            model_url=read.model_url("COACHBOT_MODEL_URL", "COACHBOT_MODEL_KEY"),
            model_key=read.model_key("COACHBOT_MODEL_KEY"),
            model_name=read.text("COACHBOT_MODEL_NAME") or DEFAULT_MODEL_NAME,
            model_url_2=read.model_url("COACHBOT_MODEL_URL_2", "COACHBOT_MODEL_KEY_2"),
            model_key_2=read.model_key("COACHBOT_MODEL_KEY_2"),
            model_name_2=read.text("COACHBOT_MODEL_NAME_2") or DEFAULT_MODEL_NAME,
            documents=read.folder("COACHBOT_DOCUMENTS"),
            booking_url=read.web_address("COACHBOT_BOOKING_URL"),
            commit=read.text("COACHBOT_COMMIT") or ("development" if dev else "unknown"),
            built_at=read.text("COACHBOT_BUILT_AT") or None,
            launchready_token=read.text("LAUNCHREADY_TOKEN"),
            trusted_proxies=read.networks("COACHBOT_TRUSTED_PROXIES"),
            daily_spend=read.daily_spend("COACHBOT_DAILY_SPEND"),
            model_price=read.price("COACHBOT_MODEL_PRICE"),
            report_token=read.report_token("LAUNCHREADY_REPORT_TOKEN", "COACHBOT_SECRET"),
        )
        read.refuse_if_wrong()
        return settings


class _Reader:
    """Reads variables and collects everything that is wrong, so that the owner mends it in one go."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._wrong: list[str] = []

    def refuse_if_wrong(self) -> None:
        if self._wrong:
            hint = "Or run `python -m coachbot --dev` to try it on this machine with nothing set."
            raise SettingsError("\n".join([*self._wrong, hint]))

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def _say(self, name: str, what: str, example: str) -> str:
        self._wrong.append(f"{name} {what}; set it to {example}")
        return ""

    def origin(self, name: str, default: str | None) -> str:
        example = "an origin such as https://app.brightpath.example (no path)"
        value = self.text(name) or default
        if value is None:
            return self._say(name, "is not set", example)
        if not value:
            return ""  # the default was wrong itself and has been reported
        if not _is_web(value) or urlsplit(value).path.strip("/") or urlsplit(value).query:
            return self._say(name, "is not an origin", example)
        return value.rstrip("/")

    def web_address(self, name: str) -> str:
        value = self.text(name)
        if value and not _is_web(value):
            return self._say(name, "is not a web address", "a link such as https://cal.example/you/intro")
        return value

    def model_url(self, name: str, key: str) -> str:
        value = self.web_address(name).rstrip("/")
        if self.text(key) and not value:
            example = "the provider's base URL such as https://api.openai.com/v1"
            return self._say(name, f"is not set although {key} is", example)
        return value

    def model_key(self, name: str) -> str:
        value = self.text(name)
        if value and not HEADER_TEXT.fullmatch(value):
            return self._say(name, "holds a space, a line break or a non-ASCII character", "the key, copied anew")
        if value and name.endswith("_2") and not self.text("COACHBOT_MODEL_KEY"):
            return self._say("COACHBOT_MODEL_KEY", f"is not set although {name} is", "the first provider's key")
        return value

    def secret(self, name: str, default: str | None) -> str:
        example = 'the output of: python -c "import secrets; print(secrets.token_hex(32))"'
        value = self.text(name) or default
        if value is None:
            return self._say(name, "is not set", example)
        if len(value) < MIN_SECRET_CHARS:
            return self._say(name, f"is shorter than {MIN_SECRET_CHARS} characters", example)
        return value

    def report_token(self, name: str, secret_name: str) -> str:
        if self.text(name) and self.text(name) == self.text(secret_name):
            return self._say(name, f"is the same as {secret_name}", "a random text of its own")
        return self.secret(name, "") if self.text(name) else ""

    def database(self, name: str) -> str:
        value = self.text(name) or DEFAULT_DATABASE_URL
        try:
            make_url(value)
        except ArgumentError:
            return self._say(name, "is not a database URL", DEFAULT_DATABASE_URL)
        return value

    def smtp(self, name: str, *, required: bool) -> str:
        value = self.text(name)
        example = "your mail provider's server such as smtp+starttls://user:password@smtp.example:587"
        if not value:
            return self._say(name, "is not set", example) if required else ""
        try:
            parse_smtp_url(value)
        except SmtpUrlError as error:
            return self._say(name, str(error), example)
        return value

    def sender(self, name: str, default: str | None) -> str:
        example = "a sender such as Bright Path Coaching <hello@brightpath.example>"
        value = self.text(name) or default
        if value is None:
            return self._say(name, "is not set", example)
        if "@" not in value or "\n" in value:
            return self._say(name, "is not a mail address", example)
        return value

    def optional_address(self, name: str) -> str | None:
        value = self.text(name)
        if value and "@" not in value:
            self._say(name, "is not a mail address", "the coach's address such as maya@brightpath.example")
        return value or None

    def folder(self, name: str) -> Path | None:
        value = self.text(name)
        if not value:
            return None
        if not Path(value).is_dir():
            self._say(name, "is not a folder", "the folder with the coach's .md and .txt files")
        return Path(value)

    def daily_spend(self, name: str) -> float:
        value = self.text(name)
        if value and not _is_amount(value, MIN_DAILY_SPEND):
            self._say(name, f"is no amount of at least {MIN_DAILY_SPEND:g}", "dollars a day for the model, such as 20")
            return DEFAULT_DAILY_SPEND
        return float(value) if value else DEFAULT_DAILY_SPEND

    def price(self, name: str) -> tuple[float, float]:
        value = self.text(name)
        prompt, _slash, completion = value.partition("/")
        if not value:
            return DEFAULT_MODEL_PRICE
        if not all(_is_amount(part) and float(part) <= MAX_PRICE for part in (prompt, completion)):
            self._say(name, "is no price", "dollars for a million tokens of prompts and of answers, such as 2.50/10")
            return DEFAULT_MODEL_PRICE
        return float(prompt), float(completion)

    def networks(self, name: str) -> tuple[str, ...]:
        entries = tuple(entry.strip() for entry in self.text(name).split(",") if entry.strip())
        for entry in entries:
            try:
                ip_network(entry, strict=False)
            except ValueError:
                self._say(name, f"has an entry that is no address or network ({entry})", "10.0.0.0/8, 127.0.0.1")
        return entries


def _is_amount(value: str, least: float = 0.0) -> bool:
    return AMOUNT.fullmatch(value) is not None and float(value) >= least


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises when it is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value
