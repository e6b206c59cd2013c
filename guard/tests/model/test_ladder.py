"""The ladder, over real providers on loopback that fail in every way."""

import asyncio
import gc
from collections.abc import Callable
from contextlib import aclosing, suppress

import pytest

from launchready_guard.breaker import BreakerRules
from launchready_guard.canned import Canned, CannedAnswer
from launchready_guard.completions import Words
from launchready_guard.deltas import Usage
from launchready_guard.failures import Failure
from launchready_guard.health import DependencyDownError
from launchready_guard.ladder import AnswerInterruptedError, Attempt, Finished, Ladder, LadderSettings

CANNED = CannedAnswer(booking_url="https://cal.example/maya")
MESSAGES = [{"role": "user", "content": "I feel stuck."}]
DEAD = "http://127.0.0.1:1/v1"


@pytest.fixture
def attempts() -> list[Attempt]:
    return []


@pytest.fixture
def ladder_of(completions_of, attempts) -> Callable[..., Ladder]:
    """A ladder that retries quickly; `settings` are the ones that differ."""

    async def report(attempt: Attempt) -> None:
        await asyncio.sleep(0)
        attempts.append(attempt)

    def make(*urls: str, first_token_s: float = 0.5, idle_s: float = 0.5, **settings) -> Ladder:
        names = ("first", "second", "third")
        limits = {"first_token_s": first_token_s, "idle_s": idle_s}
        rungs = [completions_of(url, name, **limits) for url, name in zip(urls, names, strict=False)]
        given = {"first_wait_s": 0.01, "least_attempt_s": 0.01, "first_visible_s": 4.0} | settings
        return Ladder(rungs, CANNED, LadderSettings(**given), report=report, chance=lambda: 0.0)

    return make


async def pieces_of(ladder: Ladder) -> list:
    async with aclosing(ladder.stream(MESSAGES, max_tokens=50, request_id="req-1")) as pieces:
        return [piece async for piece in pieces]


def failures(attempts: list[Attempt]) -> list[tuple[str, str]]:
    return [(attempt.provider, attempt.failure.value if attempt.failure else "") for attempt in attempts]


def test_the_rules_are_what_the_readme_says():
    settings = LadderSettings()
    assert (settings.retries, settings.first_visible_s, settings.total_s) == (2, 20, 90)


async def test_an_answer_ends_with_who_gave_it_and_what_it_cost(ladder_of, loopback, says, attempts):
    loopback.moods = [says.answers("Small ", "steps")]
    counts = Usage(11, 7, estimated=False)
    assert await pieces_of(ladder_of(loopback.url)) == [
        Words("Small "),
        Words("steps"),
        Finished("first", "tiny", "stop", counts),
    ]
    [attempt] = attempts
    assert (attempt.usage, attempt.request_id, attempt.failure, attempt.abandoned) == (counts, "req-1", None, False)
    assert 0 < attempt.first_token_s <= attempt.took_s


HICCUPS = {
    "provider_error": lambda says: says.refuses("500 Oops"),
    "rate_limited": lambda says: says.refuses("429 Too Many Requests"),
    "cut": lambda says: says.sends(),
    "malformed": lambda says: says.sends(says.head(), b"data: {\n\n"),
    "empty": lambda says: says.sends(says.head(), says.stop),
    "stream_error": lambda says: says.sends(says.head(), says.event({"error": {"message": "Overloaded"}})),
}


@pytest.mark.parametrize("name", HICCUPS)
async def test_a_hiccup_before_the_first_word_is_not_noticed_by_the_visitor(ladder_of, loopback, says, attempts, name):
    loopback.moods = [HICCUPS[name](says), HICCUPS[name](says), says.answers("Hi")]
    assert (await pieces_of(ladder_of(loopback.url)))[0] == Words("Hi")
    assert failures(attempts) == [("first", name), ("first", name), ("first", "")]


