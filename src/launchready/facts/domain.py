"""Names and what they point to."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain, Host


@fact(about=Host)
class HostAddresses:
    """What the resolver says of a host: sorted addresses (A and AAAA) and the CNAMEs on the way.

    `exists` is False for NXDOMAIN. A name that exists without any address has an empty `addresses`.
    `declared_target` are the addresses of the declared CNAME, asked only where it is not in the chain: a provider may
    answer with its target's addresses instead (CNAME flattening). None where it was not asked.
    """

    exists: bool
    addresses: tuple[str, ...]
    cname_chain: tuple[str, ...]
    declared_target: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NameserverView:
    """What one authoritative server answers for one host.

    `refusal` is the server's own refusal in a sentence, and empty where it answered; `authoritative` is the AA bit.
    `alias` is the CNAME it names first, and empty where it names none; then `addresses` (sorted) are what counts.
    """

    host: str
    authoritative: bool
    addresses: tuple[str, ...]
    alias: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Nameserver:
    """One authoritative server of a domain, asked for every declared host in the order of their names."""

    name: str
    views: Measured[tuple[NameserverView, ...]] | Unmeasured


@fact(about=Domain)
class Nameservers:
    """Every authoritative server of a domain, asked one by one, sorted by name.

    They are those that the domain itself names and those in `delegation`, which is what the parent zone names. Both
    are empty where the domain does not exist.
    """

    servers: tuple[Nameserver, ...]
    delegation: Measured[tuple[str, ...]] | Unmeasured
