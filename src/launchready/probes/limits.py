"""Knock at the public doors until one says 429: the chat, the form that writes to the owner, the sign-up.

These looks use up what the product lets one visitor do, so they are taken after all others, the one that needs new
customers first and the sign-up last.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from launchready.facts.limits import Burst, ChatBurst, LeadBurst, SignupBurst
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, Journey
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.html_page import Form, Page, read_page
from launchready.parse.rfc9110 import CLIENT_ERROR, TOO_MANY_REQUESTS, HttpDateError, parse_http_date
from launchready.probes.customers import Customer, Headers, new_customer, refuse_wall, say
from launchready.probes.forms import Person, Submission, lead_form, signup_form, submission
from launchready.probes.journeys import NO_FORM, new_person
from launchready.probes.login import NOBODY
from launchready.probes.redirects import is_declared
from launchready.probes.web import text_of

BURST_SIZE: Final = 40
"""Most requests in a row to one door: twice what a patient chat allows in a minute and a third more than a patient form
in ten, and few enough to cost cents at the model's provider and to leave a mailbox usable."""

ANSWER_BYTES: Final = 1024
"""What is read of a form's answer in a burst: its status counts. Of the chat's the headers are read, and then hung up,
which ends the call to the model and spares the owner's money."""

FORGED: Final = (
    ("X-Forwarded-For", "198.51.100.{n}"),
    ("X-Real-IP", "198.51.100.{n}"),
    ("Forwarded", "for=198.51.100.{n}"),
    ("CF-Connecting-IP", "198.51.100.{n}"),
    ("True-Client-IP", "198.51.100.{n}"),
)
"""Headers in which proxies name the client (RFC 7239 and its forerunners), with addresses that are for documentation
(RFC 5737). Each is tried by itself, for some edges refuse a request that brings one of them."""

BURST_S: Final = 40.0
"""How long one burst goes on at most; limits count by the minute, and what is slower than this reaches none."""

Knock = Callable[[Headers], Awaitable[HttpResponse]]
"""Sends the next request of a burst, with further headers."""


@probe(manner=Manner.EXHAUSTING, timeout_s=60.0)
async def chat_burst(journey: Journey, product: Product, http: HttpClient, clock: Clock) -> ChatBurst:
    """Let one customer ask until they are throttled, then another once, who could ask before."""
    async with Visitor(http) as one, Visitor(http) as other:
        eager = await new_customer(journey, product, one, clock)
        bystander = await new_customer(journey, product, other, clock)
        _require_taken(await _ask(journey, bystander), journey.chat)

        async def knock(headers: Headers) -> HttpResponse:
            return await say(journey, eager, journey.question, headers=headers, headers_only=True)

        answers = await _until_throttled(knock, journey.chat, clock)
        felt = await _ask(journey, bystander)
        return ChatBurst(await _judged(answers, knock), felt.status)


@probe(manner=Manner.EXHAUSTING, timeout_s=60.0)
async def lead_burst(endpoint: Endpoint, product: Product, http: HttpClient, clock: Clock) -> LeadBurst:
    """Write through the page's form until it is throttled, each time as somebody else."""
    async with Visitor(http) as visitor:
        shown = await visitor.fetch(endpoint.url)
        if shown.status >= CLIENT_ERROR:
            raise NotSeen(Why.UNREADABLE, f"{endpoint.url} answered {shown.status}, so nobody could see its forms.")
        if lead_form(read_page(text_of(shown))) is None:
            return LeadBurst(None)
        address = product.journeys[0].address if product.journeys else NOBODY
        knock = _form_knock(visitor, endpoint.url, product, lead_form, address)
        answers = await _until_throttled(knock, endpoint.url, clock)
        return LeadBurst(await _judged(answers, knock))


@probe(manner=Manner.EXHAUSTING, timeout_s=60.0)
async def signup_burst(journey: Journey, product: Product, http: HttpClient, clock: Clock) -> SignupBurst:
    """Sign up until it is throttled, each time with another address in the journey's mailbox."""
    async with Visitor(http) as visitor:
        knock = _form_knock(visitor, journey.signup, product, signup_form, journey.address)
        answers = await _until_throttled(knock, journey.signup, clock)
        return SignupBurst(await _judged(answers, knock))


