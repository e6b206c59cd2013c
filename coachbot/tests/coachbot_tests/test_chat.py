"""The chat's API: streams, repeats, failures, and who may read what."""

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from coachbot.answers import Question
from coachbot.conversations import STALE_S, Status
from coachbot.parts import Parts
from coachbot.passwords import Passwords
from coachbot.provider import MEANWHILE
from coachbot.rendering import template_environment
from coachbot.settings import Settings
from launchready_guard.breaker import BreakerRules
from launchready_guard.ladder import LadderSettings

STUCK = {"message": "I feel stuck. What can I do today?", "message_id": "question-0001"}


async def test_an_answer_is_streamed_and_quotes_its_source(product, events, said):
    client = await product.customer("ana@example.org")
    answer = await client.post("/api/chat", json=STUCK)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store, no-transform"
    got = events(answer.text)
    assert "Halve the step" in said(got)
    assert "Source: Exercises, “When you feel stuck”" in said(got)
    assert got[-1] == ("done", {"message_id": "question-0001", "request_id": answer.headers["x-request-id"]})


async def test_a_question_that_the_documents_do_not_answer_is_answered_honestly(product, events, said):
    client = await product.customer("ana@example.org")
    question = {"message": "What is the weather in Rome?", "message_id": "question-0001"}
    answer = said(events((await client.post("/api/chat", json=question)).text))
    assert answer.startswith("I don't know")
    assert answer.endswith("https://cal.example/maya/intro")


class Slow:
    """Says a word, then waits until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.asked: list[Question] = []
        self.closed = False

    async def stream(self, question: Question) -> AsyncGenerator[str, None]:
        self.asked.append(question)
        try:
            yield "One "
            await self.go_on.wait()
            yield "two"
        finally:
            self.closed = True

    async def check(self) -> str:
        return ""

    async def close(self) -> None:
        self.go_on.set()


@pytest.fixture
def slow(parts: Parts) -> Slow:
    parts.answers = slow = Slow()
    return slow


@dataclass
class Served:
    origin: str
    cookie: str
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
async def online(slow: Slow, product, serve) -> AsyncIterator[Served]:
    """The product behind a real socket, and a customer's cookie."""
    client = await product.customer("ana@example.org")
    app = client._transport.app

    async def without_lifespan(scope, receive, send):
        if scope["type"] == "http":
            await app(scope, receive, send)

    async with serve(without_lifespan) as origin:
        yield Served(origin, client.cookies["session"])


@pytest.fixture
async def browser(online: Served) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Cookie": f"session={online.cookie}", "Accept-Encoding": "gzip"}
    async with httpx2.AsyncClient(base_url=online.origin, headers=headers, trust_env=False) as client:
        yield client


async def test_words_reach_the_browser_while_the_answer_is_still_made_and_are_not_compressed(browser, slow):
    async with asyncio.timeout(5), browser.stream("POST", "/api/chat", json=STUCK) as response:
        chunks = response.aiter_raw()
        first = await anext(chunks)
        assert b'data: {"delta": "One "}\n\n' in first
        assert "content-encoding" not in response.headers
        assert not slow.closed
        slow.go_on.set()
        rest = b"".join([chunk async for chunk in chunks])
    assert b"event: done" in rest


async def test_the_same_question_on_a_second_connection_joins_the_answer_and_is_not_asked_twice(
    browser, slow, events, said
):
    async with browser.stream("POST", "/api/chat", json=STUCK) as response:
        chunks = response.aiter_raw()
        await anext(chunks)
        async with browser.stream("POST", "/api/chat", json=STUCK) as second:
            assert b"One " in await anext(second.aiter_raw())
            slow.go_on.set()
            assert b"event: done" in b"".join([chunk async for chunk in chunks])
    replay = await browser.post("/api/chat", json=STUCK)
    assert said(events(replay.text)) == "One two"
    assert len(slow.asked) == 1


async def test_a_reload_in_the_middle_of_an_answer_shows_it_and_its_end(browser, slow, events, said):
    async with browser.stream("POST", "/api/chat", json=STUCK) as response:
        await anext(response.aiter_raw())
    page = (await browser.get("/chat")).text
    assert f'data-id="{STUCK["message_id"]}" data-status="pending"' in page
    async with browser.stream("GET", f"/api/chat/messages/{STUCK['message_id']}") as running:
        chunks = running.aiter_raw()
        first = await anext(chunks)
        assert b'"One "' in first
        slow.go_on.set()
        rest = b"".join([chunk async for chunk in chunks])
    assert said(events((first + rest).decode())) == "One two"
    [turn] = (await browser.get("/api/history")).json()["messages"]
    assert (turn["status"], turn["answer"]) == ("done", "One two")
    assert len(slow.asked) == 1


