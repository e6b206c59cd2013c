"""Names that lead nowhere, or somewhere else."""

from launchready_worlds.addresses import (
    APEX,
    APP,
    APP_EDGE,
    DOMAIN,
    EDGE,
    NS1,
    NS2,
    NS2_V6,
    NS_FARM,
    OLD_HOST,
    RESOLVER,
    TOP_LEVEL,
)
from launchready_worlds.faults import Findings, Outcome, blind, decoy, fault
from launchready_worlds.nameservers import Intercepted, Mood
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS, HOST_APEX, HOST_APP, HOST_WWW, HOSTS, PRODUCT
from launchready_worlds.zone import Zone

STRAY_AAAA = "2001:db8::99"
HOSTING_NAME = "brightpath.hosting.farm.example"

NO_MAIL_RECORDS: Findings = {
    "spf-missing": (BUSINESS,),
    "dkim-key-unusable": (BUSINESS,),
    "dmarc-missing": (BUSINESS,),
    "support-mailbox-unreachable": (PRODUCT,),
}
"""What else a zone without records lacks."""


def _parked(host: str) -> Findings:
    """What else is wrong with a host whose visitors all see the parking page."""
    return dict.fromkeys(("certificate-untrusted", "plain-http-served", "redirect-not-canonical"), (host,))


ALL_DOMAIN_CHECKS = {
    "domain-unresolved": HOSTS,
    "host-address-undeclared": HOSTS,
    "nameservers-disagree": (BUSINESS,),
    "delegation-differs": (BUSINESS,),
    "apex-alias": (BUSINESS,),
    "alias-dangling": HOSTS,
    "takeover-possible": HOSTS,
    "forgotten-name-claimable": (BUSINESS,),
    "host-name-doubled": HOSTS,
    "name-doubled": (BUSINESS,),
    "wildcard-hides-missing": HOSTS,
    "name-undeclared": (BUSINESS,),
    "https-record-differs": HOSTS,
    "domain-expires-soon": (BUSINESS,),
}


def declared_host(scene: Scene, name: str) -> dict[str, object]:
    """The entry of a host in the declaration."""
    for entry in scene.declaration["hosts"]:
        if entry["name"] == name:
            found: dict[str, object] = entry
            return found
    raise KeyError(name)


@fault(
    {"domain-unresolved": (HOST_APP,)},
)
def app_record_missing(scene: Scene) -> None:
    """The DNS record of the chat app was never created, so the app's address leads nowhere."""
    scene.drop("app", "A")


@fault(
    {"domain-unresolved": HOSTS},
    implies=NO_MAIL_RECORDS,
)
def zone_empty(scene: Scene) -> None:
    """The domain was moved to a new DNS company and the records were not copied over."""
    for zone in scene.zones():
        zone.keep_only("SOA", "NS")


@fault(
    {"domain-unresolved": HOSTS},
    implies=NO_MAIL_RECORDS,
)
def domain_not_registered(scene: Scene) -> None:
    """The domain's registration lapsed: the name does not exist any more."""
    scene.parent().drop("brightpath", "NS")
    scene.parent().drop("ns1.brightpath", "A")
    scene.parent().drop("ns2.brightpath", "A")


@fault(
    {"host-address-undeclared": (HOST_APEX,)},
    implies={"certificate-untrusted": (HOST_APEX,)},
)
def second_address_stale(scene: Scene) -> None:
    """The landing page has the old host's address too, so every second visitor sees a parking page."""
    scene.add("@", "A", OLD_HOST)


@fault(
    {"host-address-undeclared": (HOST_WWW,)},
    implies=_parked(HOST_WWW),
)
def address_stale(scene: Scene) -> None:
    """The www record still points to the old hosting company."""
    scene.put("www", "A", OLD_HOST)


@fault(
    {"host-address-undeclared": (HOST_APEX,)},
)
def stray_aaaa(scene: Scene) -> None:
    """An IPv6 record of a former provider was left behind, so visitors on modern phones go elsewhere."""
    scene.put("@", "AAAA", STRAY_AAAA)


@fault(
    {"host-address-undeclared": (HOST_APP,)},
    implies=_parked(HOST_APP),
)
def cname_undeclared(scene: Scene) -> None:
    """The app's name is an alias to a provider nobody wrote down."""
    scene.drop("app", "A")
    scene.put("app", "CNAME", f"{HOSTING_NAME}.")
    scene.servers[NS_FARM].zones["farm.example"].put("brightpath.hosting", "A", OLD_HOST)


