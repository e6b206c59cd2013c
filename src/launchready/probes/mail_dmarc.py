"""Look for DMARC policies as receivers do, and for the consent of those who get the reports."""

from launchready.facts.mail import (
    DmarcRecords,
    DmarcTexts,
    DmarcWalk,
    DmarcWalks,
    ReportConsent,
    ReportConsents,
)
from launchready.model.probe import Manner, probe
from launchready.model.subject import Domain
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient, DnsStatus
from launchready.parse.rfc9989 import DmarcError, parse_dmarc, tree_walk_names
from launchready.probes.nested import all_at_once, reading_of


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def dmarc_records(domain: Domain, dns: DnsClient) -> DmarcRecords:
    """Read the TXT records at `_dmarc`."""
    return DmarcRecords(await _dmarc_texts(f"_dmarc.{domain.name}", dns))


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def dmarc_walks(domain: Domain, dns: DnsClient, clock: Clock) -> DmarcWalks:
    """Ask all names of each walk at once; a receiver asks the same ones in turn."""
    declared = (name for sender in domain.senders for name in (sender.from_domain, sender.bounce_domain))
    names = dict.fromkeys((domain.name, *filter(None, declared)))
    return DmarcWalks(await all_at_once(_walk(name, domain.name, dns, clock) for name in names))


async def _walk(name: str, registered: str, dns: DnsClient, clock: Clock) -> DmarcWalk:
    """The names of RFC 9989, and the two of RFC 7489, which are among them but for very long names."""
    asked = tuple(dict.fromkeys((*tree_walk_names(name), f"_dmarc.{registered}")))
    readings = await all_at_once(reading_of(_dmarc_texts(one, dns), clock) for one in asked)
    texts = tuple(DmarcTexts(one, reading) for one, reading in zip(asked, readings, strict=True))
    return DmarcWalk(name, await reading_of(_exists(name, dns), clock), texts)


async def _exists(name: str, dns: DnsClient) -> bool:
    return (await dns.query(name, "A")).status is not DnsStatus.NXDOMAIN


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def report_consents(domain: Domain, seen: DmarcRecords, dns: DnsClient, clock: Clock) -> ReportConsents:
    """Look whether each domain that gets reports from outside says so (RFC 9990 section 4)."""
    targets = dict.fromkeys(target for record in seen.records for target in _targets(record, domain.name))
    return ReportConsents(await all_at_once(_consent(target, domain.name, dns, clock) for target in targets))


def _targets(record: str, domain: str) -> tuple[str, ...]:
    """The domains of the mailboxes for reports that lie outside of the domain."""
    try:
        dmarc = parse_dmarc(record)
    except DmarcError:
        return ()
    named = (uri.mailbox_domain for uri in (*dmarc.aggregate_uris, *dmarc.failure_uris))
    return tuple(name for name in named if name and not f".{name}".endswith(f".{domain}"))


async def _consent(target: str, domain: str, dns: DnsClient, clock: Clock) -> ReportConsent:
    name = f"{domain}._report._dmarc.{target}"
    return ReportConsent(target, name, await reading_of(_says_so(name, dns), clock))


async def _says_so(name: str, dns: DnsClient) -> bool:
    return bool(await _dmarc_texts(name, dns))


async def _dmarc_texts(name: str, dns: DnsClient) -> tuple[str, ...]:
    texts = (await dns.query(name, "TXT")).records
    return tuple(sorted(text for text in texts if text.strip().lower().startswith("v=dmarc1")))
