"""What the probes of `probes/registration.py` and `probes/https_record.py` see."""

import json
from datetime import UTC, datetime

import pytest

from launchready.facts.https_record import HttpsRecord
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.probes.https_record import https_records
from launchready.probes.registration import MAX_REDIRECTS, registration

WEB = "203.0.113.10"
DOMAIN = Domain("example.com")
LIST = "https://www.example.com/rdap/dns.json"
REGISTRY = "https://app.example.com/domain/example.com"
ENDS = {"eventAction": "expiration", "eventDate": "2027-01-01T00:00:00Z"}
SAID = {"objectClassName": "domain", "ldhName": "EXAMPLE.COM", "events": [ENDS], "status": ["active"]}


@pytest.fixture
def registry(internet, monkeypatch):
    """IANA's list and a registry, under names that the tests have a certificate for."""
    monkeypatch.setattr("launchready.probes.registration.BOOTSTRAP", LIST)
    services = [[["com"], ["https://app.example.com/"]]]
    internet.show(LIST, json.dumps({"services": services}).encode(), content_type="application/json")
    internet.show(REGISTRY, json.dumps(SAID).encode(), content_type="application/rdap+json")
    return internet


async def test_the_end_of_a_registration_is_seen(registry, clock):
    seen = await registration(DOMAIN, registry.http, clock)
    assert (seen.expires_at, seen.states) == (datetime(2027, 1, 1, tzinfo=UTC), ("active",))
    assert registry.asked == [LIST, REGISTRY]


async def test_a_registry_that_sends_on_is_followed(registry, clock):
    registry.redirect(REGISTRY, "https://book.vendor.example/domain/example.com", 302)
    registry.show("https://book.vendor.example/domain/example.com", json.dumps(SAID).encode())
    assert (await registration(DOMAIN, registry.http, clock)).states == ("active",)


async def test_a_registry_that_sends_round_in_circles_is_left(registry, clock):
    registry.redirect(REGISTRY, REGISTRY, 302)
    assert await why_of(registration(DOMAIN, registry.http, clock)) is Why.UNREADABLE
    assert registry.asked.count(REGISTRY) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("url", "body", "status", "why"),
    [
        (LIST, b"no json", 200, Why.UNREADABLE),
        (LIST, b'{"services": []}', 200, Why.NOT_FOUND),
        (LIST, b"gone", 500, Why.UNREADABLE),
        (REGISTRY, b"{}", 200, Why.UNREADABLE),
        (REGISTRY, b"{}", 404, Why.NOT_FOUND),
        (REGISTRY, b"{}", 429, Why.UNREADABLE),
        (REGISTRY, json.dumps(SAID | {"events": []}).encode(), 200, Why.NOT_FOUND),
    ],
)
async def test_whatever_else_is_answered_is_not_a_long_registration(registry, clock, url, body, status, why):
    registry.show(url, body, status)
    assert await why_of(registration(DOMAIN, registry.http, clock)) is why


async def test_https_records_are_read_with_the_addresses_of_their_targets(internet):
    app = Host("app.example.com", "example.com")
    assert (await https_records(app, internet.dns)).records == ()
    internet.records["www.example.com", "HTTPS"] = (
        '1 . alpn="h2,h3" ipv4hint="192.0.2.9,192.0.2.1" ipv6hint="2001:db8::1"',
        '2 edge.host.example. alpn="h2"',
    )
    internet.records["edge.host.example", "A"] = (WEB,)
    seen = await https_records(Host("www.example.com", "example.com"), internet.dns)
    assert seen.records == (
        HttpsRecord("", ("192.0.2.1", "192.0.2.9", "2001:db8::1")),
        HttpsRecord("edge.host.example", (), (WEB,)),
    )


async def why_of(awaitable):
    with pytest.raises(NotSeen) as seen:
        await awaitable
    return seen.value.why