@fault(
    {"nameservers-disagree": (BUSINESS,)},
)
def second_nameserver_stale(scene: Scene) -> None:
    """One of the two name servers still answers with last month's address of the app."""
    scene.servers[NS2].zones["brightpath.example"].put("app", "A", OLD_HOST)


@fault(
    {"nameservers-disagree": (BUSINESS,)},
)
def second_nameserver_lame(scene: Scene) -> None:
    """One of the two name servers does not know the domain any more."""
    scene.servers[NS2].zones.clear()


@blind(ALL_DOMAIN_CHECKS)
def resolver_dead(scene: Scene) -> None:
    """The DNS resolver does not answer."""
    scene.silence(RESOLVER)


@blind(ALL_DOMAIN_CHECKS)
def resolver_broken(scene: Scene) -> None:
    """The DNS resolver says SERVFAIL to everything."""
    scene.silence(RESOLVER, mood=Mood.FAILS)


@blind(
    {"domain-unresolved": HOSTS, "host-address-undeclared": HOSTS},
)
def resolver_refuses(scene: Scene) -> None:
    """The DNS resolver refuses to answer us."""
    scene.silence(RESOLVER, mood=Mood.REFUSES)


@blind(
    {"domain-unresolved": (HOST_APP,), "host-address-undeclared": (HOST_APP,)},
)
def app_lookup_fails(scene: Scene) -> None:
    """The resolver can't look up the app's address just now."""
    scene.resolver.failing.add((APP, "*"))


@fault(
    {"nameservers-disagree": (BUSINESS,)},
)
def all_nameservers_lame(scene: Scene) -> None:
    """The registrar names a new DNS company where the domain was never set up, and nothing resolves."""
    scene.parent().put("brightpath", "NS", "ns.farm.example.")


@fault(
    {"nameservers-disagree": (BUSINESS,)},
)
def second_nameserver_stale_over_ipv6(scene: Scene) -> None:
    """Asked over IPv6, one of the two name servers still answers with last month's address of the app."""
    scene.servers[NS2_V6].zones[DOMAIN].put("app", "A", OLD_HOST)


@fault(
    {"nameservers-disagree": (BUSINESS,)},
)
def third_nameserver_without_address(scene: Scene) -> None:
    """A third name server was entered everywhere, and its own name leads nowhere."""
    scene.add("@", "NS", f"ns3.{DOMAIN}.")
    scene.parent().add("brightpath", "NS", f"ns3.{DOMAIN}.")


@fault(
    {"delegation-differs": (BUSINESS,)},
)
def delegation_half_moved(scene: Scene) -> None:
    """A new name server was added to the zone and works, and nobody told the registrar."""
    scene.add("@", "NS", "ns.farm.example.")
    scene.servers[NS_FARM].zones[DOMAIN] = scene.servers[NS1].zones[DOMAIN].copy()


@fault(
    {"apex-alias": (BUSINESS,)},
    implies={"spf-missing": (BUSINESS,), "support-mailbox-unreachable": (PRODUCT,)},
)
def apex_is_an_alias(scene: Scene) -> None:
    """The bare domain was made an alias of the hosting company, so its mail records are not seen any more."""
    scene.put("@", "CNAME", f"{HOSTING_NAME}.")
    scene.servers[NS_FARM].zones["farm.example"].put("brightpath.hosting", "A", EDGE)


@blind(
    {"nameservers-disagree": (BUSINESS,), "apex-alias": (BUSINESS,), "delegation-differs": (BUSINESS,)},
)
def nameservers_blocked(scene: Scene) -> None:
    """Our network blocks questions to other name servers than the resolver."""
    scene.silence(NS1, NS2, NS2_V6, mood=Mood.BLOCKED)


@blind(
    {
        "nameservers-disagree": (BUSINESS,),
        "apex-alias": (BUSINESS,),
        "delegation-differs": (BUSINESS,),
        "dnssec-broken": (BUSINESS,),
    },
)
def dns_intercepted(scene: Scene) -> None:
    """We are in a hotel whose network sends every DNS question to a resolver of its own, whoever was asked."""
    for address, server in scene.servers.items():
        scene.servers[address] = Intercepted(server.zones, resolver=scene.resolver)


@blind({"delegation-differs": (BUSINESS,), "dnssec-broken": (BUSINESS,)})
def registry_blocked(scene: Scene) -> None:
    """The servers of the zone above don't answer us."""
    scene.silence(TOP_LEVEL, mood=Mood.BLOCKED)


