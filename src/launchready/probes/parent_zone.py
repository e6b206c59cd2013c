"""Ask the zone above a domain, which is the authority on who serves the domain."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient, DnsStatus

T = TypeVar("T")

SERVERS_TRIED = 3
"""Servers of the parent zone that are tried in turn: they are run well, and each silent one costs three seconds."""


async def delegation_of(domain: str, dns: DnsClient) -> tuple[str, ...]:
    """The name servers that the parent zone names for a domain; none where it does not know the domain.

    Raises:
        NotSeen: none of the parent zone's servers said.
    """

    async def ask(server: str) -> tuple[str, ...]:
        return (await dns.query(domain, "NS", server=server)).records

    return await ask_parent(domain, dns, ask)


async def ask_parent(domain: str, dns: DnsClient, ask: Callable[[str], Awaitable[T]]) -> T:
    """What the first server of the parent zone says that says anything; `ask` is given its address.

    Raises:
        NotSeen: what the last server that was tried raised, or there is no parent zone.
    """
    names = await _parent_servers(domain, dns)
    failure = NotSeen(Why.UNREADABLE, f"No zone above {domain} says who serves it.")
    for name in names[:SERVERS_TRIED]:
        try:
            return await ask((await dns.addresses(name))[0])
        except NotSeen as unseen:
            failure = unseen
    raise failure


async def _parent_servers(domain: str, dns: DnsClient) -> tuple[str, ...]:
    """The servers of the next name above that is a zone, or none."""
    parent = domain
    while parent := parent.partition(".")[2]:
        above = await dns.query(parent, "NS")
        if above.status is DnsStatus.ANSWER:
            return above.records
    return ()
