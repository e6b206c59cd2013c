"""The DNS of a world, asked by dnspython and read by its own resolver."""

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import pytest

from launchready_worlds.addresses import APP, APP_EDGE, DOMAIN, EDGE, NS1, NS2, NS_FARM, RESOLVER, ROOT, TOP_LEVEL
from launchready_worlds.dns_port import respond
from launchready_worlds.zone import Reply, Zone


def _resolver(world):
    address, port = world.address(RESOLVER, 53)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = [address], port, 3
    return resolver


def test_dnspython_resolves_every_kind_of_record_through_the_recursive_resolver(world):
    resolver = _resolver(world)
    answers = {
        kind: sorted(record.to_text() for record in resolver.resolve(DOMAIN, kind))
        for kind in ("A", "NS", "MX", "TXT", "SOA", "CAA")
    }
    assert answers["A"] == [EDGE]
    assert answers["NS"] == [f"ns1.{DOMAIN}.", f"ns2.{DOMAIN}."]
    assert answers["MX"] == ["10 mx.postmail.example."]
    assert answers["TXT"] == ['"v=spf1 include:spf.postmail.example -all"']
    assert answers["SOA"][0].startswith(f"ns1.{DOMAIN}. ")
    assert answers["CAA"] == ['0 issue "letsencrypt.org"']


def test_a_name_that_is_not_there_and_a_type_that_is_not_there_are_told_apart(world):
    resolver = _resolver(world)
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve(f"nothing.{DOMAIN}", "A")
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve(DOMAIN, "AAAA")
    for name in (f"nothing.{DOMAIN}", f"_domainkey.{DOMAIN}"):
        assert [rrset.rdtype for rrset in world.dns(name, "A").authority] == [dns.rdatatype.SOA]
    assert world.dns(f"_domainkey.{DOMAIN}", "A").rcode() == dns.rcode.NOERROR


def test_the_resolver_recurses_and_the_authority_does_not(world):
    recursive = world.dns(APP, "A")
    assert recursive.flags & dns.flags.RA
    assert not recursive.flags & (dns.flags.AA | dns.flags.AD)
    authoritative = world.dns(APP, "A", NS1)
    assert authoritative.flags & dns.flags.AA
    assert not authoritative.flags & dns.flags.RA


def test_an_authority_refuses_what_is_not_its_own(world):
    assert world.records("calendar.example", "A", NS1) == ["REFUSED"]
    assert world.records(DOMAIN, "A", NS_FARM) == ["REFUSED"]


def test_parents_delegate_with_glue(world):
    for server, cut in ((ROOT, "example."), (TOP_LEVEL, f"{DOMAIN}.")):
        response = world.dns(APP, "A", server)
        assert not response.flags & dns.flags.AA
        assert not response.answer
        assert [rrset.name.to_text() for rrset in response.authority] == [cut]
        assert response.additional


def test_both_name_servers_hold_the_same_records_each_in_its_own_copy(world):
    assert world.records(APP, "A", NS1) == world.records(APP, "A", NS2) == [APP_EDGE]
    world.reset("second-nameserver-stale")
    assert world.records(APP, "A", NS1) == [APP_EDGE]
    assert world.records(APP, "A", NS2) != [APP_EDGE]


def test_the_question_comes_back_as_it_was_spelt(world):
    response = world.dns("BrightPath.eXample", "A")
    assert response.question[0].name.to_text() == "BrightPath.eXample."
    assert world.records("BrightPath.eXample", "A") == [EDGE]


def test_an_answer_that_does_not_fit_is_cut_and_comes_whole_over_tcp():
    big = Zone("big.example", (("@", "TXT", *(f'"{number:0200}"' for number in range(5))),))
    name = dns.name.from_text("big.example")
    asked = dns.message.make_query(name, "TXT").to_wire()
    cut = dns.message.from_wire(respond(asked, big.answer, recursive=False, limit=None))
    assert cut.flags & dns.flags.TC
    assert not cut.answer
    whole = dns.message.from_wire(respond(asked, big.answer, recursive=False, limit=65535))
    assert len(whole.answer[0]) == 5


def test_a_long_answer_fits_when_the_client_says_that_it_takes_more():
    zone = Zone("big.example", (("@", "TXT", *(f'"{number:0200}"' for number in range(5))),))
    asked = dns.message.make_query("big.example", "TXT", use_edns=0, payload=4096).to_wire()
    answer = dns.message.from_wire(respond(asked, zone.answer, recursive=False, limit=None))
    assert not answer.flags & dns.flags.TC
    assert answer.edns == 0


