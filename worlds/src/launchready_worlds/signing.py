"""Keys and signatures of a zone (RFC 4034)."""

import datetime as dt

import dns.dnssec
import dns.dnssectypes
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

from launchready_worlds.zone import Signer, Zone

ALGORITHM = dns.dnssectypes.Algorithm.ECDSAP256SHA256
SECURE_ENTRY_POINT = 0x0101
"""Flags of a key that signs its zone and that the parent vouches for (RFC 4034 section 2.1.1)."""
SIGNED_DAYS = 14
"""How long a signature lasts, as common signers have it."""


class ZoneKey:
    """One key that signs everything, keys included."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.public = dns.dnssec.make_dnskey(self._private.public_key(), ALGORITHM, flags=SECURE_ENTRY_POINT)

    def delegation_signer(self, zone: Zone) -> str:
        """The DS record for the parent zone."""
        return str(dns.dnssec.make_ds(zone.origin, self.public, "SHA256").to_text())

    def signer(self, zone: Zone, ends: dt.datetime) -> Signer:
        """Makes signatures which end at a moment."""
        begins = ends - dt.timedelta(days=SIGNED_DAYS)

        def sign(records: dns.rrset.RRset) -> dns.rrset.RRset:
            signature = dns.dnssec.sign(records, self._private, zone.origin, self.public, begins, ends)
            return dns.rrset.from_rdata(records.name, records.ttl, signature)

        return sign
