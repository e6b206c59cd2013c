"""Signatures, judged against the examples that RFC 6605 and RFC 8080 print."""

from datetime import UTC, datetime, timedelta

import dns.message
import dns.name
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.facts.dnssec import Signing
from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient
from launchready.net.dns_dnssec import (
    CLOCK_SLACK_S,
    CODEC_ERRORS,
    SignedSet,
    check_keys,
    check_signatures,
    read_signed,
    supported,
)

ECDSA_KEY = (
    "example.net. 3600 IN DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+"
    "Wi9xMWyQLc8NAA=="
)
ECDSA_DS = "example.net. 3600 IN DS 55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"
ECDSA_DATA = "www.example.net. 3600 IN A 192.0.2.1"
ECDSA_SIGNATURE = (
    "www.example.net. 3600 IN RRSIG A 13 3 3600 20100909100439 20100812100439 55648 example.net. "
    "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw=="
)
ED25519_KEY = "example.com. 3600 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4="
ED25519_DS = "example.com. 3600 IN DS 3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b"
ED25519_DATA = "example.com. 3600 IN MX 10 mail.example.com."
ED25519_SIGNATURE = (
    "example.com. 3600 IN RRSIG MX 15 2 3600 1440021600 1438207200 3613 example.com. "
    "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg=="
)
EXAMPLES = pytest.mark.parametrize(
    ("key", "ds", "data", "signature", "ends"),
    [
        (ECDSA_KEY, ECDSA_DS, ECDSA_DATA, ECDSA_SIGNATURE, datetime(2010, 9, 9, 10, 4, 39, tzinfo=UTC)),
        (ED25519_KEY, ED25519_DS, ED25519_DATA, ED25519_SIGNATURE, datetime.fromtimestamp(1440021600, UTC)),
    ],
    ids=["RFC 6605, section 6.1", "RFC 8080, section 6.1"],
)
SLACK = timedelta(seconds=CLOCK_SLACK_S)
SECOND = timedelta(seconds=1)
LIVES = {13: timedelta(days=28), 15: timedelta(seconds=1440021600 - 1438207200)}


def rrset(*texts: str) -> dns.rrset.RRset:
    name, ttl, _, rtype, _ = texts[0].split(" ", 4)
    return dns.rrset.from_text_list(name, int(ttl), "IN", rtype, [text.split(" ", 4)[4] for text in texts])


@EXAMPLES
def test_the_printed_signatures_are_valid_in_their_time_and_not_outside(key, ds, data, signature, ends):
    signed, keys = SignedSet(rrset(data), rrset(signature)), rrset(key)
    begins = ends - LIVES[keys[0].algorithm]
    for moment, expected in (
        (ends, Signing.VALID),
        (ends + SLACK, Signing.VALID),
        (ends + SLACK + SECOND, Signing.EXPIRED),
        (begins - SLACK, Signing.VALID),
        (begins - SLACK - SECOND, Signing.NOT_YET),
    ):
        assert check_signatures(signed, keys, moment) is expected


@EXAMPLES
def test_the_printed_digest_vouches_for_the_printed_key(key, ds, data, signature, ends):
    keys = SignedSet(rrset(key), None)
    assert check_keys(rrset(ds), keys, ends) is Signing.UNSIGNED
    other = rrset(ds[:-2] + ("00" if not ds.endswith("00") else "01"))
    assert check_keys(other, keys, ends) is Signing.NO_MATCHING_KEY
    assert check_keys(rrset(ds), SignedSet(None, None), ends) is Signing.NO_KEYS


