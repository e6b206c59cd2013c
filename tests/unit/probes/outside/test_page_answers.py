"""What the probe of `probes/pages.py` sees."""

from dataclasses import replace

import pytest

from launchready.facts.pages import PageAnswer
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host
from launchready.probes import pages
from launchready.probes.pages import page_answers

SITE = Host("example.com", "example.com", purpose="landing page")
PRODUCT = Product("Shop", (SITE,), (Domain("example.com"),), has_file=True)
HTTPS = "https://example.com/"
OFFER = Endpoint(f"{HTTPS}offer", EndpointKind.PAGE, contains="Bread")
LONG = b"<p>" + b"Cakes and rolls for every day of the week. " * 20


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAUSES_S", (0.0, 0.0, 0.0))


async def answers_of(internet, clock, host=SITE, product=PRODUCT):
    return [one.answer for one in (await page_answers(host, product, internet.http, clock)).pages]


async def test_the_front_page_and_the_declared_ones_are_opened_each_once(internet, clock):
    internet.show(HTTPS, b"Hello")
    internet.show(OFFER.url, b"<p>Bread</p>")
    front, offer = await answers_of(internet, clock, product=replace(PRODUCT, endpoints=(OFFER,)))
    assert front.value == PageAnswer(HTTPS, 200, "", has_wanted=True, is_empty=False)
    assert offer.value == PageAnswer(OFFER.url, 200, "Bread", has_wanted=True, is_empty=False)
    assert internet.http.requests["example.com"] == 2


async def test_words_that_are_missing_count_on_a_page_with_text_and_not_on_a_frame(internet, clock):
    product = replace(PRODUCT, endpoints=(OFFER,))
    internet.show(HTTPS, b"Hello")
    internet.show(OFFER.url, LONG)
    assert not (await answers_of(internet, clock, product=product))[1].value.has_wanted
    internet.show(OFFER.url, b"<p>Loading</p>")
    assert isinstance((await answers_of(internet, clock, product=product))[1], Unmeasured)


async def test_an_error_is_asked_about_again_and_counts_where_it_stays(internet, clock):
    internet.show(HTTPS, b"down", status=503)
    (answer,) = await answers_of(internet, clock)
    assert (answer.value.status, internet.http.requests["example.com"]) == (503, 4)


@pytest.mark.parametrize("status", [403, 429])
async def test_who_may_turn_programs_away_says_nothing(internet, clock, status):
    internet.show(HTTPS, b"no", status=status)
    (answer,) = await answers_of(internet, clock)
    assert isinstance(answer, Unmeasured)
    assert answer.why is Why.CHALLENGED


async def test_hosts_for_others_than_strangers_are_not_opened(internet, clock):
    api = Host("api.example.com", "example.com", purpose="API")
    www = Host(
        "www.example.com", "example.com", purpose="sends to the landing page", redirects_to="https://example.com"
    )
    for host in (api, www):
        assert await answers_of(internet, clock, host=host) == []


async def test_of_a_typed_name_the_front_page_is_opened(internet, clock):
    internet.show(HTTPS, b"")
    (answer,) = await answers_of(internet, clock, replace(SITE, purpose=""), replace(PRODUCT, has_file=False))
    assert isinstance(answer, Measured)
    assert answer.value.is_empty
