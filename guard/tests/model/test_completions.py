"""One call, against a provider on loopback in every mood."""

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from launchready_guard.completions import Ask, CompletionError, Limits, Provider, Words, estimated_tokens
from launchready_guard.deltas import ToolDelta, Usage
from launchready_guard.failures import Failure
from launchready_guard.health import DependencyDownError


async def words_of(call) -> list[str]:
    async with aclosing(call.stream()) as pieces:
        return [piece.text async for piece in pieces]


async def read_into(said: list[str], call, pause_s: float = 0) -> None:
    async with aclosing(call.stream()) as pieces:
        async for piece in pieces:
            said.append(piece.text)
            await asyncio.sleep(pause_s)


@pytest.fixture
def failing(loopback, completions_of, ask):
    """The error of a call in this mood, and what was said before it."""

    async def run(mood, **limits) -> tuple[CompletionError, list[str]]:
        loopback.moods = [mood]
        said = []
        with pytest.raises(CompletionError) as failed:
            await read_into(said, completions_of(loopback.url, **limits).call(ask))
        await loopback.idle()
        return failed.value, said

    return run


def test_the_patience_is_what_the_readme_says():
    limits = Limits()
    assert (limits.connect_s, limits.first_token_s, limits.idle_s, limits.total_s) == (5, 10, 20, 90)


async def test_words_come_as_they_are_sent_and_the_request_is_the_protocols(loopback, says, completions_of, ask):
    loopback.moods = [says.answers("Small ", "steps")]
    call = completions_of(loopback.url).call(ask)
    assert await words_of(call) == ["Small ", "steps"]
    assert (call.finish, call.usage) == ("stop", Usage(11, 7, estimated=False))
    assert call.first_token_s is not None
    [asked], [headers] = loopback.asked, loopback.headers
    assert asked == {
        "model": "tiny",
        "stream": True,
        "max_tokens": 50,
        "stream_options": {"include_usage": True},
        "messages": [{"role": "user", "content": "I feel stuck."}],
    }
    assert headers["authorization"] == f"Bearer {says.key}"
    assert (headers["x-client-request-id"], headers["accept-encoding"]) == ("req-1", "identity")


async def test_options_are_sent_and_can_not_undo_the_stream_or_the_bound(loopback, says, completions_of):
    loopback.moods = [says.answers("Hi")]
    options = {"temperature": 0.2, "stream": False, "max_tokens": 9_999}
    ask = Ask(messages=[{"role": "user", "content": "Hi"}], max_tokens=50, options=options)
    await words_of(completions_of(loopback.url).call(ask))
    [asked] = loopback.asked
    assert (asked["temperature"], asked["stream"], asked["max_tokens"]) == (0.2, True, 50)


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://api.openai.com.evil.example/v1", "max_tokens"),
        ("http://127.0.0.1:11434/v1", "max_tokens"),
    ],
)
def test_the_bound_on_tokens_has_the_name_that_the_provider_takes(url, field):
    assert Provider(name="first", url=url, model="m").bound_field == field
    assert Provider(name="first", url=url, model="m", bound_field="max_output").bound_field == "max_output"


async def test_a_tool_call_is_an_answer(loopback, says, completions_of, ask):
    part = {"index": 0, "id": "call_1", "function": {"name": "book", "arguments": "{}"}}
    sent = says.event({"choices": [{"delta": {"tool_calls": [part]}}]})
    loopback.moods = [says.sends(says.head(), sent, says.chunk(finish_reason="tool_calls"), says.done)]
    async with aclosing(completions_of(loopback.url).call(ask).stream()) as pieces:
        assert [piece async for piece in pieces] == [ToolDelta(0, "call_1", "book", "{}")]


async def test_blank_text_waits_for_the_first_word_that_can_be_seen(loopback, says, completions_of, ask):
    loopback.moods = [says.answers("\n", " ", "Hi")]
    assert await words_of(completions_of(loopback.url).call(ask)) == ["\n Hi"]


