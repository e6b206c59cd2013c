"""What the probe of `probes/hsts.py` sees."""

import pytest

from launchready.facts.hsts import FirstAnswer
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain
from launchready.probes.hsts import domain_promise

DOMAIN = Domain("example.com")


async def test_the_first_answers_are_kept_with_their_promise_and_not_followed(internet, clock):
    internet.redirect("https://example.com/", "/start", strict_transport_security="max-age=1")
    internet.redirect("http://example.com/", "https://example.com/")
    seen = await domain_promise(DOMAIN, internet.http, clock)
    assert seen.secure == FirstAnswer(301, "https://example.com/start", ("max-age=1",))
    assert isinstance(seen.plain, Measured)
    assert seen.plain.value == FirstAnswer(301, "https://example.com/", ())
    assert sorted(internet.asked) == ["http://example.com/", "https://example.com/"]


async def test_a_domain_without_an_address_promises_nothing(internet, clock):
    seen = await domain_promise(Domain("nowhere.example"), internet.http, clock)
    assert (seen.secure, seen.plain) == (None, None)


async def test_a_promise_that_was_not_seen_is_none_that_was_not_made(internet, clock):
    internet.records["shop.example", "A"] = ("203.0.113.10",)
    with pytest.raises(NotSeen) as unseen:
        await domain_promise(Domain("shop.example"), internet.http, clock)
    assert unseen.value.why is Why.CERTIFICATE


async def test_a_wall_before_plain_http_is_a_gap(internet, clock):
    internet.show("https://example.com/", strict_transport_security="max-age=1")
    internet.show("http://example.com/", status=403, cf_mitigated="challenge")
    seen = await domain_promise(DOMAIN, internet.http, clock)
    assert isinstance(seen.plain, Unmeasured)
