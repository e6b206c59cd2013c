"""One message, one answer: joined, read again from any piece, kept when nobody listens, and nobody else's."""

import asyncio
import json

import pytest

from launchready_guard.chat_guard import ChatGuard, GuardSettings
from launchready_guard.continuity import Continuity
from launchready_guard.limiting import Per, Rate, Rule
from launchready_guard.message_store import Bounds
from launchready_guard.metrics import Metrics
from launchready_guard.replay import LiveAnswer
from launchready_guard.session_ids import Visitors
from launchready_guard.store import MemoryStore, StoreError

HELLO = {"message": "Hello", "message_id": "message-0001"}
CHAT = "/api/chat"
MINE = f"{CHAT}/messages/{HELLO['message_id']}"


async def until(true):
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is awaited is a task of the layer
            await asyncio.sleep(0.002)


async def state(app, browser) -> list[tuple[str, str]]:
    told = json.loads((await browser(app).read("GET", f"{CHAT}/messages")).body)["messages"]
    return [(message["message_id"], message["state"]) for message in told]


async def test_an_answer_is_streamed_with_numbered_pieces_and_given_again_without_asking_again(layer, browser, model):
    app = layer()
    first = await browser(app).read("POST", CHAT, HELLO)
    assert first.numbers == [1, 2, 3, 4]
    assert (first.text, first.pieces[-1][1]) == ("One two three", "done")
    assert first.headers["cache-control"] == "no-store, no-transform"
    assert first.headers["set-cookie"] == "mine=1"
    again = await browser(app).read("POST", CHAT, HELLO)
    assert again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    assert "set-cookie" not in again.headers
    assert model.asked == 1


async def test_another_worker_gives_the_same_answer_again(layer, browser, model):
    first = await browser(layer()).read("POST", CHAT, HELLO)
    assert (await browser(layer()).read("POST", CHAT, HELLO)).body == first.body
    assert (await browser(layer()).read("GET", MINE)).body == first.body
    assert model.asked == 1


async def test_an_id_belongs_to_one_message(layer, browser, model):
    app = layer()
    await browser(app).read("POST", CHAT, HELLO)
    other = await browser(app).read("POST", CHAT, HELLO | {"message": "Something else"})
    assert (other.status, json.loads(other.body)["code"]) == (409, "message_id_reused")
    assert model.asked == 1


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_second_request_joins_the_running_answer_in_this_worker_or_another(layer, browser, model, workers):
    model.pause_at = 1
    one = layer()
    two = one if workers == 1 else layer()
    first, _ = browser(one).open("POST", CHAT, HELLO)
    await first.until(b"One ")
    second, _ = browser(two).open("POST", CHAT, HELLO)
    third, _ = browser(two).open("GET", MINE, last=first.id_of(1))
    await second.until(b"One ")
    assert await state(two, browser) == [("message-0001", "pending")]
    model.go_on.set()
    await first.until(b"event: done")
    await second.until(b"event: done")
    await third.until(b"event: done")
    await until(lambda: first.over and second.over and third.over)
    assert first.text == second.text == "One two three"
    assert third.text == "two three"
    assert model.asked == 1
    assert await state(two, browser) == [("message-0001", "done")]


async def test_an_answer_goes_on_when_its_reader_has_gone_and_is_read_to_its_end_later(layer, browser, model):
    model.pause_at = 1
    app, browse = layer(), browser
    browsing = browse(app)
    first, away = browsing.open("POST", CHAT, HELLO)
    await first.until(b"One ")
    away.set()
    await asyncio.sleep(0.05)
    assert not browsing.tasks[0].done()
    model.go_on.set()
    await until(browsing.tasks[0].done)
    assert (model.asked, model.cut) == (1, 0)
    rest = await browse(layer()).read("POST", CHAT, HELLO, last=first.id_of(1))
    assert rest.text == "two three"
    assert first.text + rest.text == "One two three"


async def test_a_reader_that_has_everything_is_given_nothing_twice(layer, browser):
    app = layer()
    whole = await browser(app).read("POST", CHAT, HELLO)
    assert (await browser(app).read("GET", MINE, last=whole.pieces[-1][0])).pieces == []
    assert (await browser(layer()).read("GET", MINE, last=whole.id_of(99))).pieces == []


