"""A DNS zone that answers questions as an authoritative server does (RFC 1034 section 4.3.2)."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Signer = Callable[[dns.rrset.RRset], dns.rrset.RRset]
"""Makes the signatures (RRSIG) over records."""

Node = dict[dns.rdatatype.RdataType, dns.rrset.RRset]

CHAIN_MAX = 8
"""CNAME links followed inside one zone; a longer chain is cut, as common servers do."""
TTL_S = 300
"""Seconds every record may be kept: short, as advised for the days around a launch."""


@dataclass(slots=True)
class Reply:
    """What a server says: the sections of a DNS message before they are packed."""

    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    authoritative: bool = True
    answer: list[dns.rrset.RRset] = field(default_factory=list)
    authority: list[dns.rrset.RRset] = field(default_factory=list)
    additional: list[dns.rrset.RRset] = field(default_factory=list)

    @property
    def is_referral(self) -> bool:
        """Whether this only names the servers of a zone further down."""
        return not self.authoritative and bool(self.authority)


class Zone:
    """The records of one zone, as one server holds them.

    Args:
        origin: The zone's name, with or without the final dot.
        records: `(owner, type, value, …)`; an owner is relative to the origin unless it ends with a dot,
            `@` is the origin itself.
    """

    def __init__(self, origin: str, records: tuple[tuple[str, ...], ...] = ()) -> None:
        self.origin = dns.name.from_text(origin)
        self._nodes: dict[dns.name.Name, Node] = {}
        self._signatures: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = {}
        self._denies_compactly = False
        self._turns: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], Iterator[int]] = {}
        for owner, kind, *values in records:
            self.put(owner, kind, *values)

    def copy(self) -> "Zone":
        """An independent copy, as a second name server holds."""
        twin = Zone(self.origin.to_text())
        twin._nodes = {name: dict(node) for name, node in self._nodes.items()}
        twin._signatures = dict(self._signatures)
        return twin

    def put(self, owner: str, kind: str, *values: str) -> None:
        """Replace the records of one name and type with these values, in zone-file syntax."""
        name = self._absolute(owner)
        rdtype = dns.rdatatype.from_text(kind)
        self._nodes.setdefault(name, {})[rdtype] = dns.rrset.from_text_list(
            name, TTL_S, dns.rdataclass.IN, rdtype, list(values), origin=self.origin, relativize=False
        )

    def keep_for(self, ttl_s: int, owner: str, kind: str) -> None:
        """Say how long the records of one name and type may be kept, in seconds."""
        node, rdtype = self._nodes[self._absolute(owner)], dns.rdatatype.from_text(kind)
        node[rdtype] = dns.rrset.from_rdata_list(node[rdtype].name, ttl_s, list(node[rdtype]))

    def add(self, owner: str, kind: str, *values: str) -> None:
        """Add values to those already there."""
        self.put(owner, kind, *self.texts(owner, kind), *values)

    def drop(self, owner: str, kind: str) -> None:
        """Remove the records of one name and type; a name without records is gone.

        Raises:
            KeyError: There were none, so whoever asked is mistaken about the zone.
        """
        name = self._absolute(owner)
        del self._nodes[name][dns.rdatatype.from_text(kind)]
        if not self._nodes[name]:
            del self._nodes[name]

    def texts(self, owner: str, kind: str) -> list[str]:
        """The values of one name and type in zone-file syntax, none if there are none."""
        rrset = self._nodes.get(self._absolute(owner), {}).get(dns.rdatatype.from_text(kind))
        return [] if rrset is None else [rdata.to_text() for rdata in rrset]

    def keep_only(self, *kinds: str) -> None:
        """Empty the zone but for some types at its top, and the addresses of its own name servers."""
        kept = {dns.rdatatype.from_text(kind) for kind in kinds}
        servers = {self._absolute(target) for target in self.texts("@", "NS")}
        self._nodes = {
            name: {rdtype: rrset for rdtype, rrset in node.items() if rdtype in kept or name in servers}
            for name, node in self._nodes.items()
            if name == self.origin or name in servers
        }

    def deny_compactly(self) -> None:
        """Say of a missing name that it has no such records, and only in an NSEC record that it does not exist.

        So do the large DNS companies that sign their denials on the fly (RFC 9824).
        """
        self._denies_compactly = True

    def take_turns(self, owner: str, kind: str, first: int = 0) -> None:
        """Give each asker one of the records of a name and type, in turn, as large networks do."""
        self._turns[self._absolute(owner), dns.rdatatype.from_text(kind)] = itertools.count(first)

    def sign(self, signer: Signer) -> None:
        """Sign every record that is there now; what is changed later keeps its old signature, as in a careless edit.

        Denials are not signed.
        """
        self._signatures = {
            (name, rdtype): signer(rrset) for name, node in self._nodes.items() for rdtype, rrset in node.items()
        }

    def answer(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply:
        """Answer one question about a name in this zone."""
        cut = self._delegation(name)
        if cut is not None and not (
            rdtype == dns.rdatatype.DS and cut.name == name
        ):  # the parent's own (RFC 4035 3.1.4)
            return Reply(authoritative=False, authority=[cut], additional=list(self._glue(cut)))
        reply = Reply()
        for _ in range(CHAIN_MAX):
            node = self._node(name)
            if node is None:
                reply.rcode = dns.rcode.NXDOMAIN
            elif dns.rdatatype.CNAME in node and rdtype not in (dns.rdatatype.CNAME, dns.rdatatype.ANY):
                link = node[dns.rdatatype.CNAME]
                reply.answer.append(_owned(link, name))
                name = link[0].target
                if name.is_subdomain(self.origin):
                    continue
                return self._with_signatures(reply)
            else:
                found = node.values() if rdtype == dns.rdatatype.ANY else filter(None, [node.get(rdtype)])
                reply.answer.extend(_owned(self._in_turn(rrset), name) for rrset in found)
            break
        if not reply.answer or reply.rcode == dns.rcode.NXDOMAIN or reply.answer[-1].name != name:
            reply.authority.extend(self._start_of_authority())
        if reply.rcode == dns.rcode.NXDOMAIN and self._denies_compactly:
            reply.rcode = dns.rcode.NOERROR
            denial = f"\\000.{name.to_text()} RRSIG NSEC TYPE128"
            reply.authority.append(dns.rrset.from_text(name, TTL_S, dns.rdataclass.IN, dns.rdatatype.NSEC, denial))
        return self._with_signatures(reply)

    def _in_turn(self, rrset: dns.rrset.RRset) -> dns.rrset.RRset:
        turns = self._turns.get((rrset.name, rrset.rdtype))
        if turns is None:
            return rrset
        return dns.rrset.from_rdata(rrset.name, rrset.ttl, list(rrset)[next(turns) % len(rrset)])

    def _with_signatures(self, reply: Reply) -> Reply:
        found = [self._signatures.get((rrset.name, rrset.rdtype)) for rrset in reply.answer]
        reply.answer.extend(filter(None, found))
        return reply

    def _absolute(self, owner: str) -> dns.name.Name:
        return dns.name.from_text(owner, self.origin)

    def _start_of_authority(self) -> Iterator[dns.rrset.RRset]:
        soa = self._nodes.get(self.origin, {}).get(dns.rdatatype.SOA)
        if soa is not None:
            yield soa

    def _delegation(self, name: dns.name.Name) -> dns.rrset.RRset | None:
        """The NS records of the zone cut at or above a name, highest cut first."""
        depth = len(self.origin.labels)
        for length in range(depth + 1, len(name.labels) + 1):
            node = self._nodes.get(dns.name.Name(name.labels[-length:]), {})
            if dns.rdatatype.NS in node:
                return node[dns.rdatatype.NS]
        return None

    def _glue(self, cut: dns.rrset.RRset) -> Iterator[dns.rrset.RRset]:
        for server in cut:
            glue = self._nodes.get(server.target, {}).get(dns.rdatatype.A)
            if glue is not None:
                yield glue

    def _node(self, name: dns.name.Name) -> Node | None:
        """The records at a name: its own, none for an empty non-terminal, or a wildcard's (RFC 4592)."""
        if name in self._nodes:
            return self._nodes[name]
        if any(other.is_subdomain(name) for other in self._nodes):
            return {}
        while name != self.origin:
            name = name.parent()
            if name in self._nodes or any(other.is_subdomain(name) for other in self._nodes):
                return self._nodes.get(dns.name.Name((b"*", *name.labels)))
        return None


def _owned(rrset: dns.rrset.RRset, name: dns.name.Name) -> dns.rrset.RRset:
    """The records as asked for: a wildcard's take the name of the question."""
    return rrset if rrset.name == name else dns.rrset.from_rdata_list(name, rrset.ttl, list(rrset))
