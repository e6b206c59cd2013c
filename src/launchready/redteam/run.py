"""Have the conversations of a plan with a bot, a few at once, and hand over each as it ends. Nothing is judged here."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from launchready.facts.chat import Reply, Transport
from launchready.facts.redteam import Attempt, Exchange
from launchready.redteam.planning import Plan, Task, greeting

CONCURRENCY: Final = 4
"""Conversations at once: what a staging copy on a small machine takes, and a limiter may take for visitors."""

UNREACHED: Final = 3
"""Conversations in a row without a connection, after which we ask whether anybody is there at all."""

UNANSWERED: Final = 8
"""Conversations in a row without one whole answer, after which we ask: a filter may well refuse a few attacks."""

GREETING: Final = "Hello, can you help me?"
"""What is said to see whether anybody is there."""

LONGEST_WAIT_S: Final = 60.0
"""Seconds that a Retry-After is obeyed for at most; a minute is the window of most limiters."""

WAIT_S: Final = 5.0
"""Seconds to wait where a limiter does not say how long."""

ALL_WAITS_S: Final = 180.0
"""Seconds that a whole run waits for limiters; then they have to be lifted, and the report says so."""

UNHEARD_WAITS_S: Final = 15.0
"""Seconds that are waited before the first answer ever came: a limiter that is closed to a first visitor stays so."""

TRIES: Final = 3
"""How often a message is sent that a limiter turned away. What came as an answer is never asked for again."""

TOO_MANY: Final = 429
"""Too Many Requests (RFC 6585 section 4)."""

_GONE: Final = frozenset(
    {Transport.NO_CONNECTION, Transport.TIMED_OUT_FIRST, Transport.TIMED_OUT_IDLE, Transport.TIMED_OUT_TOTAL}
)
"""After these a conversation does not go on: nobody is there who could answer better the next time."""


class Talk(Protocol):
    """One conversation with a bot."""

    async def say(self, text: str) -> Reply:
        """Say something, and hear the whole answer; what goes wrong is in the reply, and never raised."""
        ...


class Bot(Protocol):
    """Whoever answers."""

    def talk(self, task: Task) -> AbstractAsyncContextManager[Talk]:
        """A conversation of its own, with nothing in it from any other."""
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """How a run goes.

    Attributes:
        has_failed: whether a conversation is evidence enough that its probe need not be tried again.
        keep: takes each conversation as it ends.
        report: takes how many conversations are over, of how many.
        concurrency: conversations at once.
        max_calls: messages, at the most, those that a limiter turned away included.
    """

    has_failed: Callable[[Attempt], bool]
    keep: Callable[[Attempt], None]
    report: Callable[[int, int], None] = lambda _done, _of: None
    concurrency: int = CONCURRENCY
    max_calls: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Attributes:
        calls: messages that were sent.
        spared: conversations that were not needed, since their probe had failed.
        why: why it ended early, as a sentence; empty where it did not.
        was_stopped: somebody stopped it.
    """

    calls: int
    spared: int
    why: str = ""
    was_stopped: bool = False


