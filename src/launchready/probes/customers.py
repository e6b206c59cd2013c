"""Customers of our own, made for one look: signed up, confirmed and logged in like anybody."""

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import Final

from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Journey, host_of
from launchready.net.clock import Clock
from launchready.net.http_client import Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.challenge import recognise_block
from launchready.parse.rfc9110 import TOO_MANY_REQUESTS
from launchready.probes.browsing import StepFailedError
from launchready.probes.forms import Person
from launchready.probes.journeys import SignUp

SAY_WAIT_S: Final = 20.0
"""How long one answer of the chat is waited for, as on the customer's way."""

TALK_BYTES: Final = 256 * 1024
"""What is read of an answer or of a page with a talk: some hundred times a usual answer."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who is logged in.

    Attributes:
        visitor: their browser with its cookies.
        person: who they are.
        home: URL of the page that they saw after the log-in.
        set_cookies: URL and Set-Cookie lines that they were given.
    """

    visitor: Visitor
    person: Person
    home: str
    set_cookies: tuple[tuple[str, tuple[str, ...]], ...]


async def new_customer(journey: Journey, product: Product, visitor: Visitor, clock: Clock) -> Customer:
    """Sign somebody up.

    Raises:
        NotSeen: a step does not work, which is another check's finding, or can't be judged.
    """
    way = SignUp(journey, product, visitor, clock)
    try:
        await way.walk_in()
    except StepFailedError as failure:
        raise NotSeen(Why.UNREADABLE, f"No customer could be signed up: {failure}.") from None
    return Customer(visitor, way.person, way.home, way.set_cookies)


async def say(
    journey: Journey,
    customer: Customer,
    text: str,
    *,
    message_id: str | None = None,
    more: dict[str, str] | None = None,
    headers: Headers = (),
    headers_only: bool = False,
) -> HttpResponse:
    """One message to the journey's chat, as the page's own script would send it; any status is an answer.

    Args:
        journey: whose chat it is.
        customer: who says it.
        text: what.
        message_id: the client's id of the message; a new one where it is None.
        more: further fields of the JSON object.
        headers: further request headers.
        headers_only: hang up after the headers, which costs the owner less; otherwise at most `TALK_BYTES` are read.

    Raises:
        NotSeen: TIMED_OUT, CHALLENGED, or what the client raises.
    """
    body = {"message": text, "message_id": message_id or str(uuid.uuid4())} | (more or {})
    origin = journey.chat.partition("://")[0] + "://" + journey.chat.partition("://")[2].partition("/")[0]
    told = (
        ("Content-Type", "application/json"),
        ("Accept", "text/event-stream, application/json"),
        ("Origin", origin),
        *headers,
    )
    try:
        async with asyncio.timeout(SAY_WAIT_S):
            answer = await customer.visitor.fetch(
                journey.chat,
                method="POST",
                headers=told,
                body=json.dumps(body).encode(),
                max_bytes=TALK_BYTES,
                headers_only=headers_only,
                even_if_challenged=True,
            )
    except TimeoutError:
        raise NotSeen(Why.TIMED_OUT, f"{journey.chat} gave no answer within {SAY_WAIT_S:g} seconds.") from None
    refuse_wall(answer)
    return answer


def refuse_wall(answer: HttpResponse) -> None:
    """A 429 is an answer, also where a firewall in front of the product gives it; any other wall hides the product.

    Raises:
        NotSeen: CHALLENGED.
    """
    if answer.status == TOO_MANY_REQUESTS:
        return
    block = recognise_block(answer.status, dict(answer.headers), answer.body)
    if block is not None:
        raise NotSeen(Why.CHALLENGED, f"{block.blocker.value} stands before {host_of(answer.url)}.")
