"""Follow the links that customers are sent."""

from functools import partial
from typing import Final

from launchready.facts.booking_services import notice_in, service_of
from launchready.facts.links import Arrival, DeadEnd, LinkVisit, PlainHop, PlainHops
from launchready.facts.redirects import Walk
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Link
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.booking_page import embedded_urls, start_times
from launchready.parse.html_page import read_page
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.walking import Walker, absolute_url
from launchready.probes.web import text_of

TURNED_AWAY: Final = frozenset({403, 429, 999})
"""What sites answer to visitors that are no browser (999 is LinkedIn's): it says nothing about customers."""

ENDS_IN_THE_BROWSER: Final = frozenset({Why.NO_NAME, Why.CERTIFICATE})
"""What a customer's browser meets in the same way; a refused or silent connection may be ours alone."""

PLAIN: Final = "http://"

MAX_LINKED_PAGE_BYTES: Final = 256 * 1024
"""What is read of a linked page: its title and its calendar stand near the top."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def link_visit(link: Link, http: HttpClient) -> LinkVisit:
    """Go where a customer would go, over any host, with cookies."""
    async with Visitor(http) as visitor:
        fetch = partial(visitor.fetch, max_bytes=MAX_LINKED_PAGE_BYTES)
        walker = Walker(fetch, lambda url: url.startswith(("http://", "https://")), visitor.cookies)
        try:
            walk = await walker.walk(link.url)
        except NotSeen as unseen:
            if unseen.why in ENDS_IN_THE_BROWSER:
                return LinkVisit(DeadEnd(unseen.detail))
            raise
    status, last = walk.hops[-1].status, list(walker.answers.values())[-1]
    if status in TURNED_AWAY:
        detail = f"{walk.end_url} answered {status}, which sites also say to programs that are no browser."
        raise NotSeen(Why.CHALLENGED, detail)
    return LinkVisit(_arrival(walk, status, last))


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def plain_hops(visit: LinkVisit, http: HttpClient, clock: Clock) -> PlainHops:
    """Ask each step over plain http for the same address over https, as browsers do first."""
    match visit.went:
        case Arrival(walk=walk):
            urls = [hop.url for hop in walk.hops if hop.url.startswith(PLAIN)]
        case DeadEnd():
            urls = []
    readings = await all_at_once(reading_of(_answers_https(url, http), clock) for url in urls)
    return PlainHops(tuple(PlainHop(url, reading) for url, reading in zip(urls, readings, strict=True)))


async def _answers_https(url: str, http: HttpClient) -> bool:
    """Whether a browser comes there without a warning; a silent server may be silent to us alone."""
    try:
        await http.fetch(f"https://{url.removeprefix(PLAIN)}", headers_only=True, even_if_challenged=True)
    except NotSeen as unseen:
        if unseen.why in {Why.REFUSED, Why.CERTIFICATE}:
            return False
        raise
    return True


def _arrival(walk: Walk, status: int, last: HttpResponse) -> Arrival:
    text = text_of(last)
    page = read_page(text)
    embedded = (absolute_url(last.url, url) or "" for url in embedded_urls(text))
    return Arrival(
        walk,
        status,
        page.title or "",
        notice=notice_in(page.text_excerpt),
        starts=start_times(text),
        calendar=next((url for url in embedded if service_of(url)), ""),
        was_cut=last.truncated or page.truncated,
    )
