"""The limits, the purse and the numbers of the product as it is served."""

import asyncio
import io
import json
import uuid
from dataclasses import replace

import pytest

from coachbot.guarding import Bookkeeping, make_spend, most_micro, spend_caps
from coachbot.parts import Parts
from coachbot.passwords import Passwords
from coachbot.settings import Settings, SettingsError
from launchready_guard.deltas import Usage
from launchready_guard.error_bodies import Refusal
from launchready_guard.ladder import Attempt
from launchready_guard.limiting import Who
from launchready_guard.logs import json_logger
from launchready_guard.metrics import Metrics
from launchready_guard.spend import Spend, SpendCapError
from launchready_guard.store import MemoryStore, StoreError


def question() -> dict[str, str]:
    return {"message": "What does a session cost?", "message_id": str(uuid.uuid4())}


async def test_a_customer_who_floods_the_chat_waits_and_another_behind_the_same_address_does_not(product):
    eager, other = await product.customer("a@example.org"), await product.customer("b@example.org")
    answers = [await eager.post("/api/chat", json=question()) for _turn in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].json()["code"] == "too_many_requests_session"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert (await other.post("/api/chat", json=question())).status_code == 200
    assert "too_many_requests_session" not in json.dumps((await eager.get("/api/history")).json())


@pytest.mark.parametrize("path", ["/signup", "/leads"])
async def test_forms_are_throttled_per_address_with_a_page_and_a_forged_header_does_not_help(product, path: str):
    visitor = product.visitor("198.51.100.50")
    form = {"name": "Ana", "email": "not an address", "password": "x", "message": "Hello"}
    for _turn in range(30):
        assert (await visitor.post(path, data=form)).status_code != 429
    refused = await visitor.post(path, data=form, headers={"X-Forwarded-For": "192.0.2.9"})
    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert refused.headers["content-security-policy"]
    assert 1 <= int(refused.headers["retry-after"]) <= 600
    assert (await product.visitor("198.51.100.51").post(path, data=form)).status_code != 429
    assert (await visitor.get(path.replace("/leads", "/"))).status_code == 200


async def test_a_workshop_of_ten_signs_up_and_asks_at_once(product):
    async with asyncio.TaskGroup() as group:
        joining = [group.create_task(product.customer(f"w{n}@example.org")) for n in range(10)]
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(task.result().post("/api/chat", json=question())) for task in joining]
    assert [task.result().status_code for task in asked] == [200] * 10


@pytest.mark.parametrize("path", ["/signup", "/api/chat"])
async def test_a_large_body_is_refused_before_it_is_read(product, path: str):
    answer = await product.visitor().post(path, content=b"x" * 100_000)
    assert answer.status_code == 413


async def test_the_purse_stops_at_the_days_cap(settings: Settings):
    poor = replace(settings, daily_spend=1.0, model_price=(2.5, 10.0))
    metrics, noted = Metrics(), []

    async def note(attempt: Attempt) -> None:
        noted.append(attempt)

    spend = make_spend(poor, MemoryStore(), json_logger("coachbot", io.StringIO()))
    book = Bookkeeping(note, spend, metrics).book
    codes: list[str] = []
    for number in range(100):
        who = Who("198.51.100.7", f"session {number}")
        try:
            async with spend.answer(str(number), who):
                usage = Usage(prompt_tokens=8_000, completion_tokens=1_000, estimated=False)
                await book(
                    Attempt(
                        provider="first", model="m", request_id=str(number), failure=None, abandoned=False,
                        usage=usage, first_token_s=0.1, took_s=1.0,
                    )
                )  # fmt: skip
        except SpendCapError as cap:
            codes.append(cap.refusal.code)
    spent = metrics.registry.get_sample_value("guard_spend_micro_total", {"model": "m"})
    assert 900_000 < spent <= 1_000_000
    assert codes == ["spend_cap_product"] * (100 - len(noted))
    assert codes


def test_one_answer_never_costs_more_than_a_session_has(settings: Settings):
    dear = replace(settings, daily_spend=1.0, model_price=(600.0, 1000.0))
    assert most_micro(dear) <= min(cap.micro for cap in spend_caps(dear))


