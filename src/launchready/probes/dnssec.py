"""Verify a domain's signatures ourselves: the resolver's word would be no proof, and many resolvers don't verify."""

from dns.rrset import RRset

from launchready.facts.dnssec import Dnssec, SignedRecords, Signing, SigningServer
from launchready.facts.domain import Nameserver, Nameservers
from launchready.model.probe import Manner, probe
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.dns_dnssec import check_keys, check_signatures, supported
from launchready.net.dns_message import record_text
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.parent_zone import ask_parent

SIGNED_TYPES = ("SOA", "A", "AAAA")
"""What is verified besides the keys: every zone has the first, and visitors ask for the others."""


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def dnssec(domain: Domain, seen: Nameservers, dns: DnsClient, clock: Clock) -> Dnssec:
    """Ask the parent zone for DS records and, where it has some, each server for keys and signatures."""

    async def ask(server: str) -> RRset | None:
        return (await dns.signed(domain.name, "DS", server=server)).records

    signers = await ask_parent(domain.name, dns, ask)
    if signers is None:
        return Dnssec((), ())
    if not supported(signers):
        raise NotSeen(Why.UNREADABLE, f"{domain.name} is signed in a way that this version can't verify.")
    heard = [server for server in seen.servers if server.address]
    servers = await all_at_once(_server(server, domain.name, signers, dns, clock) for server in heard)
    return Dnssec(tuple(sorted(record_text(one) for one in signers)), servers)


async def _server(server: Nameserver, domain: str, signers: RRset, dns: DnsClient, clock: Clock) -> SigningServer:
    if isinstance(server.views, Unmeasured):
        return SigningServer(server.name, server.address, server.views)
    records = await reading_of(_records(domain, server.address, signers, dns, clock), clock)
    return SigningServer(server.name, server.address, records)


async def _records(domain: str, server: str, signers: RRset, dns: DnsClient, clock: Clock) -> tuple[SignedRecords, ...]:
    """What one server shows; where its keys are not good, nothing else can be verified.

    Raises:
        NotSeen: a question was not answered.
    """
    keys = await dns.signed(domain, "DNSKEY", server=server)
    of_keys = SignedRecords("DNSKEY", check_keys(signers, keys, clock.now()))
    if of_keys.signing is not Signing.VALID or keys.records is None:
        return (of_keys,)
    trusted = keys.records
    readings = await all_at_once(reading_of(dns.signed(domain, kind, server=server), clock) for kind in SIGNED_TYPES)
    seen = [of_keys]
    for kind, reading in zip(SIGNED_TYPES, readings, strict=True):
        if not isinstance(reading, Measured):
            raise NotSeen(reading.why, reading.detail)
        if reading.value.records is not None:
            seen.append(SignedRecords(kind, check_signatures(reading.value, trusted, clock.now())))
    return tuple(seen)
