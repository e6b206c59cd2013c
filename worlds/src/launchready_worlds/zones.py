"""The zones of the good world, and which server holds a copy of which."""

from launchready_worlds.addresses import (
    APP_EDGE,
    BOOKING_EDGE,
    DOMAIN,
    EDGE,
    MAIL_EXCHANGE,
    NS1,
    NS2,
    NS2_V6,
    NS_FARM,
    REGISTRY,
    REGISTRY_EDGE,
    REGISTRY_LIST,
    ROOT,
    TOP_LEVEL,
)
from launchready_worlds.nameservers import NameServer
from launchready_worlds.zone import Zone

TXT_STRING_BYTES = 255
"""The longest string a TXT record holds; longer values are several strings (RFC 1035 section 3.3.14)."""
FARM = "ns.farm.example."
REVERSE = "113.0.203.in-addr.arpa"
"""Where the names of addresses 203.0.113.x are kept (RFC 1035 section 3.5)."""
DKIM_SELECTOR = "s1"


def quoted(text: str) -> str:
    """A TXT value in zone-file syntax, cut into strings that fit."""
    pieces = [text[at : at + TXT_STRING_BYTES] for at in range(0, len(text), TXT_STRING_BYTES)]
    return " ".join(f'"{piece}"' for piece in pieces or [""])


def _soa(primary: str, contact: str) -> tuple[str, ...]:
    return ("@", "SOA", f"{primary} {contact} 2026010101 7200 900 1209600 300")


def business_zone(dkim_key: str) -> Zone:
    """The founder's zone, with everything a launch needs.

    Args:
        dkim_key: The public key, base64 of its DER form (RFC 6376 section 3.6.1).
    """
    return Zone(
        DOMAIN,
        (
            _soa(f"ns1.{DOMAIN}.", f"hostmaster.{DOMAIN}."),
            ("@", "NS", f"ns1.{DOMAIN}.", f"ns2.{DOMAIN}."),
            ("ns1", "A", NS1),
            ("ns2", "A", NS2),
            ("ns2", "AAAA", NS2_V6),
            ("@", "A", EDGE),
            ("www", "A", EDGE),
            ("app", "A", APP_EDGE),
            ("@", "MX", "10 mx.postmail.example."),
            ("@", "TXT", quoted("v=spf1 include:spf.postmail.example -all")),
            (f"{DKIM_SELECTOR}._domainkey", "TXT", quoted(f"v=DKIM1; k=rsa; p={dkim_key}")),
            ("_dmarc", "TXT", quoted(f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{DOMAIN}")),
            ("@", "CAA", '0 issue "letsencrypt.org"'),
        ),
    )


def _company(name: str, *records: tuple[str, ...]) -> Zone:
    return Zone(name, (_soa(FARM, f"hostmaster.{name}."), ("@", "NS", FARM), *records))


def _farm() -> dict[str, Zone]:
    zones = (
        _company("farm.example", ("ns", "A", NS_FARM)),
        _company("inbox.example", ("@", "MX", "10 mx.inbox.example."), ("mx", "A", MAIL_EXCHANGE)),
        _company("calendar.example", ("book", "A", BOOKING_EDGE), ("@", "MX", "10 mx.postmail.example.")),
        _company(
            "postmail.example",
            ("mx", "A", MAIL_EXCHANGE),
            ("smtp", "A", MAIL_EXCHANGE),
            ("spf", "TXT", quoted(f"v=spf1 ip4:{MAIL_EXCHANGE} -all")),
        ),
        _company(REGISTRY_LIST, ("@", "A", REGISTRY_EDGE)),
        _company(REVERSE, (MAIL_EXCHANGE.rpartition(".")[2], "PTR", "mx.postmail.example.")),
    )
    return {zone.origin.to_text(omit_final_dot=True): zone for zone in zones}


def _top_level() -> Zone:
    zone = Zone(
        "example",
        (
            _soa("ns.example.", "hostmaster.example."),
            ("@", "NS", "ns.example."),
            ("ns", "A", TOP_LEVEL),
            (DOMAIN + ".", "NS", f"ns1.{DOMAIN}.", f"ns2.{DOMAIN}."),
            (f"ns1.{DOMAIN}.", "A", NS1),
            (f"ns2.{DOMAIN}.", "A", NS2),
            (FARM, "A", NS_FARM),
            (f"{REGISTRY}.", "A", REGISTRY_EDGE),
        ),
    )
    for company in ("farm", "inbox", "calendar", "postmail"):
        zone.put(company, "NS", FARM)
    return zone


def _root() -> Zone:
    return Zone(
        ".",
        (
            _soa("a.root-servers.example.", "hostmaster.example."),
            (".", "NS", "a.root-servers.example."),
            ("example.", "NS", "ns.example."),
            ("ns.example.", "A", TOP_LEVEL),
            (f"{REVERSE}.", "NS", FARM),
            (f"{REGISTRY_LIST}.", "NS", FARM),
            (FARM, "A", NS_FARM),
        ),
    )


def good_servers(dkim_key: str) -> dict[str, NameServer]:
    """Every authoritative server of the good world by its logical address, each with its own copies."""
    business = business_zone(dkim_key)
    return {
        NS1: NameServer({DOMAIN: business}),
        NS2: NameServer({DOMAIN: business.copy()}),
        NS2_V6: NameServer({DOMAIN: business.copy()}),
        NS_FARM: NameServer(_farm()),
        ROOT: NameServer({".": _root()}),
        TOP_LEVEL: NameServer({"example": _top_level()}),
    }
