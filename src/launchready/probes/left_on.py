"""Come to a host as a stranger and as a crawler do, and see who is let in."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.left_on import Crawler, FrontDoor, RobotsFile, SecurityTxt, ShutOut
from launchready.facts.redirects import WalkEnd
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Host, LinkKind
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse import rfc9116, rfc9309
from launchready.parse.html_page import Page, read_page
from launchready.parse.login_wall import recognise_wall
from launchready.parse.placeholder import recognise_placeholder
from launchready.parse.rfc9110 import CLIENT_ERROR, SERVER_ERROR, STATUS_OK, TOO_MANY_REQUESTS
from launchready.parse.rfc9309 import Robots, parse_robots
from launchready.parse.robots_rules import hidden_by_header, hidden_by_page
from launchready.probes.visits import FirstVisits, without_error
from launchready.probes.walking import Walker, absolute_url
from launchready.probes.web import text_of

TURNED_AWAY: Final = frozenset({403, TOO_MANY_REQUESTS})
"""What sites also answer to programs that are no browser: it does not say that there is no such file."""

PRIVACY: Final = re.compile(
    r"privacy|datenschutz|dataskydd|integritet|personvern|privatliv|confidentialit|privacidad|privacidade|tietosuoja|gdpr",
    re.IGNORECASE,
)
"""How a privacy notice is called in the languages of the European Union that most products are in."""

LEGAL: Final = re.compile(
    r"\bterms\b|conditions|imprint|impressum|legal|mentions|villkor|vilk\u00e5r|aviso|contact|kontakt|\bAGB\b",
    re.IGNORECASE,
)
"""The same for terms, an imprint, and a way to reach whoever sells."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def front_door(host: Host, visits: FirstVisits) -> FrontDoor:
    """Open the front page as a stranger; an error of the server counts where it is a placeholder's."""
    visit = await visits.to(f"https://{host.name}/")
    last = visit.end()
    html = text_of(last)
    page, headers = read_page(html), dict(last.headers)
    placeholder = recognise_placeholder(page.title or "", html or last.body.decode("latin-1"), headers)
    if not placeholder:
        without_error(last)
    return FrontDoor(
        url=last.url,
        status=last.status,
        sent_to=visit.sent_to,
        wall=recognise_wall(last.status, headers, visit.sent_to),
        placeholder=placeholder,
        hidden_by_header=hidden_by_header(last.values("x-robots-tag")),
        hidden_by_page=hidden_by_page(html),
        shows_page=bool(html) and last.status == STATUS_OK,
        privacy_url=_first_link(page, last.url, PRIVACY),
        legal_url=_first_link(page, last.url, LEGAL),
    )


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def robots_file(host: Host, product: Product, http: HttpClient) -> RobotsFile:
    """Read robots.txt as crawlers do, and ask it for the pages that matter."""
    answer = await _follow(f"https://{host.name}/robots.txt", http, rfc9309.MAX_FILE_BYTES)
    if answer.status == TOO_MANY_REQUESTS:
        raise NotSeen(Why.CHALLENGED, f"{answer.url} answered 429: too many requests, ours.")
    paths = tuple(dict.fromkeys(("/", *_advertised(host, product))))
    if answer.status >= SERVER_ERROR:
        return RobotsFile(answer.status, tuple(ShutOut(crawler, "/") for crawler in Crawler))
    robots = parse_robots(answer.body) if answer.status < CLIENT_ERROR else Robots(())
    return RobotsFile(answer.status, tuple(_shut_out(robots, paths)))


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def security_txt(host: Host, http: HttpClient, clock: Clock) -> SecurityTxt:
    """Fetch /.well-known/security.txt, which is the place that counts (RFC 9116 section 3)."""
    answer = await _follow(f"https://{host.name}/.well-known/security.txt", http, rfc9116.MAX_FILE_BYTES)
    if answer.status >= SERVER_ERROR or answer.status in TURNED_AWAY:
        raise NotSeen(Why.UNREADABLE, f"{answer.url} answered {answer.status}.")
    try:
        policy = rfc9116.parse_security_txt(answer.body if answer.status == STATUS_OK else b"")
    except rfc9116.SecurityTxtError:
        return SecurityTxt(is_there=False, expires=None, seen_at=clock.now())
    return SecurityTxt(is_there=True, expires=policy.expires, seen_at=clock.now())


async def _follow(url: str, http: HttpClient, max_bytes: int) -> HttpResponse:
    """The file at a URL; redirects are followed to any host, as crawlers do (RFC 9309 section 2.3.1.2: five at least).

    Raises:
        NotSeen: what the client raises, and UNREADABLE for a circle.
    """
    walker = Walker(partial(http.fetch, max_bytes=max_bytes + 1), lambda target: target.startswith("http"))
    walk = await walker.walk(url)
    if walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
        raise NotSeen(Why.UNREADABLE, f"{url} leads round in a circle.")
    return list(walker.answers.values())[-1]


def _advertised(host: Host, product: Product) -> Iterator[str]:
    """Paths on this host that advertisements lead to."""
    for link in product.links:
        parts = urlsplit(link.url)
        if link.kind is LinkKind.AD and parts.hostname == host.name:
            yield (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _shut_out(robots: Robots, paths: tuple[str, ...]) -> Iterator[ShutOut]:
    """Who may not fetch what; Google's AdsBot heeds only rules that name it.

    See https://developers.google.com/search/docs/crawling-indexing/google-special-case-crawlers.
    """
    for path in paths:
        for crawler in Crawler:
            heeds = crawler is not Crawler.GOOGLE_ADS or robots.names(crawler.value)
            if heeds and not robots.allows(crawler.value, path):
                yield ShutOut(crawler, path)


def _first_link(page: Page, url: str, words: re.Pattern[str]) -> str:
    """Where the first link goes whose text or target has one of these words; empty where there is none."""
    for link in page.links:
        if words.search(link.text) or words.search(link.href):
            return absolute_url(url, link.href) or link.href
    return ""
