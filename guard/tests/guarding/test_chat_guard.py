"""The guard around small products that behave badly, driven as a server would."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from starlette.types import Message, Receive, Scope, Send

from launchready_guard.chat_guard import ChatGuard, GuardSettings
from launchready_guard.deadlines import Deadlines
from launchready_guard.limiting import Per, Rate, Rule, StoreStorage, Who
from launchready_guard.logs import json_logger
from launchready_guard.spend import Alarm, Cap, Price, Spend, SpendCapError
from launchready_guard.store import Count, MemoryStore, StoreError

QUICK = Deadlines(first_s=0.15, idle_s=0.15, total_s=0.6, body_s=0.15, send_s=0.15, stream_bytes=100_000)
SETTINGS = GuardSettings(deadlines=QUICK, rules=())
SECRET = "sk-live-0123456789abcdefghij"


@dataclass
class Client:
    """One request, from the server's side."""

    body: bytes = b'{"message": "hi"}'
    address: str = "198.51.100.7"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    path: str = "/api/chat"
    chunks: list[bytes] | None = None
    sent: list[Message] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    reads: float = 0.0

    async def receive(self) -> Message:
        chunks = [self.body] if self.chunks is None else self.chunks
        if chunks:
            self.chunks = chunks[1:]
            return {"type": "http.request", "body": chunks[0], "more_body": bool(self.chunks)}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await asyncio.sleep(self.reads)
        self.sent.append(message)

    async def ask(self, guard: ChatGuard) -> "Client":
        scope = {
            "type": "http",
            "method": "POST",
            "path": self.path,
            "query_string": b"",
            "headers": [(b"content-type", b"application/json"), *self.headers],
            "client": (self.address, 4711),
        }
        async with asyncio.timeout(5):
            await guard(scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def answer_headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()

    @property
    def whole(self) -> bool:
        return not self.sent[-1].get("more_body", True)

    @property
    def json(self) -> dict:
        return json.loads(self.text)

    @property
    def error_event(self) -> dict:
        return json.loads(self.text.rsplit("event: error\ndata: ", 1)[1])


def streaming(*parts: bytes | float, then: Callable[[], Awaitable[None]] | None = None, status: int = 200):
    """A product that sends these bytes, and waits for the seconds between them."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for part in parts:
            if isinstance(part, float):
                await asyncio.sleep(part)
            else:
                await send({"type": "http.response.body", "body": part, "more_body": True})
        if then is not None:
            await then()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return app


def answering(status: int, body: bytes, headers: dict[str, str] | None = None):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    return app


WORD = b'data: {"delta": "Hello"}\n\n'
PING = b": ping\n\n"
EMPTY_DELTA = b'data: {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}\n\n'


@pytest.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    yield
    for _turn in range(3):
        await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert left == []


async def test_a_stream_goes_through_piece_by_piece_and_names_its_request():
    client = await Client().ask(ChatGuard(streaming(WORD, 0.01, WORD), SETTINGS))
    assert (client.status, client.text, client.whole) == (200, (WORD * 2).decode(), True)
    assert [message["body"] for message in client.sent[1:]] == [WORD, WORD, b""]
    assert len(client.answer_headers["x-request-id"]) == 24


@pytest.mark.parametrize("silence", [PING, EMPTY_DELTA, b"event: ping\ndata: {}\n\n", b'data: {"type": "ping"}\n\n'])
async def test_what_shows_nothing_resets_no_clock_and_a_stall_before_the_first_word_is_a_504(silence: bytes):
    client = await Client().ask(ChatGuard(streaming(*([silence, 0.05] * 40)), SETTINGS))
    assert client.status == 504
    assert client.json["code"] == "timed_out_first"
    assert client.json["retryable"] is True
    assert client.json["request_id"] == client.answer_headers["x-request-id"]


async def test_a_stall_after_the_first_word_ends_the_stream_with_an_error_event():
    client = await Client().ask(ChatGuard(streaming(WORD, *([PING, 0.05] * 40)), SETTINGS))
    assert (client.status, client.whole) == (200, True)
    assert client.text.startswith(WORD.decode())
    assert set(client.error_event) == {"code", "message", "retryable", "request_id"}
    assert client.error_event["code"] == "timed_out_idle"


async def test_an_answer_that_goes_on_for_ever_is_ended():
    client = await Client().ask(ChatGuard(streaming(*([WORD, 0.05] * 400)), SETTINGS))
    assert client.error_event["code"] == "timed_out_total"
    assert 0.5 / 0.05 * 0.3 < client.text.count("Hello") < 14


async def test_work_inside_is_cancelled_where_it_waits():
    ended = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    await Client().ask(ChatGuard(streaming(WORD, then=work), SETTINGS))
    assert ended == ["cancelled"]


async def test_a_client_that_leaves_cancels_the_work_inside():
    ended = []
    client = Client()

    async def work() -> None:
        client.gone.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    log = io.StringIO()
    guard = ChatGuard(streaming(WORD, then=work), SETTINGS, logger=json_logger("guard", log))
    await client.ask(guard)
    assert ended == ["cancelled"]
    assert json.loads(log.getvalue())["outcome"] == "client_gone"
    assert guard.places.running == 0


async def test_a_product_that_will_not_be_cancelled_is_still_answered_for():
    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise RuntimeError(SECRET) from None

    client = await Client().ask(ChatGuard(streaming(WORD, then=stubborn), SETTINGS))
    assert client.error_event["code"] == "timed_out_idle"
    assert SECRET not in client.text


async def test_a_slow_reader_is_given_up_and_holds_no_place():
    guard = ChatGuard(streaming(*([WORD] * 100)), SETTINGS)
    await Client(reads=60).ask(guard)
    assert guard.places.running == 0


async def test_the_slowness_of_a_client_is_not_the_models():
    patient = GuardSettings(deadlines=replace(QUICK, total_s=4), rules=())
    client = await Client(reads=0.12).ask(ChatGuard(streaming(WORD, WORD, WORD, 0.1, WORD), patient))
    assert client.text.count("Hello") == 4
    assert "error" not in client.text


@pytest.mark.parametrize(
    "body",
    [
        f"Traceback (most recent call last):\n key {SECRET}".encode(),
        json.dumps({"error": {"message": f"Incorrect API key provided: {SECRET}"}}).encode(),
        json.dumps({"code": "x", "message": f"bad key {SECRET}"}).encode(),
        b"\xff\xfe\x00",
        b"x" * 100_000,
    ],
)
@pytest.mark.parametrize("status", [400, 401, 422, 500, 502])
async def test_an_error_body_never_passes_and_its_status_stays(status: int, body: bytes):
    hints = {"x-debug": SECRET, "retry-after": "7", "content-length": str(len(body))}
    client = await Client().ask(ChatGuard(answering(status, body, hints), SETTINGS))
    assert client.status == status
    assert set(client.json) == {"code", "message", "retryable", "request_id"}
    assert SECRET not in client.text + str(client.answer_headers)
    assert client.answer_headers["retry-after"] == "7"
    assert client.answer_headers["content-length"] == str(len(client.text))


async def test_a_sentence_that_the_product_wrote_for_visitors_is_said_again():
    body = {"code": "bad_question", "message": "Please shorten it.", "retryable": False, "request_id": "1"}
    client = await Client().ask(ChatGuard(answering(422, json.dumps(body).encode()), SETTINGS))
    assert (client.json["code"], client.json["message"]) == ("bad_question", "Please shorten it.")


async def test_a_bug_before_the_first_word_is_a_500_and_its_text_is_nowhere():
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError(SECRET)

    log = io.StringIO()
    client = await Client().ask(ChatGuard(broken, SETTINGS, logger=json_logger("guard", log)))
    assert (client.status, client.json["code"]) == (500, "bug")
    assert SECRET not in client.text + log.getvalue()
    assert "ValueError" in log.getvalue()


async def test_a_bug_in_the_middle_ends_the_stream_with_an_error_event():
    async def broken() -> None:
        raise ValueError(SECRET)

    client = await Client().ask(ChatGuard(streaming(WORD, then=broken), SETTINGS))
    assert client.error_event["code"] == "bug"
    assert SECRET not in client.text


TRACE = f"Traceback (most recent call last): File app.py, key {SECRET}"


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (f"event: error\ndata: {TRACE}\n\n", {"code": "product_error", "retryable": True}),
        (f"event: error\r\ndata: {TRACE}\r\n\r\n", {"code": "product_error"}),
        (f'data: {{"error": {{"message": "{TRACE}"}}}}\n\n', {"error": {"code": "product_error"}}),
        (f'data: {{"type": "error", "errorText": "{TRACE}"}}\n\n', {"type": "error"}),
        (
            f'data: {{"type": "tool-output-error", "toolCallId": "call_1", "errorText": "{TRACE}"}}\n\n',
            {"type": "tool-output-error", "toolCallId": "call_1"},
        ),
        (f'event: error\ndata: {{"code": "cut", "message": "{TRACE}"}}\n\n', {"code": "cut"}),
        (f"event: error\ndata: {TRACE}", {"code": "product_error"}),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_an_error_event_of_the_product_is_said_in_our_words_however_it_is_cut(event: str, shown: dict, size: int):
    whole = f'data: {{"delta": "One"}}\n\n{event}'.encode()
    parts = [whole[start : start + size] for start in range(0, len(whole), size)]
    log = io.StringIO()
    guard = ChatGuard(streaming(*parts), SETTINGS, logger=json_logger("guard", log))
    client = await Client().ask(guard)
    assert client.text.startswith('data: {"delta": "One"}\n\n')
    assert "Traceback" not in client.text
    assert SECRET not in client.text
    said = json.loads(client.text.split("\n\n")[1].rpartition("data: ")[2])
    for name, value in shown.items():
        assert (value.items() <= said[name].items()) if isinstance(value, dict) else said[name] == value
    assert client.whole
    assert '"outcome": "done"' not in log.getvalue()
    assert guard.metrics.registry.get_sample_value("guard_answer_seconds_count") == 0


async def test_an_error_event_that_was_written_for_visitors_keeps_its_sentence_its_name_and_its_neighbours():
    ours = b'id: 7\nevent: error\ndata: {"code": "cut", "message": "The answer broke off.", "retryable": true}\n\n'
    parts = b": ping\n\n", b'data: {"delta": "One"}\n\n', ours + b'data: {"error": null, "delta": "two"}\n\n'
    client = await Client().ask(ChatGuard(streaming(*parts), SETTINGS))
    ping, one, error, after, _end = client.text.split("\n\n")
    assert (ping, one) == (": ping", 'data: {"delta": "One"}')
    assert set(error.split("\n")[:2]) == {"id: 7", "event: error"}
    assert json.loads(error.partition("data: ")[2])["message"] == "The answer broke off."
    assert after == 'data: {"error": null, "delta": "two"}'


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\r\r", b"\n\r", b"\n\r\n"])
@pytest.mark.parametrize("size", [1, 3, 10_000])
async def test_other_events_pass_byte_by_byte(end: bytes, size: int):
    line = end[: len(end) // 2] or b"\n"
    whole = b": a comment" + end + b"id: 1" + line + b'data: {"delta": "One \xc3\xa9"}' + end + b"data: [DONE]" + end
    parts = [whole[start : start + size] for start in range(0, len(whole), size)]
    client = await Client().ask(ChatGuard(streaming(*parts), SETTINGS))
    assert client.text.encode() == whole


async def test_a_product_inside_is_not_asked_to_compress():
    seen: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend(name for name, _value in scope["headers"])
        await streaming(b"data: hi\n\n")(scope, receive, send)

    await Client(headers=[(b"accept-encoding", b"gzip")]).ask(ChatGuard(app, SETTINGS))
    assert seen == [b"content-type"]


@pytest.mark.parametrize("endless", [b"data: " + b"x" * 90_000, b'data: {"delta": "' + b"y" * 9_000, b": " * 4_000])
async def test_a_line_without_end_is_ended(endless: bytes):
    client = await Client().ask(ChatGuard(streaming(WORD, *([endless] * 200)), SETTINGS))
    assert client.error_event["code"] == "answer_too_large"
    assert len(client.text) < 400_000


async def test_bytes_cut_inside_a_character_pass_as_they_came():
    whole = 'data: {"delta": "ü"}\n\n'.encode()
    client = await Client().ask(ChatGuard(streaming(whole[:18], whole[18:]), SETTINGS))
    assert client.text.encode() == whole


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("path", ["/api/chat", "/upload"])
async def test_ten_megabytes_are_refused(path: str, declared: bool):
    headers = [(b"content-length", b"10000000")] if declared else []
    client = Client(path=path, headers=headers, chunks=[b"x" * 100_000] * 100)

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            continue

    await client.ask(ChatGuard(reading, SETTINGS))
    assert (client.status, client.json["code"]) == (413, "too_large")
    assert len(client.chunks) > 90


class Dripping(Client):
    """Begins a body and never ends it."""

    async def receive(self) -> Message:
        if self.chunks is None:
            self.chunks = []
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError("it was waited for")


async def test_a_body_that_never_ends_is_given_up():
    client = await Dripping().ask(ChatGuard(slow_body, SETTINGS))
    assert (client.status, client.json["code"]) == (408, "too_slow")
    assert client.answer_headers["connection"] == "close"


async def slow_body(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


RULES = (Rule("chat", ("/api/chat",), (Rate(3, 60, Per.SESSION), Rate(5, 60), Rate(8, 60, Per.EVERYBODY))),)
LIMITED = GuardSettings(deadlines=QUICK, rules=RULES, trusted_proxies=("203.0.113.1",))


async def statuses(guard: ChatGuard, *clients: Client) -> list[int]:
    return [(await client.ask(guard)).status for client in clients]


def session(name: str, **other) -> Client:
    return Client(headers=[(b"cookie", f"a=b; session={name}".encode())], **other)


async def test_a_session_a_client_and_everybody_have_budgets_and_are_told_when_to_come_back():
    guard = ChatGuard(streaming(WORD), LIMITED)
    assert await statuses(guard, *[session("one") for _ in range(4)]) == [200, 200, 200, 429]
    assert await statuses(guard, session("two"), session("three"), session("four")) == [200, 200, 429]
    assert await statuses(guard, Client(address="198.51.100.9")) == [200]
    refused = session("one")
    await refused.ask(guard)
    assert refused.json["code"] == "too_many_requests_session"
    assert 1 <= int(refused.answer_headers["retry-after"]) <= 60
    assert refused.json["retryable"] is True


async def test_a_flood_of_one_does_not_use_up_everybodys_budget():
    guard = ChatGuard(streaming(WORD), LIMITED)
    await statuses(guard, *[Client() for _ in range(50)])
    assert await statuses(guard, Client(address="198.51.100.9")) == [200]


async def test_a_forged_forwarded_header_does_not_escape():
    guard = ChatGuard(streaming(WORD), LIMITED)
    forged = [Client(headers=[(b"x-forwarded-for", f"192.0.2.{n}".encode())]) for n in range(6)]
    assert (await statuses(guard, *forged))[-1] == 429
    behind = [
        Client(address="203.0.113.1", headers=[(b"x-forwarded-for", f"192.0.2.{n}, 9.9.9.9".encode())])
        for n in range(6)
    ]
    assert (await statuses(guard, *behind))[-1] == 429


async def test_visitors_behind_an_edge_are_told_apart():
    guard = ChatGuard(streaming(WORD), LIMITED)
    edge = [Client(address="203.0.113.1", headers=[(b"x-forwarded-for", f"192.0.2.{n}".encode())]) for n in range(8)]
    assert await statuses(guard, *edge) == [200] * 8


async def test_addresses_of_one_household_are_one_client():
    guard = ChatGuard(streaming(WORD), LIMITED)
    household = [Client(address=f"2001:db8::{n}") for n in range(1, 7)]
    assert (await statuses(guard, *household))[-1] == 429


class GoneStore(MemoryStore):
    async def add(self, key: str, amount: int, *, lifetime_s: float) -> Count:
        raise StoreError("gone")


async def test_without_its_store_rates_are_counted_here_and_that_is_noted_once():
    log = io.StringIO()
    guard = ChatGuard(streaming(WORD), LIMITED, store=GoneStore(), logger=json_logger("guard", log))
    assert await statuses(guard, *[Client() for _ in range(6)]) == [200, 200, 200, 429, 429, 429]
    assert log.getvalue().count("limits-store-gone") == 1


class RedisLikeError(Exception):
    """What the client of a shared store raises; it is neither an `OSError` nor wrapped by `limits`."""


class LostRedis(StoreStorage):
    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.wrap_exceptions = False

    @property
    def base_exceptions(self) -> type[Exception]:
        return RedisLikeError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise RedisLikeError(SECRET)


async def test_a_lost_redis_is_answered_for_as_a_lost_file_is():
    log = io.StringIO()
    guard = ChatGuard(streaming(WORD), LIMITED, store=LostRedis(), logger=json_logger("guard", log))
    assert await statuses(guard, *[Client() for _ in range(4)]) == [200, 200, 200, 429]
    assert log.getvalue().count("limits-store-gone") == 1


async def test_beyond_its_places_a_request_waits_and_beyond_its_queue_it_is_refused():
    settings = GuardSettings(deadlines=QUICK, rules=(), places=2, queue=1, wait_s=0.3, busy_retry_s=4)
    guard = ChatGuard(streaming(WORD, 0.1, WORD), settings)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(Client().ask(guard)) for _ in range(4)]
    answers = sorted((task.result() for task in asked), key=lambda client: client.status)
    assert [client.status for client in answers] == [200, 200, 200, 503]
    assert (answers[-1].json["code"], answers[-1].answer_headers["retry-after"]) == ("busy", "4")


async def test_a_queue_is_waited_in_for_a_bounded_time():
    settings = GuardSettings(deadlines=QUICK, rules=(), places=1, queue=5, wait_s=0.02)
    guard = ChatGuard(streaming(WORD, 0.1), settings)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(Client().ask(guard)) for _ in range(3)]
    assert sorted(task.result().status for task in asked) == [200, 503, 503]
    assert guard.places.waiting == guard.places.running == 0


def spend(store: MemoryStore, told: list[Alarm], *caps: Cap) -> Spend:
    async def tell(alarm: Alarm) -> None:
        told.append(alarm)

    return Spend(caps, {"": Price(2.5, 10)}, store, most_micro=1000, alarm=tell)


async def test_answers_stop_before_the_cap_and_the_owner_is_told_once_at_each_share():
    told: list[Alarm] = []
    capped = spend(MemoryStore(), told, Cap(10_000))

    async def paid(scope: Scope, receive: Receive, send: Send) -> None:
        await capped.charge(scope["state"]["request_id"], "gpt", 40, 80)  # 900
        await streaming(WORD)(scope, receive, send)

    guard = ChatGuard(paid, SETTINGS, spend=capped)
    got = await statuses(guard, *[Client() for _ in range(14)])
    assert got == [200] * 11 + [503] * 3
    assert [alarm.share for alarm in told] == [0.8, 1.0]
    assert all(alarm.spent_micro <= alarm.cap_micro for alarm in told)
    last = await Client().ask(guard)
    assert last.json["code"] == "spend_cap_product"
    assert "answered as much as it may" in last.json["message"]
    assert int(last.answer_headers["retry-after"]) > 3600


async def test_a_sessions_cap_stops_that_session_alone():
    capped = spend(MemoryStore(), [], Cap(1000, Per.SESSION), Cap(100_000))

    async def paid(scope: Scope, receive: Receive, send: Send) -> None:
        await capped.charge(scope["state"]["request_id"], "gpt", 40, 80)
        await streaming(WORD)(scope, receive, send)

    guard = ChatGuard(paid, SETTINGS, spend=capped)
    assert await statuses(guard, session("one"), session("one"), session("two")) == [200, 429, 200]


async def test_a_hundred_at_once_do_not_run_past_the_cap_together():
    store = MemoryStore()
    guard = ChatGuard(streaming(WORD, 0.05), SETTINGS, spend=spend(store, [], Cap(5000)))
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(Client().ask(guard)) for _ in range(100)]
    assert sorted(task.result().status for task in asked).count(200) == 5
    assert await statuses(guard, Client()) == [200]  # nothing was charged, so all of it came back


async def test_a_loop_inside_the_product_ends_at_the_cap():
    capped = spend(MemoryStore(), [], Cap(5000))
    calls = []

    async def loop(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            await capped.before_call(scope["state"]["request_id"])
            calls.append(await capped.charge(scope["state"]["request_id"], "gpt", 40, 80))

    client = await Client().ask(ChatGuard(loop, SETTINGS, spend=capped))
    assert 5000 <= sum(calls) < 6000
    assert (client.status, client.json["code"]) == (503, "spend_cap_product")


async def test_without_its_store_nothing_is_spent():
    client = await Client().ask(ChatGuard(streaming(WORD), SETTINGS, spend=spend(GoneStore(), [], Cap(5000))))
    assert (client.status, client.json["code"]) == (503, "spend_unknown")
    assert client.answer_headers["retry-after"] == "30"


class HalfGoneStore(MemoryStore):
    """Loses the counts of everybody, and only those."""

    gone = False

    async def add(self, key: str, amount: int, *, lifetime_s: float) -> Count:
        if self.gone and amount > 0 and "everybody" in key:
            raise StoreError("gone")
        return await super().add(key, amount, lifetime_s=lifetime_s)


async def test_what_was_not_set_aside_is_not_given_back():
    store, log = HalfGoneStore(), io.StringIO()
    caps = Cap(50_000, Per.SESSION), Cap(50_000)
    purse = Spend(caps, {"": Price(2.5, 10)}, store, most_micro=1000, logger=json_logger("guard", log))
    async with purse.answer("first", Who("198.51.100.7", "one")):
        await purse.charge("first", "m", 400, 0)
    store.gone = True
    for number in range(5):
        with pytest.raises(SpendCapError):
            async with purse.answer(str(number), Who("198.51.100.7", "one")):
                raise AssertionError("it was let in")
    spent = {key.split("/")[1]: total for key, (total, _until) in store._counts._entries.items()}
    assert spent == {"session": 1000, "everybody": 1000}
    assert log.getvalue().count("spend-store-gone") == 1


async def test_numbers_are_kept_and_no_client_can_add_a_series():
    guard = ChatGuard(streaming(WORD), LIMITED)
    await statuses(guard, *[Client() for _ in range(4)])
    await statuses(guard, Client(path="/some/random/path"))
    text = guard.metrics.text().decode()
    assert 'guard_requests_total{route="chat",status="200"} 3.0' in text
    assert 'guard_requests_total{route="chat",status="429"} 1.0' in text
    assert 'guard_refusals_total{code="too_many_requests_session"} 1.0' in text
    assert "guard_first_content_seconds_count 3.0" in text
    assert "random" not in text


async def test_a_websocket_beyond_the_budget_is_refused_with_a_code():
    async def accepting(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    guard = ChatGuard(accepting, LIMITED)
    scope = {"type": "websocket", "path": "/api/chat", "headers": [], "client": ("198.51.100.7", 1)}
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        said.append(message)

    for _turn in range(4):
        await guard(scope, receive, send)
    assert [message["type"] for message in said] == ["websocket.accept"] * 3 + ["websocket.close"]
    assert said[-1]["code"] == 1013
