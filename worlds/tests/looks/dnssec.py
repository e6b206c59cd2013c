"""Keys and signatures of the domain, as its parent and its servers show them."""

import datetime as dt
import hashlib

import dns.message
import dns.name
import dns.query
from dns.rdatatype import RRSIG

from launchready_worlds.addresses import APEX, DOMAIN, NS1, NS2, OLD_HOST


def _trusts(world, server):
    """Whether a server's key is one of those in the parent's DS records."""
    digests = {text.rpartition(" ")[2].lower() for text in world.records(DOMAIN, "DS") if " " in text}
    keys = [rdata for rrset in world.dns(DOMAIN, "DNSKEY", server).answer for rdata in rrset]
    name = dns.name.from_text(DOMAIN).to_wire()
    return any(hashlib.sha256(name + key.to_wire()).hexdigest() in digests for key in keys)


def _until(world):
    """When the first server's signature over the SOA record ends."""
    query = dns.message.make_query(DOMAIN, "SOA", want_dnssec=True)
    address, port = world.address(NS1, 53)
    ends = [rrset[0].expiration for rrset in dns.query.udp(query, address, 5, port).answer if rrset.rdtype == RRSIG]
    if not ends:
        raise KeyError("unsigned")
    return dt.datetime.fromtimestamp(ends[0], dt.UTC)


LOOKS = {
    "zone-signed": lambda w: _trusts(w, NS1) and _trusts(w, NS2) and w.records(f"gone.{DOMAIN}", "A") == ["NXDOMAIN"],
    "ds-left-behind": lambda w: w.records(DOMAIN, "DS") != [] and w.records(DOMAIN, "DNSKEY") == [],
    "ds-of-an-old-key": lambda w: not _trusts(w, NS1) and w.records(DOMAIN, "DS") != [] != w.records(DOMAIN, "DNSKEY"),
    "signatures-expired": lambda w: _until(w) < dt.datetime.now(dt.UTC),
    "address-changed-unsigned": lambda w: OLD_HOST in w.records(APEX, "A") and _until(w) > dt.datetime.now(dt.UTC),
    "second-nameserver-unsigned": lambda w: _trusts(w, NS1) and not _trusts(w, NS2),
    "signed-in-an-unknown-way": lambda w: any(text.startswith("12345 253 ") for text in w.records(DOMAIN, "DS")),
    "next-key-announced": lambda w: len(w.records(DOMAIN, "DS")) == 2 and _trusts(w, NS1),
    "signatures-fresh": lambda w: _until(w) - dt.timedelta(days=14) > w.world.scene.now,
}
