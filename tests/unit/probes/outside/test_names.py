"""What the probes of `probes/domain.py` see, asked of real servers on loopback."""

import pytest

from launchready.facts.domain import HostAddresses, NameserverView
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.probes.domain import TIMES_ASKED_AGAIN, host_addresses, nameservers

APP, SITE = Host("app.example.com", "example.com"), Host("example.com", "example.com")
DOMAIN = Domain("example.com")
PRODUCT = Product("Shop", hosts=(SITE, APP, Host("other.example", "other.example")), domains=(DOMAIN,))
NS1, NS2, PARENT = "203.0.113.1", "203.0.113.2", "203.0.113.61"


@pytest.fixture
def delegated(internet):
    """A domain whose two name servers and parent zone agree."""
    names = ("ns1.example.com.", "ns2.example.com.")
    internet.records |= {
        ("example.com", "NS"): names,
        ("com", "NS"): ("ns.com.",),
        ("ns.com", "A"): (PARENT,),
        ("ns1.example.com", "A"): (NS1,),
        ("ns2.example.com", "A"): (NS2,),
    }
    internet.servers[PARENT].delegates["example.com"] = names
    for address in (NS1, NS2):
        for host in ("example.com", "app.example.com"):
            internet.servers[address].records[host, "A"] = ("203.0.113.10",)
    return internet


async def test_both_families_and_the_way_are_seen(internet):
    del internet.records["app.example.com", "A"]
    internet.records |= {
        ("app.example.com", "CNAME"): ("app.host.example.",),
        ("app.host.example", "A"): ("203.0.113.20", "203.0.113.10"),
        ("app.host.example", "AAAA"): ("2001:db8::20",),
    }
    seen = await host_addresses(APP, internet.dns)
    addresses = ("2001:db8::20", "203.0.113.10", "203.0.113.20")
    assert seen == HostAddresses(exists=True, addresses=addresses, cname_chain=("app.host.example",))


async def test_a_name_that_does_not_exist_and_one_without_an_address_are_two_things(internet):
    internet.texts("bare.example.com", "hello")
    gone = await host_addresses(Host("gone.example.com", "example.com"), internet.dns)
    bare = await host_addresses(Host("bare.example.com", "example.com"), internet.dns)
    assert (gone.exists, gone.addresses) == (False, ())
    assert (bare.exists, bare.addresses) == (True, ())


async def test_a_provider_that_flattens_its_alias_is_asked_for_it(internet):
    internet.records["shop.host.example", "A"] = ("203.0.113.10",)
    seen = await host_addresses(Host("example.com", "example.com", cname="shop.host.example"), internet.dns)
    assert (seen.cname_chain, seen.declared_target) == ((), ("203.0.113.10",))


async def test_a_resolver_that_fails_on_one_family_is_not_an_answer(internet):
    internet.resolver.failing.add(("app.example.com", "AAAA"))
    with pytest.raises(NotSeen):
        await host_addresses(APP, internet.dns)


async def test_every_server_is_asked_for_every_host_of_the_domain(delegated, clock):
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert [server.name for server in seen.servers] == ["ns1.example.com", "ns2.example.com"]
    assert isinstance(seen.delegation, Measured)
    assert seen.delegation.value == ("ns1.example.com", "ns2.example.com")
    views = tuple(
        NameserverView(host, True, ("203.0.113.10",), ttl_s=60) for host in ("app.example.com", "example.com")
    )
    assert [server.views for server in seen.servers] == [Measured(views, clock.now(), 0.0)] * 2


async def test_a_server_that_only_the_parent_names_is_asked_too(delegated, clock):
    delegated.records["example.com", "NS"] = ("ns1.example.com.",)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert [server.name for server in seen.servers] == ["ns1.example.com", "ns2.example.com"]


async def test_a_server_that_refuses_is_seen_as_one_that_refuses(delegated, clock):
    delegated.servers[NS2].refuses = True
    _, lame = (await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)).servers
    assert isinstance(lame.views, Measured)
    assert all("REFUSED" in view.refusal and not view.authoritative for view in lame.views.value)


