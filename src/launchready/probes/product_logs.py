"""Drive the product with words that nobody else has, and read what its logs made of them."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from launchready.facts.product_logs import ProductLogs
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Journey
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.probes.customers import Customer, new_customer, refuse_wall, say
from launchready.probes.forms import Person
from launchready.probes.isolation import made_up_word
from launchready.probes.journeys import new_person
from launchready.probes.log_files import Appended, LogFiles
from launchready.probes.log_reading import Private, failed_login_told, leaks_in, questions, request_id_of
from launchready.probes.login import NOBODY, guess

LOG_WAIT_S: Final = 5.0
"""How long the last request's line is waited for: writers that buffer flush every second or few."""

LOOK_EVERY_S: Final = 0.1
ANSWER_BYTES: Final = 64 * 1024
CARD_PREFIX: Final = "400000"
"""A range that payment providers keep for tests: no bank gives out such a card."""

CARD_DIGITS: Final = 16

DECLARE: Final = 'Name the product\'s log files: the line [logs], and under it paths = ["logs/app.log"]'


@dataclass(frozen=True, slots=True)
class _Canaries:
    """What is typed in: all of it made up for this look."""

    word: str
    broken: str
    key: str
    card: str
    guesser: Person
    asked: Person

    def private(self, customer: Customer) -> tuple[Private, ...]:
        """What no log may hold."""
        return (
            Private("a message to the chat", self.word),
            Private("a message in a request that failed", self.broken),
            Private("a key in a message", self.key),
            Private("a card number in a message", self.card),
            Private("a customer's mail address", _tag(customer.person)),
            Private("a customer's password", customer.person.password),
            Private("the mail address of a failed log-in", _tag(self.guesser)),
            Private("the password of a failed log-in", self.guesser.password),
            Private("a mail address in a query", _tag(self.asked)),
        )


@probe(manner=Manner.ACTIVE, timeout_s=60.0)
async def product_logs(journey: Journey, product: Product, http: HttpClient, clock: Clock) -> ProductLogs:
    """Sign up, fail to log in, chat and run into an error, then read what the logs got meanwhile."""
    if not product.logs:
        raise NotSeen(Why.NOT_DECLARED, f"Nobody said where the logs are. {DECLARE}")
    logs = await asyncio.to_thread(LogFiles, product.logs)
    made = _Canaries(
        word=made_up_word(),
        broken=made_up_word(),
        key=secrets.token_hex(16),
        card=card_number(),
        guesser=new_person(NOBODY),
        asked=new_person(NOBODY),
    )
    async with Visitor(http) as one, Visitor(http) as other:
        customer = await new_customer(journey, product, one, clock)
        return await _driven(journey, product, customer, other, made, logs)


async def _driven(
    journey: Journey, product: Product, customer: Customer, other: Visitor, made: _Canaries, logs: LogFiles
) -> ProductLogs:
    text = f"I told {made.word} my key sk-proj-{made.key} and the card {made.card}. {journey.question}"
    await say(journey, customer, text)
    stranger = await _get(other, f"{journey.login}?email={quote(made.asked.email)}")
    guessed = await guess(journey.login, product, other, made.guesser)
    page = await _get(customer.visitor, customer.home)
    failed = await _break(journey, customer.visitor, made.broken)
    foreign = (stranger, guessed, await _get(other, customer.home), await _break(journey, other, "{"))
    appended, log = await _settled(logs, foreign[-1])
    return ProductLogs(
        appended_bytes=len(log),
        leaks=tuple(leaks_in(appended, made.private(customer))),
        id_header=request_id_of(failed, log)[0],
        debugging=questions(log, failed, page, foreign),
        failed_login_told=failed_login_told(log, guessed),
    )


async def _break(journey: Journey, visitor: Visitor, word: str) -> HttpResponse:
    """A message whose JSON breaks off, as where a connection was lost; products answer it with an error."""
    scheme, _, rest = journey.chat.partition("://")
    headers = (("Content-Type", "application/json"), ("Origin", f"{scheme}://{rest.partition('/')[0]}"))
    body = f'{{"message": "{word}", "message_id": '.encode()
    answer = await visitor.fetch(
        journey.chat, method="POST", headers=headers, body=body, max_bytes=ANSWER_BYTES, even_if_challenged=True
    )
    refuse_wall(answer)
    return answer


async def _get(visitor: Visitor, url: str) -> HttpResponse:
    answer = await visitor.fetch(url, even_if_challenged=True)
    refuse_wall(answer)
    return answer


async def _settled(logs: LogFiles, last: HttpResponse) -> tuple[tuple[Appended, ...], bytes]:
    """What was appended, once the last request's id stands in it or the wait is over.

    Raises:
        NotSeen: nothing was, so these are not the product's logs.
    """
    appended: tuple[Appended, ...] = ()
    log = b""
    for _ in range(round(LOG_WAIT_S / LOOK_EVERY_S)):
        appended = await asyncio.to_thread(logs.appended)
        log = b"\n".join(piece.data for piece in appended)
        request_id = request_id_of(last, log)[1]
        if request_id and request_id.encode() in log:
            return appended, log
        await asyncio.sleep(LOOK_EVERY_S)
    if not log:
        raise NotSeen(Why.UNREADABLE, f"Nothing was added to the declared logs while a visitor was there. {DECLARE}")
    return appended, log


def card_number() -> str:
    """A number of the test range with a right check digit (ISO/IEC 7812-1, annex B)."""
    digits = CARD_PREFIX + "".join(secrets.choice("0123456789") for _ in range(CARD_DIGITS - len(CARD_PREFIX) - 1))
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{digits}{-total % 10}"


def _tag(person: Person) -> str:
    """The part of an address that is this person's alone; a log that masks the rest still names them."""
    parts: list[str] = re.findall(r"[a-z0-9]+", person.email.partition("@")[0])
    return max(parts, key=len)