@pytest.mark.parametrize(
    ("status", "error", "failure"),
    [
        ("401 Unauthorized", None, Failure.REFUSED_KEY),
        ("404 Not Found", {"code": "model_not_found"}, Failure.WRONG_MODEL),
        ("400 Bad Request", {"code": "context_length_exceeded"}, Failure.CONTEXT_OVERFLOW),
        ("400 Bad Request", None, Failure.REFUSED),
        ("302 Found", None, Failure.REFUSED),
        ("429 Too Many Requests", {"code": "insufficient_quota"}, Failure.QUOTA),
        ("429 Too Many Requests", None, Failure.RATE_LIMITED),
        ("503 Service Unavailable", None, Failure.PROVIDER_ERROR),
    ],
)
async def test_a_refusal_is_told_from_the_others_and_costs_nothing(
    loopback, says, completions_of, ask, status, error, failure
):
    loopback.moods = [says.refuses(status, error)]
    call = completions_of(loopback.url).call(ask)
    with pytest.raises(CompletionError) as failed:
        await words_of(call)
    assert (failed.value.failure, failed.value.status) == (failure, int(status[:3]))
    assert call.usage == Usage(0, 0, estimated=True)


async def test_retry_after_is_read_in_seconds_and_as_a_date(failing, says):
    failed, _said = await failing(says.refuses("429 Too Many Requests", None, retry_after="20"))
    assert failed.retry_after_s == 20
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    failed, _said = await failing(says.refuses("503 Service Unavailable", None, retry_after=soon))
    assert 25 < failed.retry_after_s <= 30


async def test_a_refusal_whose_body_never_ends_is_the_refusal(failing, says, monkeypatch):
    monkeypatch.setattr("launchready_guard.completions.ERROR_BODY_S", 0.05)
    failed, _said = await failing(says.sends(says.head("429 Too Many Requests"), b"{", 60.0))
    assert failed.failure is Failure.RATE_LIMITED


async def test_a_refusal_of_a_hundred_megabytes_is_read_to_its_bound(failing, says, loopback, monkeypatch):
    monkeypatch.setattr("launchready_guard.completions.ERROR_BODY_S", 60)
    failed, _said = await failing(endless(says.head("500 Oops"), b"x" * 65_536))
    assert failed.failure is Failure.PROVIDER_ERROR
    assert loopback.left == 1


def endless(*parts: bytes):
    """The first part once, the last for ever."""

    async def mood() -> AsyncIterator[bytes]:
        yield parts[0]
        while True:
            yield parts[-1]
            await asyncio.sleep(0)

    return mood


def every(pause_s: float, start: bytes, again: bytes):
    async def mood() -> AsyncIterator[bytes]:
        yield start
        while True:
            yield again
            await asyncio.sleep(pause_s)

    return mood


async def test_silence_before_the_headers_is_a_late_first_token_and_the_call_is_closed(failing, says, loopback):
    failed, said = await failing(says.sends(60.0), first_token_s=0.05)
    assert (failed.failure, said, loopback.left) == (Failure.TIMED_OUT_FIRST, [], 1)


@pytest.mark.parametrize(
    "again",
    [
        b": ping\n\n",
        b'data: {"choices": [{"delta": {"content": ""}}]}\n\n',
        b'data: {"choices": []}\n\n',
        b'data: {"choices": [{"delta": {"reasoning_content": "hm"}}]}\n\n',
        b'data: {"choices": [{"delta": {"content": " "}}]}\n\n',
    ],
    ids=["comments", "empty deltas", "no choices", "reasoning", "blanks"],
)
async def test_what_is_no_visible_token_does_not_hide_a_stall(failing, says, loopback, again):
    failed, said = await failing(every(0.01, says.head() + says.role, again), first_token_s=0.1)
    assert (failed.failure, said, loopback.left) == (Failure.TIMED_OUT_FIRST, [], 1)


async def test_comments_do_not_hide_a_stall_between_tokens(failing, says, loopback):
    failed, said = await failing(every(0.01, says.head() + says.chunk("one"), b": ping\n\n"), idle_s=0.1)
    assert (failed.failure, said, loopback.left) == (Failure.TIMED_OUT_IDLE, ["one"], 1)


