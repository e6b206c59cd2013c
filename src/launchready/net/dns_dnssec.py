"""Whether records are signed as the parent zone says (RFC 4035): dnspython verifies, this module says what of."""

from dataclasses import dataclass
from datetime import datetime

import dns.dnssec
import dns.message
import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.ANY.DNSKEY
import dns.rdtypes.ANY.DS
import dns.rdtypes.ANY.RRSIG
import dns.rrset

from launchready.facts.dnssec import Signing
from launchready.model.reading import NotSeen, Why
from launchready.net.dns_message import CODEC_ERRORS, read_answer

DIGESTS = {1: "SHA1", 2: "SHA256", 4: "SHA384"}
"""Digests of DS records that can be computed here (RFC 4034 appendix A.2, RFC 4509, RFC 6605)."""

ALGORITHMS = frozenset({5, 7, 8, 10, 13, 14, 15, 16})
"""Signing algorithms that can be verified here: RSA (5, 7, 8, 10), ECDSA (13, 14), Ed25519 and Ed448 (RFC 8624)."""

ZONE_KEY = 0x0100
"""The flag of a DNSKEY that may sign a zone's records (RFC 4034, section 2.1.1)."""
REVOKED = 0x0080
"""The flag of a DNSKEY that counts no more (RFC 5011, section 7)."""
DNSSEC_PROTOCOL = 3
"""The only value a DNSKEY's protocol field may have (RFC 4034, section 2.1.2)."""

CLOCK_SLACK_S = 300
"""How far our own clock may be wrong before a signature that just began or just ended is called so."""


@dataclass(frozen=True, slots=True)
class SignedSet:
    """The records of one name and type from one server, and the signatures over them; None where there are none."""

    records: dns.rrset.RRset | None
    signatures: dns.rrset.RRset | None


def read_signed(reply: dns.message.Message, name: dns.name.Name, rtype: str, server: str) -> SignedSet:
    """The records at exactly this name, and their signatures.

    Raises:
        NotSeen: as for `read_answer`, where the reply says nothing about the name.
    """
    read_answer(reply, name, rtype, server)
    rdtype = dns.rdatatype.from_text(rtype)
    classed = (name, dns.rdataclass.IN)
    records = reply.get_rrset(reply.answer, *classed, rdtype)
    signatures = reply.get_rrset(reply.answer, *classed, dns.rdatatype.RRSIG, rdtype)
    return SignedSet(records, signatures)


def supported(ds: dns.rrset.RRset) -> tuple[dns.rdtypes.ANY.DS.DS, ...]:
    """The DS records that can be followed here, or none; those of other kinds count for nothing (RFC 4035, 5.2)."""
    return tuple(one for one in ds if int(one.digest_type) in DIGESTS and int(one.algorithm) in ALGORITHMS)


def check_keys(ds: dns.rrset.RRset, keys: SignedSet, now: datetime) -> Signing:
    """Whether a key that the parent zone vouches for signs the zone's keys (RFC 4035, section 5.2).

    Args:
        ds: what the parent zone holds; some of it must be `supported`.
        keys: the zone's DNSKEY records.
        now: the moment to judge for.
    """
    if keys.records is None:
        return Signing.NO_KEYS
    good = supported(ds)
    trusted = [key for key in keys.records if _usable(key) and any(_vouches(one, key, ds.name) for one in good)]
    if not trusted:
        return Signing.NO_MATCHING_KEY
    anchor = dns.rrset.from_rdata_list(ds.name, keys.records.ttl, trusted)
    return check_signatures(keys, anchor, now)


def check_signatures(signed: SignedSet, keys: dns.rrset.RRset, now: datetime) -> Signing:
    """Whether one signature over the records is by one of the keys, and in its time (RFC 4035, section 5.3).

    The nearest miss is told: one that is right but out of its time goes before one that is wrong.

    Raises:
        NotSeen: UNREADABLE, where all signatures are of kinds that can't be verified here.
    """
    if signed.signatures is None or signed.records is None:
        return Signing.UNSIGNED
    ours = [one for one in signed.signatures if int(one.algorithm) in ALGORITHMS]
    if not ours:
        raise NotSeen(Why.UNREADABLE, f"{keys.name} is signed in a way that this version can't verify.")
    found = {_check(signed.records, one, keys, now) for one in ours}
    return next(one for one in (Signing.VALID, Signing.EXPIRED, Signing.NOT_YET, Signing.WRONG) if one in found)


def _check(
    records: dns.rrset.RRset, signature: dns.rdtypes.ANY.RRSIG.RRSIG, keys: dns.rrset.RRset, now: datetime
) -> Signing:
    usable = [key for key in keys if _usable(key)]
    node = dns.rdataset.from_rdata_list(keys.ttl, usable) if usable else None
    if node is None or signature.signer != keys.name:
        return Signing.WRONG
    alone = dns.rrset.from_rdata_list(records.name, records.ttl, [signature])
    try:  # judged in the middle of its own time, so that what is left to find is whether it is genuine
        middle = (signature.inception + signature.expiration) / 2
        dns.dnssec.validate(records, alone, {keys.name: node}, now=middle, policy=dns.dnssec.allow_all_policy)
    except CODEC_ERRORS:
        return Signing.WRONG
    seconds = now.timestamp()
    if seconds > signature.expiration + CLOCK_SLACK_S:
        return Signing.EXPIRED
    return Signing.NOT_YET if seconds < signature.inception - CLOCK_SLACK_S else Signing.VALID


def _usable(key: dns.rdtypes.ANY.DNSKEY.DNSKEY) -> bool:
    return bool(key.flags & ZONE_KEY) and not key.flags & REVOKED and key.protocol == DNSSEC_PROTOCOL


def _vouches(ds: dns.rdtypes.ANY.DS.DS, key: dns.rdtypes.ANY.DNSKEY.DNSKEY, zone: dns.name.Name) -> bool:
    if int(key.algorithm) != int(ds.algorithm):
        return False
    digest = DIGESTS[int(ds.digest_type)]
    made: dns.rdtypes.ANY.DS.DS = dns.dnssec.make_ds(zone, key, digest, policy=dns.dnssec.allow_all_policy)
    return made.key_tag == ds.key_tag and made.digest == ds.digest
