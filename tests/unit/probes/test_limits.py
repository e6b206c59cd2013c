"""The probes of `probes/limits.py`, against a little real product."""

import pytest

from launchready.facts.limits import Burst, ChatBurst, LeadBurst, SignupBurst
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind
from launchready.probes.limits import BURST_SIZE, FORGED, chat_burst, lead_burst, signup_burst

PAGE = Endpoint("http://app.example.com/", EndpointKind.PAGE)
LEAD_FORM = (
    '<form method=post action="/leads"><input type=email name=email required><textarea name=m></textarea></form>'
)


def limited(shop, reply, *, after, key=lambda _ask: "", retry_after="60", then=None):
    counts: dict[str, int] = {}

    def answer(ask):
        counts[key(ask)] = counts.get(key(ask), 0) + 1
        if counts[key(ask)] > after:
            return reply(429, headers=(("Retry-After", retry_after),) if retry_after else ())
        return then or shop.usual(ask)

    return answer


@pytest.fixture
def two_sessions(shop, reply):
    """Log-ins that give each customer a session of their own, by which the chat is limited."""

    def log_in(ask):
        number = list(shop.accounts).index(ask.form["email"]) + 1
        return reply(303, headers=(("Location", "/chat"), ("Set-Cookie", f"session=1{number}; HttpOnly")))

    shop.answers["POST /login"] = log_in


async def test_a_chat_that_limits_each_session_is_seen(
    shop, http, product, journey, clock, reply, two_sessions
) -> None:
    shop.answers["POST /api/chat"] = limited(shop, reply, after=5, key=lambda ask: ask.headers["cookie"])
    assert await chat_burst(journey, product, http, clock) == ChatBurst(
        Burst((200,) * 5 + (429,), 5, says_when=True), 200
    )


async def test_a_chat_that_limits_everybody_is_seen(shop, http, product, journey, clock, reply, two_sessions) -> None:
    shop.answers["POST /api/chat"] = limited(shop, reply, after=5)
    burst = await chat_burst(journey, product, http, clock)
    assert (burst.burst.throttled_after, burst.bystander_status) == (4, 429)


async def test_a_chat_without_a_limit_is_asked_a_bounded_number_of_times(shop, http, product, journey, clock) -> None:
    assert await chat_burst(journey, product, http, clock) == ChatBurst(
        Burst((200,) * BURST_SIZE, None, says_when=False), 200
    )
    assert sum(ask.path == "/api/chat" for ask in shop.asked) == BURST_SIZE + 2
    assert BURST_SIZE == 40


@pytest.mark.parametrize("header", [name for name, _ in FORGED])
async def test_a_header_that_escapes_the_limit_is_named(shop, http, product, journey, clock, reply, header) -> None:
    shop.answers["POST /signup"] = limited(shop, reply, after=3, key=lambda ask: ask.headers.get(header.lower(), ""))
    burst = await signup_burst(journey, product, http, clock)
    assert burst == SignupBurst(Burst((303,) * 3 + (429,), 3, says_when=True, escapes=(header,)))


async def test_a_limit_whose_window_ends_meanwhile_is_no_escape(shop, http, product, journey, clock, reply) -> None:
    posts = 0

    def answer(ask):
        nonlocal posts
        posts += 1
        return reply(429, headers=(("Retry-After", "1"),)) if posts == 4 else shop.usual(ask)

    shop.answers["POST /signup"] = answer
    assert (await signup_burst(journey, product, http, clock)).burst.escapes == ()


@pytest.mark.parametrize(
    "told",
    [("60", True), ("Wed, 21 Oct 2026 07:28:00 GMT", True), ("", False), ("soon", False)],
)
async def test_only_seconds_or_a_date_say_when(shop, http, product, journey, clock, reply, told) -> None:
    retry_after, says_when = told
    shop.answers["POST /signup"] = limited(shop, reply, after=1, retry_after=retry_after)
    assert (await signup_burst(journey, product, http, clock)).burst.says_when is says_when


async def test_every_sign_up_uses_an_address_of_its_own_in_the_owners_mailbox(
    shop, http, product, journey, clock
) -> None:
    await signup_burst(journey, product, http, clock)
    addresses = [ask.form["email"] for ask in shop.asked if ask.method == "POST"]
    assert len(set(addresses)) == BURST_SIZE
    assert all(address.endswith("@inbox.example") for address in addresses)


async def test_a_form_with_a_key_is_opened_for_each_request(shop, http, product, clock, reply) -> None:
    with_key = LEAD_FORM.replace("<textarea", "<input type=hidden name=key value=k><textarea")
    shop.answers["GET /"] = lambda _ask: reply(200, with_key)
    shop.answers["POST /leads"] = limited(shop, reply, after=3, then=reply(200, "Thanks"))
    assert await lead_burst(PAGE, product, http, clock) == LeadBurst(Burst((200,) * 3 + (429,), 3, says_when=True))
    opened, sent = (sum(ask.method == method for ask in shop.asked) for method in ("GET", "POST"))
    assert opened == sent + 1


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_page_that_does_not_open_says_nothing_of_its_forms(
    shop, http, product, clock, reply, status: int
) -> None:
    shop.answers["GET /"] = lambda _ask: reply(status, "Not now")
    with pytest.raises(NotSeen) as unseen:
        await lead_burst(PAGE, product, http, clock)
    assert unseen.value.why is Why.UNREADABLE


async def test_a_page_without_a_form_that_writes_to_the_owner_is_seen(shop, http, product, clock, reply) -> None:
    password = "<form method=post><input type=email name=email><input type=password name=p></form>"
    shop.answers["GET /"] = lambda _ask: reply(200, password)
    assert await lead_burst(PAGE, product, http, clock) == LeadBurst(None)


@pytest.mark.parametrize("refused", [(429, Why.CHALLENGED), (422, Why.UNREADABLE), (500, Why.UNREADABLE)])
async def test_a_first_request_that_is_not_taken_shows_no_limit(
    shop, http, product, journey, clock, reply, refused
) -> None:
    status, why = refused
    shop.answers["POST /signup"] = lambda _ask: reply(status)
    with pytest.raises(NotSeen) as caught:
        await signup_burst(journey, product, http, clock)
    assert caught.value.why is why


async def test_a_bot_wall_is_not_seen(shop, http, product, journey, clock, reply) -> None:
    wall = reply(403, "<title>Just a moment...</title>", headers=(("cf-mitigated", "challenge"),))
    shop.answers["POST /signup"] = lambda _ask: wall
    with pytest.raises(NotSeen) as caught:
        await signup_burst(journey, product, http, clock)
    assert caught.value.why is Why.CHALLENGED
