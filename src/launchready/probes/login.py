"""Guess at the log-in's door, a few times, with accounts that nobody has."""

from typing import Final

from launchready.facts.endpoints import LoginBurst
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.challenge import recognise_block
from launchready.parse.html_page import read_page
from launchready.parse.rfc9110 import TOO_MANY_REQUESTS
from launchready.probes.forms import Person, Submission, login_form, submission
from launchready.probes.journeys import NO_FORM, new_person
from launchready.probes.redirects import is_declared
from launchready.probes.web import text_of

BURST_SIZE: Final = 12
"""Wrong passwords in a row: over the ten that patient limits allow, and far below what could disturb anybody."""

NOBODY: Final = "nobody+{tag}@example.com"
"""Accounts that nobody has: the domain is reserved and takes no mail (RFC 2606), and forms accept it."""


@probe(manner=Manner.ACTIVE, timeout_s=30.0)
async def login_burst(endpoint: Endpoint, product: Product, http: HttpClient) -> LoginBurst:
    """Try wrong passwords for one account until it is throttled, then one for another account, as another visitor."""
    answers: list[HttpResponse] = []
    target, other = new_person(NOBODY), new_person(NOBODY)
    async with Visitor(http) as guesser:
        while len(answers) < BURST_SIZE and not (answers and answers[-1].status == TOO_MANY_REQUESTS):
            answers.append(await guess(endpoint.url, product, guesser, target))
    async with Visitor(http) as bystander:
        felt = await guess(endpoint.url, product, bystander, other)
    is_throttled = answers[-1].status == TOO_MANY_REQUESTS
    return LoginBurst(
        statuses=tuple(answer.status for answer in answers),
        throttled_after=len(answers) - 1 if is_throttled else None,
        says_when=is_throttled and bool(answers[-1].values("retry-after")),
        bystander_status=felt.status,
    )


async def guess(url: str, product: Product, visitor: Visitor, person: Person) -> HttpResponse:
    """One wrong password through the form of the log-in at a URL, opened afresh, for its key may be good only once.

    Raises:
        NotSeen: UNREADABLE, where there is no such form, or it goes to somebody else; CHALLENGED.
    """
    shown = await visitor.fetch(url, even_if_challenged=True)
    if shown.status == TOO_MANY_REQUESTS:
        return shown
    _refuse_wall(shown)
    attempt = _attempt(shown, product, person)
    answer = await visitor.fetch(
        attempt.url, method="POST", headers=attempt.headers, body=attempt.body, even_if_challenged=True
    )
    if answer.status != TOO_MANY_REQUESTS:
        _refuse_wall(answer)
    return answer


def _refuse_wall(answer: HttpResponse) -> None:
    """A 429 is an answer, also where a firewall in front of the product gives it; any other wall hides the product."""
    block = recognise_block(answer.status, dict(answer.headers), answer.body)
    if block is not None:
        raise NotSeen(Why.CHALLENGED, f"{block.blocker.value} stands before {answer.url}.")


def _attempt(shown: HttpResponse, product: Product, person: Person) -> Submission:
    """The form, filled in."""
    page = read_page(text_of(shown))
    form = login_form(page)
    if shown.status >= 300 or form is None:
        raise NotSeen(Why.UNREADABLE, f"{shown.url} answered {shown.status} and {NO_FORM}.")
    try:
        attempt = submission(form, page, shown.url, person)
    except ValueError:
        raise NotSeen(Why.UNREADABLE, f"The form on {shown.url} goes to what is no URL.") from None
    if not is_declared(product, attempt.url):
        raise NotSeen(Why.UNREADABLE, f"The form on {shown.url} goes to a host that is not declared.")
    return attempt
