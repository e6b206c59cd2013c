"""Read the sitemaps of a host, as crawlers find them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from launchready.facts.canonical import OriginListed, Sitemaps, SitemapSeen
from launchready.facts.redirects import origin_of
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Host, host_of
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.rfc9110 import SERVER_ERROR, TOO_MANY_REQUESTS
from launchready.parse.sitemaps import Sitemap, SitemapError, read_sitemap, sitemap_lines
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.redirects import is_declared
from launchready.probes.walking import Walker, absolute_url

MAX_ROBOTS_BYTES: Final = 500 * 1024
"""What crawlers read of a robots.txt at least (RFC 9309 section 2.5)."""

MAX_SITEMAPS: Final = 8
"""Sitemaps that are read of one host: each may list 50,000 pages."""

MAX_SITEMAP_BYTES: Final = 5 * 1024 * 1024
"""What is fetched of one: about 50,000 short URLs; the protocol's 50 MB would be an unkind download."""

_ORIGIN: Final = re.compile(r"https?://[^/?#\\\s]+", re.IGNORECASE)


MAX_UNPACKED_BYTES: Final = MAX_SITEMAP_BYTES
"""What is read of one that is packed: 50,000 entries of a usual length, in half a second at worst."""

GONE: Final = frozenset({404, 410})
"""What says that there is no such file; a log-in or an error says nothing."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def sitemaps(host: Host, product: Product, http: HttpClient, clock: Clock) -> Sitemaps:
    """Ask robots.txt for sitemaps, else the usual place, and go one step down from an index."""
    reader = _Reader(product, http, clock)
    named = await reader.named_in_robots(f"https://{host.name}/robots.txt")
    if not named:
        usual = f"https://{host.name}/sitemap.xml"
        found = await reader.at_the_usual_place(usual)
        return Sitemaps(()) if found is None else Sitemaps(await reader.with_children([(usual, found)]))
    readings = await reader.read_all(named)
    return Sitemaps(await reader.with_children(list(zip(named, readings, strict=True))))


SitemapRead = tuple[str, Measured[Sitemap] | Unmeasured]
"""A sitemap's URL, and what came of reading it."""


class _Reader:
    """Fetches and reads sitemaps on declared hosts."""

    def __init__(self, product: Product, http: HttpClient, clock: Clock) -> None:
        self._product = product
        self._http = http
        self._clock = clock

    async def named_in_robots(self, url: str) -> list[str]:
        """The sitemaps that robots.txt names, absolute, each once; none where there is no robots.txt."""
        answer = await self._fetch(url, MAX_ROBOTS_BYTES)
        if answer is None or answer.status != 200:
            _raise_if_unclear(answer)
            return []
        lines = sitemap_lines(answer.body.decode("utf-8", errors="replace"))
        return list(dict.fromkeys(filter(None, (absolute_url(answer.url, line) for line in lines))))

    async def at_the_usual_place(self, url: str) -> Measured[Sitemap] | Unmeasured | None:
        """The sitemap that nobody named; None where there is none, or a page stands in its place."""
        try:
            answer = await self._fetch(url, MAX_SITEMAP_BYTES)
            _raise_if_unclear(answer)
        except NotSeen as unseen:
            return Unmeasured(unseen.why, unseen.detail, self._clock.now())
        if answer is None or answer.status != 200:
            return None
        try:
            return Measured(read_sitemap(answer.body, MAX_UNPACKED_BYTES), self._clock.now(), answer.timings.total_s)
        except SitemapError:
            return None

    async def with_children(self, read: list[SitemapRead]) -> tuple[SitemapSeen, ...]:
        """What was read, and what the indexes among it name: one step, as the protocol allows."""
        known = {url for url, _ in read}
        named = (target for url, reading in read for target in _children(url, reading))
        children = [url for url in dict.fromkeys(named) if url not in known]
        readings = await self.read_all(children)
        return tuple(_seen(url, reading) for url, reading in [*read, *zip(children, readings, strict=True)])

    async def read_all(self, urls: list[str]) -> tuple[Measured[Sitemap] | Unmeasured, ...]:
        """Each sitemap, those beyond the limit as not seen."""
        readings = await all_at_once(reading_of(self._read(url), self._clock) for url in urls[:MAX_SITEMAPS])
        detail = f"there are more than {MAX_SITEMAPS} sitemaps"
        rest = (Unmeasured(Why.TOO_LARGE, detail, self._clock.now()) for _ in urls[MAX_SITEMAPS:])
        return (*readings, *rest)

    async def _read(self, url: str) -> Sitemap:
        if not is_declared(self._product, url):
            raise NotSeen(Why.NOT_DECLARED, f"declare {host_of(url)} under [[hosts]]: the sitemap {url} is there")
        answer = await self._fetch(url, MAX_SITEMAP_BYTES)
        if answer is None:
            return Sitemap(())
        if answer.status != 200 or answer.truncated:
            raise NotSeen(Why.UNREADABLE, f"The sitemap {url} answered {answer.status}, with {len(answer.body)} bytes.")
        try:
            return read_sitemap(answer.body, MAX_UNPACKED_BYTES)
        except SitemapError as error:
            raise NotSeen(Why.UNREADABLE, f"The sitemap {url} can't be read: {error}.") from None

    async def _fetch(self, url: str, max_bytes: int) -> HttpResponse | None:
        """The answer after redirects within its host; None where there is nothing of the kind."""

        async def fetch(target: str) -> HttpResponse:
            return await self._http.fetch(target, max_bytes=max_bytes)

        walker = Walker(fetch, lambda to: host_of(to) == host_of(url) and is_declared(self._product, to))
        await walker.walk(url)
        answer = list(walker.answers.values())[-1]
        return None if answer.status in GONE else answer


def _raise_if_unclear(answer: HttpResponse | None) -> None:
    """An error of the server's, or a refusal for now, is no answer to whether there is a file (RFC 9309 2.3.1.4)."""
    if answer is not None and (answer.status >= SERVER_ERROR or answer.status == TOO_MANY_REQUESTS):
        raise NotSeen(Why.UNREADABLE, f"{answer.url} answered {answer.status}.")


def _seen(url: str, reading: Measured[Sitemap] | Unmeasured) -> SitemapSeen:
    if isinstance(reading, Unmeasured):
        return SitemapSeen(url, reading)
    return SitemapSeen(url, Measured(origins_of(reading.value.urls), reading.at, reading.took_s))


def _children(url: str, reading: Measured[Sitemap] | Unmeasured) -> Iterator[str]:
    if isinstance(reading, Measured) and reading.value.is_index:
        yield from filter(None, (absolute_url(url, child) for child in reading.value.urls))


def origins_of(urls: Iterable[str]) -> tuple[OriginListed, ...]:
    """How many URLs there are of each origin, with the first of them; what is no absolute URL has an empty one."""
    counts, first = Counter[str](), dict[str, str]()
    for url in urls:
        match = _ORIGIN.match(url)
        before = match[0] if match else ""
        counts[before] += 1
        first.setdefault(before, url)
    return tuple(OriginListed(_origin(before), count, first[before]) for before, count in counts.items())


def _origin(before_path: str) -> str:
    """In the form of all our origins: the host in ASCII and small letters, without the scheme's own port."""
    url = absolute_url(before_path, "/") if before_path else None
    return origin_of(url) if url else ""
