"""Where names lead, by each name server."""

from looking import SHORT_S, silent

from launchready_worlds.addresses import APEX, APP, APP_EDGE, DOMAIN, EDGE, NS1, NS2, NS2_V6, OLD_HOST, TOP_LEVEL, WWW

LOOKS = {
    "app-record-missing": lambda w: w.records(APP, "A") == ["NXDOMAIN"] and w.records(APEX, "A") == [EDGE],
    "zone-empty": lambda w: w.records(APEX, "A") == [] and bool(w.records(APEX, "NS")),
    "domain-not-registered": lambda w: w.records(APEX, "A") == w.records(APEX, "NS") == ["NXDOMAIN"],
    "second-address-stale": lambda w: w.records(APEX, "A") == [EDGE, OLD_HOST],
    "address-stale": lambda w: w.records(WWW, "A") == [OLD_HOST],
    "stray-aaaa": lambda w: w.records(APEX, "AAAA") == ["2001:db8::99"],
    "cname-undeclared": lambda w: w.records(APP, "CNAME") != [] and w.records(APP, "A")[0] == OLD_HOST,
    "second-nameserver-stale": lambda w: w.records(APP, "A", NS1) != w.records(APP, "A", NS2) == [OLD_HOST],
    "second-nameserver-lame": lambda w: w.records(APP, "A", NS2) == ["REFUSED"],
    "resolver-dead": lambda w: silent(lambda: w.dns(APEX, "A", timeout=SHORT_S)),
    "resolver-broken": lambda w: w.records(APEX, "A") == ["SERVFAIL"] and w.records(APEX, "A", NS1) == [EDGE],
    "resolver-refuses": lambda w: w.records(APEX, "A") == ["REFUSED"],
    "app-lookup-fails": lambda w: w.records(APP, "A") == ["SERVFAIL"] and w.records(APEX, "A") == [EDGE],
    "all-nameservers-lame": lambda w: (
        w.records(APP, "A") == ["SERVFAIL"] and "ns.farm.example." in str(w.dns(DOMAIN, "NS", TOP_LEVEL).authority)
    ),
    "second-nameserver-stale-over-ipv6": lambda w: (
        w.records(APP, "A", NS2) == [APP_EDGE] != w.records(APP, "A", NS2_V6)
    ),
    "third-nameserver-without-address": lambda w: f"ns3.{DOMAIN}." in w.records(DOMAIN, "NS"),
    "delegation-half-moved": lambda w: "ns.farm.example." in w.records(DOMAIN, "NS"),
    "apex-is-an-alias": lambda w: w.records(APEX, "CNAME") != [] and w.records(APEX, "A")[0] == EDGE,
    "dns-intercepted": lambda w: w.records("book.calendar.example", "A", NS1) == ["203.0.113.30"],
    "registry-blocked": lambda w: silent(lambda: w.dns("example", "NS", TOP_LEVEL, timeout=SHORT_S)),
    "no-ipv6-from-here": lambda w: (
        w.records(APP, "A", NS2) == [APP_EDGE] and silent(lambda: w.dns(APEX, "A", NS2_V6, timeout=SHORT_S))
    ),
    "delegation-in-another-order": lambda w: "NS2." in str(w.dns(DOMAIN, "NS", TOP_LEVEL).authority),
    "apex-flattened": lambda w: "cname" in w.declared()["hosts"][0] and w.records(APEX, "CNAME") == [],
    "apex-flattened-by-each-nameserver": lambda w: (
        "addresses" not in w.declared()["hosts"][0] and w.records(APEX, "A", NS1) != w.records(APEX, "A", NS2)
    ),
    "nameservers-blocked": lambda w: (
        w.records(APEX, "A") == [EDGE] and silent(lambda: w.dns(APEX, "A", NS1, timeout=SHORT_S))
    ),
    "cname-declared": lambda w: w.records(APP, "CNAME") == [w.declared()["hosts"][2].get("cname", "-") + "."],
    "wildcard-record": lambda w: w.records(f"anything.{DOMAIN}", "A") == w.records(APP, "A") == [APP_EDGE],
    "two-addresses-declared": lambda w: w.records(APEX, "A") == sorted(w.declared()["hosts"][0]["addresses"]) != [EDGE],
    "app-in-a-zone-of-its-own": lambda w: w.records(APP, "A") == [APP_EDGE] and w.records(APP, "A", NS1) == [],
    "addresses-by-turns": lambda w: sorted(w.records(APEX, "A", NS1) + w.records(APEX, "A", NS1)) == [EDGE, APP_EDGE],
    "second-nameserver-serial-behind": lambda w: (
        w.records(APEX, "SOA", NS1) != w.records(APEX, "SOA", NS2) != ["REFUSED"]
    ),
}
