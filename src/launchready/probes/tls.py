"""Look at certificates."""

from launchready.facts.tls import (
    AddressCertificate,
    Certificate,
    CertificateFault,
    Certificates,
    OldVersions,
    VersionAsked,
)
from launchready.model.probe import Manner, probe
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.tls_client import HTTPS_PORT, TlsClient
from launchready.parse.rfc4346 import OldVersion
from launchready.probes.nested import all_at_once, reading_of


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def certificates(host: Host, dns: DnsClient, tls: TlsClient, clock: Clock) -> Certificates:
    """Shake hands with every address that a visitor may be sent to."""
    addresses = await dns.addresses(host.name)
    served = await all_at_once(_served(host.name, address, tls, clock) for address in addresses)
    return Certificates(clock.now(), served)


@probe(manner=Manner.PASSIVE, timeout_s=15.0)
async def old_versions(host: Host, dns: DnsClient, tls: TlsClient, clock: Clock) -> OldVersions:
    """Offer every address each old version; the handshake is never finished."""
    addresses = await dns.addresses(host.name)
    asked = [(address, version) for address in addresses for version in OldVersion]
    return OldVersions(await all_at_once(_version(host.name, address, old, tls, clock) for address, old in asked))


async def _version(host: str, address: str, version: OldVersion, tls: TlsClient, clock: Clock) -> VersionAsked:
    taken = await reading_of(tls.takes(version, host, address), clock)
    return VersionAsked(address, version.name.replace("_", " ", 1).replace("_", "."), taken)


async def _served(host: str, address: str, tls: TlsClient, clock: Clock) -> AddressCertificate:
    return AddressCertificate(address, await reading_of(_certificate(host, address, tls), clock))


async def _certificate(host: str, address: str, tls: TlsClient) -> Certificate:
    shown = await tls.handshake(host, address, HTTPS_PORT)
    return Certificate(
        fault=None if shown.reason is None else CertificateFault(shown.reason.value),
        words=shown.words,
        not_before=shown.not_before,
        not_after=shown.not_after,
        names=shown.names,
        issuer=shown.issuer,
        issuer_organization=shown.issuer_organization,
    )