LASTING = {
    "insufficient_quota": lambda says: says.refuses("429 Too Many Requests", {"code": "insufficient_quota"}),
    "refused_key": lambda says: says.refuses("401 Unauthorized"),
    "wrong_model": lambda says: says.refuses("404 Not Found", {"code": "model_not_found"}),
    "context_overflow": lambda says: says.refuses("400 Bad Request", {"code": "context_length_exceeded"}),
    "timed_out_first": lambda says: says.sends(60.0),
    "bad_content_type": lambda says: says.sends(says.head(kind="text/html"), b"<html>"),
}


@pytest.mark.parametrize("name", LASTING)
async def test_what_lasts_is_not_tried_again_and_the_second_provider_answers(
    ladder_of, loopback, second, says, attempts, name
):
    loopback.moods, second.moods = [LASTING[name](says)], [says.answers("Hi")]
    got = await pieces_of(ladder_of(loopback.url, second.url))
    assert [got[0], got[-1].provider] == [Words("Hi"), "second"]
    assert failures(attempts) == [("first", name), ("second", "")]


@pytest.mark.parametrize("name", [*HICCUPS, *LASTING])
async def test_when_nobody_answers_the_canned_answer_does_and_says_why(ladder_of, loopback, says, name):
    loopback.moods = [(HICCUPS | LASTING)[name](says)]
    [canned] = await pieces_of(ladder_of(loopback.url))
    assert isinstance(canned, Canned)
    assert canned.code == name
    assert len(loopback.asked) == (3 if name in HICCUPS else 1)


async def test_the_canned_answer_comes_without_any_provider():
    assert await pieces_of(Ladder([], CANNED)) == [CANNED.after(None)]


async def test_after_the_first_word_nobody_else_takes_over(ladder_of, loopback, second, says, attempts):
    loopback.moods = [says.sends(says.head(), says.chunk("Small "), says.chunk("st"))]
    second.moods = [says.answers("Hi")]
    with pytest.raises(AnswerInterruptedError) as broken:
        await pieces_of(ladder_of(loopback.url, second.url))
    assert (broken.value.partial, broken.value.failure, broken.value.provider) == ("Small st", Failure.CUT, "first")
    assert (len(loopback.asked), second.asked) == (1, [])
    [attempt] = attempts
    assert (attempt.failure, attempt.usage.estimated, attempt.usage.completion_tokens) == (Failure.CUT, True, 3)


async def test_a_wait_that_the_provider_asks_for_is_kept(ladder_of, loopback, says):
    loopback.moods = [says.refuses("429 Too Many Requests", retry_after="1"), says.answers("Hi")]
    started = asyncio.get_running_loop().time()
    assert (await pieces_of(ladder_of(loopback.url)))[0] == Words("Hi")
    assert 1.0 <= asyncio.get_running_loop().time() - started < 4


async def test_a_wait_too_long_for_a_visitor_is_kept_by_asking_the_others_until_then(
    ladder_of, loopback, second, says, attempts
):
    loopback.moods = [says.refuses("429 Too Many Requests", retry_after="30")]
    second.moods = [says.answers("Hi")]
    ladder = ladder_of(loopback.url, second.url)
    for _ in range(3):
        assert (await pieces_of(ladder))[0] == Words("Hi")
    assert failures(attempts) == [("first", "rate_limited"), ("second", ""), ("second", ""), ("second", "")]


async def test_a_provider_that_fails_five_times_is_left_alone_then_probed_once_and_taken_back(
    ladder_of, loopback, says
):
    loopback.moods = [says.refuses("500 Oops")]
    ladder = ladder_of(loopback.url, retries=0, breaker=BreakerRules(open_s=0.3))
    codes = [(await pieces_of(ladder))[0].code for _ in range(7)]
    assert codes == ["provider_error"] * 5 + ["providers_resting"] * 2
    assert len(loopback.asked) == 5
    await asyncio.sleep(0.3)
    loopback.moods = [says.sends(0.05, says.head(), says.chunk("Hi"), says.stop, says.done)]
    async with asyncio.TaskGroup() as group:
        many = [group.create_task(pieces_of(ladder)) for _ in range(5)]
    kinds = sorted(type(task.result()[0]).__name__ for task in many)
    assert kinds == ["Canned"] * 4 + ["Words"]
    assert (await pieces_of(ladder))[0] == Words("Hi")