async def test_a_server_without_authority_is_seen_as_such(delegated, clock):
    delegated.servers[NS2].authoritative = False
    _, lame = (await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)).servers
    assert isinstance(lame.views, Measured)
    assert [view.authoritative for view in lame.views.value] == [False, False]


async def test_a_silent_server_is_not_seen_and_hides_no_other(delegated, clock):
    delegated.servers[NS2].silent = True
    heard, silent = (await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)).servers
    assert isinstance(heard.views, Measured)
    assert isinstance(silent.views, Unmeasured)
    assert silent.views.why is Why.TIMED_OUT


async def test_an_alias_is_kept_and_not_what_it_leads_to(delegated, clock):
    zone = delegated.servers[NS1].records
    del zone["app.example.com", "A"]
    zone["app.example.com", "CNAME"] = ("app.host.example.",)
    zone["app.host.example", "A"] = ("203.0.113.99",)
    first, _ = (await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)).servers
    assert isinstance(first.views, Measured)
    assert first.views.value[0] == NameserverView("app.example.com", True, (), "app.host.example", ttl_s=60)


async def test_a_parent_that_is_silent_leaves_the_delegation_open(delegated, clock):
    delegated.servers[PARENT].silent = True
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert isinstance(seen.delegation, Unmeasured)
    assert len(seen.servers) == 2


async def test_a_domain_that_does_not_exist_has_no_servers(internet, clock):
    gone = Domain("gone.example")
    internet.records |= {("example", "NS"): ("ns.example.",), ("ns.example", "A"): (PARENT,)}
    seen = await nameservers(gone, PRODUCT, internet.dns, clock)
    assert seen.servers == ()
    assert isinstance(seen.delegation, Measured)


async def test_every_address_of_a_server_is_asked_and_what_it_names_is_kept(delegated, clock):
    delegated.records["ns2.example.com", "A"] = (NS2, PARENT)
    delegated.servers[NS1].records["example.com", "NS"] = ("ns1.example.com.",)
    soa = "ns1.example.com. hostmaster.example.com. 2026070101 7200 900 1209600 300"
    delegated.servers[NS1].records["example.com", "SOA"] = (soa,)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert [one.address for one in seen.servers] == [NS1, NS2, PARENT]
    assert isinstance(seen.servers[0].top, Measured)
    assert seen.servers[0].top.value.named == ("ns1.example.com",)
    assert seen.servers[0].top.value.serial == "2026070101"
    assert isinstance(seen.servers[1].top, Measured)
    assert seen.servers[1].top.value.serial == ""


async def test_an_alias_at_the_domain_itself_is_seen(delegated, clock):
    for records in (delegated.records, delegated.servers[NS1].records):
        records["example.com", "CNAME"] = ("shop.host.example.",)
        records.pop(("example.com", "NS"), None)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert len(seen.servers) == 2
    assert isinstance(seen.servers[0].top, Measured)
    assert seen.servers[0].top.value.alias == "shop.host.example"


async def test_ipv6_that_this_machine_lacks_is_left_out_where_ipv4_of_the_server_answered(delegated, clock):
    delegated.records["ns2.example.com", "AAAA"] = ("2001:db8::2",)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert [one.address for one in seen.servers] == [NS1, NS2]
    assert seen.out_of_reach == ("2001:db8::2",)


async def test_a_server_with_ipv6_alone_is_not_left_out(delegated, clock):
    del delegated.records["ns2.example.com", "A"]
    delegated.records["ns2.example.com", "AAAA"] = ("2001:db8::2",)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert isinstance(seen.servers[1].views, Unmeasured)
    assert seen.out_of_reach == ()


async def test_a_name_server_without_an_address_is_seen_as_such(delegated, clock):
    del delegated.records["ns2.example.com", "A"]
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert (seen.servers[1].address, isinstance(seen.servers[1].views, Measured)) == ("", True)


