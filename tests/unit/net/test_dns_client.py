import asyncio
import contextlib
import struct
import time

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient
from launchready.net.dns_dnssec import read_signed
from launchready.net.dns_message import CODEC_ERRORS, DnsAnswer, DnsStatus, make_query, parse_name, read_answer

QUICK = (0.05, 0.05)
PATIENT = (5.0,)
"""Where questions are counted: a busy machine answers late, and must not be asked again."""
SOA = "example.com. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60"


async def ask(dns_server, network_to, handler, name="example.com", rtype="A", **options):
    async with dns_server(handler) as server:
        return await DnsClient(network_to(server.port), QUICK).query(name, rtype, **options)


async def why_of(awaitable):
    with pytest.raises(NotSeen) as seen:
        await awaitable
    return seen.value.why


async def test_records_come_back_sorted_with_their_least_ttl_and_server(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(
            query,
            "example.com. 300 IN CNAME Web.Example.NET.",
            "web.example.net. 60 IN A 192.0.2.10",
            "web.example.net. 60 IN A 192.0.2.9",
        )

    got = await ask(dns_server, network_to, handler)
    assert (got.status, got.records, got.cname_chain) == (
        DnsStatus.ANSWER,
        ("192.0.2.10", "192.0.2.9"),
        ("web.example.net",),
    )
    assert (got.ttl_s, got.authoritative, got.server) == (60, False, "192.0.2.53")


@pytest.mark.parametrize(
    ("rtype", "rdata", "text"),
    [
        ("MX", "10 MAIL.Example.com.", "10 mail.example.com"),
        ("MX", "0 .", "0 ."),
        ("NS", "NS1.Example.com.", "ns1.example.com"),
        ("TXT", '"v=spf1 " "-all"', "v=spf1 -all"),
        ("TXT", '"a\\"b\\\\c\\195\\188"', 'a"b\\cÃ¼'),
        ("CAA", '0 issue "letsencrypt.org"', '0 issue "letsencrypt.org"'),
        ("AAAA", "2001:db8:0::1", "2001:db8::1"),
        ("SRV", "1 2 443 A.example.com.", "1 2 443 a.example.com"),
        ("SOA", "Ns.example.com. Root.example.com. 1 2 3 4 5", "ns.example.com root.example.com 1 2 3 4 5"),
    ],
)
async def test_each_type_has_one_canonical_text(dns_server, network_to, dns_answer, rtype, rdata, text):
    def handler(query, _):
        return dns_answer(query, f"example.com. 60 IN {rtype} {rdata}", authoritative=True)

    got = await ask(dns_server, network_to, handler, rtype=rtype)
    assert got.records == (text,)
    assert got.authoritative


async def test_no_such_name_and_no_such_type_are_two_answers(dns_server, network_to, dns_answer):
    def handler(query, _):
        missing = "gone" in str(query.question[0])
        return dns_answer(query, authority=[SOA], rcode=dns.rcode.NXDOMAIN if missing else 0)

    gone = await ask(dns_server, network_to, handler, "gone.example.com")
    empty = await ask(dns_server, network_to, handler)
    assert (gone.status, gone.records, gone.ttl_s) == (DnsStatus.NXDOMAIN, (), 60)
    assert (empty.status, empty.records, empty.ttl_s) == (DnsStatus.NODATA, (), 60)


async def test_a_denial_does_not_count_from_a_resolver_that_denies_the_root_too(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, rcode=dns.rcode.NXDOMAIN)

    async with dns_server(handler) as server:
        server.knows_the_root = False
        with pytest.raises(NotSeen, match="denies even the root") as raised:
            await DnsClient(network_to(server.port)).query("example.com", "A")
    assert raised.value.why is Why.NO_RESOLVER


async def test_a_compact_denial_is_a_name_that_does_not_exist(dns_server, network_to, dns_answer):
    def handler(query, _):
        assert query.ednsflags & dns.flags.DO
        name = query.question[0].name.to_text()
        types = "RRSIG NSEC TYPE128" if "gone" in name else "A RRSIG NSEC"
        return dns_answer(query, authority=[SOA, f"{name} 60 IN NSEC \\000.{name} {types}"])

    assert (await ask(dns_server, network_to, handler, "gone.example.com")).status is DnsStatus.NXDOMAIN
    assert (await ask(dns_server, network_to, handler, rtype="TXT")).status is DnsStatus.NODATA


async def test_a_compact_denial_made_by_hand_is_read_from_its_bytes(dns_server, network_to):
    """The bytes of RFC 9824, section 2 (NODATA whose NSEC has the types RRSIG NSEC NXNAME), without any DNS library."""
    name = b"\4gone\7example\3com\0"
    bitmap = b"\0\x11" + bytes([0, 0, 0, 0, 0, 0x03, *[0] * 10, 0x80])  # window 0: bits 46, 47 and 128
    rdata = b"\1\0" + name + bitmap
    nsec = b"\xc0\x0c\0\x2f\0\1\0\0\x01\x2c" + struct.pack("!H", len(rdata)) + rdata

    def handler(query, _):
        kind = struct.pack("!H", query.question[0].rdtype)
        header = struct.pack("!HHHHHH", query.id, 0x8400, 1, 0, 1, 0)
        return header + name + kind + b"\0\1" + nsec

    denied = await ask(dns_server, network_to, handler, "gone.example.com")
    assert denied.status is DnsStatus.NXDOMAIN
    assert denied.records == ()


async def test_a_compact_denial_at_the_end_of_an_alias_is_told_of_its_target(dns_server, network_to, dns_answer):
    def handler(query, _):
        nsec = "gone.host.example. 60 IN NSEC \\000.gone.host.example. RRSIG NSEC TYPE128"
        return dns_answer(query, "example.com. 60 IN CNAME gone.host.example.", authority=[SOA, nsec])

    got = await ask(dns_server, network_to, handler)
    assert (got.status, got.cname_chain) == (DnsStatus.NXDOMAIN, ("gone.host.example",))


async def test_a_new_answer_is_fetched_where_one_is_wanted_and_kept_as_well(dns_server, network_to, dns_answer):
    answers = iter(("192.0.2.1", "192.0.2.2"))

    def handler(query, _):
        return dns_answer(query, f"example.com. 60 IN A {next(answers)}")

    async with dns_server(handler) as server:
        client = DnsClient(network_to(server.port), QUICK)
        times = (0, 1, 0, 1)
        seen = [(await client.query("example.com", "A", again=again)).records for again in times]
    assert seen == [("192.0.2.1",), ("192.0.2.2",)] * 2


async def test_questions_are_counted_by_server_and_asked_ones_not_again(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, "example.com. 60 IN A 192.0.2.1")

    async with dns_server(handler) as server:
        client = DnsClient(network_to(server.port), QUICK)
        await client.query("example.com", "A")
        await client.query("example.com", "A")
        await client.query("example.com", "AAAA")
        assert client.queries == {"192.0.2.53": 3}  # the root once, since the second answer was a denial


async def test_the_longest_ttl_of_a_chain_is_told_apart_from_the_shortest(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, "example.com. 86400 IN CNAME b.example.", "b.example. 60 IN A 192.0.2.1")

    got = await ask(dns_server, network_to, handler)
    assert (got.ttl_s, got.longest_ttl_s) == (60, 86400)


@pytest.mark.parametrize(
    ("rcode", "why"),
    [("SERVFAIL", Why.REFUSED), ("REFUSED", Why.REFUSED), ("FORMERR", Why.UNREADABLE), ("YXDOMAIN", Why.UNREADABLE)],
)
async def test_an_error_code_is_not_an_answer_and_is_named(dns_server, network_to, dns_answer, rcode, why):
    def handler(query, _):
        return dns_answer(query, rcode=dns.rcode.from_text(rcode))

    with pytest.raises(NotSeen, match=rcode) as seen:
        await ask(dns_server, network_to, handler)
    assert seen.value.why is why


async def test_an_extended_error_names_the_cause_and_not_the_servers_text(dns_server, network_to, dns_answer):
    def handler(query, _):
        reply = dns_answer(query, rcode=dns.rcode.SERVFAIL)
        reply.use_edns(0, options=[dns.edns.EDEOption(6, "\x1b[31mhostile")])
        return reply

    with pytest.raises(NotSeen, match="dnssec bogus") as seen:
        await ask(dns_server, network_to, handler)
    assert "hostile" not in seen.value.detail


async def test_silence_is_no_resolver_or_a_named_server_that_timed_out(dns_server, network_to):
    assert await why_of(ask(dns_server, network_to, lambda *_: None)) is Why.NO_RESOLVER
    assert await why_of(ask(dns_server, network_to, lambda *_: None, server="192.0.2.53")) is Why.TIMED_OUT


async def test_a_closed_port_is_no_resolver_or_a_named_server_that_refused(dns_server, network_to):
    async with dns_server(lambda *_: None) as server:
        port = server.port
    client = DnsClient(network_to(port), QUICK)
    assert await why_of(client.query("example.com", "A")) is Why.NO_RESOLVER
    assert await why_of(client.query("example.com", "A", server="192.0.2.53")) is Why.REFUSED


async def test_a_lost_question_is_sent_again(dns_server, network_to, dns_answer):
    copies = []

    def handler(query, _):
        copies.append(query.id)
        return None if len(copies) == 1 else dns_answer(query, "example.com. 60 IN A 192.0.2.1")

    assert (await ask(dns_server, network_to, handler)).records == ("192.0.2.1",)
    assert len(copies) == 2
    assert len(set(copies)) == 1


async def test_the_next_resolver_is_asked_and_the_silent_one_is_asked_last_from_then_on(
    dns_server, network_to, dns_answer
):
    def good(query, _):
        return dns_answer(query, f"{query.question[0].name} 60 IN A 192.0.2.1")

    async with dns_server(lambda *_: None) as silent, dns_server(good) as fine:
        network = network_to(silent.port, {("192.0.2.54", 53): fine.port})
        network = type(network)(("192.0.2.53", "192.0.2.54"), connect=network.connect, loopback_only=True)
        client = DnsClient(network, QUICK)
        assert (await client.query("a.example.com", "A")).server == "192.0.2.54"
        assert (await client.query("b.example.com", "A")).server == "192.0.2.54"
        assert len(silent.asked) == len(QUICK)


async def test_a_truncated_reply_is_asked_again_over_tcp(dns_server, network_to, dns_answer):
    def handler(query, transport):
        return dns_answer(query, f"example.com. 60 IN TXT {transport}", truncated=transport == "udp")

    assert (await ask(dns_server, network_to, handler, rtype="TXT")).records == ("tcp",)


async def test_a_wrong_id_and_a_wrong_question_are_passed_over(dns_server, network_to, dns_answer):
    def handler(query, _):
        strange = dns_answer(query, "example.com. 60 IN A 198.51.100.66")
        strange.id ^= 1
        other = dns_answer(make_query(parse_name("evil.example"), "A"), "evil.example. 60 IN A 198.51.100.66")
        other.id = query.id
        return [strange, other, b"\0", dns_answer(query, "example.com. 60 IN A 192.0.2.1")]

    assert (await ask(dns_server, network_to, handler)).records == ("192.0.2.1",)


async def test_garbage_with_our_id_is_unreadable(dns_server, network_to):
    def handler(query, transport):
        return query.id.to_bytes(2, "big") + b"\x80\0garbage"

    assert await why_of(ask(dns_server, network_to, handler)) is Why.UNREADABLE


async def test_an_empty_txt_record_is_unreadable(dns_server, network_to, dns_answer):
    def handler(query, _):
        wire = dns_answer(query).to_wire()
        end = 12 + len(query.question[0].name.to_wire()) + 4
        record = b"\xc0\x0c\0\x10\0\x01\0\0\0\x3c\0\0"
        return wire[:6] + b"\0\x01" + wire[8:10] + b"\0\0" + wire[12:end] + record

    assert await why_of(ask(dns_server, network_to, handler, rtype="TXT")) is Why.UNREADABLE


async def test_a_referral_is_not_an_empty_answer_but_gives_the_parents_delegation(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, authority=["example.com. 60 IN NS Ns1.example.net."])

    delegation = await ask(dns_server, network_to, handler, rtype="NS", server="192.0.2.53")
    assert (delegation.records, delegation.authoritative) == (("ns1.example.net",), False)
    assert await why_of(ask(dns_server, network_to, handler, server="192.0.2.53")) is Why.REFUSED


async def test_a_server_from_before_edns_is_asked_again_without_it(dns_server, network_to, dns_answer):
    def handler(query, _):
        if query.edns < 0:
            return dns_answer(query, "example.com. 60 IN A 192.0.2.1")
        reply = dns_answer(query, rcode=dns.rcode.FORMERR)
        reply.use_edns(False)
        return reply

    assert (await ask(dns_server, network_to, handler)).records == ("192.0.2.1",)


async def test_the_same_question_goes_out_once_however_many_ask_it(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, "example.com. 60 IN A 192.0.2.1")

    async with dns_server(handler) as server, asyncio.TaskGroup() as group:
        client = DnsClient(network_to(server.port), PATIENT)
        tasks = [group.create_task(client.query(n, "a")) for n in ("example.com", "EXAMPLE.com.", "example.com")]
        await asyncio.wait(tasks)
        assert len(server.asked) == 1


async def test_when_the_asker_is_cancelled_the_next_one_asks_itself(dns_server, network_to, dns_answer):
    answering = False

    def handler(query, _):
        return dns_answer(query, "example.com. 60 IN A 192.0.2.1") if answering else None

    async with dns_server(handler) as server, asyncio.TaskGroup() as group:
        client = DnsClient(network_to(server.port), (5.0,))
        first = group.create_task(client.query("example.com", "A"))
        second = group.create_task(client.query("example.com", "A"))
        await asyncio.sleep(0.05)
        answering = True
        first.cancel()
        assert (await second).records == ("192.0.2.1",)


async def test_a_silent_server_ends_with_the_callers_timeout(dns_server, network_to):
    async with dns_server(lambda *_: None) as server:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await DnsClient(network_to(server.port), (30.0,)).query("example.com", "A")
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["", "a..b", "x" * 64 + ".example", "☃.example"])
async def test_what_is_no_name_is_said_without_asking(network_to, name):
    assert await why_of(DnsClient(network_to()).query(name, "A")) is Why.NO_NAME