def test_bytes_that_are_no_question_get_a_format_error_or_silence():
    def never(*_asked: object) -> Reply:
        raise AssertionError("no question was asked")

    assert respond(b"\x12", never, recursive=False, limit=None) is None
    error = respond(b"\x12\x34" + b"\xff" * 20, never, recursive=False, limit=None)
    assert error[:2] == b"\x12\x34"
    assert dns.message.from_wire(error).rcode() == dns.rcode.FORMERR


def test_a_chain_of_aliases_is_followed_across_zones(world):
    world.reset("cname-declared")
    answer = _resolver(world).resolve(APP, "A")
    assert [record.to_text() for record in answer] == [APP_EDGE]
    assert answer.canonical_name.to_text() == "brightpath.hosting.farm.example."


def test_a_chain_of_aliases_that_bites_its_tail_ends():
    zone = Zone("loop.example", (("a", "CNAME", "b"), ("b", "CNAME", "a")))
    reply = zone.answer(dns.name.from_text("a.loop.example"), dns.rdatatype.A)
    assert len(reply.answer) <= 8


def test_a_wildcard_covers_missing_names_and_no_existing_ones():
    zone = Zone(
        "wild.example",
        (("@", "SOA", "ns. host. 1 1 1 1 1"), ("*", "A", "203.0.113.1"), ("a.there", "A", "203.0.113.2")),
    )

    def ask(name: str) -> Reply:
        return zone.answer(dns.name.from_text(name), dns.rdatatype.A)

    assert ask("any.wild.example").answer[0].name.to_text() == "any.wild.example."
    assert ask("two.deep.wild.example").answer
    assert ask("there.wild.example").rcode == dns.rcode.NOERROR
    assert not ask("there.wild.example").answer
    assert ask("b.there.wild.example").rcode == dns.rcode.NXDOMAIN


def test_records_are_replaced_added_and_removed_and_a_wrong_removal_is_noticed():
    zone = Zone("edit.example", (("@", "A", "203.0.113.1"),))
    zone.add("@", "A", "203.0.113.2")
    assert zone.texts("@", "A") == ["203.0.113.1", "203.0.113.2"]
    twin = zone.copy()
    zone.drop("@", "A")
    assert zone.texts("@", "A") == []
    assert twin.texts("@", "A") == ["203.0.113.1", "203.0.113.2"]
    with pytest.raises(KeyError):
        zone.drop("@", "A")


def _zone():
    soa = ("@", "SOA", "ns.example. root.example. 1 7200 900 1209600 300")
    return Zone("brightpath.example", (soa, ("@", "A", EDGE, APP_EDGE), ("www", "A", EDGE)))


def test_signatures_are_given_to_those_who_ask_for_them_and_verify(world):
    world.reset("zone-signed")
    name, address = dns.name.from_text(DOMAIN), world.address(NS1, 53)
    plain = dns.query.udp(dns.message.make_query(DOMAIN, "A"), address[0], 3, address[1])
    assert [rrset.rdtype for rrset in plain.answer] == [dns.rdatatype.A]
    signed = dns.query.udp(dns.message.make_query(DOMAIN, "A", want_dnssec=True), address[0], 3, address[1])
    keys = dns.query.udp(dns.message.make_query(DOMAIN, "DNSKEY"), address[0], 3, address[1]).answer[0]
    dns.dnssec.validate(*signed.answer, {name: keys})
    ds = world.dns(DOMAIN, "DS", TOP_LEVEL)
    assert ds.flags & dns.flags.AA
    assert ds.answer[0][0] == dns.dnssec.make_ds(name, keys[0], "SHA256")
    world.reset()


def test_an_unsigned_zones_parent_denies_the_ds_record_itself(world):
    denied = world.dns(DOMAIN, "DS", TOP_LEVEL)
    assert denied.flags & dns.flags.AA
    assert (denied.rcode(), denied.answer) == (dns.rcode.NOERROR, [])


def test_records_by_turns_come_one_at_a_time_and_all_in_the_end():
    zone = _zone()
    zone.take_turns("@", "A", 1)
    seen = [zone.answer(zone.origin, dns.rdatatype.A).answer[0] for _ in range(3)]
    assert [[rdata.to_text() for rdata in rrset] for rrset in seen] == [[APP_EDGE], [EDGE], [APP_EDGE]]


def test_a_compact_denial_says_so_of_missing_names_only():
    zone = _zone()
    zone.deny_compactly()
    missing = zone.answer(dns.name.from_text(f"gone.{DOMAIN}"), dns.rdatatype.A)
    without = zone.answer(dns.name.from_text(f"www.{DOMAIN}"), dns.rdatatype.MX)
    assert (missing.rcode, without.rcode) == (dns.rcode.NOERROR, dns.rcode.NOERROR)
    assert [rrset.rdtype for rrset in missing.authority] == [dns.rdatatype.SOA, dns.rdatatype.NSEC]
    assert [rrset.rdtype for rrset in without.authority] == [dns.rdatatype.SOA]
