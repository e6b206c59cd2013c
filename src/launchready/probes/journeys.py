"""Walk the way of a customer: sign up, receive the mail, follow the link, log in, ask."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.journeys import LoginCookie, PrivatePage, SignupWalk, StepName, StepTaken
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Journey, host_of
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.mailbox import wait_for_mail
from launchready.parse.html_page import Form
from launchready.parse.rfc5322 import MailError, read_message
from launchready.parse.rfc9111 import fresh_for_s, read_response
from launchready.probes.answers import read_answer
from launchready.probes.browsing import Browser, Shown, StepFailedError, without_keys
from launchready.probes.confirmation import confirmation_links
from launchready.probes.forms import Person, confirmation_form, login_form, signup_form
from launchready.probes.received_mail import mail_of_journey
from launchready.probes.web import cookies_of

WALK_LIMIT_S: Final = 45.0
"""The waits below, and a quarter of a minute for the pages."""

MAIL_WAIT_S: Final = 10.0
"""How long a visitor waits for the mail: it is sent at once, and after ten seconds people look for another product."""

ANSWER_WAIT_S: Final = 20.0
"""How long a visitor waits for the first 16 KiB of an answer, or its end; most language models need some seconds."""

MAX_ANSWER_BYTES: Final = 16 * 1024
"""What is read of an answer: enough to see that it is one. A longer one would only cost the owner's money."""

LOGS_IN: Final = frozenset({StepName.CONFIRM, StepName.LOG_IN})
"""Steps that may log the visitor in; the later one that sets a cookie did."""

MAX_VARIABLE_CHARS: Final = 60
"""How much of a forgotten variable is shown."""

NO_FORM: Final = "shows no form with a password that works without scripts, and this version runs none"


@probe(manner=Manner.ACTIVE, timeout_s=WALK_LIMIT_S)
async def signup_walk(journey: Journey, product: Product, http: HttpClient, dns: DnsClient, clock: Clock) -> SignupWalk:
    """Walk the way once, as a new customer."""
    return await walk_as_visitor(journey, product, http, clock, dns)


async def walk_as_visitor(
    journey: Journey, product: Product, http: HttpClient, clock: Clock, dns: DnsClient | None = None
) -> SignupWalk:
    """One new customer's way, up to the first step that does not work; with `dns` the mail is judged, too.

    Raises:
        NotSeen: what is in the way is not the product's fault, or can't be judged: no name, a bot wall, a missing
            mailbox, a page that needs scripts.
    """
    async with Visitor(http) as visitor:
        customer = SignUp(journey, product, visitor, clock)
        walk = await customer.walk()
    if dns is None or not customer.mail:
        return walk
    return replace(walk, mail=await mail_of_journey(customer.mail, product, dns, clock))


