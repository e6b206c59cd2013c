"""The walk of `probes/journeys.py`, against a little real product."""

import asyncio

import pytest

from launchready.facts.journeys import SignupWalk, StepName
from launchready.model.reading import NotSeen, Why
from launchready.net.dns_client import DnsClient
from launchready.net.network import Network
from launchready.probes import journeys
from launchready.probes.journeys import signup_walk

APP = "http://app.example.com"


@pytest.fixture
def walk(journey, product, http, clock):
    async def take() -> SignupWalk:
        return await signup_walk(journey, product, http, DnsClient(Network(())), clock)

    return take


async def failure(walk) -> tuple[StepName, str]:
    steps = (await walk()).steps
    assert all(step.worked for step in steps[:-1])
    assert not steps[-1].worked
    return steps[-1].name, steps[-1].detail


async def test_the_whole_way_is_walked(walk, shop) -> None:
    seen = await walk()
    assert [(step.name, step.worked) for step in seen.steps] == [(name, True) for name in StepName]
    assert (seen.mail_links, seen.answer_chars) == ((f"{APP}/verify",), 18)
    assert seen.mail is not None
    assert (seen.mail.from_domain, seen.mail.link_hosts, seen.mail.is_open) == (
        "example.com",
        ("app.example.com",),
        True,
    )
    posts = [ask for ask in shop.asked if ask.method == "POST"]
    assert {ask.headers["origin"] for ask in posts} == {APP}


async def test_no_key_password_or_address_is_kept(walk, shop) -> None:
    kept = repr(await walk())
    ((address, password),) = shop.accounts.items()
    assert address not in kept
    assert password not in kept
    assert "0123456789abcdef" not in kept


async def test_two_visitors_are_two_people(walk, shop) -> None:
    await walk()
    await walk()
    assert len(shop.accounts) == len(set(shop.accounts.values())) == 2


@pytest.mark.parametrize("status", [404, 500, 422])
async def test_a_sign_up_that_answers_with_an_error_fails(walk, shop, reply, status) -> None:
    shop.answers["POST /signup"] = lambda _ask: reply(status)
    assert await failure(walk) == (StepName.SIGN_UP, f"{APP}/signup answered {status}")


async def test_a_form_that_comes_back_fails(walk, shop) -> None:
    shop.answers["POST /signup"] = lambda ask: shop.usual(type(ask)("GET", "/signup", "", {}, b""))
    assert await failure(walk) == (StepName.SIGN_UP, f"{APP}/signup shows the form again instead of signing up")


async def test_a_page_without_a_form_is_not_seen(walk, shop, reply) -> None:
    shop.answers["GET /signup"] = lambda _ask: reply(body="<div id=root></div>")
    with pytest.raises(NotSeen, match="works without scripts") as caught:
        await walk()
    assert caught.value.why is Why.UNREADABLE


async def test_mail_that_does_not_come_fails_in_time(walk, shop, monkeypatch) -> None:
    monkeypatch.setattr(journeys, "MAIL_WAIT_S", 0.3)
    shop.send_mail = lambda _to: None
    assert await failure(walk) == (StepName.MAIL, "no mail within 0.3 seconds after signing up")


async def test_a_mailbox_that_is_missing_is_not_seen(walk, shop) -> None:
    shop.inbox.rename(shop.inbox.with_name("moved"))
    shop.send_mail = lambda _to: None
    with pytest.raises(NotSeen) as caught:
        await walk()
    assert caught.value.why is Why.NOT_FOUND


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("http://localhost:8000/verify?token=1", "http://localhost:8000/verify"),
        ("https://staging.example.com/confirm/0123456789abcdef0123", "https://staging.example.com/confirm/…"),
    ],
)
async def test_a_link_elsewhere_is_not_followed_and_its_key_not_kept(walk, shop, link, shown) -> None:
    shop.link = link
    seen = await walk()
    assert seen.mail_links == (shown,)
    assert seen.steps[-1].detail == f"the link leads to {shown}, which is not on a declared host"


async def test_a_mail_with_a_forgotten_variable_fails_and_one_without_a_link_is_not_seen(walk, shop) -> None:
    shop.link = "{{ confirm_url }}"
    name, detail = await failure(walk)
    assert name is StepName.MAIL
    assert detail.startswith("the mail holds a template's variable in place of a link: {{ confirm_url }}")
    shop.link = "Your code is 123456"
    with pytest.raises(NotSeen, match="no link"):
        await walk()