@pytest.mark.parametrize("workers", [1, 2])
async def test_an_answer_is_stopped_from_this_worker_or_another_and_what_was_said_is_kept(
    layer, browser, model, workers
):
    model.pause_at = 1
    one = layer()
    two = one if workers == 1 else layer()
    first, _ = browser(one).open("POST", CHAT, HELLO)
    await first.until(b"One ")
    assert (await browser(two).read("DELETE", MINE)).status == 202
    await first.until(b"event: error")
    assert first.pieces[-1][2]["code"] == "cancelled"
    assert model.cut == 1
    assert await state(one, browser) == [("message-0001", "cancelled")]
    kept = await browser(two).read("GET", MINE)
    assert kept.text == "One "


async def test_a_bug_in_the_middle_keeps_the_words_says_so_and_the_next_attempt_begins_anew(layer, browser, model):
    model.raise_at = 1
    app = layer()
    browsing = browser(app)
    with pytest.RaisesGroup(ZeroDivisionError):
        async with asyncio.TaskGroup() as group:
            browsing._group = group
            first = await browsing.read("POST", CHAT, HELLO)
            assert first.pieces[-1][1:] == (
                "error",
                {
                    "code": "bug",
                    "message": "Something broke on our side. What you see is kept; you can ask again.",
                    "retryable": True,
                    "request_id": "",
                },
            )
    assert await state(app, browser) == [("message-0001", "interrupted")]
    assert (await browser(layer()).read("GET", MINE)).text == "One "
    model.raise_at = None
    again = await browser(app).read("POST", CHAT, HELLO, last=first.id_of(2))
    assert again.pieces[0][1] == "restart"
    assert again.numbers == [1, 2, 3, 4]
    assert again.text == "One two three"
    assert model.asked == 2


async def test_a_refusal_of_the_products_own_is_passed_on_and_may_be_tried_again(layer, browser, model):
    app = layer()
    refused = await browser(app).read("POST", CHAT, HELLO | {"message": "refuse"})
    assert (refused.status, json.loads(refused.body)) == (422, {"code": "bad_question"})
    assert await state(app, browser) == [("message-0001", "failed")]
    assert (await browser(app).read("POST", CHAT, HELLO | {"message": "refuse"})).status == 422


async def test_an_answer_that_is_no_stream_is_given_again_whole(layer, browser, model):
    app = layer(path="/api/whole")
    first = await browser(app).read("POST", "/api/whole", HELLO)
    assert json.loads(first.body) == {"answer": "One two three"}
    assert (await browser(layer(path="/api/whole")).read("POST", "/api/whole", HELLO)).body == first.body
    assert model.asked == 1


async def test_what_stands_in_for_an_answer_may_be_asked_again(layer, browser, model):
    app = layer(path="/api/whole")
    canned = HELLO | {"message": "canned"}
    assert json.loads((await browser(app).read("POST", "/api/whole", canned)).body) == {"answer": "One two three"}
    await browser(app).read("POST", "/api/whole", canned)
    assert model.asked == 2


async def test_a_stream_without_its_last_event_is_cut(layer, browser):
    app = layer(final=frozenset({"[DONE]"}))
    answer = await browser(app).read("POST", CHAT, HELLO)
    assert answer.pieces[-1][2]["code"] == "cut"
    assert await state(app, browser) == [("message-0001", "interrupted")]


async def test_an_answer_without_end_is_stopped_by_its_size_and_by_its_time(layer, browser, model):
    model.words = ["x" * 1000] * 10_000
    large = await browser(layer(Bounds(answer_bytes=20_000, flush_s=0.005))).read("POST", CHAT, HELLO)
    assert large.pieces[-1][2]["code"] == "answer_too_large"
    assert len(large.body) < 25_000
    model.words, model.pause_at = ["One ", "two"], 1
    slow = await browser(layer(Bounds(answer_s=0.1, flush_s=0.005))).read(
        "POST", CHAT, HELLO | {"message_id": "message-0002"}
    )
    assert [piece[2].get("code") for piece in slow.pieces] == [None, "timed_out_total"]


async def test_a_reader_that_reads_nothing_does_not_hold_the_answer_up(layer, model, group):
    app = layer(Bounds(flush_s=0.005, answer_s=0.3, linger_s=0.1))
    stuck = asyncio.Event()
    said = [{"type": "http.request", "body": json.dumps(HELLO).encode()}]

    async def receive():
        return said.pop() if said else await asyncio.Event().wait()

    async def send(_message):
        await stuck.wait()

    scope = {"type": "http", "method": "POST", "path": CHAT, "headers": [(b"x-user", b"ana")]}
    async with asyncio.timeout(2):
        await app(scope, receive, send)
    assert (model.asked, model.cut) == (1, 0)


