"""Ask for files that should not be there, and recognise them by their content. Active: needs the owner's word."""

import secrets
from typing import Final
from urllib.parse import urljoin, urlsplit

from launchready.facts.exposure import ExposedFiles, FoundFile, SourceMap, SourceMaps
from launchready.facts.web import PageAssets, Transfer
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.challenge import BlockKind, recognise_block
from launchready.parse.exposed_files import MAX_READ_BYTES, FileKind, has_sources, is_file, is_source_map
from launchready.parse.rfc9110 import STATUS_OK
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.redirects import is_declared
from launchready.probes.walking import absolute_url

PLACES: Final = (
    ("/.env", FileKind.SETTINGS),
    ("/.env.local", FileKind.SETTINGS),
    ("/.env.production", FileKind.SETTINGS),
    ("/.env.bak", FileKind.SETTINGS),
    ("/.git/HEAD", FileKind.GIT),
    ("/.git/config", FileKind.GIT),
    ("/db.sqlite3", FileKind.DATABASE),
    ("/database.sqlite", FileKind.DATABASE),
    ("/backup.sql", FileKind.DUMP),
    ("/dump.sql", FileKind.DUMP),
    ("/backup.zip", FileKind.ARCHIVE),
    ("/backup.tar.gz", FileKind.ARCHIVE),
    ("/id_rsa", FileKind.PRIVATE_KEY),
    ("/.aws/credentials", FileKind.CREDENTIALS),
    ("/.npmrc", FileKind.CREDENTIALS),
    ("/.htpasswd", FileKind.CREDENTIALS),
    ("/wp-config.php.bak", FileKind.CREDENTIALS),
    ("/.DS_Store", FileKind.FOLDER_FILE),
    ("/uploads/", FileKind.LISTING),
    ("/static/", FileKind.LISTING),
    ("/backup/", FileKind.LISTING),
    ("/openapi.json", FileKind.API_DOCS),
    ("/docs", FileKind.API_DOCS),
)
"""What scanners try first on every new site. With one path that nobody has before and one after, 25 requests a host."""

MAX_MAPS: Final = 10
"""Maps that are looked for: builders write all of them or none."""

MAX_MAP_BYTES: Final = 2 * 1024 * 1024
"""What is read of a map: where the sources stand depends on the builder, and most maps are smaller."""

SCRIPT_TYPES: Final = ("text/javascript", "application/javascript", "application/x-javascript")


@probe(manner=Manner.ACTIVE, timeout_s=30.0)
async def exposed_files(host: Host, http: HttpClient, clock: Clock) -> ExposedFiles:
    """Ask for each place, between two paths that nobody has.

    The first shows what this host answers to anything, so that a front page for every path is no finding. The second
    shows whether we were shut out meanwhile; then what was refused says nothing. A firewall that refuses one path, and
    not that one, keeps it from everybody.
    """
    origin = f"https://{host.name}"
    nowhere = await _ask(f"{origin}/{secrets.token_hex(12)}", http)
    _refuse_wall(nowhere)
    readings = await all_at_once(reading_of(_ask(origin + path, http), clock) for path, _ in PLACES)
    _refuse_wall(await _ask(f"{origin}/{secrets.token_hex(12)}", http))
    found: list[FoundFile] = []
    unseen: list[Unmeasured] = []
    for (_, kind), reading in zip(PLACES, readings, strict=True):
        if isinstance(reading, Unmeasured):
            unseen.append(reading)
        elif _is_challenge(reading.value):
            detail = f"{reading.value.url} is answered with a page that only a person gets past."
            unseen.append(Unmeasured(Why.CHALLENGED, detail, reading.at))
        elif _is_there(kind, reading.value) and not _is_there(kind, nowhere):
            found.append(FoundFile(reading.value.url, kind, _size_bytes(reading.value)))
    return ExposedFiles(len(PLACES), tuple(found), tuple(unseen))


@probe(manner=Manner.ACTIVE, timeout_s=20.0)
async def source_maps(product: Product, assets: PageAssets, http: HttpClient, clock: Clock) -> SourceMaps:
    """Look for the map of each script: where its header says, or beside it."""
    places = (_map_url(t) for t in assets.transfers if t.status == STATUS_OK and _is_script(t))
    urls = [url for url in dict.fromkeys(places) if is_declared(product, url)][:MAX_MAPS]
    return SourceMaps(await all_at_once(reading_of(_map_at(url, http), clock) for url in urls))


async def _ask(url: str, http: HttpClient) -> HttpResponse:
    """As it comes, unpacked by nobody; an archive is known by its first bytes."""
    return await http.fetch(url, max_bytes=MAX_READ_BYTES, accept_encoding=None, even_if_challenged=True)


def _block_of(answer: HttpResponse) -> BlockKind | None:
    block = recognise_block(answer.status, dict(answer.headers), answer.body)
    return None if block is None else block.kind


def _is_challenge(answer: HttpResponse) -> bool:
    return _block_of(answer) in {BlockKind.CHALLENGE, BlockKind.CAPTIVE_PORTAL}


def _refuse_wall(nowhere: HttpResponse) -> None:
    if _block_of(nowhere) is not None:
        raise NotSeen(Why.CHALLENGED, f"{nowhere.url} is refused to us by a firewall, so other refusals say nothing.")


def _is_there(kind: FileKind, answer: HttpResponse) -> bool:
    is_packed = kind is FileKind.ARCHIVE and bool(answer.values("content-encoding"))
    return answer.status == STATUS_OK and not is_packed and is_file(kind, answer.body)


def _size_bytes(answer: HttpResponse) -> int | None:
    """As the server says, or as it came; None where neither is known."""
    said = next(iter(answer.values("content-length")), "")
    if said.isascii() and said.isdigit():
        return int(said[:18])
    return None if answer.truncated else len(answer.body)


def _is_script(transfer: Transfer) -> bool:
    return transfer.media_type in SCRIPT_TYPES


def _map_url(transfer: Transfer) -> str:
    """What the SourceMap header names (ECMA-426 section 11.1.2), or else the script's URL with .map."""
    named = transfer.values("sourcemap") or transfer.values("x-sourcemap")
    target = absolute_url(transfer.url, named[0]) if named else None
    return target or urljoin(transfer.url, f"{urlsplit(transfer.url).path}.map")


async def _map_at(url: str, http: HttpClient) -> SourceMap:
    answer = await http.fetch(url, max_bytes=MAX_MAP_BYTES)
    is_there = answer.status == STATUS_OK and is_source_map(answer.body)
    return SourceMap(url, is_there, is_there and has_sources(answer.body))
