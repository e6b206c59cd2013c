"""Open the pages that people are sent to."""

import asyncio
from functools import partial
from typing import Final

from launchready.facts.pages import LANDING, AskedPage, PageAnswer, PageAnswers
from launchready.facts.redirects import WalkEnd, origin_of
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import EndpointKind, Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.html_page import read_page
from launchready.parse.rfc9110 import SERVER_ERROR, STATUS_OK
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.walking import Walker
from launchready.probes.web import MAX_INNER_PAGES, text_of

PAUSES_S: Final = (1.0, 2.0, 4.0)
"""Seconds before an error of the server is asked about again: our own visits may have met a limit, such as nginx's."""

MAX_PAGE_BYTES: Final = 1024 * 1024
"""What is read of a page: the words that its owner names stand well within it."""

TURNED_AWAY: Final = frozenset({403, 429})
"""What sites also answer to programs that are no browser: it says nothing about customers."""

MIN_SHOWN_CHARS: Final = 200
"""Less text is the frame of an application that scripts fill in, so words that are not there may come later."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def page_answers(host: Host, product: Product, http: HttpClient, clock: Clock) -> PageAnswers:
    """Open each as a stranger."""
    wanted = {e.url: e.contains for e in product.endpoints if e.kind is EndpointKind.PAGE and e.host == host.name}
    front = f"https://{host.name}/"
    if not product.has_file or (host.redirects_to is None and LANDING.search(host.purpose)):
        wanted = {front: ""} | wanted
    urls = sorted(wanted)[:MAX_INNER_PAGES]
    readings = await all_at_once(reading_of(_answer(url, wanted[url], http), clock) for url in urls)
    return PageAnswers(tuple(AskedPage(url, reading) for url, reading in zip(urls, readings, strict=True)))


async def _answer(url: str, wanted: str, http: HttpClient) -> PageAnswer:
    """How a page answers; an error of the server counts where it lasts.

    Raises:
        NotSeen: what the client raises; CHALLENGED where we may be turned away as a program; UNREADABLE for a circle,
            and where scripts may still write the wanted words.
    """
    answer = await _open(url, http)
    for pause_s in PAUSES_S:
        if answer.status < SERVER_ERROR:
            break
        await asyncio.sleep(pause_s)
        answer = await _open(url, http)
    if answer.status in TURNED_AWAY:
        detail = f"{answer.url} answered {answer.status}, which sites also say to programs that are no browser."
        raise NotSeen(Why.CHALLENGED, detail)
    has_wanted = wanted in answer.body.decode("utf-8", errors="replace")
    if (
        not has_wanted
        and 0 < len(read_page(text_of(answer)).text_excerpt) < MIN_SHOWN_CHARS
        and answer.status == STATUS_OK
    ):
        raise NotSeen(
            Why.UNREADABLE, f"{answer.url} is written by scripts, so whether it says {wanted!r} is not known."
        )
    return PageAnswer(answer.url, answer.status, wanted, has_wanted, is_empty=not answer.body.strip())


async def _open(url: str, http: HttpClient) -> HttpResponse:
    origin = origin_of(url)
    async with Visitor(http) as visitor:
        fetch = partial(visitor.fetch, max_bytes=MAX_PAGE_BYTES)
        walker = Walker(fetch, lambda target: origin_of(target) == origin, visitor.cookies)
        walk = await walker.walk(url)
    if walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
        raise NotSeen(Why.UNREADABLE, f"{url} leads round in a circle, so there is no page.")
    return list(walker.answers.values())[-1]
