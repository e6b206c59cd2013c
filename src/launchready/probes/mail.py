"""Look up who may send a domain's mail, and who takes it."""

from launchready.facts.mail import (
    ContactExchange,
    ContactExchanges,
    DkimDiscovered,
    DkimKeyOf,
    DkimKeys,
    FoundKey,
    MailExchange,
    SpfRecords,
)
from launchready.facts.mail_services import SERVICES
from launchready.model.probe import Manner, probe
from launchready.model.product import Contact, Product
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.probes.domain import addresses_of
from launchready.probes.mail_questions import exchanges_of
from launchready.probes.mail_spf import spf_texts
from launchready.probes.nested import all_at_once, reading_of


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def spf_records(domain: Domain, dns: DnsClient) -> SpfRecords:
    """Read the domain's TXT records."""
    return SpfRecords(await spf_texts(domain.name, dns))


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def dkim_keys(domain: Domain, dns: DnsClient, clock: Clock) -> DkimKeys:
    """Read the key at every declared selector."""
    wanted = [(sender, selector) for sender in domain.senders for selector in sender.dkim_selectors or ("",)]
    keys = await all_at_once(_dkim_key(sender, selector, domain, dns, clock) for sender, selector in wanted)
    return DkimKeys(keys)


async def _dkim_key(sender: Sender, selector: str, domain: Domain, dns: DnsClient, clock: Clock) -> DkimKeyOf:
    """The key at the From domain; where none is there, the one at the domain itself, which may sign for it too."""
    own = sender.from_domain or domain.name
    if not selector:
        detail = f"declare dkim_selectors of {sender.name} under [[senders]]"
        return DkimKeyOf(sender.name, "", own, Unmeasured(Why.NOT_DECLARED, detail, clock.now()))
    names = tuple(dict.fromkeys((own, domain.name)))
    readings = await all_at_once(reading_of(_texts(f"{selector}._domainkey.{name}", dns), clock) for name in names)
    for name, reading in zip(names, readings, strict=True):
        if isinstance(reading, Unmeasured) or reading.value:
            return DkimKeyOf(sender.name, selector, name, reading)
    return DkimKeyOf(sender.name, selector, own, readings[0])


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def dkim_discovered(domain: Domain, dns: DnsClient) -> DkimDiscovered:
    """Look at the selectors that well-known services use; one that can't be looked up is left out, as unknown."""
    selectors = tuple(dict.fromkeys(name for service in SERVICES for name in service.dkim_selectors))
    found = await all_at_once(_found_key(selector, domain.name, dns) for selector in selectors)
    return DkimDiscovered(tuple(key for key in found if key is not None))


async def _found_key(selector: str, domain: str, dns: DnsClient) -> FoundKey | None:
    try:
        answer = await dns.query(f"{selector}._domainkey.{domain}", "TXT")
    except NotSeen:
        return None  # the fact says what was found, never what is missing
    keys = [record for record in answer.records if "p=" in record]
    return FoundKey(selector, "".join(answer.cname_chain[-1:]), keys[0]) if len(keys) == 1 else None


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def contact_exchanges(product: Product, dns: DnsClient, clock: Clock) -> ContactExchanges:
    """Look up where mail for each contact goes."""
    found = await all_at_once(_contact_exchange(contact, dns, clock) for contact in product.contacts)
    return ContactExchanges(found)


async def _contact_exchange(contact: Contact, dns: DnsClient, clock: Clock) -> ContactExchange:
    return ContactExchange(contact.email, await reading_of(_exchange(contact, dns), clock))


async def _exchange(contact: Contact, dns: DnsClient) -> MailExchange:
    """The MX names in the order of their preference; without any, the domain's own addresses count."""
    domain = contact.email.rpartition("@")[2]
    found = await exchanges_of(domain, dns)
    has_mx = found.hosts or found.is_null
    return MailExchange(
        contact.email, domain, found.hosts, found.is_null, () if has_mx else await addresses_of(domain, dns)
    )


async def _texts(name: str, dns: DnsClient) -> tuple[str, ...]:
    return tuple(sorted((await dns.query(name, "TXT")).records))