async def test_a_lost_connection_is_gone_on_with_from_the_last_event(browser, slow):
    async with browser.stream("POST", "/api/chat", json=STUCK) as response:
        first = (await anext(response.aiter_raw())).decode()
    [attempt] = re.findall(r"^id: (\w+)-1$", first, re.MULTILINE)
    slow.go_on.set()
    rest = await browser.get(f"/api/chat/messages/{STUCK['message_id']}", headers={"Last-Event-ID": f"{attempt}-1"})
    assert rest.text.startswith(f'id: {attempt}-2\ndata: {{"delta": "two"}}\n\nid: {attempt}-3\nevent: done\n')


async def test_an_answer_goes_on_when_the_browser_has_gone(browser, slow, product, eventually):
    async with browser.stream("POST", "/api/chat", json=STUCK) as response:
        await anext(response.aiter_raw())
    await asyncio.sleep(0.05)
    assert not slow.closed
    slow.go_on.set()
    await eventually(lambda: '"event": "answer-kept"' in product.log.getvalue())
    [turn] = (await browser.get("/api/history")).json()["messages"]
    assert (turn["status"], turn["answer"]) == ("done", "One two")


async def test_an_answer_is_stopped_by_its_customer_and_what_was_said_is_kept(browser, slow, events, said):
    async with browser.stream("POST", "/api/chat", json=STUCK) as response:
        chunks = response.aiter_raw()
        await anext(chunks)
        stopped = await browser.delete(f"/api/chat/messages/{STUCK['message_id']}")
        assert stopped.status_code == 202
        assert b'"code": "cancelled"' in b"".join([chunk async for chunk in chunks])
    assert slow.closed
    [turn] = (await browser.get("/api/history")).json()["messages"]
    assert (turn["status"], turn["answer"], turn["question"]) == ("interrupted", "One ", STUCK["message"])
    assert "The answer broke off." in (await browser.get("/chat")).text
    slow.go_on.set()
    again = await browser.post("/api/chat", json=STUCK)
    assert said(events(again.text)) == "One two"
    [turn] = (await browser.get("/api/history")).json()["messages"]
    assert (turn["status"], turn["answer"]) == ("done", "One two")


async def test_nobody_reads_or_stops_another_customers_answer(browser, slow, product):
    ben = await product.customer("ben@example.org")
    mine = f"/api/chat/messages/{STUCK['message_id']}"
    async with browser.stream("POST", "/api/chat", json=STUCK) as response:
        chunks = response.aiter_raw()
        await anext(chunks)
        for answer in (await ben.get(mine), await ben.delete(mine)):
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_message")
        assert (await ben.get("/api/chat/messages")).json() == {"messages": []}
        assert (await product.visitor().get(mine)).json()["code"] == "logged_out"
        slow.go_on.set()
        assert b"event: done" in b"".join([chunk async for chunk in chunks])


async def test_a_bug_in_the_middle_of_an_answer_keeps_the_words_and_lets_the_customer_ask_again(
    parts, mail_server, run, events
):
    class Buggy(Slow):
        async def stream(self, question):
            self.asked.append(question)
            yield "One "
            if len(self.asked) == 1:
                raise ZeroDivisionError

    parts.answers = Buggy()
    async with run(parts, mail_server) as product:
        client = await product.customer("ana@example.org")
        assert events((await client.post("/api/chat", json=STUCK)).text)[-1][1]["code"] == "bug"
        [turn] = (await client.get("/api/history")).json()["messages"]
        assert (turn["status"], turn["answer"]) == ("interrupted", "One ")
        assert '"outcome": "bug"' in product.log.getvalue()
        assert "ZeroDivisionError" in product.log.getvalue()
        assert events((await client.post("/api/chat", json=STUCK)).text)[-1][0] == "done"


