"""Look for names that nobody declared, for doubled ones, and for a wildcard that makes every name exist."""

import secrets

from launchready.facts.names import DoubledHost, DoubledMailNames, DoubledName, NameInUse, NamesInUse, Wildcard
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient, DnsStatus
from launchready.probes.domain import both_families
from launchready.probes.mail_questions import exchanges_of
from launchready.probes.nested import all_at_once, reading_of

RANDOM_LABEL_BYTES = 6
"""So many random bytes make a label that no zone has by chance."""

USUAL_LABELS = (
    *("admin", "api", "app", "assets", "auth", "backup", "beta", "blog", "board", "book", "booking", "calendar"),
    *("cdn", "chat", "client", "clients", "crm", "dashboard", "demo", "dev", "docs", "email", "files", "forms"),
    *("ftp", "git", "go", "help", "img", "info", "landing", "learn", "links", "login", "mail", "media", "members"),
    *("my", "new", "news", "old", "panel", "pay", "portal", "preview", "prod", "promo", "shop", "staging", "static"),
    *("status", "store", "support", "test", "webmail", "www", "www2"),
)
"""Names that small businesses commonly have, from the habits of hosting panels, shops, mail and preview services."""


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def doubled_host(host: Host, dns: DnsClient) -> DoubledHost:
    """Ask for the host's name with the domain behind it once more."""
    doubled = f"{host.name}.{host.domain}"
    records = await _own_records(doubled, dns)
    if not records or await records_of(host.name, dns):
        return DoubledHost(doubled, ())
    return DoubledHost(doubled, records)


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def doubled_mail_names(domain: Domain, dns: DnsClient, clock: Clock) -> DoubledMailNames:
    """Ask for each name that mail needs with the domain behind it once more."""
    wanted = tuple(dict.fromkeys(_mail_names(domain)))
    readings = await all_at_once(reading_of(_doubled(n, kind, domain.name, dns), clock) for n, kind in wanted)
    for reading in readings:
        if not isinstance(reading, Measured):
            raise NotSeen(reading.why, reading.detail)
    found = [reading.value for reading in readings if isinstance(reading, Measured)]
    return DoubledMailNames(tuple(dict.fromkeys(one for one in found if one is not None)))


def _mail_names(domain: Domain) -> list[tuple[str, str]]:
    """The names that mail needs, each with the type of its records."""
    names = [(f"_dmarc.{domain.name}", "TXT")]
    for sender in domain.senders:
        own = sender.from_domain or domain.name
        names += [(f"{selector}._domainkey.{own}", "TXT") for selector in sender.dkim_selectors]
        if sender.bounce_domain.endswith(f".{domain.name}"):
            names += [(sender.bounce_domain, "MX"), (sender.bounce_domain, "TXT")]
    return names


async def _doubled(name: str, rtype: str, domain: str, dns: DnsClient) -> DoubledName | None:
    doubled = f"{name}.{domain}"
    found = await _alias_or_records(doubled, rtype, dns)
    if not found[1] or (await _alias_or_records(name, rtype, dns))[1]:
        return None
    if await _alias_or_records(_made_up_in(doubled.partition(".")[2]), rtype, dns) == found:
        return None
    return DoubledName(name, found[0], doubled, found[1])


async def _alias_or_records(name: str, rtype: str, dns: DnsClient) -> tuple[str, tuple[str, ...]]:
    """The alias of a name, wherever it leads, or its records; with their type."""
    answer = await dns.query(name, rtype)
    return ("CNAME", answer.cname_chain[:1]) if answer.cname_chain else (rtype, answer.records)


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def wildcard(domain: Domain, dns: DnsClient) -> Wildcard:
    """Ask for two names that nobody has made."""
    first = await records_of(_made_up_in(domain.name), dns)
    return Wildcard(first, varies=bool(first) and await records_of(_made_up_in(domain.name), dns) != first)


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def names_in_use(
    domain: Domain, product: Product, everything: Wildcard, dns: DnsClient, clock: Clock
) -> NamesInUse:
    """Ask for usual names, and for the names that the declared hosts' aliases lead to.

    Raises:
        NotSeen: a question was not answered, or made-up names can't be told from others.
    """
    if everything.varies:
        raise NotSeen(Why.UNREADABLE, f"made-up names under {domain.name} exist, each with another answer")
    known = await _known_names(domain, product, dns)
    usual = [name for name in (f"{label}.{domain.name}" for label in USUAL_LABELS) if name not in known]
    targets = await _alias_targets(domain, product, dns)
    wanted = sorted({*usual, *targets} - known)
    readings = await all_at_once(reading_of(_name_in_use(name, dns), clock) for name in wanted)
    for reading in readings:
        if not isinstance(reading, Measured):
            raise NotSeen(reading.why, reading.detail)
    seen = [reading.value for reading in readings if isinstance(reading, Measured)]
    found = tuple(one for one in seen if one is not None and not {*one.records} & {*everything.records})
    return NamesInUse(found, len(usual))


async def _known_names(domain: Domain, product: Product, dns: DnsClient) -> set[str]:
    """The declared names, and those whose purpose another record tells: mail servers and name servers."""
    exchanges = (await exchanges_of(domain.name, dns)).hosts
    servers = (await dns.query(domain.name, "NS")).records
    hosts, others = (host.name for host in product.hosts), (other.name for other in product.other_names)
    return {*hosts, *others, *exchanges, *servers}


async def _alias_targets(domain: Domain, product: Product, dns: DnsClient) -> set[str]:
    """The names under the domain that a declared host's alias passes."""
    hosts = [host.name for host in product.hosts if host.domain == domain.name]
    chains = [(await dns.query(host, "A")).cname_chain for host in hosts]
    return {target for chain in chains for target in chain if target.endswith(f".{domain.name}")}


async def _name_in_use(name: str, dns: DnsClient) -> NameInUse | None:
    records = await records_of(name, dns)
    if not records:
        return None
    v4, v6 = await both_families(name, dns)
    return NameInUse(
        name,
        records,
        leads_nowhere=not v4.records and not v6.records,
        cname_chain=v4.cname_chain or v6.cname_chain,
        exists=DnsStatus.NXDOMAIN not in {v4.status, v6.status},
    )


async def _own_records(name: str, dns: DnsClient) -> tuple[str, ...]:
    """A name's alias or addresses, and nothing where a wildcard gives the same to any name beside it."""
    records = await records_of(name, dns)
    if records and await records_of(_made_up_in(name.partition(".")[2]), dns) == records:
        return ()
    return records


async def records_of(name: str, dns: DnsClient) -> tuple[str, ...]:
    """A name's alias or, without one, its sorted addresses; empty where it has neither."""
    v4 = await dns.query(name, "A")
    if v4.cname_chain or v4.status is DnsStatus.NXDOMAIN:
        return v4.cname_chain[:1]
    v6 = await dns.query(name, "AAAA")
    return v6.cname_chain[:1] or tuple(sorted({*v4.records, *v6.records}))


def _made_up_in(zone: str) -> str:
    return f"lr-{secrets.token_hex(RANDOM_LABEL_BYTES)}.{zone}"