async def test_a_silent_server_of_the_parent_zone_hands_over_to_the_next(delegated, clock):
    delegated.records["com", "NS"] = ("a.ns.com.", "ns.com.")
    delegated.records["a.ns.com", "A"] = ("203.0.113.62",)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert isinstance(seen.delegation, Measured)


async def test_where_the_resolver_fails_the_servers_that_the_parent_names_are_asked(delegated, clock):
    delegated.resolver.failing.add(("example.com", "NS"))
    for server in (NS1, NS2):
        delegated.servers[server].refuses = True
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert isinstance(seen.named, Unmeasured)
    views = [one.views for one in seen.servers]
    assert all(isinstance(one, Measured) and all(v.refusal for v in one.value) for one in views)
    assert len(views) == 2


async def test_where_the_parent_is_silent_too_nothing_is_seen(delegated, clock):
    delegated.resolver.failing.add(("example.com", "NS"))
    delegated.servers[PARENT].silent = True
    with pytest.raises(NotSeen):
        await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)


async def test_a_server_that_answers_by_turns_is_told_from_a_stale_one(delegated, clock):
    stale = delegated.servers[NS2].records
    stale["app.example.com", "A"] = ("203.0.113.99",)
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert [v.varies for one in seen.servers for v in one.views.value] == [False] * 4


async def test_who_is_asked_again_only_where_servers_differ(delegated, clock):
    asked = 0
    original = delegated.servers[NS2].fill

    def by_turns(reply, name, rtype):
        nonlocal asked
        if (name, rtype) == ("app.example.com", "A"):
            asked += 1
            delegated.servers[NS2].records[name, rtype] = (f"203.0.113.{asked % 2 + 98}",)
        original(reply, name, rtype)

    delegated.servers[NS2].fill = by_turns
    seen = await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert [(v.host, v.varies) for v in seen.servers[1].views.value] == [
        ("app.example.com", True),
        ("example.com", False),
    ]
    assert delegated.dns.queries[NS1] <= 6 + 2 * TIMES_ASKED_AGAIN


@pytest.fixture(params=["app.example.com", "eu.example.com"])
def cut(request, delegated):
    """A zone below the domain with a server of its own, which both servers of the domain refer to."""
    name = request.param
    delegated.records["ns.elsewhere.example", "A"] = (PARENT,)

    def refer(server):
        original = server.fill
        return lambda reply, asked, rtype: original(reply, name if asked.endswith(name) else asked, rtype)

    for address in (NS1, NS2):
        server = delegated.servers[address]
        server.delegates[name] = ("ns.elsewhere.example.",)
        server.fill = refer(server)
    return name


async def test_a_host_in_a_zone_of_its_own_is_asked_of_that_zones_server(delegated, clock, cut):
    host = Host(cut if cut.startswith("app") else f"app.{cut}", "example.com")
    product = Product("Shop", hosts=(host,), domains=(DOMAIN,))
    delegated.servers[PARENT].records[host.name, "A"] = ("203.0.113.10",)
    seen = await nameservers(DOMAIN, product, delegated.dns, clock)
    view = NameserverView(host.name, authoritative=True, addresses=("203.0.113.10",), ttl_s=60)
    assert [one.views.value for one in seen.servers] == [(view,), (view,)]


async def test_a_zone_below_whose_server_does_not_know_it_is_seen_as_refused(delegated, clock, cut):
    host = Host(f"app.{cut}", "example.com")
    product = Product("Shop", hosts=(host,), domains=(DOMAIN,))
    delegated.servers[PARENT].failing |= {(host.name, "A"), (host.name, "AAAA")}
    first, _ = (await nameservers(DOMAIN, product, delegated.dns, clock)).servers
    assert isinstance(first.views, Measured)
    assert "SERVFAIL" in first.views.value[0].refusal


async def test_a_network_that_answers_for_the_name_servers_is_not_taken_for_them(delegated, clock):
    for address in (NS1, NS2):
        delegated.servers[address].authoritative = False
    with pytest.raises(NotSeen) as raised:
        await nameservers(DOMAIN, PRODUCT, delegated.dns, clock)
    assert raised.value.why is Why.OWN_NETWORK
