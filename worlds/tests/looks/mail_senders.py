"""Who may send in the founder's name."""

from looking import COMPANY, has_key

from launchready_worlds.addresses import DOMAIN

BOUNCES = f"bounces.{DOMAIN}"


LOOKS = {
    "spf-leaves-sender-out": lambda w: w.records(DOMAIN, "TXT") == ['"v=spf1 ip4:203.0.113.41 -all"'],
    "spf-holds-sender-for-forged": lambda w: w.records(f"spf.{COMPANY}", "TXT")[0].endswith('41 ~all"'),
    "bounce-policy-unreadable": lambda w: "ipv4:" in w.records(BOUNCES, "TXT")[0],
    "bounce-domain-absent": lambda w: (
        w.declared()["senders"][0]["bounce_domain"] == BOUNCES and w.records(BOUNCES, "TXT") == ["NXDOMAIN"]
    ),
    "bounce-domain-unanswered": lambda w: w.records(BOUNCES, "TXT") == ["SERVFAIL"],
    "bounces-to-a-name-of-its-own": lambda w: w.records(BOUNCES, "TXT") == ['"v=spf1 ip4:203.0.113.40 -all"'],
    "spf-where-bounces-go": lambda w: (
        w.records(DOMAIN, "TXT") == [] and w.declared()["senders"][0]["bounce_domain"] == BOUNCES
    ),
    "bounce-domain-behind-an-alias": lambda w: w.records(BOUNCES, "CNAME") == [f"return.{COMPANY}."],
    "spf-asks-by-address": lambda w: "%{i}" in w.records(DOMAIN, "TXT")[0],
    "sender-addresses-unsaid": lambda w: w.declared()["senders"][0]["addresses"] == [],
    "forgotten-service-may-sign": lambda w: has_key(w, f"resend._domainkey.{DOMAIN}"),
    "senders-unanswered": lambda w: w.records(DOMAIN, "TXT") == ["SERVFAIL"],
    "keys-that-name-nobody": lambda w: (
        has_key(w, f"k1._domainkey.{DOMAIN}") and has_key(w, f"mandrill._domainkey.{DOMAIN}")
    ),
}
