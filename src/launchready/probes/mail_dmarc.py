"""Look for DMARC policies as receivers do, and for the consent of those who get the reports."""

from dataclasses import dataclass

from launchready.facts.mail import (
    DmarcRecords,
    DmarcTexts,
    DmarcWalk,
    DmarcWalks,
    ReportConsent,
    ReportConsents,
)
from launchready.model.probe import Manner, probe
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient, DnsStatus
from launchready.parse.inquiry import is_name
from launchready.parse.rfc9989 import DmarcError, ReportUri, parse_dmarc, tree_walk_names
from launchready.parse.rfc9990 import Consent, check_report_consent
from launchready.probes.mail_questions import inquire
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
    places: dict[str, _Place] = {}
    for place in (place for record in seen.records for place in _places(record)):
        places.setdefault(place.target, place)
    consents = await all_at_once(_consent(place, domain.name, dns, clock) for place in places.values())
    return ReportConsents(tuple(one for one in consents if not _is_own(one.consent)))


@dataclass(frozen=True, slots=True)
class _Place:
    """A mailbox that reports go to; `is_failure` for those about single messages (`ruf`)."""

    uri: ReportUri
    target: str
    is_failure: bool


def _places(record: str) -> tuple[_Place, ...]:
    try:
        dmarc = parse_dmarc(record)
    except DmarcError:
        return ()
    named = (*((uri, False) for uri in dmarc.aggregate_uris), *((uri, True) for uri in dmarc.failure_uris))
    named_at = ((uri, uri.mailbox_domain or "", is_failure) for uri, is_failure in named)
    return tuple(_Place(uri, target, is_failure) for uri, target, is_failure in named_at if is_name(target))


async def _consent(place: _Place, domain: str, dns: DnsClient, clock: Clock) -> ReportConsent:
    name = f"{domain}._report._dmarc.{place.target}"
    return ReportConsent(place.target, name, await reading_of(_says(place, domain, dns), clock))


async def _says(place: _Place, domain: str, dns: DnsClient) -> Consent:
    said = await inquire(check_report_consent(domain, place.uri, failure=place.is_failure), dns)
    if said.consent is Consent.UNKNOWN:
        raise NotSeen(Why.TIMED_OUT, f"whether {place.target} takes reports about {domain} was not answered")
    return said.consent


def _is_own(consent: Measured[Consent] | Unmeasured) -> bool:
    return isinstance(consent, Measured) and consent.value is Consent.OWN


async def _dmarc_texts(name: str, dns: DnsClient) -> tuple[str, ...]:
    texts = (await dns.query(name, "TXT")).records
    return tuple(sorted(text for text in texts if text.strip().lower().startswith("v=dmarc1")))
