"""The parts of the product and how they fit together.

Each part is made when it is first asked for, from the others. To replace one, assign it before the application is
built (`parts.mailer = …`) or override it in a subclass; whatever uses it then uses yours. Nothing is global, so two
products run in one process.
"""

import logging
import os
import sys
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment
from sqlalchemy.engine import make_url

from coachbot.accounts import Accounts
from coachbot.answers import TOTAL_TIMEOUT_S, AnswerSource
from coachbot.assets import Assets
from coachbot.chat import CHAT_PATH, ChatApi
from coachbot.clock import Clock, utc_now
from coachbot.conversations import Conversations
from coachbot.database import Database
from coachbot.guarding import Bookkeeping, guard_settings, make_spend
from coachbot.leads import Leads
from coachbot.letters import Letters
from coachbot.mail import FolderMailer, Mailer, SmtpMailer
from coachbot.outbox import Outbox, OutboxWorker, RetryPolicy
from coachbot.pages import Pages
from coachbot.passwords import Passwords
from coachbot.provider import ModelCalls, ProviderAnswers
from coachbot.rendering import Renderer, template_environment
from coachbot.retrieval import Documents, LocalAnswers
from coachbot.sessions import Sessions
from coachbot.settings import Settings
from coachbot.smtp_url import parse_smtp_url
from launchready_guard.canned import CannedAnswer
from launchready_guard.chat_guard import GuardSettings
from launchready_guard.client import ClientAddresses
from launchready_guard.completions import Completions
from launchready_guard.continuity import ContinuitySettings
from launchready_guard.environment import Contract
from launchready_guard.health import Readiness, store_probe
from launchready_guard.ladder import Ladder, LadderSettings, Report
from launchready_guard.logs import json_logger
from launchready_guard.message_store import Bounds
from launchready_guard.metrics import Metrics
from launchready_guard.spend import Spend
from launchready_guard.store import MemoryStore, SqliteStore, Store
from launchready_guard.throttle import LoginThrottle

ENDING_S = 10
"""Seconds an answer has beyond its own limit, so that it ends with its own words and not with the guard's."""