async def test_an_answer_that_goes_on_and_on_is_ended_in_time(failing, says, loopback):
    failed, said = await failing(every(0.01, says.head(), says.chunk("on ")), total_s=0.15)
    assert (failed.failure, loopback.left) == (Failure.TIMED_OUT_TOTAL, 1)
    assert 2 <= len(said) <= 16


async def test_a_stall_is_waited_for_no_longer_than_the_whole_answer_may_take(failing, says):
    failed, said = await failing(says.sends(says.head(), says.chunk("one"), 60.0), total_s=0.15, idle_s=60)
    assert (failed.failure, said) == (Failure.TIMED_OUT_TOTAL, ["one"])


async def test_an_endless_stream_is_ended_at_its_bound(failing, says, loopback):
    failed, said = await failing(endless(says.head(), says.chunk("word " * 10)))
    assert (failed.failure, loopback.left) == (Failure.TOO_LARGE, 1)
    assert len("".join(said)) == 20_000


async def test_a_thousand_steps_are_taken_and_the_bound_holds_to_the_character(loopback, says, completions_of, ask):
    loopback.moods = [says.answers(*["step"] * 1_000)]
    assert len(await words_of(completions_of(loopback.url, max_answer_chars=4_000).call(ask))) == 1_000
    with pytest.raises(CompletionError, match="too_large"):
        await words_of(completions_of(loopback.url, max_answer_chars=3_999).call(ask))


@pytest.mark.parametrize(
    "forever",
    [b"x" * 65_536, b": " + b"x" * 60_000 + b"\n", b"data: x\n" * 8_000, b'data: {"choices": []}\n\n' * 2_000],
    ids=["a line without end", "comments", "an event without end", "events without words"],
)
async def test_bytes_without_words_are_ended_at_a_bound(failing, says, loopback, forever):
    failed, said = await failing(endless(says.head(), forever), max_stream_bytes=2_000_000)
    assert (failed.failure, said, loopback.left) == (Failure.TOO_LARGE, [], 1)


async def test_a_token_of_a_hundred_megabytes_is_not_kept(failing, says, loopback):
    start = says.head() + b'data: {"choices": [{"delta": {"content": "'
    failed, said = await failing(endless(start, b"x" * 65_536))
    assert (failed.failure, said, loopback.left) == (Failure.TOO_LARGE, [], 1)


@pytest.mark.parametrize(
    ("sent", "failure"),
    [
        ((), Failure.EMPTY),
        ((b"stop",), Failure.EMPTY),
        ((b"data: {\n\n",), Failure.MALFORMED),
        ((b"data: []\n\n",), Failure.MALFORMED),
        ((b'data: {"error": {"code": "insufficient_quota"}}\n\n',), Failure.QUOTA),
        ((b'event: error\ndata: {"message": "Overloaded"}\n\n',), Failure.STREAM_ERROR),
    ],
)
async def test_a_stream_without_an_answer_is_named(failing, says, sent, failure):
    parts = [says.stop if part == b"stop" else part for part in sent]
    failed, said = await failing(says.sends(says.head(), says.role, *parts, says.done))
    assert (failed.failure, said) == (failure, [])


CUTS = {
    "between events": b"",
    "in an event": b'data: {"choices": [{"del',
    "in a character": b'data: {"choices": [{"delta": {"content": "' + "é".encode()[:1],
    "before the blank line": b"data: [DONE]\n",
}


@pytest.mark.parametrize("last", CUTS.values(), ids=CUTS)
async def test_a_stream_that_ends_without_its_end_is_cut(failing, says, last):
    failed, said = await failing(says.sends(says.head(), says.chunk("one"), last))
    assert (failed.failure, said) == (Failure.CUT, ["one"])


async def test_a_chunked_stream_that_breaks_off_is_cut(failing, says):
    body = says.chunk("one")
    start = says.head(transfer_encoding="chunked") + f"{len(body):x}\r\n".encode() + body + b"\r\n5\r\nda"
    failed, said = await failing(says.sends(start))
    assert (failed.failure, said) == (Failure.CUT, ["one"])