class SignUp:
    """One person with one address, one password and one browser, on the way in.

    Attributes:
        person: who it is.
        home: URL of the page after the log-in; empty before.
        mail: the mail that came, as it came; empty before.
    """

    def __init__(self, journey: Journey, product: Product, visitor: Visitor, clock: Clock) -> None:
        self._journey = journey
        self._hosts = frozenset(host.name for host in product.hosts)
        self._browser = Browser(visitor, self._hosts)
        self._clock = clock
        self.person = new_person(journey.address)
        self.home = ""
        self._signed_up_at = clock.now()
        self.mail = b""
        self._links: tuple[str, ...] = ()
        self._answer_chars = 0
        self._login_cookies: tuple[LoginCookie, ...] = ()
        self._private_page: PrivatePage | None = None

    @property
    def set_cookies(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """URL and Set-Cookie lines of all answers so far; they hold what logs somebody in."""
        return tuple(self._browser.set_cookies)

    async def walk_in(self) -> None:
        """Sign up, receive the mail, confirm and log in, and ask nothing.

        Raises:
            StepFailedError: a step did not work.
            NotSeen: as `walk_as_visitor`.
        """
        for act in (self._sign_up, self._receive, self._confirm, self._log_in):
            await act()

    async def walk(self) -> SignupWalk:
        """Every step, up to the first that does not work."""
        acts: dict[StepName, Callable[[], Awaitable[str]]] = {
            StepName.SIGN_UP: self._sign_up,
            StepName.MAIL: self._receive,
            StepName.CONFIRM: self._confirm,
            StepName.LOG_IN: self._log_in,
            StepName.ASK: self._ask,
        }
        steps: list[StepTaken] = []
        for name, act in acts.items():
            before = len(self._browser.set_cookies)
            steps.append(await self._step(name, act))
            if name in LOGS_IN:
                self._login_cookies = self._cookies_since(before) or self._login_cookies
            if not steps[-1].worked:
                break
        links = tuple(without_keys(link) for link in self._links)
        has_logged_in = any(step.name is StepName.LOG_IN and step.worked for step in steps)
        cookies = self._login_cookies if has_logged_in else ()
        return SignupWalk(
            tuple(steps), links, self._answer_chars, login_cookies=cookies, private_page=self._private_page
        )

    def _cookies_since(self, before: int) -> tuple[LoginCookie, ...]:
        """What was set by the answers after so many of them, without values."""
        now = self._clock.now()
        return tuple(
            LoginCookie(host_of(url), cookie)
            for url, lines in self._browser.set_cookies[before:]
            for cookie in cookies_of(url, lines, now)
            if not cookie.is_removed
        )

    async def _step(self, name: StepName, act: Callable[[], Awaitable[str]]) -> StepTaken:
        started = self._clock.tick()
        try:
            detail, worked = await act(), True
        except StepFailedError as failure:
            detail, worked = str(failure), False
        return StepTaken(name, worked, detail, round(self._clock.tick() - started, 3))

    async def _sign_up(self) -> str:
        shown = await self._browser.open(self._journey.signup)
        form = signup_form(shown.page)
        if form is None:
            raise NotSeen(Why.UNREADABLE, f"{self._journey.signup} {NO_FORM}.")
        self._signed_up_at = self._clock.now()
        sent = await self._browser.submit(form, shown, self.person)
        if _came_back(form, sent) and not sent.was_redirected:  # a redirect may lead to it with a word of thanks
            raise StepFailedError(f"{without_keys(sent.url)} shows the form again instead of signing up")
        return f"{without_keys(sent.url)} answered {sent.status}"

    async def _receive(self) -> str:
        try:
            async with asyncio.timeout(MAIL_WAIT_S):
                raw = await wait_for_mail(
                    self._journey.mailbox,
                    self.person.email,
                    base_folder=Path(),
                    since=self._signed_up_at,
                    password=None,
                )
        except TimeoutError:
            raise StepFailedError(f"no mail within {MAIL_WAIT_S:g} seconds after signing up") from None
        try:
            message = read_message(raw)
        except MailError as error:
            raise StepFailedError(f"the mail can't be read: {error}") from None
        self.mail = raw
        self._links = confirmation_links(message.links, self._hosts)
        if not self._links and message.placeholders:
            variable = message.placeholders[0][:MAX_VARIABLE_CHARS]
            raise StepFailedError(f"the mail holds a template's variable in place of a link: {variable}")
        if not self._links:
            raise NotSeen(Why.UNREADABLE, "The sign-up mail holds no link that looks like a confirmation.")
        return "the mail arrived"

    async def _confirm(self) -> str:
        link = self._links[0]
        if not self._browser.may_open(link):
            raise StepFailedError(f"the link leads to {without_keys(link)}, which is not on a declared host")
        shown = await self._browser.open(link)
        form = confirmation_form(shown.page)
        if form is not None:
            shown = await self._browser.submit(form, shown, self.person)
        return f"{without_keys(shown.url)} answered {shown.status}"

    async def _log_in(self) -> str:
        shown = await self._browser.open(self._journey.login)
        form = login_form(shown.page)
        if form is None and urlsplit(shown.url).path != urlsplit(self._journey.login).path:
            self._private_page = self._seen_by_caches(shown)
            self.home = shown.url
            return "the link had logged the visitor in"
        if form is None:
            raise NotSeen(Why.UNREADABLE, f"{self._journey.login} {NO_FORM}.")
        sent = await self._browser.submit(form, shown, self.person)
        if _came_back(form, sent):
            raise StepFailedError(f"{without_keys(sent.url)} shows the form again instead of logging in")
        self.home = sent.url
        self._private_page = self._seen_by_caches(sent)
        return f"{without_keys(sent.url)} answered {sent.status}"

    def _seen_by_caches(self, shown: Shown) -> PrivatePage:
        """The visitor's page as a cache on the way reads it."""
        text = shown.page.text_excerpt
        response = read_response(shown.status, shown.headers, self._clock.now())
        return PrivatePage(
            url=without_keys(shown.url),
            names_visitor=self.person.name in text or self.person.email in text,
            shared_for_s=fresh_for_s(response, shared=True),
            cache_control=", ".join(value for name, value in shown.headers if name == "cache-control"),
        )

    async def _ask(self) -> str:
        question = {"message": self._journey.question, "message_id": str(uuid.uuid4())}
        chat = self._journey.chat
        try:
            async with asyncio.timeout(ANSWER_WAIT_S):
                response = await self._browser.post_json(chat, json.dumps(question).encode(), MAX_ANSWER_BYTES)
        except TimeoutError:
            raise StepFailedError(f"{chat} gave no whole answer within {ANSWER_WAIT_S:g} seconds") from None
        kind = next(iter(response.values("content-type")), "")
        answer = read_answer(kind, response.body, truncated=response.truncated)
        if answer is None:
            raise StepFailedError(f"{chat} answered {response.status} with a page instead of an answer")
        if response.status >= 300 or answer.error:
            raise StepFailedError(f"{chat} answered {response.status}" + (answer.error and f" with {answer.error}"))
        if not answer.chars:
            raise StepFailedError(f"{chat} answered {response.status} without a word")
        self._answer_chars = answer.chars
        return f"an answer of {answer.chars} characters"


def new_person(address: str) -> Person:
    """Somebody nobody has met: a new tag in the address, and a password that any rule accepts."""
    tag = uuid.uuid4().hex[:12]
    return Person(address.replace("{tag}", tag), f"{secrets.token_urlsafe(18)}-aA1")


def _came_back(form: Form, sent: Shown) -> bool:
    """Whether the same form is shown again, as it is where something typed was not accepted."""
    names = [item.name for item in form.fields]
    return any(again.action == form.action and [f.name for f in again.fields] == names for again in sent.page.forms)
