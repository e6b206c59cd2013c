"""What an answer is, and where answers come from."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from launchready_guard.canned import Canned

TOTAL_TIMEOUT_S = 90
"""Seconds for a whole answer: below the 100 s after which an edge in front cuts the connection."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, earlier in the talk."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        text: The customer's words.
        before: What was said before it, oldest first.
        request_id: The id of the request that asks, for whoever reads logs here and at the provider.
    """

    text: str
    before: tuple[Turn, ...] = ()
    request_id: str = ""


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


Piece = str | Canned
"""Words of an answer, or a notice that stands in its place."""


class AnswerSource(Protocol):
    """Makes answers."""

    def stream(self, question: Question) -> AsyncGenerator[Piece, None]:
        """The pieces of the answer as they come; raises `AnswerError`."""

    async def check(self) -> str:
        """Say whether answers could be made now; `DependencyDownError` when not."""

    async def close(self) -> None:
        """Let go of connections."""