async def test_a_connection_that_closes_before_an_answer_is_cut(failing, says):
    failed, said = await failing(says.sends())
    assert (failed.failure, said) == (Failure.CUT, [])


@pytest.mark.parametrize("end", ["stop", "done"])
async def test_either_end_of_the_protocol_makes_an_answer_whole(loopback, says, completions_of, ask, end):
    loopback.moods = [says.sends(says.head(), says.chunk("one"), getattr(says, end))]
    assert await words_of(completions_of(loopback.url).call(ask)) == ["one"]


async def test_an_answer_that_is_whole_waits_for_its_counts_only_briefly(
    loopback, says, completions_of, ask, monkeypatch
):
    monkeypatch.setattr("launchready_guard.completions.TAIL_S", 0.05)
    loopback.moods = [every(0.01, says.head() + says.chunk("one") + says.stop, b": ping\n\n")]
    call = completions_of(loopback.url).call(ask)
    async with asyncio.timeout(2):
        assert await words_of(call) == ["one"]
    assert call.usage.estimated


async def test_nothing_is_read_after_the_end(loopback, says, completions_of, ask):
    loopback.moods = [endless(says.head() + says.chunk("one") + says.done, says.chunk("more"))]
    assert await words_of(completions_of(loopback.url).call(ask)) == ["one"]
    await loopback.idle()
    assert loopback.left == 1


@pytest.mark.parametrize(
    ("head", "body", "failure"),
    [
        ({"kind": "text/html"}, b"<h1>Log in to the Wi-Fi</h1>", Failure.BAD_CONTENT_TYPE),
        ({"kind": "application/json"}, b'{"choices": [{"message": {"content": "Hi"}}]}', Failure.BAD_CONTENT_TYPE),
        ({"kind": "application/json"}, b'{"error": {"code": "insufficient_quota"}}', Failure.QUOTA),
        ({"content_encoding": "gzip"}, b"\x1f\x8b", Failure.BAD_CONTENT_TYPE),
    ],
)
async def test_a_200_that_is_no_stream_is_named(failing, says, head, body, failure):
    failed, _said = await failing(says.sends(says.head(**head), body))
    assert (failed.failure, failed.status) == (failure, None)


