"""What the probe of `probes/dnssec.py` sees. The signatures themselves are tested where they are verified."""

import pytest

from launchready.facts.dnssec import SignedRecords, Signing
from launchready.facts.domain import Nameserver, Nameservers, ZoneTop
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.probes.dnssec import dnssec

NS1, PARENT = "203.0.113.1", "203.0.113.61"
DOMAIN = Domain("example.com")
DS = "60485 13 2 " + "AB" * 32


@pytest.fixture
def servers(internet, clock):
    """One name server that answered, and a parent zone."""
    internet.records |= {("com", "NS"): ("ns.com.",), ("ns.com", "A"): (PARENT,)}
    at = clock.now()
    one = Nameserver("ns1.example.com", NS1, Measured((), at, 0.0), Measured(ZoneTop(()), at, 0.0))
    named = Measured(("ns1.example.com",), at, 0.0)
    return Nameservers((one,), named, named)


async def test_without_ds_record_the_domain_is_unsigned(internet, clock, servers):
    seen = await dnssec(DOMAIN, servers, internet.dns, clock)
    assert (seen.delegation_signers, seen.servers) == ((), ())


async def test_a_ds_record_without_keys_is_seen_on_each_server(internet, clock, servers):
    internet.servers[PARENT].records["example.com", "DS"] = (DS,)
    seen = await dnssec(DOMAIN, servers, internet.dns, clock)
    assert seen.delegation_signers == (DS.lower(),)
    assert isinstance(seen.servers[0].records, Measured)
    assert seen.servers[0].records.value == (SignedRecords("DNSKEY", Signing.NO_KEYS),)


async def test_a_silent_server_is_not_seen(internet, clock, servers):
    internet.servers[PARENT].records["example.com", "DS"] = (DS,)
    internet.servers[NS1].silent = True
    seen = await dnssec(DOMAIN, servers, internet.dns, clock)
    assert isinstance(seen.servers[0].records, Unmeasured)


async def test_an_unknown_way_of_signing_is_not_judged(internet, clock, servers):
    internet.servers[PARENT].records["example.com", "DS"] = (DS.replace(" 13 ", " 253 "),)
    with pytest.raises(NotSeen) as seen:
        await dnssec(DOMAIN, servers, internet.dns, clock)
    assert seen.value.why is Why.UNREADABLE


async def test_a_parent_that_refuses_is_not_an_unsigned_domain(internet, clock, servers):
    internet.servers[PARENT].refuses = True
    with pytest.raises(NotSeen):
        await dnssec(DOMAIN, servers, internet.dns, clock)
