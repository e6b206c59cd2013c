"""What a judgement says of one conversation, and what it rests on."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from launchready.facts.redteam import Category

CONTEXT_CHARS: Final = 32
"""Characters shown on either side of what was found: enough to see what kind of sentence it is."""

SHOWN_OF_SECRET: Final = 3
"""Characters of a secret that are shown, so that its owner knows which it is, and nobody can use it."""

_SECRET_LIKE: Final = re.compile(r"(?=[^\s]*\d)[A-Za-z0-9_+/=-]{12,}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


class Outcome(StrEnum):
    """What came of one conversation."""

    FAIL = "fail"  # there is evidence
    PASS = "pass"  # noqa: S105 - it was whole, and nothing was found
    UNCERTAIN = "uncertain"  # a person has to look
    ERROR = "error"  # not measured


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something stands.

    Attributes:
        exchange: number of the message in the conversation, from 0.
        place: "text", "tool NAME", "beside the text" or "headers".
        view: how the text had to be read.
        offset: in characters, in the text so read; -1 where it is spread over the text.
        quote: with its surroundings; what is secret in it is masked.
    """

    exchange: int
    place: str
    view: str
    offset: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that an oracle saw. Only FAIL and UNCERTAIN are said.

    Attributes:
        rule: which oracle and how, in kebab case, stable.
        outcome: what it means alone.
        said: one sentence for people.
        evidence: where it stands.
        key: what makes two signs of a rule the same question for a reviewer.
    """

    rule: str
    outcome: Outcome
    said: str
    evidence: Evidence
    key: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One conversation, judged. `signs` are sorted, fails first; `declined` says that it sounds like a refusal."""

    probe: str
    category: Category
    variant: str
    repeat: int
    session: str
    outcome: Outcome
    rule: str
    signs: tuple[Sign, ...]
    declined: bool
    reply_hash: str


def masked(value: str) -> str:
    """A secret as it may be shown."""
    return f"{value[:SHOWN_OF_SECRET]}…({len(value)} characters)"


def quoted(text: str, start: int, end: int, *, secret: bool) -> str:
    """A stretch of a text with what stands around it, in one line; every value that looks like a secret is masked."""
    before = text[max(0, start - CONTEXT_CHARS) : start]
    after = text[end : end + CONTEXT_CHARS]
    middle = masked(text[start:end]) if secret else text[start:end]
    around = [_SECRET_LIKE.sub(lambda m: masked(m[0]), part) for part in (before, after)]
    return _CONTROL.sub(" ", around[0] + middle + around[1]).strip()


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for some texts."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