async def test_idle_streams_are_kept_open_by_comments(layer, browser, model):
    model.pause_at = 1
    app = layer(Bounds(ping_s=0.02, flush_s=0.005))
    answer, _ = browser(app).open("POST", CHAT, HELLO)
    await answer.until(b": waiting\n\n")
    model.go_on.set()
    await answer.until(b"event: done")
    assert answer.text == "One two three"


async def test_a_lost_workers_answer_ends_for_its_readers_and_may_be_made_again_after_the_lease(
    layer, browser, model, store
):
    model.pause_at = 1
    app = layer()
    talk = app._messages.talk_key("ana", "")
    claim = await app._messages.begin(talk, HELLO["message_id"], json.dumps(HELLO).encode())
    await app._messages.keeping(claim, LiveAnswer(claim.record.attempt, 1000)).begin()
    reader, _ = browser(layer()).open("POST", CHAT, HELLO)
    await asyncio.sleep(0.05)
    assert not reader.over
    async with asyncio.timeout(3), reader.changed:
        await reader.changed.wait_for(lambda: reader.over)
    assert (reader.status, reader.headers["retry-after"]) == (503, "1")
    assert await state(app, browser) == [("message-0001", "interrupted")]
    model.go_on.set()
    again = await browser(layer()).read("POST", CHAT, HELLO)
    assert not again.pieces[0][0].startswith(claim.record.attempt)
    assert again.text == "One two three"


async def test_a_worker_that_comes_back_after_its_lease_stops_and_spoils_nothing(layer, browser, model, store):
    model.pause_at = 1
    slow = layer(Bounds(flush_s=0.005, look_s=0.05, poll_s=0.005, lease_s=0.01))
    first, _ = browser(slow).open("POST", CHAT, HELLO)
    await first.until(b"One ")
    await asyncio.sleep(0.03)
    model.pause_at = None
    second = await browser(layer()).read("POST", CHAT, HELLO)
    assert second.text == "One two three"
    await first.until(b"event: error")
    assert first.pieces[-1][2]["code"] == "taken_over"
    assert (await browser(slow).read("GET", MINE)).body == second.body


async def test_an_expired_answer_is_made_anew_and_none_of_its_old_pieces_are_mixed_in(layer, browser, model):
    short = Bounds(kept_s=0.1, flush_s=0.005, look_s=0.02, poll_s=0.005, answer_s=5)
    old = await browser(layer(short)).read("POST", CHAT, HELLO)
    await asyncio.sleep(0.15)
    assert (await browser(layer(short)).read("GET", MINE)).status == 404
    model.words = ["Anew"]
    again = await browser(layer(short)).read("POST", CHAT, HELLO, last=old.id_of(2))
    assert again.text == "Anew"
    assert (await browser(layer(short)).read("GET", MINE, last=old.id_of(2))).text == "Anew"


async def test_a_refusal_is_forgotten_soon(layer, browser, model, store):
    short = Bounds(failed_s=0.1, flush_s=0.005)
    refused = HELLO | {"message": "refuse"}
    app = layer(short)
    assert (await browser(app).read("POST", CHAT, refused)).status == 422
    assert await state(app, browser) == [("message-0001", "failed")]
    await asyncio.sleep(0.15)
    assert await state(app, browser) == []
    assert (await browser(app).read("POST", CHAT, HELLO)).text == "One two three"


async def test_an_answer_is_not_read_in_more_places_than_a_person_has(layer, browser, model):
    model.pause_at = 1
    app = layer(Bounds(readers=2, flush_s=0.005))
    first, _ = browser(app).open("POST", CHAT, HELLO)
    await first.until(b"One ")
    reading = [browser(app).open("GET", MINE) for _ in range(2)]
    for answer, _away in reading:
        await answer.until(b"One ")
    third = await browser(app).read("GET", MINE)
    assert (third.status, third.headers["retry-after"]) == (429, "5")
    reading[0][1].set()
    await until(lambda: sum(app._readers.values()) == 1)
    fourth, _ = browser(app).open("GET", MINE)
    await fourth.until(b"One ")
    model.go_on.set()
    await until(lambda: not app._readers and first.over and fourth.over)


async def test_a_server_that_stops_keeps_the_words_and_leaves_no_task(layer, browser, model):
    model.pause_at = 1
    app = layer()
    before = asyncio.all_tasks()
    browsing = browser(app)
    first, _ = browsing.open("POST", CHAT, HELLO)
    await first.until(b"One ")
    browsing.tasks[0].cancel()
    await asyncio.wait(browsing.tasks)
    assert model.cut == 1
    assert asyncio.all_tasks() == before
    assert not app._live
    left = await browser(layer()).read("GET", MINE)
    assert (left.text, left.pieces[-1][2]["code"]) == ("One ", "shutting_down")
    assert await state(app, browser) == [("message-0001", "interrupted")]


