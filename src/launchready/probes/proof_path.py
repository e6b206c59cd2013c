"""Go the way of an authority that wants to see a proof over http before it renews a certificate.

A token that no renewal is waiting for is asked for, so "not found" is the good answer. What is refused there counts
only where a path beside it is not: a server may refuse everybody everything, and a renewal's own server may be down
while no renewal is under way. Authorities don't look at certificates on the way; we do, and then don't see the end.
"""

import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.renewal import AddressProof, ProofEnd, ProofPath, ProofWay
from launchready.model.probe import Manner, probe
from launchready.model.reading import Measured, NotSeen, Why
from launchready.model.subject import Host, host_of
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.walking import hop_of

PROOFS: Final = "/.well-known/acme-challenge/"
BESIDE: Final = "/launchready-probe/"
"""A path that is nobody's, to see what the server says to such."""

MAX_REDIRECTS: Final = 10
"""How many Let's Encrypt follows (its documentation, "Challenge types"); RFC 8555 names no number."""

PORTS: Final = frozenset({None, 80, 443})
"""Where authorities go (CA/Browser Forum, Baseline Requirements, section 1.6.1, "Authorized Ports")."""

MAX_BODY_BYTES: Final = 64 * 1024
"""What is read of each answer: a bot wall is recognised by its page, and a proof has a hundred bytes."""

GONE: Final = frozenset({404, 410})
REFUSED: Final = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where one walk stopped: the last URL, and its status, or one of the words for what is no status."""

    url: str
    status: int = 0
    end: ProofEnd | None = None
    left_for: str = ""


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def proof_path(host: Host, dns: DnsClient, http: HttpClient, clock: Clock) -> ProofPath:
    """Ask every address for a proof that does not exist."""
    addresses = await dns.addresses(host.name)
    ways = await all_at_once(_at(host.name, address, dns, http, clock) for address in addresses)
    if all(isinstance(w.way, Measured) and w.way.value.end is ProofEnd.CLOSED for w in ways):
        detail = f"{host.name} takes no connection on port 80, and whether it renews in another way can't be seen."
        raise NotSeen(Why.REFUSED, detail)
    return ProofPath(ways)


async def _at(host: str, address: str, dns: DnsClient, http: HttpClient, clock: Clock) -> AddressProof:
    return AddressProof(address, await reading_of(_way(host, address, dns, http), clock))


async def _way(host: str, address: str, dns: DnsClient, http: HttpClient) -> ProofWay:
    token = secrets.token_urlsafe(32)  # as an authority makes them, and in no cache
    stop = await _walk(f"http://{host}{PROOFS}{token}", address, dns, http)
    where = stop.url.replace(token, "…")
    if stop.left_for:
        raise NotSeen(Why.UNREADABLE, f"The proof for {host} would be looked for on {stop.left_for}, another machine.")
    if stop.end in {ProofEnd.CLOSED, ProofEnd.ENDLESS, ProofEnd.ANOTHER_PORT}:
        return ProofWay(stop.end, where)
    if stop.end is None and (200 <= stop.status < 300 or stop.status in GONE):
        return ProofWay(ProofEnd.ANSWERED, where)
    if stop.end is None and stop.status not in REFUSED:
        raise NotSeen(Why.UNREADABLE, f"{where} answered {stop.status}, which may be so only while nothing is renewed.")
    beside = await _walk(f"http://{host}{BESIDE}{token}", address, dns, http)
    if beside.end is ProofEnd.WALLED:
        raise NotSeen(Why.CHALLENGED, f"a bot protection answered for {host} on every path.")
    if beside.status in REFUSED or beside.end is not None:
        raise NotSeen(Why.UNREADABLE, f"{host} refuses every path that we ask for, this one too.")
    return ProofWay(ProofEnd.FORBIDDEN if stop.end is None else stop.end, where)


async def _walk(url: str, address: str, dns: DnsClient, http: HttpClient) -> _Stop:
    """Follow redirects on this one machine, from name to name and from http to https.

    Raises:
        NotSeen: an answer on the way was not seen, a closed port 80 and a bot wall excepted.
    """
    for _ in range(MAX_REDIRECTS + 1):
        try:
            answer = await http.fetch(url, address=address, max_bytes=MAX_BODY_BYTES)
        except NotSeen as unseen:
            if unseen.why is Why.CHALLENGED:
                return _Stop(url, end=ProofEnd.WALLED)
            if unseen.why is Why.REFUSED and url.startswith("http:"):
                return _Stop(url, end=ProofEnd.CLOSED)
            raise
        target = hop_of(url, answer).location
        if not target:
            return _Stop(url, answer.status)
        if not _is_where_authorities_go(target):
            return _Stop(target, end=ProofEnd.ANOTHER_PORT)
        if host_of(target) != host_of(url) and address not in await dns.addresses(host_of(target)):
            return _Stop(url, left_for=host_of(target))
        url = target
    return _Stop(url, end=ProofEnd.ENDLESS)


def _is_where_authorities_go(url: str) -> bool:
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:  # no URL, or a port that is none
        return False
    return parts.scheme in {"http", "https"} and port in PORTS
