"""Look at what a domain promises browsers."""

from launchready.facts.hsts import DomainPromise, FirstAnswer
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.walking import hop_of

MAX_BODY_BYTES = 64 * 1024
"""What is read of each answer: a bot wall is recognised by its page, and all that counts is in the headers."""


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def domain_promise(domain: Domain, http: HttpClient, clock: Clock) -> DomainPromise:
    """Ask for the domain's front page over https and over http, and go nowhere from there."""
    looks = (reading_of(_first(f"{scheme}://{domain.name}/", http), clock) for scheme in ("https", "http"))
    secure, plain = await all_at_once(looks)
    if isinstance(secure, Unmeasured):
        if secure.why is Why.NO_NAME:
            return DomainPromise(None, None)
        raise NotSeen(secure.why, secure.detail)
    is_closed = isinstance(plain, Unmeasured) and plain.why is Why.REFUSED
    return DomainPromise(secure.value, None if is_closed else plain)


async def _first(url: str, http: HttpClient) -> FirstAnswer:
    answer = await http.fetch(url, max_bytes=MAX_BODY_BYTES)
    hop = hop_of(url, answer)
    return FirstAnswer(hop.status, hop.location, answer.values("strict-transport-security"))
