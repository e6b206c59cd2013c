"""Look up what only browsers ask DNS for."""

from launchready.facts.https_record import HttpsRecord, HttpsRecords
from launchready.model.probe import Manner, probe
from launchready.model.subject import Host
from launchready.net.dns_client import DnsClient
from launchready.net.dns_https import read_https
from launchready.probes.domain import addresses_of


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def https_records(host: Host, dns: DnsClient) -> HttpsRecords:
    """Ask the resolver for the HTTPS records, and for the addresses of the targets that they name."""
    answer = await dns.query(host.name, "HTTPS")
    bindings = [read_https(text) for text in answer.records]
    return HttpsRecords(
        tuple(
            [
                HttpsRecord(one.target, one.hints, await addresses_of(one.target, dns))
                if one.target and one.target != host.name
                else HttpsRecord("", one.hints)
                for one in bindings
            ]
        )
    )