async def test_others_are_let_in_as_soon_as_the_probe_speaks(ladder_of, loopback, says):
    loopback.moods = [says.refuses("500 Oops")]
    ladder = ladder_of(loopback.url, retries=0, idle_s=5, breaker=BreakerRules(failures=1, open_s=0.01))
    await pieces_of(ladder)
    await asyncio.sleep(0.02)
    loopback.moods = [says.sends(says.head(), says.chunk("Small "), 60.0), says.answers("Hi")]
    async with aclosing(ladder.stream(MESSAGES, max_tokens=50)) as probe:
        assert await anext(probe) == Words("Small ")
        assert (await pieces_of(ladder))[0] == Words("Hi")


async def test_without_time_for_it_no_provider_is_asked_and_none_is_blamed(ladder_of, loopback, says):
    loopback.moods = [says.answers("Hi")]
    ladder = ladder_of(loopback.url, first_visible_s=0.0)
    assert [await pieces_of(ladder) for _ in range(6)] == [[CANNED.after(None)]] * 6
    assert loopback.asked == []


class CapReachedError(Exception):
    pass


async def test_what_forbids_a_call_is_asked_before_each_and_its_error_goes_to_the_product(
    completions_of, loopback, says
):
    asked: list[str] = []

    async def permit(request_id: str) -> None:
        asked.append(request_id)
        if len(asked) == 3:
            raise CapReachedError

    loopback.moods = [says.refuses("500 Oops")]
    settings = LadderSettings(first_wait_s=0.01)
    ladder = Ladder([completions_of(loopback.url)], CANNED, settings, permit=permit)
    with pytest.raises(CapReachedError):
        await pieces_of(ladder)
    assert asked == ["req-1"] * 3
    assert len(loopback.asked) == 2


async def test_a_visitor_who_leaves_during_the_probe_does_not_leave_the_breaker_stuck(ladder_of, loopback, says):
    loopback.moods = [says.refuses("500 Oops")]
    ladder = ladder_of(loopback.url, retries=0, breaker=BreakerRules(failures=1, open_s=0.05))
    await pieces_of(ladder)
    await asyncio.sleep(0.06)
    loopback.moods = [says.sends(60.0), says.answers("Hi")]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pieces_of(ladder)
    assert (await pieces_of(ladder))[0] == Words("Hi")


async def test_too_long_a_talk_is_no_fault_of_the_provider(ladder_of, loopback, says):
    loopback.moods = [LASTING["context_overflow"](says)]
    ladder = ladder_of(loopback.url)
    codes = [(await pieces_of(ladder))[0].code for _ in range(7)]
    assert codes == ["context_overflow"] * 7


async def test_however_slow_the_providers_are_the_visitor_hears_something_in_time(ladder_of, loopback, second, says):
    loopback.moods = second.moods = [says.sends(60.0)]
    started = asyncio.get_running_loop().time()
    [canned] = await pieces_of(ladder_of(loopback.url, second.url, first_token_s=10, first_visible_s=0.6))
    assert canned.code == "timed_out_first"
    assert 0.6 <= asyncio.get_running_loop().time() - started < 3
    assert (len(loopback.asked), len(second.asked)) == (1, 1)


async def test_slow_refusals_of_the_first_leave_the_second_its_time(ladder_of, loopback, second, says):
    loopback.moods = [says.sends(0.3, says.head("500 Oops"))]
    second.moods = [says.sends(0.3, says.head(), says.chunk("Hi"), says.stop)]
    ladder = ladder_of(loopback.url, second.url, first_token_s=10, first_visible_s=1.0, least_attempt_s=0.25)
    assert (await pieces_of(ladder))[0] == Words("Hi")
    assert len(loopback.asked) == 1


async def test_the_whole_answer_has_one_deadline_however_often_it_was_tried(ladder_of, loopback, says):
    loopback.moods = [says.refuses("500 Oops"), says.sends(says.head(), *[says.chunk("on "), 0.05] * 100)]
    started = asyncio.get_running_loop().time()
    with pytest.raises(AnswerInterruptedError, match="timed_out_total"):
        await pieces_of(ladder_of(loopback.url, total_s=0.5))
    assert 0.4 <= asyncio.get_running_loop().time() - started < 3


