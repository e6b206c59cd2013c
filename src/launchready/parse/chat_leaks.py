"""What a chat's answer shows that is for its developers alone: traces, keys, and the provider's own words."""

import re
from collections.abc import Iterable
from typing import Final

from launchready.parse.error_page import find_leaks

MAX_CHARS: Final = 262_144
"""How much of all texts together is looked through."""

KEYS: Final = (
    ("a key of OpenAI's form", re.compile(r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{12,200}")),
    ("a key of Stripe's form", re.compile(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,200}")),
    ("a key of Google's form", re.compile(r"\bAIza[A-Za-z0-9_-]{30,60}")),
    ("a key of AWS's form", re.compile(r"\bAKIA[A-Z0-9]{16}\b")),
    ("a bearer token", re.compile(r"\b[Bb]earer [A-Za-z0-9._~+/-]{16,500}")),
    ("a URL with a password", re.compile(r"\b[a-z][a-z0-9+]{1,20}://[^\s/:@]{1,100}:[^\s/@]{1,200}@")),
)

PROVIDERS_WORDS: Final = (
    ("the provider's own error", re.compile(r"You exceeded your current quota|maximum context length is \d")),
    (
        "the provider's own error",
        re.compile(r"Rate limit reached for |in organization org-|insufficient_quota.{0,40}billing"),
    ),
    ("the provider's own error", re.compile(r"The model `[^`]{1,100}` does not exist|model_not_found")),
    (
        "the name of an exception",
        re.compile(
            r"\b(?:openai|httpx2?|requests|aiohttp|urllib3|anthropic)\.[A-Za-z_.]{0,60}(?:Error|Timeout|Exception)\b"
        ),
    ),
    ("the name of an exception", re.compile(r"\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|UnhandledPromiseRejection)\b")),
)


def leaks_in(texts: Iterable[str]) -> tuple[str, ...]:
    """What some texts show, in words without any of it; each once."""
    text = "\n".join(texts)[:MAX_CHARS]
    marks = [f"a {mark.leak.value} of {mark.of}" for mark in find_leaks(text.encode("utf-8", "replace"))]
    found = [words for words, pattern in (*KEYS, *PROVIDERS_WORDS) if pattern.search(text)]
    return tuple(dict.fromkeys((*marks, *found)))


def masked(text: str) -> str:
    """A text without keys."""
    for _, pattern in KEYS:
        text = pattern.sub("[key]", text)
    return text
