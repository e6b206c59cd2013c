"""Call on the servers that take mail, and look up what is promised of them."""

import ipaddress
from typing import Final

from launchready.facts.mail import ContactExchanges
from launchready.facts.mail_exchange import (
    AddressName,
    Encryption,
    Exchanger,
    MailExchangers,
    MtaSts,
    SenderAddress,
    SenderAddresses,
    StsPolicy,
    TlsReports,
)
from launchready.model.probe import Manner, probe
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.smtp_client import SmtpClient
from launchready.parse.rfc8460 import is_tls_rpt
from launchready.parse.rfc8461 import (
    MAX_POLICY_BYTES,
    MtaStsError,
    is_mta_sts,
    parse_mta_sts_policy,
    parse_mta_sts_record,
)
from launchready.probes.mail_questions import exchanges_of
from launchready.probes.nested import all_at_once, reading_of

MAX_EXCHANGERS: Final = 5
"""Servers of one domain that are called on, most preferred first: what the others do, nobody waits for."""

MAX_NAMES: Final = 10
"""Names of one address that are looked at, as SPF has it (RFC 7208 section 4.6.4)."""

_OK: Final = 200


@probe(manner=Manner.PASSIVE, timeout_s=6.0)  # where port 25 is closed on the way, this is how long one waits in vain
async def mail_exchangers(seen: ContactExchanges, dns: DnsClient, smtp: SmtpClient, clock: Clock) -> MailExchangers:
    """Call on each mail server of the contacts' domains, once."""
    hosts: dict[tuple[str, str], None] = {}
    unseen: list[Exchanger] = []
    for contact in seen.contacts:
        domain = contact.email.rpartition("@")[2]
        match contact.exchange:
            case Measured(value=exchange):
                hosts |= {(domain, host): None for host in exchange.mx[:MAX_EXCHANGERS]}
            case Unmeasured() as lost:
                unseen.append(Exchanger(domain, "", lost))
    readings = await all_at_once(reading_of(_encryption(host, dns, smtp), clock) for _, host in hosts)
    found = [Exchanger(domain, host, reading) for (domain, host), reading in zip(hosts, readings, strict=True)]
    return MailExchangers((*found, *unseen))


async def _encryption(host: str, dns: DnsClient, smtp: SmtpClient) -> Encryption:
    """At the first address, as most senders do."""
    address, *_ = await dns.addresses(host)
    shown = await smtp.call_on(host, address)
    if shown is None:
        return Encryption(offered=False, fault="")
    return Encryption(offered=True, fault="" if shown.reason is None else shown.reason.value)


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def mta_sts(domain: Domain, dns: DnsClient, http: HttpClient, clock: Clock) -> MtaSts:
    """Read the record, then the policy as a sender does, and the MX."""
    found = await dns.query(f"_mta-sts.{domain.name}", "TXT")
    records = tuple(sorted(text for text in found.records if is_mta_sts(text)))
    exchanges = await reading_of(_exchanges(domain.name, dns), clock)
    if not records:
        return MtaSts((), None, exchanges)
    return MtaSts(records, await reading_of(_policy(domain.name, records, http), clock), exchanges)


async def _exchanges(domain: str, dns: DnsClient) -> tuple[str, ...]:
    return (await exchanges_of(domain, dns)).hosts


async def _policy(domain: str, records: tuple[str, ...], http: HttpClient) -> StsPolicy:
    """The policy, or why senders can't use it; raises NotSeen where that may be our side's fault."""
    if len(records) > 1:
        return _useless(f"{len(records)} records at _mta-sts.{domain}, one is needed")
    host = f"mta-sts.{domain}"
    try:
        parse_mta_sts_record(records[0])
        answer = await http.fetch(f"https://{host}/.well-known/mta-sts.txt", max_bytes=MAX_POLICY_BYTES + 1)
    except MtaStsError as error:
        return _useless(f"the record at _mta-sts.{domain} can't be read: {error}")
    except NotSeen as unseen:
        if unseen.why in {Why.NO_NAME, Why.CERTIFICATE}:  # senders meet the same
            return _useless(f"the policy can't be fetched: {unseen.detail}")
        raise
    if answer.status != _OK:
        return _useless(f"https://{host}/.well-known/mta-sts.txt answered {answer.status}")
    try:
        parse_mta_sts_policy(answer.body)
    except MtaStsError as error:
        return _useless(f"the policy can't be read: {error}")
    return StsPolicy("", answer.body.decode("utf-8"))


def _useless(fault: str) -> StsPolicy:
    return StsPolicy(fault, "")


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def tls_reports(domain: Domain, dns: DnsClient) -> TlsReports:
    """Read the TXT records at `_smtp._tls`."""
    found = await dns.query(f"_smtp._tls.{domain.name}", "TXT")
    return TlsReports(tuple(sorted(text for text in found.records if is_tls_rpt(text))))


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def sender_addresses(domain: Domain, dns: DnsClient, clock: Clock) -> SenderAddresses:
    """Look up the names of each declared address, and whether they lead back to it."""
    pairs = [(sender.name, address) for sender in domain.senders for address in sender.addresses]
    readings = await all_at_once(reading_of(_names(address, dns), clock) for _, address in pairs)
    return SenderAddresses(tuple(SenderAddress(*pair, reading) for pair, reading in zip(pairs, readings, strict=True)))


async def _names(address: str, dns: DnsClient) -> tuple[AddressName, ...]:
    ip = ipaddress.ip_address(address)
    names = (await dns.query(ip.reverse_pointer, "PTR")).records[:MAX_NAMES]
    kind = "A" if ip.version == 4 else "AAAA"
    found: list[AddressName] = []
    for name in names:  # nearly always one
        back = (await dns.query(name, kind)).records
        found.append(AddressName(name, leads_back=str(ip) in back))
    return tuple(found)
