"""Look for keys in what a browser loads: pages, their scripts, the scripts that these load later, and source maps."""

import asyncio
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Final
from urllib.parse import urljoin, urlsplit

from launchready.facts.secrets import Exposure, LeakedKey, MapSecrets, Place, ServedSecrets
from launchready.facts.web import FrontPage, InnerPages, PageAssets, Transfer
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.redirects import is_declared
from launchready.probes.repository import NO_SCANNER
from launchready.probes.walking import absolute_url

MAX_LAZY: Final = 60
"""Scripts that only scripts name, and that are fetched; large products have some dozens of chunks."""

MAX_MAPS: Final = 20
MAX_MAP_BYTES: Final = 24 * 2**20
"""What is read of a map: with all its sources, that of a large bundle has some 20 MB."""

STATUS_OK: Final = 200

SCRIPT_NAME: Final = re.compile(rb"""["'`]((?:https?:/)?[./\w@~%-]{1,300}\.m?js)["'`]""")
"""A text that is the address of a script, as bundlers write the chunks that they load later."""

Reading = Measured[HttpResponse] | Unmeasured


@probe(manner=Manner.PASSIVE, timeout_s=30.0)
async def served_secrets(
    page: FrontPage, inner: InnerPages, assets: PageAssets, product: Product, http: HttpClient, clock: Clock
) -> ServedSecrets:
    """Fetch what the pages load once more, then the scripts that these name, and search all of it.

    Raises:
        NotSeen: something could not be fetched, and in the rest there is no live key.
    """
    if page.redirects_to:
        return ServedSecrets((), 0, 0)
    pages = dict.fromkeys((page.transfer.url, *(view.transfer.url for view in inner.views)))
    known = dict.fromkeys((*pages, *(asset.url for asset in assets.assets)))
    first = await _fetched(known, http, clock)
    named = [url for reading in first for url in _scripts_in(reading) if is_declared(product, url)]
    lazy = [url for url in dict.fromkeys(named) if url not in known]
    later = await _fetched(lazy[:MAX_LAZY], http, clock)
    shown = [one for one in (*first, *later) if not (isinstance(one, Measured) and one.value.status != STATUS_OK)]
    gaps = [asset.transfer for asset in assets.assets if isinstance(asset.transfer, Unmeasured)]
    gaps += [seen.view for seen in inner.pages if isinstance(seen.view, Unmeasured)]
    if len(lazy) > MAX_LAZY:
        gaps.append(Unmeasured(Why.TOO_LARGE, f"scripts name more than {MAX_LAZY} others", clock.now()))
    keys = await _keys_in(shown, gaps, clock)
    return ServedSecrets(keys, len(shown), sum(_is_shown(one) for one in later))


@probe(manner=Manner.ACTIVE, timeout_s=30.0)
async def map_secrets(product: Product, assets: PageAssets, http: HttpClient, clock: Clock) -> MapSecrets:
    """Ask for the map of each script, where its header says or beside it, and search the sources in it.

    Raises:
        NotSeen: a map could not be read whole, and in the others there is no live key.
    """
    places = [_map_url(t) for t in assets.transfers if t.status == STATUS_OK and "javascript" in t.content_type]
    urls = [url for url in dict.fromkeys(places) if is_declared(product, url)]
    answers = await all_at_once(reading_of(http.fetch(url, max_bytes=MAX_MAP_BYTES), clock) for url in urls[:MAX_MAPS])
    there = [one for one in answers if isinstance(one, Unmeasured) or _is_map(one.value)]
    gaps = [one.transfer for one in assets.assets if isinstance(one.transfer, Unmeasured)]
    if len(urls) > MAX_MAPS:
        gaps.append(Unmeasured(Why.TOO_LARGE, f"more than {MAX_MAPS} scripts may have a map", clock.now()))
    return MapSecrets(await _keys_in(there, gaps, clock), len(there))


async def _fetched(urls: Iterable[str], http: HttpClient, clock: Clock) -> tuple[Reading, ...]:
    return await all_at_once(reading_of(http.fetch(url), clock) for url in urls)


def _scripts_in(reading: Reading) -> tuple[str, ...]:
    """The addresses of scripts that stand as whole texts in a script or page, which bundlers load when needed."""
    if not _is_shown(reading):
        return ()
    assert isinstance(reading, Measured), "it is shown"
    answer = reading.value
    found = dict.fromkeys(match[1].decode() for match in SCRIPT_NAME.finditer(answer.body))
    places = (url for name in found for url in _places(answer.url, name))
    return tuple(dict.fromkeys(url for url in places if url is not None))


def _places(base: str, name: str) -> tuple[str | None, ...]:
    """Where a bundler's file name may lead: beside the script, or from the root that builders serve files at."""
    if name.startswith(("/", "./", "../", "http")):
        return (absolute_url(base, name),)
    roots = re.match(r"(https?://[^/]+(?:/_next)?/)", base)
    return (absolute_url(base, name),) if "/" not in name or roots is None else (absolute_url(roots[1], name),)


def _is_shown(reading: Reading) -> bool:
    return isinstance(reading, Measured) and reading.value.status == STATUS_OK


def _is_map(answer: HttpResponse) -> bool:
    return answer.status == STATUS_OK and b'"mappings"' in answer.body


def _map_url(transfer: Transfer) -> str:
    """What the SourceMap header names (ECMA-426 section 11.1.2), or else the script's URL with .map."""
    named = transfer.values("sourcemap") or transfer.values("x-sourcemap")
    target = absolute_url(transfer.url, named[0]) if named else None
    return target or urljoin(transfer.url, f"{urlsplit(transfer.url).path}.map")


async def _keys_in(readings: Iterable[Reading], gaps: list[Unmeasured], clock: Clock) -> tuple[LeakedKey, ...]:
    """The keys in all answers; where none is live, what was not seen decides."""
    seen = [one.value for one in readings if isinstance(one, Measured)]
    gaps = [*gaps, *(one for one in readings if isinstance(one, Unmeasured))]
    cut = next((answer for answer in seen if answer.truncated), None)
    if cut is not None:
        gaps.append(Unmeasured(Why.TOO_LARGE, f"{cut.url} is larger than what is read of a file", clock.now()))
    keys = await asyncio.to_thread(_search, tuple((answer.url, answer.body) for answer in seen), clock)
    if gaps and not any(key.is_live and key.is_certain for key in keys):
        raise NotSeen(gaps[0].why, gaps[0].detail)
    return keys


def _search(files: tuple[tuple[str, bytes], ...], clock: Clock) -> tuple[LeakedKey, ...]:
    """Blocks; the scanner is loaded here, for it is 36 MB and not built for every machine."""
    try:
        keys = import_module("launchready.probes.keys.search")
        incidents = import_module("launchready.probes.keys.incidents").Incidents()
    except ImportError:
        raise NotSeen(Why.NOT_INSTALLED, NO_SCANNER) from None
    for url, body in files:
        for hit in keys.search(body).hits:
            incidents.add(hit, Place(Exposure.SERVED, url.partition("?")[0] + hit.inside, hit.line))
    found: tuple[LeakedKey, ...] = incidents.keys((), clock.now().date())
    return found
