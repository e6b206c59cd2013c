"""What the model costs, stopped before the bill does it.

Money is counted in whole micro-dollars (any currency does): at 2.50 a million tokens, one token costs 2.5 of them.
Before an answer is made, the most it may cost is set aside; when it is over, what was not used goes back. So a hundred
answers at once don't run past the cap together. When the store of the counts is gone, nothing is spent.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import ceil

from launchready_guard.error_bodies import Refusal
from launchready_guard.limiting import FALLBACK_NOTE_S, Per, Who
from launchready_guard.store import Store, StoreError, epoch_s

DAY_S = 24 * 3600

ALARM_SHARES = (0.8, 1.0)
"""Shares of a cap at which the owner is told: once in time to do something, once when answers stop."""

STORE_GONE_RETRY_S = 30
"""Seconds after which to ask again when the counts can't be reached."""

SESSION_SENTENCE = "You have asked as much as this talk allows for now. Please come back later."
PRODUCT_SENTENCE = (
    "The assistant has answered as much as it may for now. Please write to us instead, or come back later."
)
GONE_SENTENCE = "The assistant is taking a short break. Please try again in a moment."


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in the currency's units for a million tokens (so in millionths for one)."""

    prompt: float
    completion: float

    def cost(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Micro-units of one call, rounded up, so that many small calls don't cost nothing."""
        return ceil(prompt_tokens * self.prompt + completion_tokens * self.completion)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so much in so many seconds.

    Attributes:
        micro: Micro-units of money.
        per: Who shares it.
        seconds: Length of the window, which begins with the first answer.
    """

    micro: int
    per: Per = Per.EVERYBODY
    seconds: int = DAY_S


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the owner is told.

    Attributes:
        per: Whose cap it is.
        share: The share that was reached, such as 0.8.
        spent_micro: Micro-units spent or set aside.
        cap_micro: The cap.
    """

    per: Per
    share: float
    spent_micro: int
    cap_micro: int


Tell = Callable[[Alarm], Awaitable[None]]


class SpendCapError(Exception):
    """A cap is reached; the call to the model must not be made.

    Attributes:
        refusal: What to answer.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(slots=True)
class _Open:
    """An answer that is being made."""

    who: Who
    left_micro: int
    spent_micro: int = field(default=0)


class Spend:
    """Keeps the caps.

    Args:
        caps: All have to have room.
        prices: Of each model by name; `""` is the price of any other, and has to be there.
        store: Where counts live.
        most_micro: The most that one answer may cost: what is set aside for it.
        alarm: Told once per window when 80 % and when all of a cap for everybody is reached. It must not raise.
        logger: Where alarms and a lost store are noted.
        clock: Seconds since the epoch.

    Raises:
        ValueError: No price for models without one, or one answer may cost more than a cap holds.
    """

    def __init__(
        self,
        caps: Sequence[Cap],
        prices: Mapping[str, Price],
        store: Store,
        *,
        most_micro: int,
        alarm: Tell | None = None,
        logger: logging.Logger | None = None,
        clock: Callable[[], float] = epoch_s,
    ) -> None:
        if "" not in prices:
            raise ValueError('prices need an entry "" for models that are not named: an unknown price is no zero')
        for cap in caps:
            if most_micro > cap.micro:
                raise ValueError(f"one answer may cost {most_micro}, which is more than the cap of {cap.micro}")
        self._caps = tuple(sorted(caps, key=lambda cap: list(Per).index(cap.per)))
        self._prices = dict(prices)
        self._store = store
        self._most_micro = most_micro
        self._alarm = alarm
        self._logger = logger
        self._clock = clock
        self._noted_at = float("-inf")
        self._open: dict[str, _Open] = {}

    @asynccontextmanager
    async def answer(self, request_id: str, who: Who) -> AsyncIterator[None]:
        """Set aside what an answer may cost, while it is made.

        Raises:
            SpendCapError: A cap is reached, or the store is gone.
        """
        await self._set_aside(who)
        self._open[request_id] = _Open(who, self._most_micro)
        try:
            yield
        finally:
            over = self._open.pop(request_id)
            await self._give_back(over)

    async def charge(self, request_id: str, model: str, prompt_tokens: int, completion_tokens: int) -> int:
        """Count a call of the model that is over; returns its cost in micro-units.

        What exceeds the sum that was set aside is added at once, also for an answer that is over already.
        """
        cost = self.price(model).cost(prompt_tokens, completion_tokens)
        under = self._open.get(request_id)
        if under is None:
            under = _Open(Who("unknown"), 0)
        under.spent_micro += cost
        within = min(cost, under.left_micro)
        under.left_micro -= within
        if cost > within:
            await self._add(under.who, cost - within)
        return cost

    async def before_call(self, request_id: str) -> None:
        """Ask before each further call within one answer, so that a loop inside the product ends at the cap.

        Raises:
            SpendCapError: What was set aside is used up and a cap is reached, or the store is gone.
        """
        under = self._open.get(request_id)
        if under is not None and under.left_micro > 0:
            return
        await self._refuse_if_reached(under.who if under is not None else Who("unknown"))

    def price(self, model: str) -> Price:
        """The price of a model."""
        return self._prices.get(model, self._prices[""])

    async def _set_aside(self, who: Who) -> None:
        taken: list[Cap] = []
        for cap in self._caps:
            try:
                count = await self._store.add(_key(cap, who), self._most_micro, lifetime_s=cap.seconds)
                taken.append(cap)
                if count.total <= cap.micro:
                    await self._tell(cap, who, count.total, count.expires_at)
                    continue
                refusal = self._reached(cap, count.expires_at)
            except StoreError:
                refusal = self._gone()
            await self._give(taken, who, self._most_micro)
            raise SpendCapError(refusal)

    async def _give_back(self, over: _Open) -> None:
        await self._give(self._caps, over.who, over.left_micro)

    async def _give(self, caps: Sequence[Cap], who: Who, micro: int) -> None:
        if not micro:
            return
        try:
            for cap in caps:
                await self._store.add(_key(cap, who), -micro, lifetime_s=cap.seconds)
        except StoreError:
            self._note_gone()  # what is not given back counts as spent: the safe side

    async def _add(self, who: Who, micro: int) -> None:
        try:
            for cap in self._caps:
                count = await self._store.add(_key(cap, who), micro, lifetime_s=cap.seconds)
                await self._tell(cap, who, count.total, count.expires_at)
        except StoreError:
            self._note_gone()

    async def _refuse_if_reached(self, who: Who) -> None:
        try:
            for cap in self._caps:
                count = await self._store.count(_key(cap, who))
                if count.total >= cap.micro:
                    raise SpendCapError(self._reached(cap, count.expires_at))
        except StoreError:
            raise SpendCapError(self._gone()) from None

    def _reached(self, cap: Cap, until: float) -> Refusal:
        wait_s = max(1, ceil(until - self._clock()))
        if cap.per is Per.EVERYBODY:
            return Refusal(503, "spend_cap_product", PRODUCT_SENTENCE, retry_after_s=wait_s)
        return Refusal(429, f"spend_cap_{cap.per.value}", SESSION_SENTENCE, retry_after_s=wait_s)

    def _gone(self) -> Refusal:
        self._note_gone()
        return Refusal(503, "spend_unknown", GONE_SENTENCE, retry_after_s=STORE_GONE_RETRY_S)

    def _note_gone(self) -> None:
        now_s = self._clock()
        if self._logger is not None and now_s - self._noted_at >= FALLBACK_NOTE_S:
            self._noted_at = now_s
            self._logger.error("spend-store-gone", extra={"outcome": "no-answers-until-it-is-back"})

    async def _tell(self, cap: Cap, who: Who, total: int, until: float) -> None:
        if cap.per is not Per.EVERYBODY:
            return
        # The last answer that still fits reaches the cap: a further one would be refused.
        reached = [
            share for share in ALARM_SHARES if total + (self._most_micro if share == 1.0 else 0) > share * cap.micro
        ]
        for share in reached:
            mark = f"{_key(cap, who)}/alarm/{share}/{until:.0f}"
            if await self._store.put(mark, b"", expected=0, lifetime_s=cap.seconds) is None:
                continue
            if self._logger is not None:
                self._logger.error("spend-alarm", extra={"outcome": f"{share:.0%}", "count": total})
            if self._alarm is not None:
                await self._alarm(Alarm(cap.per, share, total, cap.micro))


def _key(cap: Cap, who: Who) -> str:
    return f"spend/{cap.per.value}/{cap.seconds}/{who.key(cap.per)}"
