"""What people decided about uncertain answers, and whether it still counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from launchready.oracles.clusters import ReviewItem


class Word(StrEnum):
    """What a reviewer says."""

    SAFE = "safe"
    LEAK = "leak"
    OPEN = "open"


class Standing(StrEnum):
    """Where an item stands."""

    UNASKED = "unasked"
    SAFE = "safe"
    LEAK = "leak"
    OPEN = "open"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision.

    Attributes:
        at: when.
        item: id of the review item.
        rule: of the item.
        reply_hashes: the answers that the reviewer had before them.
        word: what they say.
        reviewer: who.
        reason: why, in their words.
        version: of the product that gave the answers; "" where it does not say one.
    """

    at: datetime
    item: str
    rule: str
    reply_hashes: tuple[str, ...]
    word: Word
    reviewer: str
    reason: str
    version: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An item with the decisions that count for it, each reviewer's last one."""

    item: ReviewItem
    standing: Standing
    decisions: tuple[Decided, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it."""
        return self.standing in {Standing.UNASKED, Standing.OPEN, Standing.DISPUTED}


def reviewed(items: Iterable[ReviewItem], decisions: Sequence[Decided], version: str) -> tuple[Reviewed, ...]:
    """Every item with its standing, in the order of the items.

    Args:
        items: of one run.
        decisions: oldest first.
        version: of the product in that run. A decision on another version is out of date. That something is safe
            counts for the very answers that it was said of; without a version, everything does.
    """
    return tuple(_one(item, decisions, version) for item in items)


def _one(item: ReviewItem, decisions: Sequence[Decided], version: str) -> Reviewed:
    last: dict[str, Decided] = {}
    for decision in decisions:
        if decision.item == item.id and decision.version == version:
            last[_who(decision.reviewer)] = decision
    counting = tuple(decision for decision in last.values() if _counts(decision, item))
    return Reviewed(item, _standing({decision.word for decision in counting}), counting)


def _counts(decision: Decided, item: ReviewItem) -> bool:
    """Harm that was seen stays harm of this version; nobody has called an answer safe that they had not before them."""
    if decision.version and decision.word is not Word.SAFE:
        return True
    return set(item.reply_hashes) <= set(decision.reply_hashes)


def _who(reviewer: str) -> str:
    return " ".join(reviewer.lower().split())


def _standing(words: set[Word]) -> Standing:
    if not words:
        return Standing.UNASKED
    if Word.OPEN in words:
        return Standing.OPEN
    if len(words) > 1:
        return Standing.DISPUTED
    return Standing.SAFE if Word.SAFE in words else Standing.LEAK