def _form_knock(
    visitor: Visitor, url: str, product: Product, pick: Callable[[Page], Form | None], address: str
) -> Knock:
    """Fills in the form of a page anew for each request; the page is opened again where the form holds a key."""
    opened: list[HttpResponse] = []

    async def knock(headers: Headers) -> HttpResponse:
        if not opened or _has_key(opened[0], pick):
            shown = await visitor.fetch(url, even_if_challenged=True)
            if shown.status == TOO_MANY_REQUESTS:
                return shown
            refuse_wall(shown)
            opened[:] = [shown]
        sent = _filled(opened[0], product, pick, new_person(address))
        answer = await visitor.fetch(
            sent.url,
            method="POST",
            headers=(*sent.headers, *headers),
            body=sent.body,
            max_bytes=ANSWER_BYTES,
            even_if_challenged=True,
        )
        refuse_wall(answer)
        return answer

    return knock


def _has_key(shown: HttpResponse, pick: Callable[[Page], Form | None]) -> bool:
    form = pick(read_page(text_of(shown)))
    return form is not None and any(item.type == "hidden" for item in form.fields)


def _filled(shown: HttpResponse, product: Product, pick: Callable[[Page], Form | None], person: Person) -> Submission:
    page = read_page(text_of(shown))
    form = pick(page)
    if shown.status >= CLIENT_ERROR or form is None:
        raise NotSeen(Why.UNREADABLE, f"{shown.url} answered {shown.status} and {NO_FORM}.")
    try:
        sent = submission(form, page, shown.url, person)
    except ValueError:
        raise NotSeen(Why.UNREADABLE, f"The form on {shown.url} goes to what is no URL.") from None
    if not is_declared(product, sent.url):
        raise NotSeen(Why.UNREADABLE, f"The form on {shown.url} goes to a host that is not declared.")
    return sent


async def _ask(journey: Journey, customer: Customer) -> HttpResponse:
    return await say(journey, customer, journey.question, headers_only=True)


async def _until_throttled(knock: Knock, url: str, clock: Clock) -> list[HttpResponse]:
    """All answers in order.

    Raises:
        NotSeen: the first request was not taken, so the others would show nothing; or TIMED_OUT.
    """
    end = clock.tick() + BURST_S
    answers = [await knock(())]
    _require_taken(answers[0], url)
    while len(answers) < BURST_SIZE and answers[-1].status != TOO_MANY_REQUESTS:
        if clock.tick() > end:
            slow = f"{url} took only {len(answers)} requests in {BURST_S:g} seconds, too few to reach a limit."
            raise NotSeen(Why.TIMED_OUT, slow)
        answers.append(await knock(()))
    return answers


def _require_taken(answer: HttpResponse, url: str) -> None:
    if answer.status == TOO_MANY_REQUESTS:
        what = f"{url} answered the first request with 429, for it counts what was sent before."
        raise NotSeen(Why.CHALLENGED, f"{what} Wait until its limit allows more, then look again.")
    if answer.status >= CLIENT_ERROR:
        raise NotSeen(Why.UNREADABLE, f"{url} answered {answer.status} to the first request, so no limit was reached.")


async def _judged(answers: list[HttpResponse], knock: Knock) -> Burst:
    last = answers[-1]
    statuses = tuple(answer.status for answer in answers)
    if last.status != TOO_MANY_REQUESTS:
        return Burst(statuses, None, says_when=False)
    escapes = await _escapes(knock, frozenset(statuses) - {TOO_MANY_REQUESTS})
    return Burst(statuses, len(answers) - 1, says_when=_says_when(last), escapes=escapes)


async def _escapes(knock: Knock, taken: frozenset[int]) -> tuple[str, ...]:
    """Headers that let the throttled visitor through, while without them they are still throttled."""
    escapes: list[str] = []
    for number, (name, template) in enumerate(FORGED, 1):
        forged = await knock(((name, template.format(n=number)),))
        if forged.status in taken and (await knock(())).status == TOO_MANY_REQUESTS:
            escapes.append(name)
    return tuple(escapes)


def _says_when(answer: HttpResponse) -> bool:
    """Whether Retry-After names seconds or a date (RFC 9110 section 10.2.3)."""
    told = next(iter(answer.values("retry-after")), "").strip()
    if told.isascii() and told.isdigit():
        return True
    try:
        parse_http_date(told, datetime(2026, 1, 1, tzinfo=UTC))
    except HttpDateError:
        return False
    return True