async def test_an_answer_that_a_crash_left_pending_is_shown_as_broken_off_and_may_be_asked_again(product, events):
    client = await product.customer("ana@example.org")
    conversations = product.parts.conversations
    crashed = await conversations.begin(1, STUCK["message_id"], STUCK["message"])
    assert (await client.get("/api/history")).json()["messages"][0]["status"] == "pending"
    now = product.parts.clock
    conversations._clock = lambda: now() + timedelta(seconds=STALE_S + 1)
    assert (await client.get("/api/history")).json()["messages"][0]["status"] == "interrupted"
    assert events((await client.post("/api/chat", json=STUCK)).text)[-1][0] == "done"
    await conversations.finish(crashed, "late", Status.INTERRUPTED)  # by a process that was only slow
    [turn] = (await client.get("/api/history")).json()["messages"]
    assert (turn["status"], turn["answer"] != "late") == ("done", True)


async def test_an_answer_is_given_again_when_only_the_database_remembers_it(product, events, said):
    client = await product.customer("ana@example.org")
    first = await client.post("/api/chat", json=STUCK)
    await product.parts.guard_store.clear()
    assert said(events((await client.post("/api/chat", json=STUCK)).text)) == said(events(first.text))
    other = await client.post("/api/chat", json=STUCK | {"message": "Another question"})
    assert (other.status_code, other.json()["code"]) == (409, "message_id_reused")
    await product.parts.guard_store.clear()
    other = await client.post("/api/chat", json=STUCK | {"message": "Another question"})
    assert (other.status_code, other.json()["code"]) == (409, "message_id_reused")


async def test_a_message_id_belongs_to_one_question(product):
    client = await product.customer("ana@example.org")
    await client.post("/api/chat", json=STUCK)
    other = await client.post("/api/chat", json=STUCK | {"message": "Another question"})
    assert (other.status_code, other.json()["code"], other.json()["retryable"]) == (409, "message_id_reused", False)


async def test_two_customers_can_not_read_each_others_history_even_with_the_same_message_id(product, events, said):
    ana, ben = await product.customer("ana@example.org"), await product.customer("ben@example.org")
    secret = {"message": "My secret plan is a salary talk", "message_id": "question-0001"}
    await ana.post("/api/chat", json=secret)
    assert (await ben.get("/api/history")).json() == {"messages": []}
    assert "secret plan" not in (await ben.get("/chat")).text
    bens = await ben.post("/api/chat", json=STUCK)
    assert "Halve the step" in said(events(bens.text))
    assert [turn["question"] for turn in (await ben.get("/api/history")).json()["messages"]] == [STUCK["message"]]
    assert [turn["question"] for turn in (await ana.get("/api/history")).json()["messages"]] == [secret["message"]]
    assert "secret plan" in (await ana.get("/chat")).text


