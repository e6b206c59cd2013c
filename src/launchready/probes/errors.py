"""Ask for what is not there, and ask wrongly, to see what visitors see when something breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from launchready.facts.errors import BadAnswer, BadRequest, BadRequests, MissingPage
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import EndpointKind, Host, host_of
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.error_page import MAX_SCANNED_BYTES, Mark, find_leaks
from launchready.parse.rfc9110 import CLIENT_ERROR, TOO_MANY_REQUESTS
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.web import transfer_of

MISSING: Final = "/launchready-probe-missing"
"""A path that nobody has."""

MAX_TARGETS: Final = 5
"""API endpoints of one host that are asked wrongly."""

SCHEME: Final = "https"
_JSON: Final = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """One wrong request. None of them can be carried out, whatever the endpoint does."""

    what: str
    url: str
    method: str = "GET"
    body: bytes | None = None


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def missing_page(host: Host, http: HttpClient) -> MissingPage:
    """Mistype a path, as visitors do."""
    answer = await http.fetch(f"{SCHEME}://{host.name}{MISSING}", max_bytes=MAX_SCANNED_BYTES)
    _refuse_throttle(answer)
    return MissingPage(transfer_of(answer), _marks(answer))


@probe(manner=Manner.ACTIVE, timeout_s=20.0)
async def bad_requests(host: Host, product: Product, http: HttpClient, clock: Clock) -> BadRequests:
    """Send each wrong request once, all over a few connections."""
    wrong = tuple(_wrong(host, product))
    async with Visitor(http) as visitor:
        answers = await all_at_once(reading_of(_ask(one, visitor), clock) for one in wrong)
    return BadRequests(tuple(BadRequest(w.url, w.what, answer) for w, answer in zip(wrong, answers, strict=True)))


def _wrong(host: Host, product: Product) -> Iterator[_Wrong]:
    """What is asked: a path that is no text, and of each API what is no JSON, no UTF-8, no object, and no method."""
    yield _Wrong("a path that is not UTF-8", f"{SCHEME}://{host.name}{MISSING}/%C3%28")
    apis = {e.url for e in product.endpoints if e.host == host.name and e.kind is EndpointKind.API}
    chats = {journey.chat for journey in product.journeys if host_of(journey.chat) == host.name}
    for url in sorted(apis | chats)[:MAX_TARGETS]:
        yield _Wrong("JSON that is cut off", url, "POST", b'{"message": ')
        yield _Wrong("JSON that is not UTF-8", url, "POST", b'{"message": "\xc3\x28"')
        yield _Wrong("a list in place of an object", url, "POST", b"[[]]")
        yield _Wrong("a method that does not exist", url, "PROBE")


async def _ask(wrong: _Wrong, visitor: Visitor) -> BadAnswer:
    answer = await visitor.fetch(
        wrong.url,
        method=wrong.method,
        headers=_JSON if wrong.body is not None else (),
        body=wrong.body,
        max_bytes=MAX_SCANNED_BYTES,
    )
    _refuse_throttle(answer)
    return BadAnswer(answer.status, _marks(answer))


def _refuse_throttle(answer: HttpResponse) -> None:
    """A limiter that had enough of us is no answer of the product."""
    if answer.status == TOO_MANY_REQUESTS:
        raise NotSeen(Why.UNREADABLE, f"{answer.url} answered {answer.status}: too many requests.")


def _marks(answer: HttpResponse) -> tuple[Mark, ...]:
    return find_leaks(answer.body) if answer.status >= CLIENT_ERROR else ()