async def test_a_parameter_of_the_content_type_is_fine(loopback, says, completions_of, ask):
    kind = "Text/Event-Stream; charset=utf-8"
    loopback.moods = [says.sends(says.head(kind=kind), says.chunk("Hi"), says.stop)]
    assert await words_of(completions_of(loopback.url).call(ask)) == ["Hi"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://[::1/v1", "ftp://127.0.0.1/v1"])
async def test_a_provider_that_is_not_there_is_unreachable(completions_of, ask, url):
    call = completions_of(url).call(ask)
    with pytest.raises(CompletionError, match="unreachable"):
        await words_of(call)
    assert call.usage == Usage(0, 0, estimated=True)


@pytest.fixture
def deaf() -> Iterator[str]:
    """A provider that takes no connection: its queue is full, and what else is sent to it gets lost."""
    with ExitStack() as opened:
        listener = opened.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(2):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


async def test_a_provider_that_takes_no_connection_is_unreachable_after_the_time_for_it(completions_of, ask, deaf):
    started = time.perf_counter()
    with pytest.raises(CompletionError, match="unreachable"):
        await words_of(completions_of(deaf, connect_s=0.2).call(ask))
    assert 0.2 <= time.perf_counter() - started < 3


async def test_a_slow_reader_is_not_mistaken_for_a_slow_provider_but_can_not_hold_it_for_ever(
    loopback, says, completions_of, ask
):
    loopback.moods = [says.answers("one", "two", "three")]
    got = []
    with pytest.raises(CompletionError, match="timed_out_total"):
        await read_into(got, completions_of(loopback.url, idle_s=0.05, total_s=0.25).call(ask), pause_s=0.15)
    assert got == ["one", "two"]


async def test_what_an_answer_cost_is_estimated_when_it_was_cut(loopback, says, completions_of, ask):
    loopback.moods = [says.sends(says.head(), says.chunk("six letters and more"))]
    call = completions_of(loopback.url).call(ask)
    with pytest.raises(CompletionError):
        await words_of(call)
    assert call.usage == Usage(16, 7, estimated=True)


def test_a_talk_is_estimated_on_the_dear_side_in_any_script():
    assert estimated_tokens([{"role": "user", "content": "日本語で"}]) >= 4
    assert estimated_tokens([{"role": "user", "content": "x" * 3_000}]) >= 1_000


async def test_a_reader_that_leaves_closes_the_call_at_once_and_no_task_stays(loopback, says, completions_of, ask):
    loopback.moods = [says.sends(says.head(), says.chunk("one"), 60.0)]
    completions = completions_of(loopback.url)
    before = asyncio.all_tasks()
    async with aclosing(completions.call(ask).stream()) as pieces:
        assert await anext(pieces) == Words("one")
    await loopback.idle()
    assert loopback.left == 1
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("start", [False, True], ids=["before the headers", "in the stream"])
async def test_a_task_that_is_cancelled_closes_the_call_at_once_and_no_task_stays(
    loopback, says, completions_of, ask, start
):
    loopback.moods = [says.sends(*([says.head(), says.chunk("one")] if start else []), 60.0)]
    call = completions_of(loopback.url).call(ask)
    before = asyncio.all_tasks()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await words_of(call)
    await loopback.idle()
    assert loopback.left == 1
    assert asyncio.all_tasks() == before


async def test_a_connection_is_used_again_after_a_whole_answer(loopback, says, completions_of, ask):
    loopback.moods = [says.answers("one")]
    completions = completions_of(loopback.url)
    for _ in range(3):
        assert await words_of(completions.call(ask)) == ["one"]
    assert len(loopback.asked) == 3


def all_texts(error: BaseException | None) -> str:
    """Every text of an exception and what hangs on it."""
    if error is None:
        return ""
    return f"{error!r} {error.__dict__} {all_texts(error.__cause__)} {all_texts(error.__context__)}"


async def test_the_key_is_in_no_log_and_on_no_exception(says, failing, completions_of, ask, caplog):
    caplog.set_level(logging.DEBUG)
    moods = [
        says.refuses("401 Unauthorized"),
        says.sends(says.head(), says.event({"error": {"message": says.key}})),
        says.sends(says.head(kind="text/html"), says.key.encode()),
        says.sends(says.head(), b"data: " + says.key.encode() + b"\n\n"),
        says.sends(),
    ]
    texts = [all_texts((await failing(mood))[0]) for mood in moods]
    with pytest.raises(CompletionError) as failed:
        await words_of(completions_of("http://127.0.0.1:1/v1").call(ask))
    for text in [*texts, all_texts(failed.value), caplog.text, repr(completions_of("http://x").provider)]:
        assert says.key not in text
    assert "CompletionError" in texts[0]


@pytest.mark.parametrize("key", ["sk-hush\n", "sk hush", "sk-hüsh", "sk-hush\0"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_quoted(key):
    with pytest.raises(ValueError, match="the key of first") as refused:
        Provider(name="first", url="http://127.0.0.1:1", key=key, model="m")
    assert "hush" not in all_texts(refused.value)


def test_a_request_id_that_no_header_can_hold_is_refused():
    with pytest.raises(ValueError, match="visible ASCII"):
        Ask(messages=[], max_tokens=1, request_id="a\r\nX-Evil: 1")


async def test_the_check_asks_for_the_models(loopback, says, completions_of):
    body = json.dumps({"data": []}).encode()
    loopback.moods = [says.sends(says.head(kind="application/json"), body), says.refuses("401 Unauthorized")]
    completions = completions_of(loopback.url)
    assert await completions.check() == "first, tiny"
    with pytest.raises(DependencyDownError, match="the provider answers 401"):
        await completions.check()
    with pytest.raises(DependencyDownError, match="ConnectError"):
        await completions_of("http://127.0.0.1:1/v1").check()
    loopback.moods = [says.sends(60.0)]
    with pytest.raises(DependencyDownError, match=r"no answer within 0\.05 s"):
        await completions_of(loopback.url, first_token_s=0.05).check()