async def test_an_international_name_is_asked_in_its_dns_form(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, "xn--mnchen-3ya.example. 60 IN A 192.0.2.1")

    assert (await ask(dns_server, network_to, handler, "München.example")).name == "xn--mnchen-3ya.example"


async def test_a_private_server_is_not_asked_unless_it_is_our_resolver(network_to):
    client = DnsClient(network_to())
    assert await why_of(client.query("example.com", "A", server="169.254.169.254")) is Why.PRIVATE_ADDRESS


async def test_addresses_are_of_both_families_ipv4_first(dns_server, network_to, dns_answer):
    def handler(query, _):
        if "AAAA" in str(query.question[0]):
            return dns_answer(query, "example.com. 60 IN AAAA 2001:db8::1")
        return dns_answer(query, "example.com. 60 IN A 192.0.2.2")

    async with dns_server(handler) as server:
        client = DnsClient(network_to(server.port, resolve=(("given.example", ("192.0.2.77",)),)), PATIENT)
        assert await client.addresses("example.com") == ("192.0.2.2", "2001:db8::1")
        assert await client.addresses("Given.example.") == ("192.0.2.77",)
        assert await client.addresses("[2001:DB8::1]") == ("2001:db8::1",)
        assert len(server.asked) == 2


async def test_one_family_is_enough_and_a_failure_is_raised_only_without_any(dns_server, network_to, dns_answer):
    def handler(query, _):
        asked = str(query.question[0])
        if "AAAA" in asked:
            return dns_answer(query, rcode=dns.rcode.SERVFAIL)
        return dns_answer(query, *(["a.example.com. 60 IN A 192.0.2.1"] if asked.startswith("a.") else []))

    async with dns_server(handler) as server:
        client = DnsClient(network_to(server.port), QUICK)
        assert await client.addresses("a.example.com") == ("192.0.2.1",)
        assert await why_of(client.addresses("b.example.com")) is Why.REFUSED


