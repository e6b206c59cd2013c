"""The probe of `probes/isolation.py`, against a little real product with a history."""

import dataclasses
import json
from itertools import chain

import pytest

from launchready.facts.isolation import Bleed, TenantIsolation, Way
from launchready.model.reading import NotSeen, Why
from launchready.probes.isolation import made_up_word, tenant_isolation

APP = "http://app.example.com"
HISTORY, CHAT = f"{APP}/api/history", f"{APP}/api/chat"


@pytest.fixture
def talks(shop, reply):
    """What each session said; log-ins give each customer one, and the history shows it."""
    said: dict[str, list[str]] = {}

    def log_in(ask):
        session = f"session={'ab'[list(shop.accounts).index(ask.form['email'])] * 32}"
        return reply(303, headers=(("Location", "/chat"), ("Set-Cookie", f"{session}; HttpOnly")))

    def answer(ask):
        said.setdefault(ask.headers["cookie"], []).append(json.loads(ask.body)["message"])
        return reply(200, '{"reply": "I see."}', "application/json")

    def history(ask):
        own = said.get(ask.headers.get("cookie", ""), [])
        return reply(200, json.dumps({"messages": own}), "application/json")

    shop.answers |= {"POST /login": log_in, "POST /api/chat": answer, "GET /api/history": history}
    return said


@pytest.fixture
def way(journey):
    return dataclasses.replace(journey, history=HISTORY)


async def test_customers_who_stay_apart_have_no_bleeds(shop, http, product, way, clock, talks) -> None:
    isolation = await tenant_isolation(way, product, http, clock)
    assert isolation.bleeds == ()
    assert [(one.where, one.bits, one.counts_up) for one in isolation.ids] == [("the cookie session", 128, False)]


async def test_the_second_customer_never_says_the_words_that_are_sought(shop, http, product, way, clock, talks) -> None:
    await tenant_isolation(way, product, http, clock)
    (statement,), others = talks[f"session={'a' * 32}"], talks[f"session={'b' * 32}"]
    words = set(statement.split()) - {"Please", "remember", "for", "later:", "my", "is", "and", "to", "in", "May."}
    made_up = {word.strip(",") for word in words if len(word) >= 10}
    assert len(made_up) == 2
    assert not any(word in " ".join(others) for word in made_up)


async def test_a_history_of_everybody_is_a_bleed(shop, http, product, way, clock, talks, reply) -> None:
    shop.answers["GET /api/history"] = lambda _ask: reply(
        200, json.dumps(list(chain(*talks.values()))), "application/json"
    )
    assert (await tenant_isolation(way, product, http, clock)).bleeds == (Bleed(Way.OWN_PAGE, HISTORY),)


async def test_a_stream_that_tells_letter_by_letter_is_a_bleed(shop, http, product, way, clock, talks, reply) -> None:
    silent = shop.answers["POST /api/chat"]

    def gossip(ask):
        silent(ask)
        if "other customer" not in json.loads(ask.body)["message"]:
            return reply(200, '{"reply": "I see."}', "application/json")
        letters = "".join(f'data: {{"delta": "{char}"}}\n\n' for char in " ".join(list(chain(*talks.values()))))
        return reply(200, letters, "text/event-stream")

    shop.answers["POST /api/chat"] = gossip
    assert (await tenant_isolation(way, product, http, clock)).bleeds == (Bleed(Way.PROMPT, CHAT),)


async def test_an_answer_that_is_looked_up_by_message_id_is_a_bleed(
    shop, http, product, way, clock, talks, reply
) -> None:
    kept: dict[str, str] = {}

    def answer(ask):
        body = json.loads(ask.body)
        said = kept.setdefault(body["message_id"], body["message"])
        talks.setdefault(ask.headers["cookie"], []).append(body["message"])
        return reply(200, json.dumps({"reply": f"You said {said}"}), "application/json")

    shop.answers["POST /api/chat"] = answer
    assert (await tenant_isolation(way, product, http, clock)).bleeds == (Bleed(Way.SAME_MESSAGE_ID, CHAT),)


async def test_a_product_that_shows_talks_nowhere_is_not_seen(shop, http, product, journey, clock, talks) -> None:
    with pytest.raises(NotSeen) as caught:
        await tenant_isolation(journey, product, http, clock)
    assert caught.value.why is Why.UNREADABLE
    assert "history =" in caught.value.detail


async def test_a_bleed_counts_where_talks_are_shown_nowhere(shop, http, product, journey, clock, talks, reply) -> None:
    shop.answers["POST /api/chat"] = lambda ask: (
        talks.setdefault("all", []).append(json.loads(ask.body)["message"])
        or reply(200, json.dumps({"reply": " ".join(talks["all"])}), "application/json")
    )
    isolation = await tenant_isolation(journey, product, http, clock)
    assert {bleed.way for bleed in isolation.bleeds} == {Way.SAME_MESSAGE_ID, Way.PROMPT}


@pytest.mark.parametrize("refused", [(500, Why.UNREADABLE), (429, Why.CHALLENGED)])
async def test_a_chat_that_answers_nobody_is_not_seen(shop, http, product, way, clock, reply, refused) -> None:
    status, why = refused
    shop.answers["POST /api/chat"] = lambda _ask: reply(status)
    with pytest.raises(NotSeen) as caught:
        await tenant_isolation(way, product, http, clock)
    assert caught.value.why is why


def test_made_up_words_differ() -> None:
    assert len({made_up_word() for _ in range(20)}) > 15


def test_a_fact_holds_no_words() -> None:
    assert {field.name for field in dataclasses.fields(TenantIsolation)} == {"bleeds", "ids"}
