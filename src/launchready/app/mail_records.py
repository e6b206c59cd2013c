"""The records of mail that stand in DNS, as facts hold them, one line each."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from launchready.facts.mail import ContactExchanges, DkimDiscovered, DkimKeys, DmarcWalks
from launchready.facts.mail_exchange import MtaSts, SenderAddresses, TlsReports
from launchready.facts.mail_spf import SpfPolicies
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.parse.rfc7208 import LOOKUP_LIMIT
from launchready.report.mail import MailFound


def records_in(fact: object, product: Product) -> Iterator[MailFound]:
    """The records that a fact of mail holds; none where it is about something else."""
    tell = _TELLERS.get(type(fact))
    if tell is not None:
        yield from tell(fact, product)


def _spf(fact: SpfPolicies, _product: Product) -> Iterator[MailFound]:
    for one in fact.of:
        if isinstance(one.policy, Measured):
            policy = one.policy.value
            for record in policy.records:
                yield MailFound("SPF", f"{one.name} ({policy.lookups} of {LOOKUP_LIMIT} look-ups)", record)


def _dkim(fact: DkimKeys, _product: Product) -> Iterator[MailFound]:
    for key in fact.keys:
        for record in key.records.value if isinstance(key.records, Measured) else ():
            yield MailFound("DKIM key", f"{key.name} ({key.sender})", record)


def _discovered(fact: DkimDiscovered, product: Product) -> Iterator[MailFound]:
    declared = {name for domain in product.domains for sender in domain.senders for name in sender.dkim_selectors}
    for key in fact.keys:
        if key.selector not in declared:
            alias = f", an alias of {key.alias}" if key.alias else ""
            yield MailFound("DKIM key", f"{key.selector}._domainkey (not declared{alias})", key.record)


def _dmarc(fact: DmarcWalks, _product: Product) -> Iterator[MailFound]:
    seen = {texts.name: texts.records for walk in fact.of for texts in walk.texts}
    for name, records in seen.items():
        for record in records.value if isinstance(records, Measured) else ():
            yield MailFound("DMARC", name, record)


def _sts(fact: MtaSts, _product: Product) -> Iterator[MailFound]:
    if isinstance(fact.exchanges, Measured) and fact.exchanges.value:
        yield MailFound("MX", "", ", ".join(fact.exchanges.value))
    for record in fact.records:
        yield MailFound("MTA-STS", "_mta-sts", record)


def _reports(fact: TlsReports, _product: Product) -> Iterator[MailFound]:
    for record in fact.records:
        yield MailFound("TLS reports", "_smtp._tls", record)


def _addresses(fact: SenderAddresses, _product: Product) -> Iterator[MailFound]:
    for one in fact.of:
        names = one.names.value if isinstance(one.names, Measured) else ()
        yield MailFound("PTR", f"{one.address} ({one.sender})", ", ".join(name.name for name in names))


def _contacts(fact: ContactExchanges, _product: Product) -> Iterator[MailFound]:
    for contact in fact.contacts:
        exchange = contact.exchange.value if isinstance(contact.exchange, Measured) else None
        if exchange is not None:
            says = "it takes no mail (null MX)" if exchange.is_null and not exchange.mx else ", ".join(exchange.mx)
            yield MailFound("Contact", contact.email, says)


_TELLERS: Final[dict[type, Callable[[Any, Product], Iterator[MailFound]]]] = {
    SpfPolicies: _spf,
    DkimKeys: _dkim,
    DkimDiscovered: _discovered,
    DmarcWalks: _dmarc,
    MtaSts: _sts,
    TlsReports: _reports,
    SenderAddresses: _addresses,
    ContactExchanges: _contacts,
}