async def test_without_a_session_there_is_no_answer_and_no_history(product):
    for answer in (await product.client.post("/api/chat", json=STUCK), await product.client.get("/api/history")):
        assert (answer.status_code, answer.json()["code"]) == (401, "logged_out")
    assert (await product.client.get("/chat")).headers["location"] == "/login"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "not a JSON object"),
        (json.dumps(STUCK | {"message": "  "}).encode(), "write a question"),
        (json.dumps(STUCK | {"message": "x" * 2001}).encode(), "2,000 characters"),
        (json.dumps(STUCK | {"message_id": "short"}).encode(), "message_id"),
        (json.dumps(STUCK | {"message_id": 12345678}).encode(), "message_id"),
    ],
)
async def test_a_request_that_is_no_question_says_what_it_lacks(product, body, sentence):
    client = await product.customer("ana@example.org")
    answer = await client.post("/api/chat", content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_question")
    assert sentence in answer.json()["message"]


async def test_the_longest_question_is_taken(product, events):
    client = await product.customer("ana@example.org")
    answer = await client.post("/api/chat", json=STUCK | {"message": "x" * 2000})
    assert events(answer.text)[-1][0] == "done"


@dataclass
class Provider:
    """A little server that speaks like an OpenAI-compatible one; `script` is what it sends."""

    script: list[str] = field(default_factory=list)
    status: int = 200
    hang_before: int | None = None
    asked: list[dict] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        async def completions(request: Request) -> Response:
            self.asked.append(await request.json())
            self.keys.append(request.headers["authorization"])
            if self.status != 200:
                return JSONResponse({"error": {"message": "no"}}, self.status)
            return StreamingResponse(self._sent(), media_type="text/event-stream")

        async def models(_request: Request) -> Response:
            return JSONResponse({"data": []}, self.status)

        return Starlette(
            routes=[Route("/v1/chat/completions", completions, methods=["POST"]), Route("/v1/models", models)]
        )

    async def _sent(self) -> AsyncIterator[str]:
        for number, line in enumerate(self.script):
            while number == self.hang_before:
                yield ": keep-alive\n\n"  # bytes, but no words
                await asyncio.sleep(0.01)
            yield f"{line}\n\n"


def words(*said: str) -> list[str]:
    return [f"data: {json.dumps({'choices': [{'delta': {'content': word}}]})}" for word in said]


FINISHED = 'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}'


@pytest.fixture
async def provider(serve) -> AsyncIterator[tuple[Provider, str]]:
    kept = Provider()
    async with serve(kept.app()) as origin:
        yield kept, f"{origin}/v1"


@pytest.fixture
async def second_provider(serve) -> AsyncIterator[tuple[Provider, str]]:
    kept = Provider()
    async with serve(kept.app()) as origin:
        yield kept, f"{origin}/v1"


def with_quick_retries(settings: Settings, **differing) -> Parts:
    parts = Parts(settings)
    parts.templates = template_environment()
    parts.passwords = Passwords(memory_kib=8, time_cost=1)
    parts.ladder_settings = LadderSettings(first_wait_s=0.01, **differing)
    return parts


@pytest.fixture
def parts_with_provider(settings, provider) -> Parts:
    return with_quick_retries(replace(settings, model_url=provider[1], model_key="sk-test", model_name="tiny"))


async def ask(parts: Parts, mail_server, run) -> tuple[str, str]:
    async with run(parts, mail_server) as product:
        client = await product.customer("ana@example.org")
        answer = await client.post("/api/chat", json=STUCK)
        history = await client.get("/api/history")
        return answer.text, history.json()["messages"][0]["status"]


async def test_the_provider_is_given_the_documents_and_its_words_are_streamed(
    parts_with_provider, provider, mail_server, run, events, said
):
    provider[0].script = [
        'data: {"choices": [{"delta": {"role": "assistant"}}]}',
        *words("Small ", "steps"),
        "data: [DONE]",
    ]
    text, status = await ask(parts_with_provider, mail_server, run)
    assert (said(events(text)), status) == ("Small steps", "done")
    [asked] = provider[0].asked
    assert (asked["model"], asked["stream"]) == ("tiny", True)
    assert "Halve the step" in asked["messages"][0]["content"]
    assert asked["messages"][-1] == {"role": "user", "content": STUCK["message"]}
    assert provider[0].keys == ["Bearer sk-test"]


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "refused_key"), (429, "rate_limited"), (500, "provider_error"), (402, "insufficient_quota")],
)
async def test_when_the_provider_refuses_the_customer_gets_a_notice_with_what_the_documents_say(
    parts_with_provider, provider, mail_server, run, events, status, code
):
    provider[0].status = status
    text, kept = await ask(parts_with_provider, mail_server, run)
    notice, done = events(text)
    assert notice[1]["canned"] == {"code": code, "retryable": status in {429, 500}}
    answer = notice[1]["delta"]
    assert "Your message is saved" in answer
    assert "https://cal.example/maya/intro" in answer
    assert "Halve the step" in answer.partition(MEANWHILE)[2]
    assert (done[0], kept) == ("done", "canned")


async def test_a_notice_is_shown_as_one_and_the_same_question_may_be_asked_again(
    parts_with_provider, provider, mail_server, run, events, said
):
    provider[0].status = 500
    async with run(parts_with_provider, mail_server) as product:
        client = await product.customer("ana@example.org")
        await client.post("/api/chat", json=STUCK)
        page = (await client.get("/chat")).text
        assert "This is an automatic notice, not an answer." in page
        assert "Ask again" in page
        provider[0].status, provider[0].script = 200, [*words("Small steps"), FINISHED]
        again = await client.post("/api/chat", json=STUCK)
        assert said(events(again.text)) == "Small steps"
        follow_up = {"message": "And then?", "message_id": "question-0002"}
        await client.post("/api/chat", json=follow_up)
    assert "canned" not in again.text
    assert "Your message is saved" not in json.dumps(provider[0].asked[-1])


async def test_a_notice_is_not_given_to_the_model_as_its_own_words(parts_with_provider, provider, mail_server, run):
    provider[0].status = 500
    async with run(parts_with_provider, mail_server) as product:
        client = await product.customer("ana@example.org")
        await client.post("/api/chat", json=STUCK)
        provider[0].status, provider[0].script = 200, [*words("Small steps"), FINISHED]
        await client.post("/api/chat", json={"message": "Are you there?", "message_id": "question-0002"})
    assert [message["role"] for message in provider[0].asked[-1]["messages"]] == ["system", "user"]


