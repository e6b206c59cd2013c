"""Ask the registry about a domain's registration, over RDAP (RFC 9082)."""

from typing import Final
from urllib.parse import urljoin

from launchready.facts.registration import Registration
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, HttpResponse
from launchready.parse.rfc9083 import RdapError, read_rdap_domain
from launchready.parse.rfc9224 import RdapBootstrapError, rdap_servers

BOOTSTRAP: Final = "https://data.iana.org/rdap/dns.json"
"""The list of all registries' servers that IANA keeps (RFC 9224, section 3)."""

MAX_REDIRECTS: Final = 3
"""Some registries send on to the registrar's server, which must be followed (RFC 7480, section 5.2)."""

RDAP_MEDIA: Final = ("accept", "application/rdap+json, application/json")


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def registration(domain: Domain, http: HttpClient, clock: Clock) -> Registration:
    """Find the registry's server and ask it.

    Raises:
        NotSeen: the registry has no such server, does not know the domain, does not say when it ends, or what was
            answered can't be read.
    """
    listed = await _answer(BOOTSTRAP, http)
    try:
        servers = rdap_servers(listed, domain.name)
    except RdapBootstrapError as error:
        raise NotSeen(Why.UNREADABLE, f"{BOOTSTRAP} can't be read: {error}.") from None
    if not servers:
        raise NotSeen(Why.NOT_FOUND, f"The registry of {domain.name} publishes no registrations (RDAP).")
    url = f"{servers[0]}domain/{domain.name}"
    try:
        read = read_rdap_domain(await _answer(url, http), domain.name)
    except RdapError as error:
        raise NotSeen(Why.UNREADABLE, f"{url} can't be read: {error}.") from None
    if read.expires_at is None:
        raise NotSeen(Why.NOT_FOUND, f"The registry of {domain.name} does not say when the registration ends.")
    return Registration(read.expires_at, read.registrar, read.states, clock.now())


async def _answer(url: str, http: HttpClient) -> str:
    """The body of a good answer, redirects followed."""
    for _ in range(MAX_REDIRECTS + 1):
        answer = await http.fetch(url, headers=(RDAP_MEDIA,))
        location = _location(answer)
        if not location:
            break
        url = location
    if answer.status != 200 or answer.truncated:
        why = Why.NOT_FOUND if answer.status == 404 else Why.UNREADABLE
        raise NotSeen(why, f"{url} answered {answer.status}.")
    return answer.body.decode("utf-8", errors="replace")


def _location(answer: HttpResponse) -> str:
    """Where a redirect leads; empty where it is none."""
    location = next(iter(answer.values("location")), "") if answer.status in {301, 302, 303, 307, 308} else ""
    try:
        return urljoin(answer.url, location) if location else ""
    except ValueError:
        raise NotSeen(Why.UNREADABLE, f"{answer.url} redirects to what is no URL.") from None
