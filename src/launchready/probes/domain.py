"""Look at names and addresses."""

from launchready.facts.domain import HostAddresses, Nameserver, Nameservers, NameserverView
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient, DnsStatus
from launchready.probes.nested import all_at_once, reading_of


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def host_addresses(host: Host, dns: DnsClient) -> HostAddresses:
    """Ask the resolver for A and AAAA."""
    v4 = await dns.query(host.name, "A")
    v6 = await dns.query(host.name, "AAAA")
    addresses = tuple(sorted({*v4.records, *v6.records}))
    chain = v4.cname_chain or v6.cname_chain
    is_flattened = bool(addresses) and host.cname is not None and host.cname not in chain
    return HostAddresses(
        exists=DnsStatus.NXDOMAIN not in {v4.status, v6.status},
        addresses=addresses,
        cname_chain=chain,
        declared_target=await addresses_of(host.cname, dns) if is_flattened and host.cname else None,
    )


async def addresses_of(name: str, dns: DnsClient) -> tuple[str, ...]:
    """All addresses of a name, none where it has none."""
    v4 = await dns.query(name, "A")
    v6 = await dns.query(name, "AAAA")
    return tuple(sorted({*v4.records, *v6.records}))


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def nameservers(domain: Domain, product: Product, dns: DnsClient, clock: Clock) -> Nameservers:
    """Ask the resolver and the parent zone who is authoritative, and each of those for every declared host."""
    own = await dns.query(domain.name, "NS")
    delegation = await reading_of(_delegation(domain.name, dns), clock)
    delegated = delegation.value if isinstance(delegation, Measured) else ()
    hosts = tuple(sorted(host.name for host in product.hosts if host.domain == domain.name))
    names = sorted({*own.records, *delegated}) if own.status is DnsStatus.ANSWER else []
    servers = await all_at_once(_nameserver(name, hosts, dns, clock) for name in names)
    return Nameservers(servers, delegation)


async def _delegation(domain: str, dns: DnsClient) -> tuple[str, ...]:
    """The name servers that the parent zone names; the parent is the next name above that is a zone."""
    parent = domain
    while parent := parent.partition(".")[2]:
        above = await dns.query(parent, "NS")
        if above.status is DnsStatus.ANSWER:
            server = (await dns.addresses(above.records[0]))[0]
            return (await dns.query(domain, "NS", server=server)).records
    raise NotSeen(Why.UNREADABLE, f"No zone above {domain} says who serves it.")


async def _nameserver(name: str, hosts: tuple[str, ...], dns: DnsClient, clock: Clock) -> Nameserver:
    return Nameserver(name, await reading_of(_views(name, hosts, dns, clock), clock))


async def _views(name: str, hosts: tuple[str, ...], dns: DnsClient, clock: Clock) -> tuple[NameserverView, ...]:
    """What one server says of every host. It is asked at its first address, IPv4 where it has one.

    Raises:
        NotSeen: the server has no address, or was silent on any question.
    """
    address = (await dns.addresses(name))[0]
    readings = await all_at_once(reading_of(_view(host, address, dns), clock) for host in hosts)
    for reading in readings:
        if not isinstance(reading, Measured):
            raise NotSeen(reading.why, reading.detail)
    return tuple(reading.value for reading in readings if isinstance(reading, Measured))


async def _view(host: str, server: str, dns: DnsClient) -> NameserverView:
    try:
        v4 = await dns.query(host, "A", server=server)
        v6 = await dns.query(host, "AAAA", server=server)
    except NotSeen as unseen:
        if unseen.why is not Why.REFUSED:
            raise
        return NameserverView(host, authoritative=False, addresses=(), refusal=unseen.detail)
    chain = v4.cname_chain or v6.cname_chain
    return NameserverView(
        host,
        authoritative=v4.authoritative and v6.authoritative,
        addresses=() if chain else tuple(sorted({*v4.records, *v6.records})),
        alias=chain[0] if chain else "",
    )
