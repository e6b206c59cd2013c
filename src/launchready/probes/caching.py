"""Visit pages as strangers do, and files again and again, to see what caches on the way give to whom."""

import base64
import binascii
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import unquote, urlsplit

from launchready.facts.caching import (
    AskedAgain,
    EdgeRepeats,
    PageAfterLogin,
    PageVisits,
    RepeatedFile,
    TwoVisits,
    VisitedPage,
)
from launchready.facts.journeys import SignupWalk
from launchready.facts.web import PageAssets, Transfer
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import EndpointKind, Host
from launchready.net.clock import Clock
from launchready.net.cookies import Cookies
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.cookie_purpose import CookiePurpose, purpose_of
from launchready.parse.hashed_name import has_content_hash
from launchready.parse.html_page import read_page
from launchready.parse.personal_cookies import MIN_KEY_CHARS, personal_cookie
from launchready.parse.rfc9110 import SERVER_ERROR, STATUS_OK
from launchready.parse.rfc9211 import EdgeAnswer, edge_answer
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.visits import FirstVisits, Visit, pay_visit
from launchready.probes.web import text_of, transfer_of

MAX_PAGES: Final = 6
"""Pages of a host that are visited; each costs four requests, and three more where something looks shared."""

MAX_FILES: Final = 4
"""Files that are asked for again; they are served alike, so that a few stand for all."""

REPEATS: Final = 2
"""Visits after the page's own: the first may fill the cache, and the second must be answered by it."""

FORM_KEY: Final = re.compile(r"csrf|xsrf|authenticity|requestverification|^_token$", re.IGNORECASE)
"""Names of the hidden fields by which Django, Rails, Laravel, ASP.NET and their like tie a form to one visitor. Others
may be shared on purpose, as Drupal's form_build_id is."""

TOKEN: Final = "launchready"  # noqa: S105 - the name of a parameter


Digests = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Visit:
    """One visitor's page: the last answer, and digests of what may be theirs alone, by name."""

    answer: HttpResponse
    cookies: Digests = field(repr=False)
    keys: Digests = field(repr=False)


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def page_visits(host: Host, product: Product, visits: FirstVisits, http: HttpClient, clock: Clock) -> PageVisits:
    """Visit the front page and the declared pages of a host."""
    declared = (e.url for e in product.endpoints if e.host == host.name and e.kind is EndpointKind.PAGE)
    urls = sorted({f"https://{host.name}/", *declared})[:MAX_PAGES]
    readings = await all_at_once(reading_of(_two_visits(url, visits, http, clock), clock) for url in urls)
    return PageVisits(tuple(VisitedPage(url, reading) for url, reading in zip(urls, readings, strict=True)))


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def edge_repeats(assets: PageAssets, http: HttpClient, clock: Clock) -> EdgeRepeats:
    """Ask again for files that should be kept, where the first answer says that there is an edge."""
    kept = [t for t in assets.transfers if t.status == STATUS_OK and has_content_hash(t.url)]
    behind_edge = [t for t in kept if edge_answer(t.headers) is not EdgeAnswer.NO_EDGE][:MAX_FILES]
    readings = await all_at_once(reading_of(_repeated(file, http), clock) for file in behind_edge)
    return EdgeRepeats(tuple(RepeatedFile(file.url, r) for file, r in zip(behind_edge, readings, strict=True)))


@probe(manner=Manner.PASSIVE, timeout_s=5.0)
async def page_after_login(walk: SignupWalk) -> PageAfterLogin:
    """What the walked journey saw; nothing is fetched."""
    if walk.private_page is None:
        raise NotSeen(Why.DEPENDENCY, "the way ended before a page for those who are logged in")
    return PageAfterLogin(walk.private_page)


async def _repeated(file: Transfer, http: HttpClient) -> tuple[EdgeAnswer, ...]:
    """One after the other: at once, none could be answered by what another has brought."""
    again = [edge_answer((await http.fetch(file.url)).headers) for _ in range(REPEATS)]
    return (edge_answer(file.headers), *again)


async def _two_visits(url: str, visits: FirstVisits, http: HttpClient, clock: Clock) -> TwoVisits:
    """The first visitor, a newcomer, the second visitor; then the first asks whether the page changed.

    The newcomer asks for a URL that no cache can have. They come between the two, so that a value that merely changes
    with time is not taken for one that two strangers share.
    """
    visit = await visits.to(url)
    first = _digested(visit)
    newcomer = await _stranger(_never_asked(url), http, clock)
    second = await _stranger(url, http, clock)
    again = None
    if conditions := _conditions(first.answer):
        again = await reading_of(_ask_again(first.answer, conditions, visit.cookies, http), clock)
    cookies = _alike(first.cookies, second.cookies, newcomer.cookies)
    keys = _alike(first.keys, second.keys, newcomer.keys)
    if cookies or keys:
        one, two = await all_at_once((_stranger(url, http, clock), _stranger(url, http, clock)))
        other = await _stranger(_never_asked(url), http, clock)
        cookies = _still_alike(cookies, first.cookies, (one.cookies, two.cookies), (newcomer.cookies, other.cookies))
        keys = _still_alike(keys, first.keys, (one.keys, two.keys), (newcomer.keys, other.keys))
    return TwoVisits(
        first=transfer_of(first.answer),
        received_at=visit.at,
        personal_cookies=tuple(n for n, v in first.cookies.items() if second.cookies.get(n, v) != v),
        shared_cookies=cookies or _handed_to_all(first, second, newcomer),
        shared_keys=keys,
        again=again,
    )


