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
    `ttl_s` is the longest that any part of the answer may be kept, in seconds; None where there is no record. `varies`
    is true where other servers say something else, and this one too when it is asked again: it gives each asker a part.
    Where the host lies in a zone of its own that this server refers to, it is what that zone's first server answers.
    """

    host: str
    authoritative: bool
    addresses: tuple[str, ...]
    alias: str = ""
    refusal: str = ""
    ttl_s: int | None = None
    varies: bool = False


@dataclass(frozen=True, slots=True)
class ZoneTop:
    """What a server holds at the domain itself: the servers that it names, sorted, and the alias it has there, if any.

    Both are empty where it refuses to say. `serial` is the version of its copy as its SOA record has it, in digits, and
    empty where it shows none.
    """

    named: tuple[str, ...]
    alias: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Nameserver:
    """One authoritative server at one of its addresses, asked for every declared host in the order of their names.

    `address` is empty where the server's name leads to no address at all; then it was asked for nothing.
    """

    name: str
    address: str
    views: Measured[tuple[NameserverView, ...]] | Unmeasured
    top: Measured[ZoneTop] | Unmeasured


@fact(about=Domain)
class Nameservers:
    """Every authoritative server of a domain at every address, asked one by one, sorted by name, IPv4 first.

    They are those in `named`, which the domain itself names as a resolver sees it, and those in `delegation`, which is
    what the parent zone names. Both are empty where the domain does not exist. `out_of_reach` are IPv6 addresses of
    servers that answered over IPv4, where this machine reaches none of the servers over IPv6: how they answer is no
    question that it can ask.
    """

    servers: tuple[Nameserver, ...]
    delegation: Measured[tuple[str, ...]] | Unmeasured
    named: Measured[tuple[str, ...]] | Unmeasured
    out_of_reach: tuple[str, ...] = ()
