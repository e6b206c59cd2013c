"""HTTPS records from their bytes, with the test vectors that RFC 9460 prints in appendix D."""

import ipaddress
import struct

import dns.message
import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient
from launchready.net.dns_https import ServiceBinding, read_https
from launchready.net.dns_message import CODEC_ERRORS, record_text

FOO = b"\x03foo\x07example\x03com\x00"
MANDATORY_AND_HINT = bytes.fromhex(
    "0010 03666f6f 076578616d706c65 036f7267 00 0000 0004 0001 0004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201"
)
HTTPS = 65


async def asked_of_a_server_that_sends(rdata, dns_server, network_to):
    """What is read where a server's reply, made without any DNS library, holds one record."""

    def handler(query, _):
        owner = query.question[0].name.to_wire()
        header = struct.pack("!HHHHHH", query.id, 0x8400, 1, 1, 0, 0)
        record = b"\xc0\x0c" + struct.pack("!HHIH", HTTPS, 1, 300, len(rdata)) + rdata
        return header + owner + struct.pack("!HH", HTTPS, 1) + record

    async with dns_server(handler) as server:
        answer = await DnsClient(network_to(server.port), (0.2,)).query("example.com", "HTTPS")
    return [read_https(text) for text in answer.records]


@pytest.mark.parametrize(
    ("rdata", "binding"),
    [
        (b"\x00\x00" + FOO, ServiceBinding(0, "foo.example.com", ())),
        (b"\x00\x01\x00", ServiceBinding(1, "", ())),
        (b"\x00\x10" + FOO + b"\x00\x03\x00\x02\x00\x35", ServiceBinding(16, "foo.example.com", ())),
        (b"\x00\x01" + FOO + b"\x02\x9b\x00\x05hello", ServiceBinding(1, "foo.example.com", ())),
        (b"\x00\x01" + FOO + b"\x02\x9b\x00\x09hello\xd2qoo", ServiceBinding(1, "foo.example.com", ())),
        (
            b"\x00\x01"
            + FOO
            + b"\x00\x06\x00\x20"
            + ipaddress.IPv6Address("2001:db8::1").packed
            + ipaddress.IPv6Address("2001:db8::53:1").packed,
            ServiceBinding(1, "foo.example.com", ("2001:db8::1", "2001:db8::53:1")),
        ),
        (MANDATORY_AND_HINT, ServiceBinding(16, "foo.example.org", ("192.0.2.1",))),
    ],
    ids=["D.1", "D.2 figure 3", "D.2 figure 4", "D.2 figure 5", "D.2 figure 6", "D.2 figure 7", "D.2 figure 9"],
)
async def test_the_printed_vectors_are_read(dns_server, network_to, rdata, binding):
    assert await asked_of_a_server_that_sends(rdata, dns_server, network_to) == [binding]


@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_an_error_of_the_codec(rdata):
    name = dns.name.from_text("example.com")
    kind = struct.pack("!HH", HTTPS, 1)
    record = name.to_wire() + kind + struct.pack("!IH", 300, len(rdata)) + rdata
    wire = struct.pack("!HHHHHH", 1, 0x8400, 1, 1, 0, 0) + name.to_wire() + kind + record
    try:
        answer = dns.message.from_wire(wire).answer
    except CODEC_ERRORS:
        return
    for rrset in answer:
        for one in rrset:
            assert isinstance(read_https(record_text(one)), ServiceBinding)


@given(st.text() | st.sampled_from(["1 . alpn", "1 . ipv4hint=x", "0", "1 .. ", "99999 .", '1 . ipv6hint="::1,"']))
def test_any_text_is_a_record_or_unreadable(text):
    try:
        read_https(text)
    except NotSeen as unseen:
        reason = unseen.why
    else:
        return
    assert reason is Why.UNREADABLE
