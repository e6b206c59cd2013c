"""Follow the links that customers are sent."""

from functools import partial
from typing import Final

from launchready.facts.links import Arrival, DeadEnd, LinkVisit
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Link
from launchready.net.http_client import HttpClient, Visitor
from launchready.parse.html_page import read_page
from launchready.probes.walking import Walker
from launchready.probes.web import text_of

TURNED_AWAY: Final = frozenset({403, 429, 999})
"""What sites answer to visitors that are no browser (999 is LinkedIn's): it says nothing about customers."""

ENDS_IN_THE_BROWSER: Final = frozenset({Why.NO_NAME, Why.CERTIFICATE})
"""What a customer's browser meets in the same way; a refused or silent connection may be ours alone."""

MAX_LINKED_PAGE_BYTES: Final = 256 * 1024
"""What is read of a linked page: its title stands near the top."""


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
    return LinkVisit(Arrival(walk, status, read_page(text_of(last)).title or ""))
