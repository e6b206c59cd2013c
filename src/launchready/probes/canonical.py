"""Ask for a page in the ways that often lead to the same one, and read what each says of its own address."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from launchready.facts.canonical import Claim, PageAsked, PageVersion, PageVersions, Place, Variant, Variation
from launchready.facts.redirects import origin_of
from launchready.model.probe import Manner, probe
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.html_page import Page, read_page
from launchready.parse.own_address import read_own_address
from launchready.parse.rfc8288 import LinkError, parse_links
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.visits import FirstVisits, without_error
from launchready.probes.walking import absolute_url, hop_of
from launchready.probes.web import text_of

MAX_PAGE_BYTES: Final = 512 * 1024
"""What is read of each version: heads and visible text stand well within it, and both are cut alike."""

CAMPAIGN: Final = "utm_source=launchready"
"""What an advertisement puts behind an address; no page depends on it."""

LEAVES: Final = re.compile(r"(?:log|sign)[-_]?(?:out|off)|unsubscribe|delete|cancel", re.IGNORECASE)
"""A link that may do something is not opened."""

_VOLATILE: Final = re.compile(r"[0-9a-zA-Z_+/=-]{24,}|[0-9]+")
"""Numbers and tokens: a clock, a price in points, a request's id differ from answer to answer."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def page_versions(host: Host, visits: FirstVisits, http: HttpClient, clock: Clock) -> PageVersions:
    """Open the front page, then its other ways in and a linked page, then that one's."""
    visit = await visits.to(f"https://{host.name}/")
    answer = _cut(without_error(visit.end()))
    front = Measured(version_of(answer.url, answer), visit.at, answer.timings.total_s)
    if not _shows_a_page(front.value):
        return PageVersions(())
    linked = next(links_to_try(read_page(text_of(answer)), answer.url), None)
    asked = [_asked(answer.url, front, http, clock)]
    if linked is not None:
        asked.append(_linked(linked, http, clock))
    return PageVersions(tuple(page for page in await all_at_once(asked) if page is not None))


async def _linked(url: str, http: HttpClient, clock: Clock) -> PageAsked | None:
    """A linked page with its variants; None where there is no page."""
    version = await reading_of(_version(url, http), clock)
    is_page = isinstance(version, Unmeasured) or _shows_a_page(version.value)
    return await _asked(url, version, http, clock) if is_page else None


async def _asked(
    url: str, version: Measured[PageVersion] | Unmeasured, http: HttpClient, clock: Clock
) -> PageAsked | None:
    return PageAsked(version, await _variants(url, http, clock))


async def _variants(url: str, http: HttpClient, clock: Clock) -> tuple[Variant, ...]:
    asked = list(variants_of(url))
    readings = await all_at_once(reading_of(_version(other, http), clock) for _, other in asked)
    return tuple(Variant(kind, reading) for (kind, _), reading in zip(asked, readings, strict=True))


async def _version(url: str, http: HttpClient) -> PageVersion:
    return version_of(url, await http.fetch(url, max_bytes=MAX_PAGE_BYTES))


def _cut(answer: HttpResponse) -> HttpResponse:
    """As much of it as is read of the other versions."""
    return replace(answer, body=answer.body[:MAX_PAGE_BYTES])


def variants_of(url: str) -> Iterator[tuple[Variation, str]]:
    """The other ways to ask for a page: with index.html or without the slash, in other letters, from a campaign."""
    parts = urlsplit(url)
    path = parts.path or "/"
    if path == "/":
        yield Variation.INDEX, urlunsplit(parts._replace(path="/index.html"))
    else:
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        yield Variation.SLASH, urlunsplit(parts._replace(path=other))
        letters = _other_letters(path)
        if letters != path:
            yield Variation.CASE, urlunsplit(parts._replace(path=letters))
    query = f"{parts.query}&{CAMPAIGN}" if parts.query else CAMPAIGN
    yield Variation.CAMPAIGN, urlunsplit(parts._replace(path=path, query=query))


def _other_letters(path: str) -> str:
    """All capital, or all small where they are; escapes stay as they are, for their letters mean nothing."""
    pieces = re.split(r"(%[0-9a-fA-F]{2})", path)
    is_small = not any(piece != piece.lower() for piece in pieces[::2])
    pieces[::2] = [piece.upper() if is_small else piece.lower() for piece in pieces[::2]]
    return "".join(pieces)


def links_to_try(page: Page, url: str) -> Iterator[str]:
    """The pages of the same origin that a page links to, in its order: no files, no queries, nothing that acts."""
    origin, here = origin_of(url), urlsplit(url).path.rstrip("/")
    base = absolute_url(url, page.base_href or "") or url
    for link in page.links:
        target = absolute_url(base, link.href)
        if target is None or origin_of(target) != origin or LEAVES.search(target):
            continue
        parts = urlsplit(target)
        is_file = "." in parts.path.rpartition("/")[2]
        if parts.path.rstrip("/") not in {"", here} and not is_file and not parts.query:
            yield target


def version_of(url: str, answer: HttpResponse) -> PageVersion:
    """What an answer shows, and says of its own address."""
    text = text_of(answer)
    page = read_page(text)
    robots = ", ".join((page.robots or "", *answer.values("x-robots-tag"))).lower()
    return PageVersion(
        url=url,
        status=answer.status,
        location=hop_of(url, answer).location,
        is_hidden="noindex" in robots or "none" in re.split(r"[\s,:]+", robots),
        claims=tuple(dict.fromkeys(_claims(url, text, answer.values("link")))),
        fingerprint=fingerprint_of(page) if text else "",
        shown_chars=len(page.text_excerpt),
    )


def fingerprint_of(page: Page) -> str:
    """A short name of what is shown, the same for the same page a moment later."""
    shown = _VOLATILE.sub("#", f"{page.title}\n{page.text_excerpt}")
    return hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()[:16]


def _claims(url: str, text: str, link_fields: Iterable[str]) -> Iterator[Claim]:
    """The addresses that a page names as its own, absolute; what is no URL of the web names none."""
    said = read_own_address(text)
    base = absolute_url(url, said.base_href or "") or url
    named = [(Place.TAG, base, reference) for reference in said.canonicals]
    named += [(Place.HEADER, url, reference) for reference in _in_headers(link_fields)]
    named += [(Place.OG_URL, base, reference) for reference in said.og_urls]
    for place, start, reference in named:
        target = absolute_url(start, reference)
        if target is not None:
            yield Claim(place, target)


def _in_headers(fields: Iterable[str]) -> Iterator[str]:
    for field in fields:
        try:
            links = parse_links(field)
        except LinkError:
            continue
        yield from (link.target for link in links if "canonical" in link.relations and not link.has_anchor)


def _shows_a_page(version: PageVersion) -> bool:
    return version.status == 200 and bool(version.fingerprint)
