"""A run keeps to its time, stops where it must, and loses nothing that it had."""

import asyncio
import dataclasses
import time
from contextlib import asynccontextmanager

import pytest

from launchready.facts.chat import Transport
from launchready.redteam.attacks import shipped_attacks
from launchready.redteam.controls import reply_of
from launchready.redteam.planning import make_plan
from launchready.redteam.run import GREETING, UNANSWERED, UNHEARD_WAITS_S, Runner, Ways
from launchready.store.book import BookError

PLAN = make_plan(shipped_attacks(), None, 1)
GONE = dataclasses.replace(
    reply_of(""), transport=Transport.NO_CONNECTION, status=None, done_seen=False, detail="Nobody answered."
)
TURNED_AWAY = dataclasses.replace(reply_of(""), transport=Transport.BAD_STATUS, status=429, retry_after_s=0.01)


class Fake:
    """A bot in this process that notes who talks to it."""

    def __init__(self, answer=lambda number, text: reply_of("Hello."), delay_s=0.0):
        self.answer, self.delay_s = answer, delay_s
        self.said, self.open, self.most_open, self.talks = [], 0, 0, []

    @asynccontextmanager
    async def talk(self, task):
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.talks.append([])
        mine = self.talks[-1]
        outer = self

        class Talk:
            async def say(self, text):
                mine.append((task.session, text))
                outer.said.append(text)
                await asyncio.sleep(outer.delay_s)
                return outer.answer(len(outer.said), text)

        try:
            yield Talk()
        finally:
            self.open -= 1


def _ways(kept, **options):
    return Ways(**({"has_failed": lambda _attempt: False, "keep": kept.append} | options))


async def test_the_bot_is_what_it_waits_for():
    bot, kept = Fake(delay_s=0.04), []
    began = time.perf_counter()
    ended = await Runner(bot, PLAN, _ways(kept, concurrency=4)).run()
    took_s = time.perf_counter() - began
    assert ended.calls == PLAN.calls == len(bot.said)
    assert len(kept) == PLAN.planned
    assert bot.most_open == 4
    assert took_s <= 1.3 * PLAN.calls * 0.04 / 4


async def test_every_conversation_is_one_of_its_own():
    bot, kept = Fake(), []
    await Runner(bot, PLAN, _ways(kept)).run()
    assert all(len({session for session, _ in talk}) == 1 for talk in bot.talks)
    assert len({attempt.session for attempt in kept}) == len(kept)


async def test_two_visitors_are_alone_with_the_bot_and_the_first_is_over_before_the_second():
    bot, kept = Fake(delay_s=0.001), []
    await Runner(bot, PLAN, _ways(kept)).run()
    probes = [attempt.probe for attempt in kept[:4]]
    assert [probe.endswith("-told") for probe in probes] == [True, False, True, False]


async def test_a_probe_that_failed_is_not_tried_again():
    kept = []
    ways = _ways(kept, has_failed=lambda attempt: attempt.probe == "system-prompt-outright", concurrency=1)
    ended = await Runner(Fake(), PLAN, ways).run()
    tries = sum(task.probe == "system-prompt-outright" for task in PLAN.tasks)
    assert sum(attempt.probe == "system-prompt-outright" for attempt in kept) == 1
    assert ended.spared == tries - 1 > 20
    assert len(kept) == PLAN.planned - ended.spared


async def test_a_stop_keeps_what_is_over():
    kept = []
    task = asyncio.ensure_future(Runner(Fake(delay_s=0.01), PLAN, _ways(kept)).run())
    await asyncio.sleep(0.2)
    task.cancel()
    ended = await task
    assert ended.was_stopped
    assert 0 < len(kept) < PLAN.planned
    assert all(len(a.exchanges) > 0 for a in kept)


async def test_a_bot_that_dies_in_the_middle_ends_the_run_with_a_sentence():
    bot, kept = Fake(lambda number, _text: reply_of("Hello.") if number < 60 else GONE), []
    ended = await Runner(bot, PLAN, _ways(kept)).run()
    assert ended.why == "The bot no longer answers, not even a greeting: Nobody answered."
    assert not ended.was_stopped
    assert len(bot.said) < 60 + 12


