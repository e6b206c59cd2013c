"""See whether a host points to a hosting company where nobody has claimed it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from launchready.facts.domain import HostAddresses
from launchready.facts.names import NamesInUse
from launchready.facts.takeover import Claimable, ClaimableName, ClaimableNames
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen
from launchready.model.subject import Domain, Host, host_of
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, HttpResponse
from launchready.probes.nested import all_at_once, reading_of

MAX_PAGE_BYTES = 256 * 1024
"""What is read of a page: those for unclaimed names have 1 to 20 KB."""

FIRST_ERROR_STATUS = 400
"""From here on a status says that there is no such page (RFC 9110, section 15.5)."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One hosting company of the signature file, which says what each field means."""

    name: str
    aliases: tuple[str, ...]
    says: tuple[str, ...]
    any_status: bool
    free_when_gone: bool
    certain: bool
    source: str


@cache
def providers() -> tuple[Provider, ...]:
    """The hosting companies that ship with the program."""
    text = files("launchready.probes").joinpath("takeover_signatures.toml").read_text("utf-8")
    return tuple(_provider(entry) for entry in tomllib.loads(text)["providers"])


def _provider(entry: Mapping[str, Any]) -> Provider:
    return Provider(
        name=entry["name"],
        aliases=tuple(entry["aliases"]),
        says=tuple(entry.get("says", ())),
        any_status=entry.get("any_status", False),
        free_when_gone=entry.get("free_when_gone", False),
        certain=entry["certain"],
        source=entry["source"],
    )


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def claimable(host: Host, seen: HostAddresses, http: HttpClient) -> Claimable:
    """Open the host's page where its alias leads to a company of the list; nothing is asked of any other host."""
    return await _claimable(host.name, seen.cname_chain, http, exists=seen.exists, leads_nowhere=not seen.addresses)


@probe(manner=Manner.PASSIVE, timeout_s=25.0)
async def claimable_names(domain: Domain, seen: NamesInUse, http: HttpClient, clock: Clock) -> ClaimableNames:
    """The same for each undeclared name under the domain."""
    there = [one for one in seen.found if one.name.endswith(f".{domain.name}") and _company(one.cname_chain)]
    readings = await all_at_once(
        reading_of(
            _claimable(one.name, one.cname_chain, http, exists=one.exists, leads_nowhere=one.leads_nowhere), clock
        )
        for one in there
    )
    return ClaimableNames(tuple(ClaimableName(one.name, r) for one, r in zip(there, readings, strict=True)))


def _company(chain: tuple[str, ...]) -> tuple[Provider, str] | None:
    """The first company of the list that an alias passes, with its name there."""
    return next(((p, t) for t in chain for p in providers() if is_at(p, t)), None)


async def _claimable(
    name: str, chain: tuple[str, ...], http: HttpClient, *, exists: bool, leads_nowhere: bool
) -> Claimable:
    found = _company(chain)
    if found is None:
        return Claimable()
    provider, target = found
    gone = not exists and is_at(provider, chain[-1])
    words = "" if not provider.says or leads_nowhere else words_of(provider, await _front_page(name, http))
    return Claimable(
        provider=provider.name,
        target=target,
        words=words,
        is_name_free=gone and provider.free_when_gone,
        is_certain=provider.certain,
        source=provider.source,
    )


def is_at(provider: Provider, target: str) -> bool:
    """Whether an alias leads to a company."""
    return any(fnmatchcase(target, pattern) for pattern in provider.aliases)


def words_of(provider: Provider, page: HttpResponse) -> str:
    """The company's words for an unclaimed name, where a page holds them; a page may write its apostrophes encoded."""
    if page.status < FIRST_ERROR_STATUS and not provider.any_status:
        return ""
    text = (
        page.body.decode("utf-8", errors="replace").replace("&#39;", "'").replace("&rsquo;", "'").replace("\u2019", "'")
    )
    return next((words for words in provider.says if words in text), "")


async def _front_page(host: str, http: HttpClient) -> HttpResponse:
    """What a visitor sees who types the name: plain http and, where that leads to it or fails, https.

    An unclaimed name seldom has a certificate, so https comes second.

    Raises:
        NotSeen: neither was seen.
    """
    try:
        plain = await http.fetch(f"http://{host}/", max_bytes=MAX_PAGE_BYTES)
    except NotSeen:
        return await http.fetch(f"https://{host}/", max_bytes=MAX_PAGE_BYTES)
    if _goes_to_https(plain, host):
        return await http.fetch(f"https://{host}/", max_bytes=MAX_PAGE_BYTES)
    return plain


def _goes_to_https(answer: HttpResponse, host: str) -> bool:
    location = next(iter(answer.values("location")), "")
    try:
        return location.lower().startswith("https:") and host_of(location) == host
    except ValueError:  # a URL that can't be taken apart leads nowhere
        return False
