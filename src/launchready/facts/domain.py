"""Names and what they point to."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain, Host


@fact(about=Host)
class HostAddresses:
    """What the resolver says of a host: sorted addresses (A and AAAA) and the CNAMEs on the way.

    `exists` is False for NXDOMAIN. A name that exists without any address has an empty `addresses`.
    """

    exists: bool
    addresses: tuple[str, ...]
    cname_chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameserverView:
    """What one authoritative server answers for one host: sorted addresses, and whether it speaks with authority."""

    host: str
    exists: bool
    authoritative: bool
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nameserver:
    """One authoritative server of a domain, asked for every declared host."""

    name: str
    views: Measured[tuple[NameserverView, ...]] | Unmeasured


@fact(about=Domain)
class Nameservers:
    """Every authoritative server of a domain, asked one by one, sorted by name."""

    servers: tuple[Nameserver, ...]
