"""Ask pages that take an address to go on to whether they also take a stranger's."""

from itertools import product as combinations
from typing import Final
from urllib.parse import urlencode, urlsplit

from launchready.facts.redirects import OUTSIDE, LeadOut, LeadsOut
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.subject import EndpointKind, Host, host_of
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.url_standard import host_led_to
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.redirects import MAX_WALK_BODY_BYTES
from launchready.probes.walking import REDIRECTS

PARAMETERS: Final = (
    *("next", "url", "redirect", "redirect_url", "redirect_uri", "redirect_to", "return", "return_to", "returnUrl"),
    *("continue", "goto", "dest", "destination", "target", "callbackUrl", "rurl", "r", "u"),
)
"""Names that frameworks and log-in pages give to the address to go on to; all of them go into one question."""

SHAPES: Final = (
    "https://{stranger}/",
    "//{stranger}/",
    "/\\{stranger}/",
    "/\t/{stranger}/",
    "https:{stranger}/",
    "https:\\\\{stranger}/",
    "https://{own}@{stranger}/",
    "https://{own}.{stranger}/",
)
"""How a stranger's address is written past checks that read it otherwise than browsers do."""

PATHS: Final = (f"//path.{OUTSIDE}", f"//path.{OUTSIDE}/%2e%2e")
"""Paths that begin like a stranger's address: a rule that only adds a slash sends on to it."""

MAX_PAGES: Final = 4
"""Pages asked of one host: the front page and its log-ins; with all shapes 32 questions, and 2 for paths."""


@probe(manner=Manner.ACTIVE, timeout_s=20.0)
async def leads_out(host: Host, product: Product, http: HttpClient, clock: Clock) -> LeadsOut:
    """Ask each page in each shape, with every parameter at once; nothing is followed."""
    urls = [lead(page, shape, host.name) for page, shape in combinations(pages_of(host, product), SHAPES)]
    urls += [f"https://{host.name}{path}" for path in PATHS]
    return LeadsOut(await all_at_once(reading_of(_ask(url, http), clock) for url in urls))


def pages_of(host: Host, product: Product) -> list[str]:
    """The front page and the declared log-ins of a host, without their queries."""
    logins = [e.url for e in product.endpoints if e.kind is EndpointKind.LOGIN]
    logins += [journey.login for journey in product.journeys]
    bare = sorted({url.partition("?")[0] for url in logins if host_of(url) == host.name})
    return list(dict.fromkeys([f"https://{host.name}/", *bare]))[:MAX_PAGES]


def lead(page: str, shape: str, own: str) -> str:
    """A page with the stranger's address under every name; the stranger's host tells which name it stood under."""
    values = [(name, shape.format(own=own, stranger=f"{_label(name)}.{OUTSIDE}")) for name in PARAMETERS]
    return f"{page}?{urlencode(values)}"


def _label(name: str) -> str:
    return name.replace("_", "-").lower()


async def _ask(url: str, http: HttpClient) -> LeadOut:
    answer = await http.fetch(url, max_bytes=MAX_WALK_BODY_BYTES)
    return LeadOut(url, answer.status, _led_to(url, answer))


def _led_to(url: str, answer: HttpResponse) -> str:
    """The host of the Location as browsers read it; its bytes are UTF-8 to them."""
    locations = answer.values("location") if answer.status in REDIRECTS else ()
    if not locations:
        return ""
    text = locations[0].encode("latin-1").decode("utf-8", errors="replace")
    parts = urlsplit(url)
    return host_led_to(text, parts.scheme, parts.netloc) or ""
