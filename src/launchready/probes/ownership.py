"""Look for the owner's proof that a host is theirs."""

from typing import Final

from launchready.facts.ownership import Ownership
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.probes.nested import reading_of

MAX_TOKEN_FILE_BYTES: Final = 1024
"""A token has 128 characters at most; a page of HTML is none."""


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def ownership(host: Host, product: Product, http: HttpClient, dns: DnsClient, clock: Clock) -> Ownership:
    """Compare the declared token with what the host serves, and else with what its domain publishes."""
    return await ownership_of(host, product, http, dns, clock)


async def ownership_of(host: Host, product: Product, http: HttpClient, dns: DnsClient, clock: Clock) -> Ownership:
    """As the probe, for commands that are no audit.

    Raises:
        NotSeen: nothing is declared, or nobody answers.
    """
    token = product.ownership_token
    if not token:
        raise NotSeen(Why.NOT_DECLARED, f"declare token under [ownership]; `launchready own {host.domain}` makes one")
    url, record = f"https://{host.name}/.well-known/launchready", f"_launchready.{host.domain}"
    readings = (
        await reading_of(_is_served(url, token, http), clock),
        await reading_of(_is_published(record, token, dns), clock),
    )
    looked_at = (url, f"TXT {record}")
    if any(not isinstance(reading, Unmeasured) and reading.value for reading in readings):
        return Ownership(proven=True, looked_at=looked_at)
    for reading in readings:
        if isinstance(reading, Unmeasured):
            raise NotSeen(reading.why, reading.detail)
    return Ownership(proven=False, looked_at=looked_at)


async def _is_served(url: str, token: str, http: HttpClient) -> bool:
    """Whether exactly the token is there; a redirect is no answer of this host."""
    answer = await http.fetch(url, max_bytes=MAX_TOKEN_FILE_BYTES)
    return answer.status == 200 and not answer.truncated and answer.body.strip() == token.encode()


async def _is_published(name: str, token: str, dns: DnsClient) -> bool:
    return f"launchready={token}" in (await dns.query(name, "TXT")).records
