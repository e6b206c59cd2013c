"""What is seen of names, asked of real servers on loopback."""

from launchready.facts.domain import HostAddresses, Nameserver, NameserverView
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.probes.domain import host_addresses, nameservers

APP = Host("app.example.com", "example.com")
DOMAIN = Domain("example.com")
PRODUCT = Product("P", (Host("www.example.com", "example.com"), APP, Host("other.net", "other.net")), (DOMAIN,))


async def test_both_families_are_asked_and_sorted_together(internet) -> None:
    internet.say("app.example.com", "A", "192.0.2.9", "192.0.2.10")
    internet.say("app.example.com", "AAAA", "2001:db8::1")
    assert await host_addresses(APP, internet.dns) == HostAddresses(
        True, ("192.0.2.10", "192.0.2.9", "2001:db8::1"), ()
    )


async def test_a_name_that_does_not_exist_and_one_without_address_are_two_things(internet) -> None:
    del internet.resolver.records["app.example.com", "A"]
    assert await host_addresses(APP, internet.dns) == HostAddresses(False, (), ())
    internet.say("new.example.com", "TXT", '"soon"')
    assert await host_addresses(Host("new.example.com", "example.com"), internet.dns) == HostAddresses(True, (), ())


async def test_aliases_are_named_in_order(internet) -> None:
    internet.say("app.example.com", "CNAME", "a.example.")
    internet.say("a.example", "CNAME", "b.example.")
    internet.say("b.example", "A", "192.0.2.9")
    seen = await host_addresses(Host("app.example.com", "example.com", cname="a.example"), internet.dns)
    assert seen == HostAddresses(True, ("192.0.2.9",), ("a.example", "b.example"))


async def test_a_declared_alias_that_is_not_on_the_way_is_asked_for_its_addresses(internet) -> None:
    internet.say("a.example", "A", "192.0.2.9")
    seen = await host_addresses(Host("app.example.com", "example.com", cname="a.example"), internet.dns)
    assert seen == HostAddresses(True, ("192.0.2.1",), (), declared_target=("192.0.2.9",))


def delegate(internet, *names: str) -> None:
    """Two servers, a and b, known to the domain itself, and those that the parent names."""
    for name, address in zip("abc", internet.servers, strict=True):
        internet.say(f"{name}.ns.example", "A", address)
        for host in ("app.example.com", "www.example.com"):
            internet.servers[address].records[host, "A"] = ("192.0.2.1",)
    internet.say("example.com", "NS", "a.ns.example.", "b.ns.example.")
    internet.say("com", "NS", "parent.example.")
    internet.say("parent.example", "A", "192.0.2.103")
    internet.servers["192.0.2.103"].authoritative = False
    internet.servers["192.0.2.103"].delegations["example.com"] = names or ("a.ns.example.", "b.ns.example.")


def views(server: Nameserver) -> tuple[NameserverView, ...]:
    assert isinstance(server.views, Measured)
    return server.views.value


AGREED = tuple(NameserverView(f"{name}.example.com", True, ("192.0.2.1",)) for name in ("app", "www"))


async def test_each_server_is_asked_for_every_host_of_the_domain_and_no_other(internet) -> None:
    delegate(internet)
    seen = await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)
    assert [server.name for server in seen.servers] == ["a.ns.example", "b.ns.example"]
    assert [views(server) for server in seen.servers] == [AGREED, AGREED]
    assert isinstance(seen.delegation, Measured)
    assert seen.delegation.value == ("a.ns.example", "b.ns.example")
    assert {name for name, _ in internet.servers["192.0.2.101"].asked} == {"app.example.com", "www.example.com"}


async def test_a_server_without_authority_is_seen_as_such(internet) -> None:
    delegate(internet)
    internet.servers["192.0.2.102"].authoritative = False
    _, lame = (await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)).servers
    assert [view.authoritative for view in views(lame)] == [False, False]


async def test_a_server_that_refuses_is_a_view_with_its_words(internet) -> None:
    delegate(internet)
    internet.servers["192.0.2.102"].refuses = True
    _, refusing = (await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)).servers
    assert views(refusing)[0] == NameserverView(
        "app.example.com", False, (), refusal="192.0.2.102 answered REFUSED for app.example.com A."
    )


async def test_a_silent_server_is_not_seen_while_the_other_is(internet) -> None:
    delegate(internet)
    internet.servers["192.0.2.101"].silent = True
    silent, good = (await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)).servers
    assert isinstance(silent.views, Unmeasured)
    assert silent.views.why is Why.TIMED_OUT
    assert views(good) == AGREED


async def test_a_server_without_an_address_is_not_seen(internet) -> None:
    delegate(internet)
    del internet.resolver.records["b.ns.example", "A"]
    _, nameless = (await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)).servers
    assert isinstance(nameless.views, Unmeasured)
    assert nameless.views.why is Why.NO_NAME


async def test_a_server_that_only_the_parent_names_is_asked_too(internet) -> None:
    delegate(internet, "old.ns.example.")
    internet.say("old.ns.example", "A", "192.0.2.103")
    internet.servers["192.0.2.103"].records.clear()
    seen = await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)
    assert [server.name for server in seen.servers] == ["a.ns.example", "b.ns.example", "old.ns.example"]
    assert not any(view.authoritative for view in views(seen.servers[-1]))


async def test_an_alias_is_what_a_server_names_first(internet) -> None:
    delegate(internet)
    internet.servers["192.0.2.101"].records["app.example.com", "CNAME"] = ("x.render.example.",)
    first, _ = (await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)).servers
    assert views(first)[0] == NameserverView("app.example.com", True, (), alias="x.render.example")


async def test_a_parent_that_nobody_knows_is_a_gap_and_the_servers_are_still_asked(internet) -> None:
    delegate(internet)
    del internet.resolver.records["com", "NS"]
    seen = await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)
    assert isinstance(seen.delegation, Unmeasured)
    assert (seen.delegation.why, seen.delegation.detail) == (
        Why.UNREADABLE,
        "No zone above example.com says who serves it.",
    )
    assert [views(server) for server in seen.servers] == [AGREED, AGREED]


async def test_a_domain_that_does_not_exist_has_no_servers(internet) -> None:
    delegate(internet)
    del internet.resolver.records["example.com", "NS"], internet.resolver.records["example.com", "A"]
    assert (await nameservers(DOMAIN, PRODUCT, internet.dns, internet.clock)).servers == ()
