"""What the registry says, and how long records are kept."""

import datetime as dt
import json

from looking import SHORT_S, silent, slammed_port

from launchready_worlds.addresses import APEX, APP, DOMAIN, EDGE, NS1, OLD_HOST, REGISTRY, REGISTRY_EDGE

REGISTERED = f"https://{REGISTRY}/domain/{DOMAIN}"


def _registered(world):
    return json.loads(world.get(REGISTERED).body)


def _registered_days(world):
    (ends,) = (e["eventDate"] for e in _registered(world)["events"] if e["eventAction"] == "expiration")
    return (dt.datetime.fromisoformat(ends) - dt.datetime.now(dt.UTC)).days


def _days_to_change(world):
    return (world.declared()["product"]["dns_change"] - world.world.scene.now.date()).days


def _kept_s(world, name, kind):
    return world.dns(name, kind).answer[0].ttl


LOOKS = {
    "registration-ends-soon": lambda w: _registered_days(w) == 29,
    "registration-let-go": lambda w: _registered(w)["status"] == ["redemption period"],
    "registry-unreachable": lambda w: slammed_port(w, REGISTRY_EDGE, 443),
    "registry-says-no-end": lambda w: len(_registered(w)["events"]) == 1,
    "registry-busy": lambda w: w.get(REGISTERED).status == 429,
    "registration-ends-in-a-month": lambda w: _registered_days(w) == 31,
    "https-record-right": lambda w: f'ipv4hint="{EDGE}"' in str(w.records(APEX, "HTTPS")),
    "https-record-stale": lambda w: f'ipv4hint="{OLD_HOST}"' in str(w.records(APEX, "HTTPS")),
    "https-record-to-former-company": lambda w: (
        "edge.shared-hosting.test." in str(w.records(APP, "HTTPS"))
        and w.records("edge.shared-hosting.test", "A") == [OLD_HOST]
    ),
    "https-record-unanswered": lambda w: w.records(APP, "HTTPS") == ["SERVFAIL"],
    "https-record-without-hints": lambda w: w.records(APEX, "HTTPS") == ['1 . alpn="h2"'],
    "change-planned": lambda w: _days_to_change(w) == 7,
    "change-planned-records-kept-a-day": lambda w: _days_to_change(w) == 7 and _kept_s(w, APP, "A") == 86_400,
    "change-planned-nameservers-blocked": lambda w: (
        _days_to_change(w) == 7 and silent(lambda: w.dns(APEX, "A", NS1, timeout=SHORT_S))
    ),
    "change-planned-mail-kept-a-day": lambda w: _kept_s(w, DOMAIN, "MX") == 86_400 and _kept_s(w, APP, "A") == 3600,
    "records-kept-a-day-and-no-change": lambda w: _days_to_change(w) == 60 and _kept_s(w, APP, "A") == 86_400,
}
