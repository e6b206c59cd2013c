"""What a provider remembers of its calls: how many, how they ended, what they cost. No word of what was said."""

from collections import Counter
from typing import Any, Final

from launchready_worlds.provider_moods import ProviderMood

CHARS_A_TOKEN: Final = 4
"""English text has about four characters a token (OpenAI's own rule of thumb); a test needs a stable count, not a
tokenizer."""
DOLLARS_A_MILLION_IN: Final = 0.15
"""Price of a million tokens asked: a small model's list price, gpt-4o-mini's in 2025."""
DOLLARS_A_MILLION_OUT: Final = 0.60
"""Price of a million tokens answered, the same model's."""


def tokens_in(text: str) -> int:
    """Tokens of a text; none of an empty one."""
    return -(-len(text) // CHARS_A_TOKEN)


class Record:
    """The calls until now.

    Attributes:
        asked: Calls by mood.
        streaming: Calls that asked for a stream.
        answered: Calls that came to the end that their mood has.
        cancelled: Calls whose client hung up before.
        open: Calls under way.
        wrong: Requests that were no question.
        prompt_tokens: Tokens asked.
        completion_tokens: Tokens sent, those of cut answers too.
    """

    def __init__(self) -> None:
        self.open = 0
        self.clear()

    def clear(self) -> None:
        """Begin anew; calls under way stay."""
        self.asked = Counter[ProviderMood]()
        self.streaming = self.answered = self.cancelled = self.wrong = 0
        self.prompt_tokens = self.completion_tokens = 0

    @property
    def dollars(self) -> float:
        """What the calls would have cost."""
        millionths = self.prompt_tokens * DOLLARS_A_MILLION_IN + self.completion_tokens * DOLLARS_A_MILLION_OUT
        return round(millionths / 1_000_000, 9)

    def as_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return {
            "total": self.asked.total(),
            "moods": {mood.value: count for mood, count in sorted(self.asked.items())},
            "streaming": self.streaming,
            "answered": self.answered,
            "cancelled": self.cancelled,
            "open": self.open,
            "wrong": self.wrong,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "dollars": self.dollars,
        }
