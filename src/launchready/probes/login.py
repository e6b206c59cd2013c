"""Guess a password, as an attacker would, a bounded number of times."""

from typing import Final

from launchready.facts.endpoints import LoginBurst
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.html_page import read_page
from launchready.probes.forms import Person, login_form, submission
from launchready.probes.journeys import NO_FORM, new_person
from launchready.probes.web import text_of

BURST_SIZE: Final = 12
"""Wrong passwords in a row: OWASP's authentication guide stops after a few, NIST SP 800-63B allows 100 at most; a
product that lets twelve through at full speed has no limit that a guesser would notice."""

TOO_MANY_REQUESTS: Final = 429

NOBODY: Final = "launchready-{tag}@example.com"
"""Accounts that nobody has, at a domain that takes no mail (RFC 2606)."""


@probe(manner=Manner.ACTIVE, timeout_s=30.0)
async def login_burst(endpoint: Endpoint, http: HttpClient) -> LoginBurst:
    """Send wrong passwords for one account until it is throttled, then one for another account."""
    victim, bystander = new_person(NOBODY), new_person(NOBODY)
    answers: list[HttpResponse] = []
    async with Visitor(http) as attacker:
        while len(answers) < BURST_SIZE and (not answers or answers[-1].status != TOO_MANY_REQUESTS):
            answers.append(await _guess(endpoint.url, victim, attacker))
    async with Visitor(http) as neighbour:
        other = await _guess(endpoint.url, bystander, neighbour)
    statuses = tuple(answer.status for answer in answers)
    is_throttled = statuses[-1] == TOO_MANY_REQUESTS
    return LoginBurst(
        statuses=statuses,
        throttled_after=len(statuses) - 1 if is_throttled else None,
        says_when=is_throttled and bool(answers[-1].values("retry-after")),
        bystander_status=other.status,
    )


async def _guess(url: str, person: Person, visitor: Visitor) -> HttpResponse:
    """One wrong password through the real form.

    Raises:
        NotSeen: UNREADABLE, where the page shows no form; or the page or the answer can't be seen.
    """
    shown = await visitor.fetch(url)
    if shown.status == TOO_MANY_REQUESTS:
        return shown
    page = read_page(text_of(shown))
    form = login_form(page)
    if form is None:
        raise NotSeen(Why.UNREADABLE, f"{url} {NO_FORM}.")
    sent = submission(form, page, shown.url, person)
    return await visitor.fetch(sent.url, method="POST", headers=sent.headers, body=sent.body)