@decoy(
    {"nameservers-disagree": (BUSINESS,), "delegation-differs": (BUSINESS,), "apex-alias": (BUSINESS,)},
)
def no_ipv6_from_here(scene: Scene) -> None:
    """We are in a network without IPv6, so a name server answers us at its other address only."""
    scene.silence(NS2_V6, mood=Mood.BLOCKED)


@decoy({"delegation-differs": (BUSINESS,)})
def delegation_in_another_order(scene: Scene) -> None:
    """The registrar lists the same name servers in another order and in capitals."""
    scene.parent().put("brightpath", "NS", f"NS2.{DOMAIN.upper()}.", f"NS1.{DOMAIN.upper()}.")


@decoy({"apex-alias": (BUSINESS,)})
def apex_flattened(scene: Scene) -> None:
    """The bare domain is declared as an alias, and the DNS company answers with the address of its target."""
    scene.servers[NS_FARM].zones["farm.example"].put("brightpath.hosting", "A", EDGE)
    entry = declared_host(scene, APEX)
    del entry["addresses"]
    entry["cname"] = HOSTING_NAME


@decoy(
    {"domain-unresolved": (HOST_APP,), "host-address-undeclared": (HOST_APP,), "nameservers-disagree": (BUSINESS,)},
)
def cname_declared(scene: Scene) -> None:
    """The app's name is an alias to its provider, as declared."""
    scene.drop("app", "A")
    scene.put("app", "CNAME", f"{HOSTING_NAME}.")
    scene.servers[NS_FARM].zones["farm.example"].put("brightpath.hosting", "A", APP_EDGE)
    entry = declared_host(scene, APP)
    del entry["addresses"]
    entry["cname"] = HOSTING_NAME


@decoy(
    {"domain-unresolved": (HOST_APP,), "host-address-undeclared": (HOST_APP,)},
)
def wildcard_record(scene: Scene) -> None:
    """The app has no record of its own; a wildcard answers with the declared address."""
    scene.drop("app", "A")
    scene.put("*", "A", APP_EDGE)


@decoy(
    {"host-address-undeclared": (HOST_APEX,), "nameservers-disagree": (BUSINESS,)},
)
def two_addresses_declared(scene: Scene) -> None:
    """The landing page has two addresses on purpose; each name server lists them in another order."""
    scene.put("@", "A", EDGE, APP_EDGE)
    scene.servers[NS2].zones["brightpath.example"].put("@", "A", APP_EDGE, EDGE)
    declared_host(scene, APEX)["addresses"] = [APP_EDGE, EDGE]


@decoy({"nameservers-disagree": (BUSINESS,), "domain-unresolved": (HOST_APP,), "host-address-undeclared": (HOST_APP,)})
def app_in_a_zone_of_its_own(scene: Scene) -> None:
    """The app's name is a zone of its own at another DNS company, so the founder's name servers refer to that one."""
    scene.drop("app", "A")
    scene.put("app", "NS", f"ns.{APP}.")
    scene.put("ns.app", "A", NS_FARM)
    soa = ("@", "SOA", "ns.farm.example. hostmaster.farm.example. 1 7200 900 1209600 300")
    records = (soa, ("@", "NS", f"ns.{APP}."), ("ns", "A", NS_FARM), ("@", "A", APP_EDGE))
    scene.servers[NS_FARM].zones[APP] = Zone(APP, records)


@decoy(
    {"nameservers-disagree": (BUSINESS,)},
)
def addresses_by_turns(scene: Scene) -> None:
    """The landing page has two addresses on purpose, and each name server gives an asker one of them in turn."""
    scene.put("@", "A", EDGE, APP_EDGE)
    for turn, zone in enumerate(scene.zones()):
        zone.take_turns("@", "A", turn)
    declared_host(scene, APEX)["addresses"] = [APP_EDGE, EDGE]


@decoy(
    {"nameservers-disagree": (BUSINESS,)},
)
def second_nameserver_serial_behind(scene: Scene) -> None:
    """The second name server has an older serial number and the same records of every host."""
    serial = "ns1.brightpath.example. hostmaster.brightpath.example. 2025120101 7200 900 1209600 300"
    scene.servers[NS2].zones["brightpath.example"].put("@", "SOA", serial)


@decoy({"nameservers-disagree": (BUSINESS,)}, Outcome.NOT_APPLICABLE)
def apex_flattened_by_each_nameserver(scene: Scene) -> None:
    """The DNS company looks the provider's name up for the bare domain, and each of its servers finds another edge."""
    scene.servers[NS2].zones[DOMAIN].put("@", "A", APP_EDGE)
    scene.servers[NS2_V6].zones[DOMAIN].put("@", "A", APP_EDGE)
    del declared_host(scene, APEX)["addresses"]