async def test_a_cancelled_stream_closes_the_call_at_once_reports_it_and_leaves_no_task(
    ladder_of, loopback, says, attempts
):
    loopback.moods = [says.sends(says.head(), says.chunk("Small "), 60.0)]
    ladder = ladder_of(loopback.url, idle_s=60)
    before = asyncio.all_tasks()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await pieces_of(ladder)
    await loopback.idle()
    assert loopback.left == 1
    [attempt] = attempts
    assert (attempt.abandoned, attempt.failure, attempt.usage.completion_tokens) == (True, None, 2)
    assert asyncio.all_tasks() == before


async def test_a_reader_that_stops_closes_the_call_at_once(ladder_of, loopback, says, attempts):
    loopback.moods = [says.sends(says.head(), says.chunk("Small "), 60.0)]
    async with aclosing(ladder_of(loopback.url).stream(MESSAGES, max_tokens=50)) as pieces:
        assert await anext(pieces) == Words("Small ")
    await loopback.idle()
    assert (loopback.left, attempts[0].abandoned) == (1, True)


async def test_a_hundred_visitors_of_a_stalled_provider_all_get_the_canned_answer_and_later_ones_an_answer(
    ladder_of, loopback, says
):
    loopback.moods = [says.sends(60.0)]
    ladder = ladder_of(loopback.url, first_token_s=0.5, breaker=BreakerRules(open_s=0.2))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(pieces_of(ladder)) for _ in range(100)]
    assert {task.result()[0].code for task in tasks} == {"timed_out_first"}
    assert [(await pieces_of(ladder))[0].code] == ["providers_resting"]
    loopback.moods = [says.answers("Hi")]
    await asyncio.sleep(0.2)
    assert (await pieces_of(ladder))[0] == Words("Hi")
    await loopback.idle()


async def test_the_jitter_halves_a_wait_at_most_and_waits_double(completions_of):
    for chance, waits in ((0.0, [0.4, 0.8]), (1.0, [0.2, 0.4])):
        ladder = Ladder([], CANNED, chance=lambda chance=chance: chance)
        error = type("Error", (), {"failure": Failure.CUT, "retry_after_s": None})
        assert [ladder._wait_s(error, retry) for retry in (1, 2)] == waits


async def test_the_check_is_about_anybody_who_answers_and_names_who_does_not(ladder_of, loopback, says):
    loopback.moods = [says.sends(says.head(kind="application/json"), b"{}")]
    assert await ladder_of(DEAD, loopback.url).check() == "second, tiny; first: ConnectError"
    with pytest.raises(DependencyDownError, match="first: ConnectError; second: ConnectError"):
        await ladder_of(DEAD, DEAD).check()
    with pytest.raises(DependencyDownError, match=r"^ConnectError$"):
        await ladder_of(DEAD).check()


async def test_hundreds_of_streams_that_end_in_every_way_leave_no_task_and_no_memory(
    ladder_of, loopback, says, attempts
):
    ladder = ladder_of(loopback.url, breaker=BreakerRules(failures=10_000))
    before = asyncio.all_tasks()

    async def visit(number: int) -> None:
        with suppress(AnswerInterruptedError, TimeoutError):
            async with asyncio.timeout(0.05 if number % 3 == 0 else None):
                await pieces_of(ladder)

    async def visits(count: int) -> int:
        """Objects that are there after so many visits."""
        for number in range(count):
            moods = [says.sends(says.head(), says.chunk("Small "), 60.0), says.answers("Hi")]
            moods += [says.sends(says.head(), says.chunk("Small ")), says.refuses("401 Unauthorized")]
            loopback.moods = [moods[0] if number % 3 == 0 else moods[1 + number % 3]]
            await visit(number)
        await loopback.idle()
        loopback.asked.clear()
        loopback.headers.clear()
        attempts.clear()
        gc.collect()
        return len(gc.get_objects())

    kept = await visits(60)
    assert await visits(240) - kept < 100
    assert asyncio.all_tasks() == before