async def test_two_people_with_the_same_message_id_never_meet(layer, browser, model):
    app = layer()
    await browser(app).read("POST", CHAT, HELLO)
    model.words = ["Ben's"]
    bens = await browser(app, "ben").read("POST", CHAT, HELLO)
    assert bens.text == "Ben's"
    assert (await browser(app).read("GET", MINE)).text == "One two three"
    for method in ("GET", "DELETE"):
        assert (await browser(app, "cem").read(method, MINE)).status == 404
    assert json.loads((await browser(app, "cem").read("GET", f"{CHAT}/messages")).body) == {"messages": []}


async def test_the_store_holds_no_message_and_no_owner(layer, browser, store, tmp_path):
    await browser(layer(), "ana@example.org").read("POST", CHAT, HELLO | {"message": "I feel stuck"})
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    if not kept:
        kept = repr([vars(part) for part in vars(store).values() if hasattr(part, "__dict__")]).encode()
    assert b"message-0001" in kept
    for private in (b"I feel stuck", b"ana@example.org"):
        assert private not in kept


async def test_without_an_owner_or_an_id_the_product_answers_alone(layer, client_of, model):
    app = layer()
    async with client_of(app, "") as nobody, client_of(app) as ana:
        assert (await nobody.post(CHAT, json=HELLO)).status_code == 500  # untouched, accept-encoding and all
        for body in (b"{", b"[[" * 5000, b'{"message": "Hello"}', json.dumps(HELLO | {"message_id": 5}).encode()):
            assert (await ana.post(CHAT, content=body, headers={"Accept-Encoding": ""})).status_code in {200, 500}
        assert (await nobody.get(MINE)).json()["code"] == "logged_out"
        assert (await ana.get("/api/chatter")).json() == {"path": "/api/chatter", "body": ""}
        assert (await ana.post(f"{CHAT}/sessions", content=b"x")).json() == {"path": f"{CHAT}/sessions", "body": "x"}


async def test_the_id_may_come_in_a_header(layer, client_of, model):
    async with client_of(layer(id_in_body="")) as ana:
        headers = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
        first = await ana.post(CHAT, content=b"anything", headers=headers)
        assert (await ana.post(CHAT, content=b"anything", headers=headers)).content == first.content
        assert model.asked == 1
        assert (await ana.post(CHAT, content=b"x", headers={"Idempotency-Key": "a b"})).status_code == 422


async def test_a_body_that_is_too_long_is_refused_before_it_is_kept(layer, client_of, model):
    async with client_of(layer(max_body_bytes=100)) as ana:
        assert (await ana.post(CHAT, json=HELLO | {"message": "x" * 100})).status_code == 413
    assert model.asked == 0


async def test_a_message_that_never_arrives_whole_is_given_up(layer, model):
    sent = []
    drops = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive():
        if drops:
            return drops.pop()
        await asyncio.sleep(60)
        raise AssertionError("it was waited for")

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": CHAT, "headers": [(b"x-user", b"ana")], "query_string": b""}
    async with asyncio.timeout(5):
        await layer(body_s=0.1)(scope, receive, send)
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"]) == (408, "too_slow")
    assert (b"connection", b"close") in sent[0]["headers"]
    assert model.asked == 0


async def test_a_guard_that_refuses_inside_leaves_the_id_to_be_used_again(layer, browser, model, bare):
    """Told to wait, a client sends its question again with the same id, and is answered."""
    now_s = 1_000_000.0
    rules = (Rule("chat", (CHAT,), (Rate(1, 60, Per.EVERYBODY),)),)
    guard = ChatGuard(bare, GuardSettings(rules=rules), store=MemoryStore(lambda: now_s))
    app = layer(app=guard)
    assert (await browser(app).read("POST", CHAT, HELLO)).text == "One two three"
    second = HELLO | {"message_id": "message-0002"}
    for _turn in range(2):
        refused = await browser(app).read("POST", CHAT, second)
        assert (refused.status, json.loads(refused.body)["code"]) == (429, "too_many_requests_everybody")
        assert int(refused.headers["retry-after"]) >= 1
    assert (await state(app, browser))[-1] == ("message-0002", "failed")
    now_s += 61
    assert (await browser(app).read("POST", CHAT, second)).text == "One two three"
    assert (await state(app, browser))[-1] == ("message-0002", "done")
    assert model.asked == 2


