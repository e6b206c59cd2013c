"""Look at names and addresses."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from launchready.facts.domain import HostAddresses, Nameserver, Nameservers, NameserverView, ZoneTop
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsAnswer, DnsClient, DnsStatus
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.parent_zone import delegation_of

TIMES_ASKED_AGAIN = 5
"""Two servers that answer with one of two addresses by chance repeat themselves five times in a case of a thousand."""


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def host_addresses(host: Host, dns: DnsClient) -> HostAddresses:
    """Ask the resolver for A and AAAA."""
    v4, v6 = await both_families(host.name, dns)
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
    v4, v6 = await both_families(name, dns)
    return tuple(sorted({*v4.records, *v6.records}))


async def both_families(
    name: str, dns: DnsClient, server: str | None = None, again: int = 0
) -> tuple[DnsAnswer, DnsAnswer]:
    """The answers for A and AAAA, asked at the same time.

    Raises:
        NotSeen: either was not answered, IPv4's reason first.
    """
    v4, v6 = await all_at_once(_caught(dns, name, rtype, server, again) for rtype in ("A", "AAAA"))
    for outcome in (v4, v6):
        if isinstance(outcome, NotSeen):
            raise outcome
    assert isinstance(v4, DnsAnswer)
    assert isinstance(v6, DnsAnswer)
    return v4, v6


async def _caught(dns: DnsClient, name: str, rtype: str, server: str | None, again: int) -> DnsAnswer | NotSeen:
    """A failure as a value, since one that is raised would cancel the other question."""
    try:
        return await dns.query(name, rtype, server=server, again=again)
    except NotSeen as unseen:
        return unseen


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def nameservers(domain: Domain, product: Product, dns: DnsClient, clock: Clock) -> Nameservers:
    """Ask the resolver and the parent zone who is authoritative, and each of those for every declared host.

    Where the resolver has no answer, the fault may be that none of the servers knows the domain, so those that the
    parent zone names are asked all the same.

    Raises:
        NotSeen: neither the resolver nor the parent zone answered, or somebody else answers for the name servers.
    """
    hosts = tuple(sorted(host.name for host in product.hosts if host.domain == domain.name))
    (named, of_resolver), (delegation, of_parent) = await all_at_once(
        _servers_of(names, domain.name, hosts, dns, clock)
        for names in (_named(domain.name, dns), delegation_of(domain.name, dns))
    )
    if isinstance(named, Unmeasured) and isinstance(delegation, Unmeasured):
        raise NotSeen(named.why, named.detail)
    found = tuple({(server.name, server.address): server for server in (*of_parent, *of_resolver)}.values())
    if _is_intercepted([view for server in found for view in _views_of(server)]):
        detail = "Our network answers questions to name servers by itself, so none of them was really asked."
        raise NotSeen(Why.OWN_NETWORK, detail)
    heard = await _with_those_that_vary(found, domain.name, dns)
    servers = sorted(heard, key=lambda s: (s.name, ":" in s.address, s.address))
    asked, out_of_reach = _without_what_we_cannot_reach(servers)
    return Nameservers(asked, delegation, named, out_of_reach)


async def _named(domain: str, dns: DnsClient) -> tuple[str, ...]:
    """The name servers that a resolver knows; none where an alias stands in their place."""
    answer = await dns.query(domain, "NS")
    return () if answer.cname_chain else answer.records


async def _servers_of(
    listing: Awaitable[tuple[str, ...]], domain: str, hosts: tuple[str, ...], dns: DnsClient, clock: Clock
) -> tuple[Measured[tuple[str, ...]] | Unmeasured, tuple[Nameserver, ...]]:
    """A list of name servers, and what each of them says. Who is in two lists is still asked once, by the client."""
    names = await reading_of(listing, clock)
    listed = names.value if isinstance(names, Measured) else ()
    found = await all_at_once(_at_each_address(name, domain, hosts, dns, clock) for name in listed)
    return names, tuple(server for servers in found for server in servers)


async def _at_each_address(
    name: str, domain: str, hosts: tuple[str, ...], dns: DnsClient, clock: Clock
) -> tuple[Nameserver, ...]:
    found = await reading_of(_server_addresses(name, dns), clock)
    if isinstance(found, Unmeasured):
        return (Nameserver(name, "", found, found),)
    if not found.value:
        nothing = Measured(ZoneTop(()), found.at, found.took_s)
        return (Nameserver(name, "", Measured((), found.at, found.took_s), nothing),)
    return await all_at_once(_nameserver(name, address, domain, hosts, dns, clock) for address in found.value)


async def _server_addresses(name: str, dns: DnsClient) -> tuple[str, ...]:
    """All addresses of a name server, IPv4 first; none where DNS says that it has none."""
    try:
        return await dns.addresses(name)
    except NotSeen as unseen:
        if unseen.why is not Why.NO_NAME:
            raise
        return ()


async def _nameserver(
    name: str, address: str, domain: str, hosts: tuple[str, ...], dns: DnsClient, clock: Clock
) -> Nameserver:
    async with asyncio.TaskGroup() as group:
        views = group.create_task(reading_of(_views(hosts, domain, address, dns, clock), clock))
        top = group.create_task(reading_of(_top(domain, address, dns), clock))
    return Nameserver(name, address, views.result(), top.result())


def _views_of(server: Nameserver) -> tuple[NameserverView, ...]:
    return server.views.value if isinstance(server.views, Measured) else ()


def _is_intercepted(views: list[NameserverView]) -> bool:
    """Whether all answered and none with authority, as where a hotel or a provider sends all DNS to its resolver."""
    return bool(views) and not any(view.authoritative or view.refusal for view in views)


async def _with_those_that_vary(servers: tuple[Nameserver, ...], domain: str, dns: DnsClient) -> tuple[Nameserver, ...]:
    """Ask again for hosts that are answered differently: a server that answers by turns is no stale one."""
    says: dict[str, set[tuple[str, ...]]] = {}
    for server in servers:
        for view in _views_of(server):
            says.setdefault(view.host, set()).add((view.alias, *view.addresses))
    differing = {host for host, answers in says.items() if len(answers) > 1}
    return await all_at_once(_asked_again(server, domain, differing, dns) for server in servers)


async def _asked_again(server: Nameserver, domain: str, hosts: set[str], dns: DnsClient) -> Nameserver:
    if not isinstance(server.views, Measured) or not hosts:
        return server
    views = await all_at_once(
        _view_with_turns(one, domain, server.address, dns, wanted=one.host in hosts) for one in server.views.value
    )
    return replace(server, views=replace(server.views, value=views))


async def _view_with_turns(
    view: NameserverView, domain: str, server: str, dns: DnsClient, *, wanted: bool
) -> NameserverView:
    if not wanted or view.refusal:
        return view
    for again in range(1, TIMES_ASKED_AGAIN + 1):
        try:
            seen = await _view(view.host, domain, server, dns, again)
        except NotSeen:
            continue
        if not seen.refusal and (seen.alias, seen.addresses) != (view.alias, view.addresses):
            return replace(view, varies=True)
    return view


def _without_what_we_cannot_reach(servers: list[Nameserver]) -> tuple[tuple[Nameserver, ...], tuple[str, ...]]:
    """Leave out IPv6 where nothing answered us over it, and each such server was heard over IPv4.

    A machine without IPv6 could prove nothing otherwise, and what it lacks is no fault of the domain.
    """
    heard = {one.name for one in servers if isinstance(one.views, Measured) and ":" not in one.address}
    silent = [one for one in servers if ":" in one.address and isinstance(one.views, Unmeasured)]
    if any(":" in one.address and isinstance(one.views, Measured) for one in servers):
        return tuple(servers), ()
    left_out = [one for one in silent if one.name in heard and _is_no_way(one.views)]
    return tuple(one for one in servers if one not in left_out), tuple(one.address for one in left_out)


def _is_no_way(views: object) -> bool:
    return isinstance(views, Unmeasured) and views.why in {Why.OWN_NETWORK, Why.TIMED_OUT}


async def _top(domain: str, server: str, dns: DnsClient) -> ZoneTop:
    """What stands at the domain itself. A CNAME there is answered to every question, NS among them."""
    answer, soa = await all_at_once(_caught(dns, domain, rtype, server, 0) for rtype in ("NS", "SOA"))
    if isinstance(answer, NotSeen):
        if answer.why is not Why.REFUSED:
            raise answer
        return ZoneTop(())
    alias = answer.cname_chain[0] if answer.cname_chain else ""
    return ZoneTop(() if alias else answer.records, alias, "" if isinstance(soa, NotSeen) else _serial(soa))


def _serial(soa: DnsAnswer) -> str:
    """The third word of the SOA record (RFC 1035 section 3.3.13)."""
    return soa.records[0].split()[2] if soa.records and not soa.cname_chain else ""


async def _views(
    hosts: tuple[str, ...], domain: str, address: str, dns: DnsClient, clock: Clock
) -> tuple[NameserverView, ...]:
    """What one server says of every host.

    Raises:
        NotSeen: the server was silent on any question.
    """
    readings = await all_at_once(reading_of(_view(host, domain, address, dns), clock) for host in hosts)
    for reading in readings:
        if not isinstance(reading, Measured):
            raise NotSeen(reading.why, reading.detail)
    return tuple(reading.value for reading in readings if isinstance(reading, Measured))


async def _delegated_to(host: str, domain: str, server: str, dns: DnsClient) -> tuple[str, ...]:
    """Where a server of the domain refers us for a host that lies in a zone of its own; nowhere where it does not."""
    name = host
    while name.endswith(f".{domain}"):
        try:
            answer = await dns.query(name, "NS", server=server)
        except NotSeen:
            name = name.partition(".")[2]
            continue
        return answer.records if answer.status is DnsStatus.ANSWER and not answer.authoritative else ()
    return ()


async def _view(host: str, domain: str, server: str, dns: DnsClient, again: int = 0) -> NameserverView:
    """What a server says of a host, or what the server says that it refers to, one step down."""
    try:
        return _as_view(host, *await both_families(host, dns, server, again))
    except NotSeen as unseen:
        if unseen.why is not Why.REFUSED:
            raise
        refusal = unseen.detail
    for name in (await _delegated_to(host, domain, server, dns))[:1]:
        try:
            return _as_view(host, *await both_families(host, dns, (await dns.addresses(name))[0], again))
        except NotSeen as unseen:
            if unseen.why is not Why.REFUSED:
                raise
            refusal = unseen.detail
    return NameserverView(host, authoritative=False, addresses=(), refusal=refusal)


def _as_view(host: str, v4: DnsAnswer, v6: DnsAnswer) -> NameserverView:
    chain = v4.cname_chain or v6.cname_chain
    return NameserverView(
        host,
        authoritative=v4.authoritative and v6.authoritative,
        addresses=() if chain else tuple(sorted({*v4.records, *v6.records})),
        alias=chain[0] if chain else "",
        ttl_s=max((t for t in (v4.longest_ttl_s, v6.longest_ttl_s) if t is not None), default=None),
    )