class Parts:
    """The parts of one product.

    Args:
        settings: What the owner decided.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock(self) -> Clock:
        """The time of day."""
        return utc_now

    @cached_property
    def logger(self) -> logging.Logger:
        """Where redacted JSON lines go."""
        return json_logger("coachbot", sys.stderr)

    @cached_property
    def environ(self) -> Mapping[str, str]:
        """The variables it was started with, for the report on them; settings come from `settings` alone."""
        return os.environ

    @cached_property
    def contract(self) -> Contract:
        """The variables it reads, and what each has to look like."""
        return Contract.from_json((files("coachbot") / "environment.json").read_text("utf-8"))

    @cached_property
    def database(self) -> Database:
        """Where everything is kept."""
        return Database(self.settings.database_url)

    @cached_property
    def mailer(self) -> Mailer:
        """Takes mails out of the house."""
        if self.settings.mail_folder is not None:
            return FolderMailer(self.settings.mail_folder)
        return SmtpMailer(parse_smtp_url(self.settings.smtp_url))

    @cached_property
    def retry(self) -> RetryPolicy:
        """When an undelivered mail is tried again."""
        return RetryPolicy()

    @cached_property
    def outbox(self) -> Outbox:
        """Where mails wait."""
        return Outbox(self.clock)

    @cached_property
    def worker(self) -> OutboxWorker:
        """Delivers what waits in the outbox."""
        return OutboxWorker(
            database=self.database,
            outbox=self.outbox,
            mailer=self.mailer,
            retry=self.retry,
            clock=self.clock,
            logger=self.logger,
        )

    @cached_property
    def templates(self) -> Environment:
        """Pages and mails."""
        return template_environment()

    @cached_property
    def letters(self) -> Letters:
        """Writes the mails."""
        settings = self.settings
        return Letters(self.templates, sender=settings.mail_from, base_url=settings.base_url, clock=self.clock)

    @cached_property
    def passwords(self) -> Passwords:
        """Hashes passwords."""
        return Passwords()

    @cached_property
    def accounts(self) -> Accounts:
        """Customers and their sessions."""
        return Accounts(
            database=self.database,
            outbox=self.outbox,
            letters=self.letters,
            passwords=self.passwords,
            secret=self.settings.secret,
            clock=self.clock,
        )

    @cached_property
    def leads(self) -> Leads:
        """Messages to the coach."""
        return Leads(
            database=self.database,
            outbox=self.outbox,
            letters=self.letters,
            coach_email=self.settings.coach_email,
            clock=self.clock,
        )

    @cached_property
    def conversations(self) -> Conversations:
        """Questions and answers."""
        return Conversations(database=self.database, clock=self.clock)

    @cached_property
    def documents(self) -> Documents:
        """What the coach has written."""
        return Documents(self.settings.documents)

    @cached_property
    def booking_link(self) -> str:
        """Where a call is booked, or the form to the coach."""
        return self.settings.booking_url or f"{self.settings.site_url}/#contact"

    @cached_property
    def answers(self) -> AnswerSource:
        """Makes answers: the providers, or local retrieval alone without a key."""
        local = LocalAnswers(self.documents, booking_url=self.booking_link)
        if not self.settings.model_key:
            return local
        return ProviderAnswers(self.ladder, documents=self.documents, local=local, booking_url=self.booking_link)

    @cached_property
    def ladder_settings(self) -> LadderSettings:
        """How long the providers are tried."""
        return LadderSettings(total_s=TOTAL_TIMEOUT_S)

    @cached_property
    def ladder(self) -> Ladder:
        """The providers in the order in which they are asked, and the notice when none answers."""
        providers = [Completions(provider) for provider in self.settings.providers]
        canned = CannedAnswer(booking_url=self.booking_link)
        permit = self.spend.before_call
        return Ladder(providers, canned, self.ladder_settings, report=self.model_calls, permit=permit)

    @cached_property
    def model_calls(self) -> Report:
        """Notes and books each call of a provider."""
        return Bookkeeping(ModelCalls(self.logger).note, self.spend, self.metrics).book

    @cached_property
    def guard_settings(self) -> GuardSettings:
        """How often who may ask, how long answers may take, how many are made at once."""
        return guard_settings(self.settings)

    @cached_property
    def spend(self) -> Spend:
        """Stops before the model's bill does."""
        return make_spend(self.settings, self.guard_store, self.logger)

    @cached_property
    def metrics(self) -> Metrics:
        """Numbers for Prometheus."""
        return Metrics()

    @cached_property
    def guard_store(self) -> Store:
        """What the guard remembers: a file beside the database's, for all workers; without one, this process alone."""
        url = make_url(self.settings.database_url)
        if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
            return MemoryStore()
        database = Path(str(url.database))
        return SqliteStore(database.with_name(f"{database.stem}-guard.sqlite3"))

    @cached_property
    def continuity(self) -> ContinuitySettings:
        """How answers are joined, read again and stopped."""
        return ContinuitySettings(
            key=self.settings.secret.encode(),
            path=CHAT_PATH,
            owner=self.sessions.owner,
            bounds=Bounds(answer_s=TOTAL_TIMEOUT_S + ENDING_S),
        )

    @cached_property
    def readiness(self) -> Readiness:
        """What `/readyz` asks."""
        asked = {"database": self.database.check, "mail": self.mailer.check, "model": self.answers.check}
        return Readiness(asked | {"budgets": store_probe(self.guard_store)})

    @cached_property
    def throttle(self) -> LoginThrottle:
        """Slows down guessing of passwords."""
        return LoginThrottle(count=self.metrics.failed_logins.inc)

    @cached_property
    def addresses(self) -> ClientAddresses:
        """Finds the client's address."""
        return ClientAddresses(self.settings.trusted_proxies)

    @cached_property
    def sessions(self) -> Sessions:
        """The session cookie."""
        return Sessions(self.accounts, secure=self.settings.https)

    @cached_property
    def assets(self) -> Assets:
        """Style, script and icon."""
        return Assets()

    @cached_property
    def render(self) -> Renderer:
        """Renders pages."""
        return Renderer(self.templates, self.settings, self.assets, booking_link=self.booking_link)

    @cached_property
    def pages(self) -> Pages:
        """The endpoints that answer with HTML."""
        return Pages(
            render=self.render,
            accounts=self.accounts,
            sessions=self.sessions,
            leads=self.leads,
            conversations=self.conversations,
            throttle=self.throttle,
            addresses=self.addresses,
            clock=self.clock,
        )

    @cached_property
    def chat(self) -> ChatApi:
        """The chat's API."""
        return ChatApi(
            sessions=self.sessions, conversations=self.conversations, answers=self.answers, logger=self.logger
        )
