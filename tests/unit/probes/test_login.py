"""The probe of `probes/login.py`, against a little real product."""

import pytest

from launchready.facts.endpoints import LoginBurst
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind
from launchready.probes.login import BURST_SIZE, login_burst

LOGIN = Endpoint("http://app.example.com/login", EndpointKind.LOGIN)


def limited(shop, reply, *, by_account: bool, after: int = 5, retry_after: bool = True):
    failures: dict[str, int] = {}

    def answer(ask):
        key = ask.form["email"] if by_account else "everybody"
        failures[key] = failures.get(key, 0) + 1
        if failures[key] > after:
            return reply(429, headers=(("Retry-After", "60"),) if retry_after else ())
        return shop.usual(ask)

    return answer


async def test_a_log_in_that_limits_each_account_is_seen(shop, http, product, reply) -> None:
    shop.answers["POST /login"] = limited(shop, reply, by_account=True)
    assert await login_burst(LOGIN, product, http) == LoginBurst((401,) * 5 + (429,), 5, True, 401)


async def test_a_log_in_that_limits_everybody_is_seen(shop, http, product, reply) -> None:
    shop.answers["POST /login"] = limited(shop, reply, by_account=False, retry_after=False)
    assert await login_burst(LOGIN, product, http) == LoginBurst((401,) * 5 + (429,), 5, False, 429)


async def test_a_log_in_without_a_limit_is_tried_a_bounded_number_of_times(shop, http, product) -> None:
    assert await login_burst(LOGIN, product, http) == LoginBurst((401,) * BURST_SIZE, None, False, 401)
    attempts = [ask.form["email"] for ask in shop.asked if ask.method == "POST"]
    assert len(attempts) == BURST_SIZE + 1
    assert len(set(attempts)) == 2
    assert attempts[-1] != attempts[0]


async def test_a_limit_on_the_last_attempt_counts(shop, http, product, reply) -> None:
    shop.answers["POST /login"] = limited(shop, reply, by_account=True, after=BURST_SIZE - 1)
    assert (await login_burst(LOGIN, product, http)).throttled_after == BURST_SIZE - 1


async def test_a_page_that_refuses_the_second_visitor_counts_as_a_refusal(shop, http, product, reply) -> None:
    def page(ask):
        posts = sum(seen.method == "POST" for seen in shop.asked)
        return reply(429) if posts > 3 else shop.usual(ask)

    shop.answers["GET /login"] = page
    burst = await login_burst(LOGIN, product, http)
    assert (burst.throttled_after, burst.bystander_status) == (4, 429)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<div id=root></div>"),
        (404, ""),
        (200, '<form method=post action="https://elsewhere.example/"><input type=password name=p></form>'),
        (200, '<form method=post action="https://[broken"><input type=password name=p></form>'),
    ],
)
async def test_a_log_in_that_can_not_be_tried_is_not_seen(shop, http, product, reply, status, body) -> None:
    shop.answers["GET /login"] = lambda _ask: reply(status, body)
    with pytest.raises(NotSeen) as caught:
        await login_burst(LOGIN, product, http)
    assert caught.value.why is Why.UNREADABLE


async def test_a_bot_wall_on_the_way_is_not_seen(shop, http, product, reply) -> None:
    wall = reply(403, "<title>Just a moment...</title>", headers=(("cf-mitigated", "challenge"),))
    shop.answers["POST /login"] = lambda _ask: wall
    with pytest.raises(NotSeen) as caught:
        await login_burst(LOGIN, product, http)
    assert caught.value.why is Why.CHALLENGED
