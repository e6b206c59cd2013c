"""Ask as pages of others would: with their Origin, before and with the request, and where it fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from launchready.facts.cors import Asking, CorsAnswer, CorsMatrix, CorsTry, OriginKind
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import EndpointKind, Host, host_of
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.fetch_cors import CorsHeaders
from launchready.parse.rfc9110 import SERVER_ERROR, TOO_MANY_REQUESTS
from launchready.probes.nested import all_at_once, reading_of

STRANGER: Final = "launchready-probe.example"
"""A name that nobody can register (RFC 2606)."""

COOKIE: Final = "launchready-probe=1"
"""Means nothing to anybody, but Starlette and FastAPI answer `*` without a cookie and the very origin with one."""

MAX_TARGETS: Final = 5
"""API endpoints of one host that are tried, so that a host gets some dozen requests."""

MAX_INTENDED: Final = 5
"""Declared origins that are tried on each."""

MAX_BYTES: Final = 64 * 1024
"""What is read of each answer: its headers are what counts, and a bot wall is recognised by its page."""

SCHEME: Final = "https"
OTHER_PORT: Final = 8443

_FRONT_KINDS: Final = frozenset({OriginKind.STRANGER, OriginKind.NULL})
"""What is tried on a front page, which is no API: enough to see one that lets everybody in."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A URL, the method that pages use, and whether it is an API."""

    url: str
    method: str
    is_api: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of a target, and as whom."""

    target: _Target
    kind: OriginKind
    origin: str
    asking: Asking


@probe(manner=Manner.ACTIVE, timeout_s=20.0)
async def cors_matrix(host: Host, product: Product, http: HttpClient, clock: Clock) -> CorsMatrix:
    """Try each target with each origin, all over a few connections."""
    targets = tuple(_targets(host, product))
    questions = [question for target in targets for question in _questions(target, host)]
    async with Visitor(http) as visitor:
        answers = await all_at_once(reading_of(_ask(question, visitor, http), clock) for question in questions)
    tries = (
        CorsTry(q.target.url, q.target.method, _names(q.target), q.kind, q.origin, q.asking, answer)
        for q, answer in zip(questions, answers, strict=True)
    )
    return CorsMatrix(tuple(tries))


def _targets(host: Host, product: Product) -> Iterator[_Target]:
    """The front page, then what pages call."""
    yield _Target(f"{SCHEME}://{host.name}/", "GET", is_api=False)
    apis = sorted(e.url for e in product.endpoints if e.host == host.name and e.kind is EndpointKind.API)
    chats = sorted({journey.chat for journey in product.journeys if host_of(journey.chat) == host.name})
    called = [_Target(url, "GET", is_api=True) for url in apis if url not in chats]
    yield from (*(_Target(url, "POST", is_api=True) for url in chats), *called)[:MAX_TARGETS]


def _questions(target: _Target, host: Host) -> Iterator[_Question]:
    for kind, origin in origins_for(host):
        if target.is_api or kind in _FRONT_KINDS:
            yield _Question(target, kind, origin, Asking.REAL)
        if kind is OriginKind.INTENDED and _names(target):  # else browsers send the request itself at once
            yield _Question(target, kind, origin, Asking.PREFLIGHT)
        if kind is OriginKind.INTENDED and target.is_api:
            yield _Question(target, kind, origin, Asking.ERROR)


def origins_for(host: Host) -> tuple[tuple[OriginKind, str], ...]:
    """The origins to try: those that are declared, then those that nobody declared.

    The tricks are played with the first declared origin, for that is what a careless comparison was written for; with
    the host's own where none is declared.
    """
    own = f"https://{host.name}"
    intended = tuple(origin for origin in host.allowed_origins or () if origin != own)
    name = host_of(intended[0]) if intended else host.name
    tricks = (
        (OriginKind.STRANGER, f"https://{STRANGER}"),
        (OriginKind.NULL, "null"),
        (OriginKind.PREFIX, f"https://{name}.{STRANGER}"),
        (OriginKind.SUFFIX, f"https://launchready-probe{host.domain}"),
        (OriginKind.SIBLING, f"https://launchready-probe.{host.domain}"),
        (OriginKind.PLAIN, f"http://{name}"),
        (OriginKind.PORT, f"https://{name}:{OTHER_PORT}"),
    )
    known = {*intended, own}
    meant = tuple((OriginKind.INTENDED, origin) for origin in intended[:MAX_INTENDED])
    return (*meant, *((kind, origin) for kind, origin in tricks if origin not in known))


async def _ask(question: _Question, visitor: Visitor, http: HttpClient) -> CorsAnswer:
    """One answer.

    Raises:
        NotSeen: CHALLENGED and the like; UNREADABLE where the server failed, or had enough of us.
    """
    target, origin = question.target, ("Origin", question.origin)
    match question.asking:
        case Asking.PREFLIGHT:
            wanted = [("Access-Control-Request-Method", target.method)]
            wanted += [("Access-Control-Request-Headers", name) for name in _names(target)]
            # browsers send it without cookies
            answer = await http.fetch(target.url, method="OPTIONS", headers=(origin, *wanted), max_bytes=MAX_BYTES)
        case Asking.ERROR:
            missing = f"{target.url.partition('?')[0].rstrip('/')}/launchready-probe-missing"
            answer = await visitor.fetch(missing, headers=(origin,), cookies=COOKIE, max_bytes=MAX_BYTES)
        case _:
            answer = await _ask_really(target, origin, visitor)
    if answer.status == TOO_MANY_REQUESTS or (answer.status >= SERVER_ERROR and question.asking is not Asking.ERROR):
        raise NotSeen(Why.UNREADABLE, f"{target.url} answered {answer.status}, which says nothing of who may read it.")
    return _seen(answer)


async def _ask_really(target: _Target, origin: tuple[str, str], visitor: Visitor) -> HttpResponse:
    """The request itself; a chat is sent nothing that could be a question."""
    if target.method == "GET":
        return await visitor.fetch(target.url, headers=(origin,), cookies=COOKIE, max_bytes=MAX_BYTES)
    headers = (origin, ("Content-Type", "application/json"))
    return await visitor.fetch(
        target.url, method=target.method, headers=headers, body=b"{}", cookies=COOKIE, max_bytes=MAX_BYTES
    )


def _names(target: _Target) -> tuple[str, ...]:
    """The header that JSON needs the server's word for."""
    return ("content-type",) if target.method == "POST" else ()


def _seen(answer: HttpResponse) -> CorsAnswer:
    headers = CorsHeaders(
        allow_origin=answer.values("access-control-allow-origin"),
        allow_credentials=answer.values("access-control-allow-credentials"),
        allow_methods=answer.values("access-control-allow-methods"),
        allow_headers=answer.values("access-control-allow-headers"),
    )
    vary = (name.strip().lower() for value in answer.values("vary") for name in value.split(","))
    return CorsAnswer(answer.status, headers, tuple(filter(None, vary)), answer.values("cache-control"))
