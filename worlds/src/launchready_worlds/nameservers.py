"""Authoritative servers and the recursive resolver, as functions from a question to a reply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from launchready_worlds.addresses import ROOT
from launchready_worlds.zone import Reply, Zone

CHAIN_MAX = 8
"""CNAME links the resolver follows across zones."""
DEPTH_MAX = 10
"""Delegations the resolver descends for one name."""


class Mood(Enum):
    """How a server takes questions."""

    SERVES = auto()
    DEAD = auto()
    """Drops every packet, the resolver's too."""
    BLOCKED = auto()
    """Drops every packet from here, while the resolver still reaches it."""
    REFUSES = auto()
    FAILS = auto()
    """SERVFAIL."""


_FLAT_ANSWERS = {Mood.REFUSES: dns.rcode.REFUSED, Mood.FAILS: dns.rcode.SERVFAIL}


@dataclass(slots=True)
class NameServer:
    """An authoritative server with its own copy of each zone it serves."""

    zones: dict[str, Zone]
    mood: Mood = Mood.SERVES

    def answer_from_here(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply | None:
        """Answer as seen from the auditor's network, which may be cut off from a server that others reach."""
        return None if self.mood is Mood.BLOCKED else self.answer(name, rdtype)

    def answer(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply | None:
        """Answer from the deepest zone that covers the name; None when the server is silent."""
        if self.mood is Mood.DEAD:
            return None
        if self.mood in _FLAT_ANSWERS:
            return Reply(rcode=_FLAT_ANSWERS[self.mood], authoritative=False)
        covering = [zone for zone in self.zones.values() if name.is_subdomain(zone.origin)]
        if not covering:
            return Reply(rcode=dns.rcode.REFUSED, authoritative=False)
        return max(covering, key=lambda zone: len(zone.origin.labels)).answer(name, rdtype)


@dataclass(slots=True)
class Resolver:
    """A recursive resolver which walks from the root, as a provider's resolver does.

    Attributes:
        failing: Questions `(name, type)` that end in SERVFAIL; `*` is every type.
    """

    servers: Mapping[str, NameServer]
    mood: Mood = Mood.SERVES
    failing: set[tuple[str, str]] = field(default_factory=set)

    def answer(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply | None:
        """Answer one question with all the CNAME links on the way; None when the resolver is silent."""
        if self.mood in (Mood.DEAD, Mood.BLOCKED):
            return None
        if self.mood in _FLAT_ANSWERS:
            return Reply(rcode=_FLAT_ANSWERS[self.mood], authoritative=False)
        answer: list[dns.rrset.RRset] = []
        for _ in range(CHAIN_MAX):
            reply = self._iterate(name, rdtype)
            answer.extend(reply.answer)
            target = _unresolved_target(reply, rdtype)
            if target is None:
                return Reply(rcode=reply.rcode, authoritative=False, answer=answer, authority=reply.authority)
            name = target
        return Reply(rcode=dns.rcode.SERVFAIL, authoritative=False)

    def _iterate(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply:
        """Descend from the root to the servers of the name's zone."""
        if self._is_failing(name, rdtype):
            return Reply(rcode=dns.rcode.SERVFAIL)
        addresses: list[str] = [ROOT]
        for _ in range(DEPTH_MAX):
            reply = self._first(addresses, name, rdtype)
            if not reply.is_referral:
                return reply
            addresses = [rdata.address for rrset in reply.additional for rdata in rrset]
        return Reply(rcode=dns.rcode.SERVFAIL)

    def _first(self, addresses: Iterable[str], name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply:
        """The first usable reply; a server that is lame, broken or silent is passed over."""
        for address in addresses:
            server = self.servers.get(address)
            reply = None if server is None else server.answer(name, rdtype)
            if reply is not None and reply.rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                return reply
        return Reply(rcode=dns.rcode.SERVFAIL)

    def _is_failing(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> bool:
        text = name.to_text(omit_final_dot=True).lower()
        return bool({(text, "*"), (text, dns.rdatatype.to_text(rdtype))} & self.failing)


@dataclass(slots=True, kw_only=True)
class Intercepted(NameServer):
    """A server that the auditor's network answers for, by the resolver, whoever is asked."""

    resolver: Resolver

    def answer_from_here(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Reply | None:
        """The resolver's answer, which is not authoritative."""
        return self.resolver.answer(name, rdtype)


def _unresolved_target(reply: Reply, rdtype: dns.rdatatype.RdataType) -> dns.name.Name | None:
    """Where a reply points to without answering: the target of a CNAME that left the zone."""
    if reply.rcode != dns.rcode.NOERROR or not reply.answer or reply.authority:
        return None
    last = next(rrset for rrset in reversed(reply.answer) if rrset.rdtype != dns.rdatatype.RRSIG)
    if last.rdtype != dns.rdatatype.CNAME or rdtype in (dns.rdatatype.CNAME, dns.rdatatype.ANY):
        return None
    target: dns.name.Name = last[0].target
    return target