async def test_answers_that_were_given_again_are_counted_and_others_are_not(layer, browser, model):
    metrics = Metrics()
    app = layer(metrics=metrics)
    counted = []
    for method, path in (("POST", CHAT), ("POST", CHAT), ("GET", MINE)):
        await browser(app).read(method, path, HELLO)
        counted.append(metrics.registry.get_sample_value("guard_cache_hits_total"))
    assert counted == [0, 1, 2]
    assert model.asked == 1


async def test_a_session_of_another_visitor_or_a_forged_one_is_refused(layer, client_of, model):
    app = layer(signed_sessions=True, session_in_body="session")
    async with client_of(app) as ana, client_of(app, "ben") as ben:
        session = (await ana.post(f"{CHAT}/sessions")).json()["session"]
        assert (await ana.post(CHAT, json=HELLO | {"session": session})).status_code == 200
        forged = session[:-1] + ("A" if session[-1] != "A" else "B")
        for client, given in ((ben, session), (ana, forged), (ana, "1"), (ben, "")):
            answer = await client.post(CHAT, json=HELLO | {"session": given})
            assert answer.status_code == (403 if given else 200)
        foreign = await ben.get(MINE, headers={"X-Chat-Session": session})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_session")
        assert (await ana.get(MINE, headers={"X-Chat-Session": session})).status_code == 200
        assert (await ana.get(MINE)).status_code == 404  # of another talk


async def test_visitors_without_a_log_in_are_told_apart_by_their_cookie(layer, client_of, model):
    from launchready_guard.continuity import visitor

    guarded = Visitors(layer(owner=visitor), key=b"k" * 32, secure=False)
    async with client_of(guarded, "") as one, client_of(guarded, "") as two:
        await one.get("/")
        await two.get("/")
        assert (await one.post(CHAT, json=HELLO, headers={"Accept-Encoding": "gzip"})).status_code == 200
        assert (await one.get(MINE)).status_code == 200
        assert (await two.get(MINE)).status_code == 404


class Slow(MemoryStore):
    """A store in which a change takes its time, and an event is written long before that is said."""

    async def append(self, stream, value, *, lifetime_s):
        number = await super().append(stream, value, lifetime_s=lifetime_s)
        await asyncio.sleep(0.05)
        return number

    async def put(self, key, value, *, expected, lifetime_s):
        await asyncio.sleep(0.05 if expected else 0)
        return await super().put(key, value, expected=expected, lifetime_s=lifetime_s)


async def test_a_server_that_stops_during_a_write_stores_no_piece_twice(layer, browser, model):
    model.pause_at = 1
    slow = Slow()
    app = layer(store=slow)
    browsing = browser(app)
    first, _ = browsing.open("POST", CHAT, HELLO)
    await first.until(b"One ")
    while not any(":list" not in stream for stream in slow._streams._entries):  # noqa: ASYNC110 - the first batch
        await asyncio.sleep(0.001)
    browsing.tasks[0].cancel()
    await asyncio.wait(browsing.tasks)
    left = await browser(layer(store=slow)).read("GET", MINE)
    assert (left.text, left.numbers) == ("One ", [1, 2])


async def test_whoever_was_told_the_end_finds_it_written(layer, browser, model):
    app = layer(path="/api/whole", store=Slow())
    for _ in range(2):
        await browser(app).read("POST", "/api/whole", HELLO | {"message": "canned"})
    assert model.asked == 2


class Gone(MemoryStore):
    """A store that is gone from the nth call on."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._calls = calls

    async def row(self, key):
        self._used()
        return await super().row(key)

    async def append(self, stream, value, *, lifetime_s):
        self._used()
        return await super().append(stream, value, lifetime_s=lifetime_s)

    async def put(self, key, value, *, expected, lifetime_s):
        self._used()
        return await super().put(key, value, expected=expected, lifetime_s=lifetime_s)

    def _used(self):
        self._calls -= 1
        if self._calls < 0:
            raise StoreError


@pytest.mark.parametrize("calls", range(12))
async def test_when_the_store_goes_the_visitor_is_answered_all_the_same(layer, browser, model, calls):
    app: Continuity = layer(store=Gone(calls))
    answer = await browser(app).read("POST", CHAT, HELLO)
    # Without the layer the product sees the browser's own headers, and its own reply is passed on.
    assert answer.status == 500 or answer.text == "One two three"
    assert (await browser(app).read("GET", MINE)).status in {200, 404, 503}
    await until(lambda: not app._live)