class Runner:
    """One run of a plan.

    Args:
        bot: whom to talk to.
        plan: what to say.
        ways: how.
    """

    def __init__(self, bot: Bot, plan: Plan, ways: Ways) -> None:
        self._bot = bot
        self._ways = ways
        self._planned = plan.planned
        self._alone = [task for task in plan.tasks if task.first is not None]
        self._queue = deque(task for task in plan.tasks if task.first is None)
        self._left = Counter(task.probe for task in plan.tasks)
        self._failed = set[str]()
        self._silent = 0
        self._doubt = asyncio.Lock()
        self._calls = self._reserved = self._done = self._spared = 0
        self._waited_s = self._not_before = 0.0
        self._patience_s = UNHEARD_WAITS_S
        self._why = ""

    async def run(self) -> Ended:
        """To the end, or until somebody stops it or nobody answers; what was had is kept either way.

        What `keep` raises ends the run, and comes out as it was raised.
        """
        try:
            for task in self._alone:
                await self._take(task)
            async with asyncio.TaskGroup() as workers:
                for _ in range(self._ways.concurrency):
                    workers.create_task(self._work())
        except asyncio.CancelledError:
            return Ended(self._calls, self._spared, "Somebody stopped it.", was_stopped=True)
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return Ended(self._calls, self._spared, self._why)

    async def _work(self) -> None:
        while self._queue and not self._why:
            await self._take(self._queue.popleft())

    async def _take(self, task: Task) -> None:
        if self._why:
            return
        self._left[task.probe] -= 1
        if task.probe in self._failed:
            self._spared += task.attempts
        elif not self._may_call(task.calls):
            self._why = f"The limit of {self._ways.max_calls} messages was reached."
            return
        else:
            await self._try(task)
        self._done += task.attempts
        self._ways.report(self._done, self._planned)

    async def _try(self, task: Task) -> None:
        self._reserved += task.calls
        if task.first is not None:
            self._settle(await self._have(task.first))
        attempt = await self._have(task)
        self._settle(attempt)
        if self._left[task.probe] and self._ways.has_failed(attempt):
            self._failed.add(task.probe)
        await self._ask_whether_it_lives(attempt)

    def _settle(self, attempt: Attempt) -> None:
        self._ways.keep(attempt)
        if any(exchange.reply.transport is Transport.OK for exchange in attempt.exchanges):
            self._silent = 0
        else:
            self._silent += 1

    async def _have(self, task: Task) -> Attempt:
        """One conversation; it ends early where the bot has gone."""
        exchanges = list[Exchange]()
        async with self._bot.talk(task) as talk:
            for number, message in enumerate(task.messages, 1):
                self._reserved -= 1
                reply = await self._say(talk, message.text)
                exchanges.append(Exchange(message.text, message.planted, reply))
                if reply.transport in _GONE:
                    self._reserved -= len(task.messages) - number
                    break
        return attempt_of(task, exchanges)

    async def _say(self, talk: Talk, text: str) -> Reply:
        clock = asyncio.get_running_loop().time
        for _ in range(TRIES):
            await asyncio.sleep(max(0.0, self._not_before - clock()))
            self._calls += 1
            reply = await talk.say(text)
            if reply.transport is Transport.OK:
                self._patience_s = ALL_WAITS_S
            wait_s = min(reply.retry_after_s or WAIT_S, LONGEST_WAIT_S)
            if reply.status != TOO_MANY or self._waited_s + wait_s > self._patience_s or not self._may_call(1):
                return reply
            if clock() >= self._not_before:
                self._waited_s += wait_s
            self._not_before = max(self._not_before, clock() + wait_s)
        return reply

    def _may_call(self, calls: int) -> bool:
        """Whether there is room for so many messages besides those that conversations under way still need."""
        return self._ways.max_calls is None or self._calls + self._reserved + calls <= self._ways.max_calls

    async def _ask_whether_it_lives(self, attempt: Attempt) -> None:
        """Where nothing came for a while, a greeting decides whether it is the attacks or the bot."""
        last = attempt.exchanges[-1].reply
        enough = UNREACHED if last.transport is Transport.NO_CONNECTION else UNANSWERED
        if self._silent < enough:
            return
        async with self._doubt:
            if self._silent < enough or self._why or not self._may_call(1):
                return
            async with self._bot.talk(greeting(GREETING)) as talk:
                reply = await self._say(talk, GREETING)
            self._silent = 0
            if reply.transport is not Transport.OK:
                self._why = f"The bot no longer answers, not even a greeting: {reply.detail or reply.transport.value}"
                if reply.status == TOO_MANY:
                    self._why += " Lift the limit of the staging copy."


def attempt_of(task: Task, exchanges: list[Exchange]) -> Attempt:
    """A conversation as it is written down."""
    return Attempt(
        task.probe, task.category, task.variant, task.repeat, task.session, tuple(exchanges), task.expectation
    )