async def _stranger(url: str, http: HttpClient, clock: Clock) -> _Visit:
    return _digested(await pay_visit(url, http, clock))


def _digested(visit: Visit) -> _Visit:
    """Raises NotSeen where there is no page that can be judged."""
    page = visit.page()
    cookies = dict(pair for answer in visit.answers for pair in _cookies(answer))
    return _Visit(page, cookies, dict(_form_keys(page)))


def _cookies(answer: HttpResponse) -> Iterator[tuple[str, bytes]]:
    """Digests of the values that an answer sets and that may be somebody's own."""
    for line in answer.values("set-cookie"):
        cookie = personal_cookie(line)
        if cookie is not None and not _is_echo(cookie[1]):
            yield cookie[0], _digest(cookie[1])


def _form_keys(answer: HttpResponse) -> Iterator[tuple[str, bytes]]:
    """Digests of the keys that tie a form to a visitor."""
    for form in read_page(text_of(answer)).forms:
        for hidden in form.fields:
            if hidden.type == "hidden" and FORM_KEY.search(hidden.name) and _may_be_a_key(hidden.value):
                yield hidden.name, _digest(hidden.value)


def _may_be_a_key(value: str) -> bool:
    return len(value) >= MIN_KEY_CHARS and not _is_echo(value)


def _is_echo(value: str) -> bool:
    """Whether it repeats the URL that we asked for, plain or in base64, as trackers keep it."""
    return any(TOKEN in text for text in (value, *_decoded(value)))


def _decoded(value: str) -> Iterator[str]:
    text = unquote(value)
    for part in re.split(r"[.:|]", text):
        try:
            yield base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            continue


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", errors="replace")).digest()


def _alike(first: Digests, second: Digests, newcomer: Digests) -> tuple[str, ...]:
    """Names with one value for two strangers and another for the newcomer, whose page was made for them."""
    return tuple(n for n, value in first.items() if second.get(n) == value and newcomer.get(n, value) != value)


def _handed_to_all(first: _Visit, second: _Visit, newcomer: _Visit) -> tuple[str, ...]:
    """Sessions that even a newcomer got out of a cache, one that heeds no query: a session is never for everybody."""
    if edge_answer(newcomer.answer.headers) is not EdgeAnswer.HIT:
        return ()
    return tuple(
        n
        for n, value in first.cookies.items()
        if purpose_of(n) is CookiePurpose.SESSION and second.cookies.get(n) == value == newcomer.cookies.get(n)
    )


def _still_alike(
    names: tuple[str, ...], first: Digests, strangers: tuple[Digests, ...], newcomers: tuple[Digests, ...]
) -> tuple[str, ...]:
    """The names for which more visits say the same: what merely tells which of a few servers answered falls out."""
    return tuple(
        n
        for n in names
        if all(visit.get(n) == first[n] for visit in strangers)
        and len({first[n], *(visit.get(n) for visit in newcomers)}) == len(newcomers) + 1
    )


def _never_asked(url: str) -> str:
    """The URL with a parameter that nobody used before, as a campaign's link has one."""
    return f"{url}{'&' if urlsplit(url).query else '?'}{TOKEN}={secrets.token_hex(8)}"


def _conditions(answer: HttpResponse) -> tuple[tuple[str, str], ...]:
    """What a browser that has the page asks with (RFC 9110 sections 13.1.2 and 13.1.3)."""
    if answer.status != STATUS_OK:
        return ()
    etags, dates = answer.values("etag"), answer.values("last-modified")
    return (
        *(("If-None-Match", tag) for tag in etags[:1]),
        *(("If-Modified-Since", date) for date in dates[:1]),
    )


async def _ask_again(
    had: HttpResponse, conditions: tuple[tuple[str, str], ...], cookies: Cookies, http: HttpClient
) -> AskedAgain:
    async with Visitor(http, cookies) as visitor:
        answer = await visitor.fetch(had.url, headers=conditions)
    if answer.status >= SERVER_ERROR:
        raise NotSeen(Why.UNREADABLE, f"{had.url} answered {answer.status} when it was asked again.")
    return AskedAgain(
        asked_with=tuple(name for name, _ in conditions),
        status=answer.status,
        same_content=answer.status == STATUS_OK and answer.body == had.body,
        same_validators=all(answer.values(name) == had.values(name) for name in ("etag", "last-modified")),
    )