async def test_a_host_without_addresses_has_no_name(dns_server, network_to, dns_answer):
    def handler(query, _):
        return dns_answer(query, authority=[SOA], rcode=dns.rcode.NXDOMAIN)

    async with dns_server(handler) as server:
        assert await why_of(DnsClient(network_to(server.port), QUICK).addresses("gone.example.com")) is Why.NO_NAME


NAME = parse_name("example.com")


@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes_are_a_reply_or_an_error_of_the_codec(tail, sections):
    wire = b"\0\x01\x81\x80\0\x01" + bytes([0, sections, 0, sections, 0, 1]) + NAME.to_wire() + b"\0\x10\0\x01" + tail
    try:
        reply = dns.message.from_wire(wire)
    except CODEC_ERRORS:
        return
    try:
        answer = read_answer(reply, NAME, "TXT", "192.0.2.53")
    except NotSeen:
        return
    assert isinstance(answer, DnsAnswer)


def sound_reply():
    """A reply with records of every kind that is read by type."""
    reply = dns.message.make_response(make_query(NAME, "ANY"))
    for text in (
        "CNAME b.example.",
        "MX 10 mail.example.",
        'TXT "v=spf1" "-all"',
        "SRV 1 2 443 a.example.",
        'HTTPS 1 . alpn="h2" ipv4hint="192.0.2.1"',
        'CAA 0 issue "ca.example"',
        "NSEC \\000.example.com. A RRSIG NSEC TYPE128",
        "DS 12345 13 2 " + "ab" * 32,
        "SOA ns.example. root.example. 1 2 3 4 60",
        "NS ns.example.",
    ):
        rtype, rdata = text.split(" ", 1)
        section = reply.authority if rtype in {"NSEC", "SOA", "NS"} else reply.answer
        section.append(dns.rrset.from_text(NAME, 60, "IN", rtype, rdata))
    return reply.to_wire()


def spoiled(changes):
    """The sound reply with some bytes changed."""
    wire = bytearray(SOUND)
    for at, byte in changes:
        wire[at] = byte
    return bytes(wire)


SOUND = sound_reply()
TYPES = ("A", "CNAME", "MX", "TXT", "SRV", "HTTPS", "CAA", "NS", "DS", "SOA", "NSEC")


@given(
    st.binary(max_size=300)
    | st.lists(st.tuples(st.integers(2, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=8).map(spoiled)
    | st.integers(0, len(SOUND)).map(lambda size: SOUND[:size]),
    st.sampled_from(TYPES),
)
def test_whatever_a_server_sends_is_an_answer_or_not_seen(wire, rtype):
    try:
        reply = dns.message.from_wire(wire)
    except CODEC_ERRORS:
        return
    with contextlib.suppress(NotSeen):
        answer = read_answer(reply, NAME, rtype, "192.0.2.53")
        assert (answer.status is DnsStatus.ANSWER) == bool(answer.records)
    with contextlib.suppress(NotSeen):
        read_signed(reply, NAME, rtype, "192.0.2.53")
