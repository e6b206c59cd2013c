"""What an answer is, and where answers come from."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

CONNECT_TIMEOUT_S = 5
"""Seconds to reach the provider."""

FIRST_TOKEN_TIMEOUT_S = 10
"""Seconds until the first word; people leave a silent chat after about that long."""

IDLE_TIMEOUT_S = 20
"""Seconds between two words: a stream that pauses longer does not come back."""

TOTAL_TIMEOUT_S = 90
"""Seconds for a whole answer: below the 100 s after which an edge in front cuts the connection."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, earlier in the talk."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what was said before it (oldest first)."""

    text: str
    before: tuple[Turn, ...] = ()


class AnswerError(Exception):
    """The answer could not be made, or not finished.

    Attributes:
        code: Stable name of the failure.
        message: What to tell the customer.
        retryable: Whether asking again may help.
    """

    def __init__(self, code: str, message: str, *, retryable: bool) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.retryable = retryable


class AnswerSource(Protocol):
    """Makes answers."""

    def stream(self, question: Question) -> AsyncGenerator[str, None]:
        """The pieces of the answer as they come; raises `AnswerError`."""

    async def check(self) -> str:
        """Say whether answers could be made now; `DependencyDownError` when not."""

    async def close(self) -> None:
        """Let go of connections."""


FALLBACK_NOTICE = "Our assistant can't be reached right now, so here is what the coach's own documents say.\n\n"
"""Said before a fallback answer: the customer should know who is speaking."""


class FallbackAnswers:
    """Takes the second source when the first fails before its first word.

    After the first word there is no silent switch: half an answer by one and half by another would be no one's.

    Args:
        first: Asked first.
        second: Asked when the first said nothing.
    """

    def __init__(self, first: AnswerSource, second: AnswerSource) -> None:
        self._first = first
        self._second = second

    async def stream(self, question: Question) -> AsyncGenerator[str, None]:
        """The answer of the first source, or the notice and the answer of the second."""
        spoken = False
        try:
            async with aclosing(self._first.stream(question)) as pieces:
                async for piece in pieces:
                    spoken = True
                    yield piece
        except AnswerError:
            if spoken:
                raise
        else:
            return
        yield FALLBACK_NOTICE
        async with aclosing(self._second.stream(question)) as pieces:
            async for piece in pieces:
                yield piece

    async def check(self) -> str:
        """Say whether the first source could answer; the second is no reason to hide that."""
        return await self._first.check()

    async def close(self) -> None:
        """Close both."""
        await self._first.close()
        await self._second.close()