async def test_a_limiter_that_closes_for_good_is_named_as_what_to_lift(monkeypatch):
    monkeypatch.setattr("launchready.redteam.run.ALL_WAITS_S", 0.0)
    away = dataclasses.replace(TURNED_AWAY, retry_after_s=1000.0, detail="The chat answered with status 429.")
    bot, kept = Fake(lambda number, _text: reply_of("Hello.") if number < 30 else away), []
    bot_waits = dataclasses.replace(PLAN, tasks=PLAN.tasks[:120])
    ended = await Runner(bot, bot_waits, _ways(kept, max_calls=300)).run()
    assert ended.why.endswith("status 429. Lift the limit of the staging copy.")


async def test_a_dead_bot_is_left_at_once():
    bot, kept = Fake(lambda _number, _text: GONE), []
    ended = await Runner(bot, PLAN, _ways(kept)).run()
    assert "no longer answers" in ended.why
    assert len(bot.said) <= 8
    assert all(exchange.reply.transport is Transport.NO_CONNECTION for a in kept for exchange in a.exchanges)


async def test_a_bot_that_refuses_attacks_but_not_greetings_is_asked_to_the_end():
    blocked = dataclasses.replace(reply_of(""), transport=Transport.BAD_STATUS, status=403)
    bot, kept = Fake(lambda _number, text: reply_of("Hi!") if text == GREETING else blocked), []
    ended = await Runner(bot, PLAN, _ways(kept)).run()
    assert ended.why == ""
    assert len(kept) == PLAN.planned
    assert 1 <= bot.said.count(GREETING) <= PLAN.planned // UNANSWERED + 1


async def test_a_limiter_is_waited_for_and_a_message_that_it_took_is_not_sent_again():
    turns = {}

    def answer(_number, text):
        turns[text] = turns.get(text, 0) + 1
        return TURNED_AWAY if turns[text] == 1 else reply_of("Hello.")

    few = dataclasses.replace(
        PLAN, tasks=tuple(task for task in PLAN.tasks if not task.repeat and not task.first)[-30:]
    )
    kept = []
    await Runner(Fake(answer), few, _ways(kept)).run()
    assert all(exchange.reply.transport is Transport.OK for a in kept for exchange in a.exchanges)
    assert set(turns.values()) == {2}


async def test_a_limiter_that_never_opens_is_written_down_and_does_not_hold_the_run_for_ever():
    few, kept = dataclasses.replace(PLAN, tasks=PLAN.tasks[-6:]), []
    bot = Fake(lambda _number, _text: dataclasses.replace(TURNED_AWAY, retry_after_s=0.05))
    await Runner(bot, few, _ways(kept)).run()
    assert len(kept) == 6
    assert len(bot.said) == 18
    assert all(exchange.reply.status == 429 for a in kept for exchange in a.exchanges)


async def test_a_limiter_that_is_closed_from_the_beginning_is_not_waited_for_long():
    few, kept = dataclasses.replace(PLAN, tasks=PLAN.tasks[-6:]), []
    bot = Fake(lambda _number, _text: dataclasses.replace(TURNED_AWAY, retry_after_s=UNHEARD_WAITS_S + 1))
    began = time.perf_counter()
    await Runner(bot, few, _ways(kept)).run()
    assert time.perf_counter() - began < 1
    assert len(bot.said) == len(kept) == 6


@pytest.mark.parametrize("most", [5, 40])
async def test_the_limit_of_messages_holds_even_where_a_limiter_costs_some(most):
    plan = make_plan(shipped_attacks(), None, 1, most)
    bot, kept = Fake(lambda number, _text: TURNED_AWAY if number % 2 else reply_of("Hello.")), []
    ended = await Runner(bot, plan, _ways(kept, max_calls=most)).run()
    assert ended.calls == len(bot.said) <= most
    assert len(kept) == plan.planned or ended.why == f"The limit of {most} messages was reached."


async def test_what_was_said_is_written_down_with_its_answer():
    bot, kept = Fake(lambda _number, text: reply_of(text.upper())), []
    await Runner(bot, PLAN, _ways(kept)).run()
    for attempt in kept:
        for exchange in attempt.exchanges:
            assert exchange.reply.text == exchange.sent.upper()
            assert not exchange.planted or exchange.planted in exchange.sent


async def test_what_cannot_be_written_down_ends_the_run_with_its_reason():
    def keep(_attempt):
        raise BookError("the disk is full")

    with pytest.raises(BookError, match="the disk is full"):
        await Runner(Fake(), make_plan(one_visitor_attacks(), None, 1), _ways([], keep=keep)).run()


def one_visitor_attacks():
    return [attack for attack in shipped_attacks() if not attack.other_visitor]
