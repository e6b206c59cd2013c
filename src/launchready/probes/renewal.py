"""Look at what a renewal of the certificate will meet."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.renewal import CaaRecords, CaaSet, CertificateIssuer
from launchready.facts.tls import Certificate, CertificateFault, Certificates
from launchready.model.probe import Manner, probe
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.parse.rfc8659 import CaaError, names_to_ask, parse_caa
from launchready.probes.authorities import caa_domains
from launchready.probes.nested import all_at_once, reading_of

FROM_AN_AUTHORITY: Final = frozenset({None, CertificateFault.EXPIRED, CertificateFault.CHAIN_EXPIRED})
"""What may be wrong with a certificate that the host's own authority issued and would issue again."""


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def caa_records(host: Host, seen: Certificates, dns: DnsClient, clock: Clock) -> CaaRecords:
    """Ask for the CAA records of the host and every name above it, all at once."""
    names = names_to_ask(host.name)
    readings = await all_at_once(reading_of(_records(name, dns), clock) for name in names)
    sets = tuple(_up_to_the_first_above(readings))
    has_any = any(one.records for one in sets)
    return CaaRecords(sets, tuple(dict.fromkeys(_issuers(host.name, seen, clock))) if has_any else ())


async def _records(name: str, dns: DnsClient) -> CaaSet:
    answer = await dns.query(name, "CAA")
    try:
        return CaaSet(name, tuple(parse_caa(text) for text in answer.records))
    except CaaError as error:
        raise NotSeen(Why.UNREADABLE, f"{name} has a CAA record that can't be read: {error}.") from None


def _up_to_the_first_above(readings: tuple[Measured[CaaSet] | Unmeasured, ...]) -> Iterator[CaaSet]:
    """Those that can count: a name further up than the first one with records is never looked at (RFC 8659, 3).

    Raises:
        NotSeen: one of these was not seen.
    """
    for number, reading in enumerate(readings):
        if isinstance(reading, Unmeasured):
            raise NotSeen(reading.why, reading.detail)
        yield reading.value
        if number and reading.value.records:
            return


def _issuers(host: str, seen: Certificates, clock: Clock) -> Iterator[Measured[CertificateIssuer] | Unmeasured]:
    for served in seen.served:
        match served.certificate:
            case Unmeasured() as unseen:
                yield unseen
            case Measured(value=certificate) if certificate.fault in FROM_AN_AUTHORITY:
                yield _issuer(host, certificate, clock)


def _issuer(host: str, certificate: Certificate, clock: Clock) -> Measured[CertificateIssuer] | Unmeasured:
    organization = certificate.issuer_organization
    domains = caa_domains(organization)
    if not domains:
        named = organization or certificate.issuer or "without a name"
        detail = f"the certificate's issuer is {named}, and we don't know by which domain it is named in CAA records"
        return Unmeasured(Why.UNREADABLE, detail, clock.now())
    own = {host, f"*.{host}", f"*.{host.partition('.')[2]}"}
    names = tuple(sorted(own & set(certificate.names)))
    return Measured(CertificateIssuer(organization, domains, names), clock.now(), 0.0)
