"""What the probes of `probes/posting.py` send and see."""

from launchready.facts.redirects import Hop
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Endpoint, EndpointKind, Host
from launchready.probes.posting import EVENT, post_answers, webhook_answers

APP = "http://app.example.com"
HOST = Host("app.example.com", "example.com")
OTHER = Endpoint("http://other.example.com/hook", EndpointKind.WEBHOOK)
PRODUCT = Product(
    "Shop",
    hosts=(HOST,),
    domains=(Domain("example.com"),),
    endpoints=(
        Endpoint(f"{APP}/webhook", EndpointKind.WEBHOOK),
        Endpoint(f"{APP}/a-webhook", EndpointKind.WEBHOOK),
        Endpoint(f"{APP}/api", EndpointKind.API),
        Endpoint(f"{APP}/stream", EndpointKind.STREAM),
        Endpoint(f"{APP}/login", EndpointKind.LOGIN),
        OTHER,
    ),
)


async def test_each_webhook_of_the_host_gets_one_event_in_json_and_nothing_is_followed(shop, http, clock, reply):
    shop.answers["POST /webhook"] = lambda _: reply(308, headers=(("Location", "/webhook/"),))
    shop.answers["POST /a-webhook"] = lambda _: reply(400)
    seen = await webhook_answers(HOST, PRODUCT, http, clock)
    assert [one.url for one in seen.posted] == [f"{APP}/a-webhook", f"{APP}/webhook"]
    assert [one.answer.value for one in seen.posted if isinstance(one.answer, Measured)] == [
        Hop(f"{APP}/a-webhook", 400, ""),
        Hop(f"{APP}/webhook", 308, f"{APP}/webhook/"),
    ]
    assert sorted(ask.path for ask in shop.asked) == ["/a-webhook", "/webhook"]
    assert {(ask.method, ask.body, ask.headers["content-type"]) for ask in shop.asked} == {
        ("POST", EVENT, "application/json")
    }


async def test_api_and_stream_get_an_empty_question(shop, http, clock):
    seen = await post_answers(HOST, PRODUCT, http, clock)
    assert [one.url for one in seen.posted] == [f"{APP}/api", f"{APP}/stream"]
    assert {ask.body for ask in shop.asked} == {b"{}"}


async def test_an_endpoint_that_breaks_off_is_a_gap_and_hides_no_other(shop, http, clock, reply):
    shop.answers["POST /webhook"] = lambda _: reply(200, "x", cut_off=True)
    seen = await webhook_answers(HOST, PRODUCT, http, clock)
    first, second = (one.answer for one in seen.posted)
    assert isinstance(first, Measured)
    assert isinstance(second, Unmeasured)
    assert second.why is not Why.OUR_BUG
