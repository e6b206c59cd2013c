"""Walk every way into a host."""

from functools import partial
from itertools import product as combinations
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.redirects import Entry, RedirectMatrix, Walk, WalkEnd
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.visits import FirstVisits, is_front
from launchready.probes.walking import Walker

SCHEMES: Final = ("http", "https")
PATHS: Final = ("/", "/launchready-probe/deep", "/launchready-probe/deep/")
"""The front page, and a deep link with and without the slash that so many rules add or take away."""

QUERIES: Final = ("", "?utm_source=launchready&utm_campaign=spring%20sale%2Bmore&gclid=probe&tag=a&tag=b")
"""What an ad click brings: the campaign, with a space and a plus in its name, and Google's click id; one name twice."""

MAX_WALK_BODY_BYTES: Final = 64 * 1024
"""What is read of each answer: a bot wall is recognised by its page, and a walk needs no more."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def redirect_matrix(
    host: Host, product: Product, visits: FirstVisits, http: HttpClient, clock: Clock
) -> RedirectMatrix:
    """Walk each entry, never to a host that is not declared; what a first visit was answered counts here, too."""

    async def ask(url: str) -> HttpResponse:
        if url.startswith("https://") and is_front(url):
            return (await visits.to(url)).answers[0]
        return await http.fetch(url, max_bytes=MAX_WALK_BODY_BYTES)

    walker = Walker(ask, partial(is_declared, product))
    urls = sorted(
        f"{scheme}://{host.name}{path}{query}" for scheme, path, query in combinations(SCHEMES, PATHS, QUERIES)
    )
    readings = await all_at_once(reading_of(_walk(url, walker, http, product), clock) for url in urls)
    return RedirectMatrix(tuple(Entry(url, reading) for url, reading in zip(urls, readings, strict=True)))


async def _walk(url: str, walker: Walker, http: HttpClient, product: Product) -> Walk:
    """A walk without cookies; where that goes round although cookies were set, it is taken with them."""
    walk = await walker.walk(url)
    if walk.end is not WalkEnd.LOOP or not any(walker.answers[hop.url, None].values("set-cookie") for hop in walk.hops):
        return walk
    async with Visitor(http) as visitor:
        fetch = partial(visitor.fetch, max_bytes=MAX_WALK_BODY_BYTES)
        return await Walker(fetch, partial(is_declared, product), visitor.cookies).walk(url)


def is_declared(product: Product, url: str) -> bool:
    """Whether a URL leads to a declared host on its scheme's own port, so that a walk may go there."""
    parts = urlsplit(url)
    return parts.scheme in SCHEMES and parts.netloc in {host.name for host in product.hosts}