@EXAMPLES
def test_other_data_or_another_key_makes_a_signature_wrong(key, ds, data, signature, ends):
    changed = SignedSet(
        rrset(data, data.replace("192.0.2.1", "192.0.2.2").replace("10 mail", "20 mail")), rrset(signature)
    )
    assert check_signatures(changed, rrset(key), ends) is Signing.WRONG
    stranger = rrset((ECDSA_KEY if key is ED25519_KEY else ED25519_KEY).replace("example.com", "example.net"))
    assert check_signatures(SignedSet(rrset(data), rrset(signature)), stranger, ends) is Signing.WRONG
    not_for_zones = rrset(key.replace("DNSKEY 257", "DNSKEY 1"))
    assert check_signatures(SignedSet(rrset(data), rrset(signature)), not_for_zones, ends) is Signing.WRONG
    revoked = rrset(key.replace("DNSKEY 257", "DNSKEY 385"))
    assert check_signatures(SignedSet(rrset(data), rrset(signature)), revoked, ends) is Signing.WRONG
    assert check_signatures(SignedSet(rrset(data), None), rrset(key), ends) is Signing.UNSIGNED


@EXAMPLES
def test_a_good_signature_beside_an_expired_one_is_enough(key, ds, data, signature, ends):
    old = rrset(signature)[0].replace(expiration=int(ends.timestamp()) - 86400)
    both = dns.rrset.from_rdata_list(rrset(data).name, 3600, [old, rrset(signature)[0]])
    assert check_signatures(SignedSet(rrset(data), both), rrset(key), ends) is Signing.VALID


def test_what_cannot_be_verified_here_is_said_and_not_judged():
    unknown = rrset(ECDSA_SIGNATURE.replace("RRSIG A 13", "RRSIG A 253"))
    with pytest.raises(NotSeen) as seen:
        check_signatures(SignedSet(rrset(ECDSA_DATA), unknown), rrset(ECDSA_KEY), datetime(2010, 9, 1, tzinfo=UTC))
    assert seen.value.why is Why.UNREADABLE
    assert supported(rrset(ECDSA_DS.replace("55648 13 2", "55648 253 2"))) == ()
    assert supported(rrset("example.net. 60 IN DS 55648 13 3 " + "ab" * 32)) == ()
    assert len(supported(rrset(ECDSA_DS, ECDSA_DS.replace("55648 13", "55648 253")))) == 1


async def test_records_come_with_their_signatures_and_a_denial_with_neither(dns_server, network_to, dns_answer):
    def handler(query, _):
        assert query.ednsflags & dns.flags.DO
        if "www" in str(query.question[0]):
            return dns_answer(query, ECDSA_DATA, ECDSA_SIGNATURE, authoritative=True)
        return dns_answer(query, authoritative=True)

    async with dns_server(handler) as server:
        client = DnsClient(network_to(server.port), (0.2,))
        signed = await client.signed("www.example.net", "A", server="192.0.2.53")
        nothing = await client.signed("example.net", "DNSKEY", server="192.0.2.53")
    assert check_signatures(signed, rrset(ECDSA_KEY), datetime(2010, 9, 1, tzinfo=UTC)) is Signing.VALID
    assert nothing == SignedSet(None, None)


@given(st.binary(max_size=120), st.sampled_from(["DNSKEY", "RRSIG", "DS", "SOA"]))
def test_any_bytes_in_keys_and_signatures_are_judged_or_refused(tail, rtype):
    name = dns.name.from_text("example.net")
    kind = dns.rdatatype.from_text(rtype).to_bytes(2, "big")
    rdata = len(tail).to_bytes(2, "big") + tail
    record = name.to_wire() + kind + b"\0\x01\0\0\0\x3c" + rdata
    wire = b"\0\x01\x84\0\0\x01\0\x01\0\0\0\0" + name.to_wire() + kind + b"\0\x01" + record
    try:
        signed = read_signed(dns.message.from_wire(wire), name, rtype, "192.0.2.53")
    except (*CODEC_ERRORS, NotSeen):
        return
    keys = SignedSet(signed.records, rrset(ECDSA_SIGNATURE.replace("www.", "").replace("RRSIG A", "RRSIG DNSKEY")))
    if rtype == "DNSKEY":
        assert check_keys(rrset(ECDSA_DS), keys, datetime(2010, 9, 1, tzinfo=UTC)) is not Signing.VALID
