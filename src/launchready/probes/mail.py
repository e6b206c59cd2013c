"""Look up who may send a domain's mail, and who takes it."""

from collections.abc import Iterable
from typing import Final

from launchready.facts.mail import (
    ContactExchange,
    ContactExchanges,
    DkimKeyOf,
    DkimKeys,
    DmarcRecords,
    MailExchange,
    SpfIncluded,
    SpfOf,
    SpfRecords,
)
from launchready.model.probe import Manner, probe
from launchready.model.product import Contact, Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.parse.rfc7208 import Directive, Mechanism, Modifier, SpfError, is_spf, parse_spf
from launchready.probes.domain import addresses_of
from launchready.probes.nested import all_at_once, reading_of

MAX_INCLUDED: Final = 12
"""Names whose SPF records are fetched: eleven are beyond the limit of ten look-ups (RFC 7208 section 4.6.4)."""


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def spf_records(domain: Domain, dns: DnsClient) -> SpfRecords:
    """Read the domain's TXT records."""
    return SpfRecords(await _spf_of(domain.name, dns))


@probe(manner=Manner.PASSIVE, timeout_s=12.0)
async def spf_included(own: SpfRecords, dns: DnsClient, clock: Clock) -> SpfIncluded:
    """Fetch what the records include, level by level, each name once."""
    seen: dict[str, SpfOf] = {}
    wanted = _targets(own.records)
    while wanted := tuple(dict.fromkeys(name for name in wanted if name not in seen))[: MAX_INCLUDED - len(seen)]:
        readings = await all_at_once(reading_of(_spf_of(name, dns), clock) for name in wanted)
        seen |= {name: SpfOf(name, reading) for name, reading in zip(wanted, readings, strict=True)}
        wanted = _targets(record for r in readings if isinstance(r, Measured) for record in r.value)
    return SpfIncluded(tuple(seen.values()))


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def dkim_keys(domain: Domain, dns: DnsClient, clock: Clock) -> DkimKeys:
    """Read the key at every declared selector."""
    wanted = [(sender, selector) for sender in domain.senders for selector in sender.dkim_selectors or ("",)]
    keys = await all_at_once(_dkim_key(sender, selector, domain, dns, clock) for sender, selector in wanted)
    return DkimKeys(keys)


async def _dkim_key(sender: Sender, selector: str, domain: Domain, dns: DnsClient, clock: Clock) -> DkimKeyOf:
    if not selector:
        unsaid = NotSeen(Why.NOT_DECLARED, f"declare dkim_selectors of {sender.name} under [[senders]]")
        return DkimKeyOf(sender.name, "", Unmeasured(unsaid.why, unsaid.detail, clock.now()))
    texts = _texts(f"{selector}._domainkey.{domain.name}", dns)
    return DkimKeyOf(sender.name, selector, await reading_of(texts, clock))


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def dmarc_records(domain: Domain, dns: DnsClient) -> DmarcRecords:
    """Read the TXT records at `_dmarc`."""
    texts = await _texts(f"_dmarc.{domain.name}", dns)
    return DmarcRecords(tuple(text for text in texts if text.strip().lower().startswith("v=dmarc1")))


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
    answer = await dns.query(domain, "MX")
    by_preference = sorted((int(number), name) for number, _, name in (r.partition(" ") for r in answer.records))
    mx = tuple(name for _, name in by_preference)
    return MailExchange(contact.email, domain, mx, () if mx else await addresses_of(domain, dns))


async def _spf_of(name: str, dns: DnsClient) -> tuple[str, ...]:
    """The TXT records of a name that receivers take for SPF (RFC 7208 section 4.5)."""
    return tuple(text for text in await _texts(name, dns) if is_spf(text))


async def _texts(name: str, dns: DnsClient) -> tuple[str, ...]:
    return tuple(sorted((await dns.query(name, "TXT")).records))


def _targets(records: Iterable[str]) -> tuple[str, ...]:
    """The names that records include or redirect to, as far as they can be read and depend on no message."""
    names: list[str] = []
    for record in records:
        try:
            terms = parse_spf(record).lookups
        except SpfError:
            continue
        names += [name for name in map(_target, terms) if name and "%" not in name]
    return tuple(name.lower().rstrip(".") for name in names)


def _target(term: Directive | Modifier) -> str | None:
    if isinstance(term, Modifier):
        return term.value
    return term.domain_spec if term.mechanism is Mechanism.INCLUDE else None