async def test_a_link_that_confirms_at_once_needs_no_button(walk, shop, reply) -> None:
    def confirm(_ask):
        shop.confirmed = True
        return reply(body="<p>Confirmed")

    shop.answers["GET /verify"] = confirm
    assert (await walk()).broken_at is None


async def test_a_dead_link_fails(walk, shop, reply) -> None:
    shop.answers["GET /verify"] = lambda _ask: reply(410)
    assert await failure(walk) == (StepName.CONFIRM, f"{APP}/verify answered 410")


async def test_a_log_in_that_refuses_fails(walk, shop, reply) -> None:
    shop.answers["POST /login"] = lambda _ask: reply(401)
    assert await failure(walk) == (StepName.LOG_IN, f"{APP}/login answered 401")


async def test_a_log_in_that_sends_back_to_itself_fails(walk, shop, reply) -> None:
    shop.answers["POST /login"] = lambda _ask: reply(303, headers=(("Location", "/login"),))
    assert await failure(walk) == (StepName.LOG_IN, f"{APP}/login shows the form again instead of logging in")


async def test_somebody_whom_the_link_logged_in_needs_no_form(walk, shop, reply) -> None:
    shop.answers["POST /verify"] = lambda _ask: reply(
        303, headers=(("Location", "/chat"), ("Set-Cookie", "session=1; HttpOnly"))
    )
    shop.answers["GET /login"] = lambda _ask: reply(302, headers=(("Location", "/chat"),))
    assert (await walk()).broken_at is None


@pytest.mark.parametrize(
    ("location", "detail"),
    [
        ("https://elsewhere.example/x?key=1", "leads to https://elsewhere.example/x, which is not on a declared host"),
        ("/signup", "redirects more than 5 times"),
    ],
)
async def test_redirects_are_followed_only_so_far(walk, shop, reply, location, detail) -> None:
    shop.answers["GET /signup"] = lambda _ask: reply(302, headers=(("Location", location),))
    assert await failure(walk) == (StepName.SIGN_UP, f"{APP}/signup {detail}")


@pytest.mark.parametrize(
    ("status", "kind", "body", "detail"),
    [
        (200, "text/event-stream", 'event: error\ndata: {"code": "model_down"}\n\n', "answered 200 with model_down"),
        (200, "text/event-stream", "", "answered 200 without a word"),
        (200, "text/html", "<p>Hello", "answered 200 with a page instead of an answer"),
        (503, "application/json", '{"error": "overloaded"}', "answered 503 with overloaded"),
        (401, "application/json", "{}", "answered 401"),
    ],
)
async def test_a_chat_that_gives_no_answer_fails(walk, shop, reply, status, kind, body, detail) -> None:
    shop.answers["POST /api/chat"] = lambda _ask: reply(status, body, kind)
    assert await failure(walk) == (StepName.ASK, f"{APP}/api/chat {detail}")


async def test_a_chat_that_hangs_fails_in_time(walk, shop, monkeypatch) -> None:
    monkeypatch.setattr(journeys, "ANSWER_WAIT_S", 0.3)
    shop.answers["POST /api/chat"] = lambda _ask: asyncio.sleep(60)
    assert await failure(walk) == (StepName.ASK, f"{APP}/api/chat gave no whole answer within 0.3 seconds")


async def test_a_chat_that_breaks_off_fails(walk, shop, reply) -> None:
    shop.answers["POST /api/chat"] = lambda _ask: reply(body="Hel", kind="text/plain", cut_off=True)
    name, detail = await failure(walk)
    assert name is StepName.ASK
    assert detail.startswith(f"{APP}/api/chat broke off")


async def test_a_product_that_is_not_there_is_not_seen(walk, shop) -> None:
    async def break_off(_ask):
        raise OSError

    shop.answers["GET /signup"] = break_off
    with pytest.raises(NotSeen):
        await walk()


async def test_the_cookies_of_the_log_in_are_kept_without_values(shop, walk, reply):
    lines = (("Set-Cookie", "session=1; HttpOnly; Path=/"), ("Set-Cookie", "old=; Max-Age=0"))
    shop.answers["POST /login"] = lambda _: reply(303, headers=(("Location", "/chat"), *lines))
    seen = (await walk()).login_cookies
    assert [(one.host, one.cookie.name, one.cookie.http_only) for one in seen] == [("app.example.com", "session", True)]


async def test_a_way_that_ends_before_the_log_in_has_no_cookies_of_it(shop, walk, reply):
    shop.answers["POST /login"] = lambda _: reply(401, "no", headers=(("Set-Cookie", "session=1"),))
    assert (await walk()).login_cookies == ()
