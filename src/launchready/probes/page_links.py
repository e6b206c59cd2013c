"""Where the links of a front page lead, by name."""

from typing import Final
from urllib.parse import unquote

from launchready.facts.links import LinkedName, LinkedNames
from launchready.facts.web import FrontPage
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Host, host_of
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.parse.booking_page import embedded_urls
from launchready.parse.html_page import Page
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.walking import absolute_url

MAX_LINKS: Final = 400
"""Links of one page that are kept; the median page has 60 (HTTP Archive, Web Almanac 2022), and the rest is a list."""

MAX_NAMES: Final = 50
"""Names of one page that are looked up; a page that names more of its own domain is a directory."""

MAIL_SCHEME: Final = "mailto:"


def links_of(page: Page, base: str, text: str) -> tuple[str, ...]:
    """What a page links to or shows in a frame, as absolute URLs without what follows a #, each once."""
    written = (*(link.href for link in page.links), *embedded_urls(text))
    absolute = (absolute_url(base, reference.partition("#")[0]) for reference in written if reference.partition("#")[0])
    return tuple(dict.fromkeys(url for url in absolute if url is not None))[:MAX_LINKS]


def mail_addresses_of(page: Page) -> tuple[str, ...]:
    """The addresses that a page offers to write to, each once."""
    written = (link.href for link in page.links if link.href.lower().startswith(MAIL_SCHEME))
    addresses = (unquote(href[len(MAIL_SCHEME) :].partition("?")[0]).strip() for href in written)
    return tuple(dict.fromkeys(address for address in addresses if "@" in address))[:MAX_LINKS]


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def linked_names(host: Host, page: FrontPage, product: Product, dns: DnsClient, clock: Clock) -> LinkedNames:
    """Look up each name of the host's own domain that its page links to and that nobody declared."""
    declared = {one.name for one in product.hosts}
    urls: dict[str, str] = {}
    for url in page.links:
        name = host_of(url)
        if name not in declared and f".{name}".endswith(f".{host.domain}"):
            urls.setdefault(name, url)
    if len(urls) > MAX_NAMES:
        raise NotSeen(Why.TOO_LARGE, f"the page links to more than {MAX_NAMES} names under {host.domain}")
    names = sorted(urls)
    readings = await all_at_once(reading_of(_exists(name, dns), clock) for name in names)
    seen = zip(names, readings, strict=True)
    return LinkedNames(tuple(LinkedName(name, urls[name], reading) for name, reading in seen))


async def _exists(name: str, dns: DnsClient) -> bool:
    """Whether a name has an address; a resolver that fails says nothing of it."""
    try:
        await dns.addresses(name)
    except NotSeen as unseen:
        if unseen.why is Why.NO_NAME:
            return False
        raise
    return True