async def test_numbers_are_shown_to_the_holder_of_the_token(parts, mail_server, run):
    parts.settings = replace(parts.settings, report_token="r" * 32)
    async with run(parts, mail_server) as product:
        client = await product.customer("a@example.org")
        await client.post("/api/chat", json=question())
        await product.visitor().post("/login", data={"email": "a@example.org", "password": "wrong wrong"})
        assert (await client.get("/metrics")).status_code == 404
        numbers = (await client.get("/metrics", headers={"authorization": f"Bearer {'r' * 32}"})).text
    assert "guard_failed_logins_total 1.0" in numbers
    assert "guard_first_content_seconds_count 1.0" in numbers


@pytest.mark.parametrize(
    ("name", "value"),
    [("COACHBOT_DAILY_SPEND", "0"), ("COACHBOT_DAILY_SPEND", "20 EUR"), ("COACHBOT_MODEL_PRICE", "2.5"),
     ("COACHBOT_MODEL_PRICE", "-1/2"), ("COACHBOT_MODEL_PRICE", "1/99999")],
)  # fmt: skip
def test_a_price_that_is_none_stops_the_start(name: str, value: str):
    with pytest.raises(SettingsError, match=f"{name} is no .*; set it to dollars"):
        Settings.from_environment({name: value}, dev=True)


def test_prices_are_read(settings: Settings):
    read = Settings.from_environment({"COACHBOT_DAILY_SPEND": "7.5", "COACHBOT_MODEL_PRICE": "0.15/0.6"}, dev=True)
    assert (read.daily_spend, read.model_price) == (7.5, (0.15, 0.6))


async def test_a_customer_who_reloads_on_and_on_waits_and_may_still_ask(product):
    eager, other = await product.customer("a@example.org"), await product.customer("b@example.org")
    paths = ["/api/chat/messages", "/api/history", "/api/chat/messages/message-0001"] * 40
    assert all([(await eager.get(path)).status_code in {200, 404} for path in paths])
    for refused in (await eager.get("/api/history"), await eager.delete("/api/chat/messages/message-0001")):
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests_session")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["x-request-id"]
    assert (await eager.post("/api/chat", json=question())).status_code == 200
    assert (await other.get("/api/history")).status_code == 200


async def test_a_question_that_was_refused_is_answered_under_the_same_id_later(product):
    client = await product.customer("a@example.org")
    for _turn in range(20):
        await client.post("/api/chat", json=question())
    late = question()
    assert [(await client.post("/api/chat", json=late)).status_code for _turn in range(2)] == [429, 429]
    await product.parts.guard_store.clear()  # the minute is over
    answer = await client.post("/api/chat", json=late)
    assert (answer.status_code, "event: done" in answer.text) == (200, True)
    assert (await client.get("/api/history")).json()["messages"][-1]["status"] == "done"


async def test_readiness_shows_that_the_budgets_can_not_be_counted(product, monkeypatch):
    async def gone() -> None:
        raise StoreError("gone")

    monkeypatch.setattr(product.parts.guard_store, "check", gone)
    answer = await product.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["dependencies"]["budgets"]["status"] == "failing"


async def test_a_provider_that_is_asked_again_and_again_is_not_asked_beyond_the_cap(
    settings, mail_server, run, monkeypatch
):
    """Each call is paid for; when what was set aside is used up and the cap is reached, the next one is not made."""
    asked: list[str] = []

    async def refused(self, request_id: str) -> None:
        asked.append(request_id)
        raise SpendCapError(Refusal(503, "spend_cap_product", retry_after_s=60))

    monkeypatch.setattr(Spend, "before_call", refused)
    unreachable = replace(settings, model_url="http://127.0.0.1:1/v1", model_key="sk-test", model_name="tiny")
    parts = Parts(unreachable)
    parts.passwords = Passwords(memory_kib=8, time_cost=1)
    async with run(parts, mail_server) as product:
        client = await product.customer("a@example.org")
        asking = question()
        answer = await client.post("/api/chat", json=asking)
        [turn] = (await client.get("/api/history")).json()["messages"]
    assert (answer.status_code, answer.json()["code"]) == (503, "spend_cap_product")
    assert answer.headers["retry-after"] == "60"
    assert asked == [answer.headers["x-request-id"]]
    assert turn["status"] == "interrupted"
    assert "model-call" not in product.log.getvalue()