async def test_a_second_provider_takes_over_and_the_log_says_so_without_words_or_keys(
    settings, provider, second_provider, mail_server, run, events, said
):
    provider[0].status, second_provider[0].script = 429, [*words("Small steps"), FINISHED]
    parts = with_quick_retries(
        replace(
            settings,
            model_url=provider[1],
            model_key="sk-test",
            model_url_2=second_provider[1],
            model_key_2="sk-two",
        )
    )
    async with run(parts, mail_server) as product:
        client = await product.customer("ana@example.org")
        answer = await client.post("/api/chat", json=STUCK)
        log = product.log.getvalue()
    assert said(events(answer.text)) == "Small steps"
    assert second_provider[0].keys == ["Bearer sk-two"]
    calls = [json.loads(line) for line in log.splitlines() if '"model-call"' in line]
    assert [(call["provider"], call["outcome"]) for call in calls] == [("first", "rate_limited")] * 3 + [
        ("second", "done")
    ]
    assert {call["request_id"] for call in calls} == {answer.headers["x-request-id"]}
    for secret in ("sk-test", "sk-two", "Small steps", "stuck"):
        assert secret not in log


async def test_while_ten_chats_wait_for_a_stalled_provider_health_is_quick_and_later_chats_recover(
    settings, provider, mail_server, run, events, said
):
    provider[0].script, provider[0].hang_before = [*words("Small steps"), FINISHED], 0
    parts = with_quick_retries(
        replace(settings, model_url=provider[1], model_key="sk-test"),
        first_visible_s=1.0,
        breaker=BreakerRules(open_s=0.1),
    )
    async with run(parts, mail_server) as product, asyncio.TaskGroup() as group:
        client = await product.customer("ana@example.org")
        questions = [STUCK | {"message_id": f"question-{number:04}"} for number in range(10)]
        chats = [group.create_task(client.post("/api/chat", json=question)) for question in questions]
        while len(provider[0].asked) < 10:  # noqa: ASYNC110 - what is awaited is another program's doing
            await asyncio.sleep(0.01)
        for path in ("/healthz", "/readyz", "/healthz"):
            started = time.perf_counter()
            assert (await product.client.get(path)).status_code == 200
            assert time.perf_counter() - started < 0.5
        answers = [events((await chat).text) for chat in chats]
        assert {answer[0][1]["canned"]["code"] for answer in answers} == {"timed_out_first"}
        provider[0].hang_before = None
        await asyncio.sleep(0.1)
        again = await client.post("/api/chat", json=questions[0])
    assert said(events(again.text)) == "Small steps"


async def test_a_stream_that_breaks_after_the_first_word_is_an_error_and_the_words_are_kept(
    parts_with_provider, provider, mail_server, run, events, said
):
    provider[0].script = words("Small ", "st")
    text, kept = await ask(parts_with_provider, mail_server, run)
    got = events(text)
    assert said(got) == "Small st"
    kind, data = got[-1]
    assert (kind, data["code"], data["retryable"], kept) == ("error", "cut", True, "interrupted")
    assert len(data["request_id"]) == 24


async def test_a_stream_that_breaks_before_the_first_word_falls_back(
    parts_with_provider, provider, mail_server, run, events, said
):
    provider[0].script = [": nothing but comments"]
    text, _kept = await ask(parts_with_provider, mail_server, run)
    assert events(text)[0][1]["canned"]["code"] == "cut"


async def test_readiness_asks_the_provider(parts_with_provider, provider, mail_server, run):
    provider[0].status = 401
    async with run(parts_with_provider, mail_server) as product:
        answer = await product.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["dependencies"]["model"] == {"status": "failing", "detail": "the provider answers 401"}


def test_the_patience_of_the_chat_is_what_the_readme_says(settings):
    parts = Parts(replace(settings, model_url="http://127.0.0.1:1/v1", model_key="sk-test"))
    [rung] = parts.ladder._rungs
    limits = rung.completions.limits
    assert (limits.connect_s, limits.first_token_s, limits.idle_s) == (5, 10, 20)
    assert (parts.ladder_settings.first_visible_s, parts.ladder_settings.total_s) == (20, 90)
