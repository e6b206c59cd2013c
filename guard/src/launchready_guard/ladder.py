"""From the first provider to the canned answer: whatever fails, a visitor hears something in time.

The same provider again, a little later; then the next provider; then the canned answer. All of it before the first
visible token. After that there is no silent switch, since half an answer by one and half by another would be no one's:
the words are kept, and the visitor is told that they broke off.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from random import random

from launchready_guard.breaker import Admission, BreakerRules, Closed, Outcome, State, admitted, after, paused
from launchready_guard.canned import Canned, CannedAnswer
from launchready_guard.completions import Ask, Call, CompletionError, Completions, Words
from launchready_guard.deltas import ToolDelta, Usage
from launchready_guard.failures import Failure
from launchready_guard.health import DependencyDownError


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderSettings:
    """How long it goes on trying.

    Attributes:
        retries: Times that the same provider is asked again: most hiccups are over by the second.
        first_visible_s: Seconds until a visitor sees the first word or the canned answer. The providers left share what
            is left of it evenly, so a slow first one does not use up the time of the second.
        total_s: Seconds for everything: below the 100 s after which an edge in front cuts the connection.
        first_wait_s: Seconds before the first retry, twice that before the second, less up to half by chance, so that a
            hundred visitors don't come back at the same moment.
        longest_wait_s: Seconds of the longest Retry-After that is waited for; a visitor waits for no longer one.
        least_attempt_s: Seconds that must be left for an attempt to be worth while.
        breaker: When a provider is left alone.
    """

    retries: int = 2
    first_visible_s: float = 20.0
    total_s: float = 90.0
    first_wait_s: float = 0.4
    longest_wait_s: float = 5.0
    least_attempt_s: float = 1.0
    breaker: BreakerRules = field(default_factory=BreakerRules)


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is whole.

    Attributes:
        provider: Who gave it.
        model: Which model.
        finish: Why the model ended: `stop`, or `length` when it ran into `max_tokens`.
        usage: Its tokens.
    """

    provider: str
    model: str
    finish: str
    usage: Usage


Piece = Words | ToolDelta | Finished | Canned
"""What a stream is made of. The last piece is `Finished` or `Canned`, and a `Canned` is the only one with its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call, when it is over: for logs, metrics and the spend cap. No content.

    Attributes:
        provider: Who was asked.
        model: Which model.
        request_id: The product's id of the request.
        failure: What went wrong; None when nothing did.
        abandoned: Whether the visitor left, or the product stopped it.
        usage: Tokens to pay for, also of an answer that was cut.
        first_token_s: Seconds until the first token; None when none came.
        took_s: Seconds from the call to its end.
    """

    provider: str
    model: str
    request_id: str
    failure: Failure | None
    abandoned: bool
    usage: Usage
    first_token_s: float | None
    took_s: float


Report = Callable[[Attempt], Awaitable[None]]
"""Told of each call when it is over, also while the visitor's request is being cancelled; it must not raise."""


Permit = Callable[[str], Awaitable[None]]
"""Asked before each call, with the request's id; what it raises, such as a cap on spending, ends the stream instead."""


class AnswerInterruptedError(Exception):
    """The answer broke off after words of it were shown. Keep them, mark them, offer to ask again.

    Attributes:
        partial: The text until then.
        failure: What went wrong.
        provider: Who failed.
    """

    def __init__(self, partial: str, failure: Failure, provider: str) -> None:
        super().__init__(f"{provider}: {failure.value}")
        self.partial = partial
        self.failure = failure
        self.provider = provider


