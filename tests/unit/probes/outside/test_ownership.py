"""What the probe of `probes/ownership.py` takes for proof."""

from dataclasses import replace

import pytest

from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host
from launchready.probes.ownership import ownership

TOKEN = "0123456789abcdef" * 2
SITE = Host("app.example.com", "example.com")
PRODUCT = Product("Shop", hosts=(SITE,), domains=(Domain("example.com"),), ownership_token=TOKEN)
URL = "https://app.example.com/.well-known/launchready"
RECORD = "_launchready.example.com"


async def is_proven(internet, clock):
    return (await ownership(SITE, PRODUCT, internet.http, internet.dns, clock)).proven


@pytest.mark.parametrize("body", [TOKEN, f"{TOKEN}\n", f"  {TOKEN}\r\n"])
async def test_the_served_token_is_proof(internet, clock, body):
    internet.show(URL, body.encode(), content_type="text/plain")
    assert await is_proven(internet, clock)


async def test_the_published_token_is_proof(internet, clock):
    internet.texts(RECORD, "something else", f"launchready={TOKEN}")
    seen = await ownership(SITE, PRODUCT, internet.http, internet.dns, clock)
    assert seen.proven
    assert seen.looked_at == (URL, "TXT _launchready.example.com")


@pytest.mark.parametrize(
    ("status", "body"), [(200, TOKEN[:-1]), (200, f"{TOKEN}0"), (200, TOKEN.upper()), (200, ""), (404, TOKEN)]
)
async def test_anything_but_the_token_is_none(internet, clock, status, body):
    internet.show(URL, body.encode(), status)
    assert not await is_proven(internet, clock)


async def test_a_page_that_holds_the_token_somewhere_is_none(internet, clock):
    internet.show(URL, f"<p>{TOKEN}</p>".encode())
    assert not await is_proven(internet, clock)


async def test_another_hosts_token_is_none(internet, clock):
    internet.redirect(URL, "https://example.com/.well-known/launchready")
    internet.show("https://example.com/.well-known/launchready", TOKEN.encode())
    assert not await is_proven(internet, clock)
    assert internet.asked == [URL]


async def test_the_records_text_counts_whole(internet, clock):
    internet.texts(RECORD, TOKEN, f"launchready={TOKEN}0", f"LAUNCHREADY={TOKEN}")
    assert not await is_proven(internet, clock)


async def test_one_place_is_enough_where_the_other_can_not_be_seen(internet, clock):
    internet.resolver.failing.add((RECORD, "TXT"))
    internet.show(URL, TOKEN.encode())
    assert await is_proven(internet, clock)


async def test_a_place_that_can_not_be_seen_is_no_refusal(internet, clock):
    internet.resolver.failing.add((RECORD, "TXT"))
    with pytest.raises(NotSeen) as seen:
        await is_proven(internet, clock)
    assert seen.value.why is Why.REFUSED


async def test_without_a_declared_token_nothing_is_asked(internet, clock):
    with pytest.raises(NotSeen) as seen:
        await ownership(SITE, replace(PRODUCT, ownership_token=""), internet.http, internet.dns, clock)
    assert seen.value.why is Why.NOT_DECLARED
    assert internet.asked == []
