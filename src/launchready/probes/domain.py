"""Look at names and addresses."""

from launchready.facts.domain import HostAddresses
from launchready.model.probe import Manner, probe
from launchready.model.subject import Host
from launchready.net.dns_client import DnsClient, DnsStatus


@probe(manner=Manner.PASSIVE, timeout_s=8.0)
async def host_addresses(host: Host, dns: DnsClient) -> HostAddresses:
    """Ask the resolver for A and AAAA."""
    v4 = await dns.query(host.name, "A")
    v6 = await dns.query(host.name, "AAAA")
    return HostAddresses(
        exists=DnsStatus.NXDOMAIN not in {v4.status, v6.status},
        addresses=tuple(sorted({*v4.records, *v6.records})),
        cname_chain=v4.cname_chain or v6.cname_chain,
    )