class Ladder:
    """Asks providers in turn.

    Args:
        providers: The first is asked first.
        canned: The last rung.
        settings: How long it goes on trying.
        report: Told of each call.
        permit: Asked before each call, retries included.
        chance: A number from 0 to 1, for the jitter.
    """

    def __init__(
        self,
        providers: Sequence[Completions],
        canned: CannedAnswer,
        settings: LadderSettings | None = None,
        *,
        report: Report | None = None,
        permit: Permit | None = None,
        chance: Callable[[], float] = random,
    ) -> None:
        self._settings = settings or LadderSettings()
        self._rungs = [_Rung(completions, self._settings.breaker) for completions in providers]
        self._canned = canned
        self._report = report
        self._permit = permit
        self._chance = chance

    async def stream(
        self,
        messages: Sequence[Mapping[str, object]],
        *,
        max_tokens: int,
        request_id: str = "",
        options: Mapping[str, object] | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """The answer as it comes; close the generator (`contextlib.aclosing`) to stop the provider.

        Args:
            messages: The talk, as the OpenAI protocol has it.
            max_tokens: Longest answer.
            request_id: The product's id of the request; visible ASCII.
            options: More fields of the request, such as `temperature` or `tools`.

        Raises:
            AnswerInterruptedError: It broke off after its first piece.
        """
        ask = Ask(messages=messages, max_tokens=max_tokens, request_id=request_id, options=options or {})
        clock = asyncio.get_running_loop().time
        began_s = clock()
        last_s = began_s + self._settings.total_s
        visible_s = min(began_s + self._settings.first_visible_s, last_s)
        why: Failure | None = None
        for position, rung in enumerate(self._rungs):
            share_s = max(0.0, visible_s - clock()) / (len(self._rungs) - position)
            try:
                async with aclosing(self._on(rung, ask, clock() + share_s, last_s)) as pieces:
                    async for piece in pieces:
                        yield piece
                    return
            except _RungError as gave_up:
                why = gave_up.failure or why
        yield self._canned.after(why)

    async def check(self) -> str:
        """Say whether a provider can be reached; which one can't is part of the detail.

        Raises:
            DependencyDownError: None can.
        """
        details, down = list[str](), list[str]()
        for rung in self._rungs:
            try:
                details.append(await rung.completions.check())
            except DependencyDownError as failed:
                down.append(f"{rung.name}: {failed}" if len(self._rungs) > 1 else str(failed))
        if not details:
            raise DependencyDownError("; ".join(down) or "no provider is set")
        return "; ".join([*details, *down])

    async def close(self) -> None:
        """Close the connections to all providers."""
        for rung in self._rungs:
            await rung.completions.close()

    async def _on(self, rung: "_Rung", ask: Ask, until_s: float, last_s: float) -> AsyncGenerator[Piece, None]:
        """The answer of one provider, asked again while that makes sense.

        Args:
            rung: The provider.
            ask: What is asked.
            until_s: When its time for the first token is up.
            last_s: When the time for the whole answer is up.

        Raises:
            AnswerInterruptedError: It broke off.
            _RungError: There was nothing to show.
        """
        clock = asyncio.get_running_loop().time
        failed: CompletionError | None = None
        for retry in range(self._settings.retries + 1):
            if failed is not None:
                wait_s = self._wait_s(failed, retry)
                if wait_s is None or clock() + wait_s + self._settings.least_attempt_s > until_s:
                    break
                await asyncio.sleep(wait_s)
            if self._permit is not None:
                await self._permit(ask.request_id)
            if clock() >= until_s:
                break  # without time for it, a call would say nothing about the provider
            admission = rung.admitted(clock())
            if admission is Admission.REFUSED:
                break
            try:
                async with aclosing(self._attempt(rung, ask, admission, until_s, last_s)) as pieces:
                    async for piece in pieces:
                        yield piece
                    return
            except CompletionError as error:
                failed = error
        if failed is not None and failed.retry_after_s is not None:
            rung.pause(failed.retry_after_s, clock())
        raise _RungError(failed.failure if failed is not None else None)

    def _wait_s(self, failed: CompletionError, retry: int) -> float | None:
        """Seconds until the same provider is asked again; None when it is not."""
        if not failed.failure.same_again:
            return None
        jitter = 1 - self._chance() / 2
        own_s = self._settings.first_wait_s * 2.0 ** (retry - 1) * jitter
        if failed.retry_after_s is None:
            return own_s
        # Never earlier than asked for, and not everybody at the same moment.
        return failed.retry_after_s + own_s if failed.retry_after_s <= self._settings.longest_wait_s else None

    async def _attempt(
        self, rung: "_Rung", ask: Ask, admission: Admission, until_s: float, last_s: float
    ) -> AsyncGenerator[Piece, None]:
        """One call, from its admission to the report on it."""
        clock = asyncio.get_running_loop().time
        began_s = clock()
        call = rung.completions.call(ask, first_token_s=until_s - began_s, total_s=last_s - began_s)
        outcome, said = Outcome.ABANDONED, list[str]()
        failure: Failure | None = None
        try:
            async with aclosing(call.stream()) as pieces:
                async for piece in pieces:
                    said.append(piece.text if isinstance(piece, Words) else "")
                    if len(said) == 1:
                        rung.note(admission, Outcome.BEGUN, clock())
                    yield piece
            outcome = Outcome.WHOLE
        except CompletionError as error:
            failure = error.failure
            outcome = Outcome.ABANDONED if failure.of_the_request else Outcome.FAILED
            if said:
                raise AnswerInterruptedError("".join(said), failure, rung.name) from error
            raise
        finally:
            rung.note(admission, outcome, clock())
            if self._report is not None:
                await self._report(_over(rung, ask, call, outcome, failure, clock() - began_s))
        yield Finished(rung.name, rung.completions.provider.model, call.finish, call.usage)


class _RungError(Exception):
    """A provider had nothing to show; `failure` is None when it was not asked."""

    def __init__(self, failure: Failure | None) -> None:
        super().__init__(failure)
        self.failure = failure


class _Rung:
    """A provider and its breaker."""

    def __init__(self, completions: Completions, rules: BreakerRules) -> None:
        self.completions = completions
        self.name = completions.provider.name
        self._rules = rules
        self._state: State = Closed()

    def admitted(self, now_s: float) -> Admission:
        self._state, admission = admitted(self._state, now_s, self._rules)
        return admission

    def note(self, admission: Admission, outcome: Outcome, now_s: float) -> None:
        self._state = after(self._state, admission, outcome, now_s, self._rules)

    def pause(self, pause_s: float, now_s: float) -> None:
        self._state = paused(self._state, pause_s, now_s, self._rules)


def _over(rung: _Rung, ask: Ask, call: Call, outcome: Outcome, failure: Failure | None, took_s: float) -> Attempt:
    return Attempt(
        provider=rung.name,
        model=rung.completions.provider.model,
        request_id=ask.request_id,
        failure=failure,
        abandoned=outcome is Outcome.ABANDONED and failure is None,
        usage=call.usage,
        first_token_s=call.first_token_s,
        took_s=took_s,
    )
