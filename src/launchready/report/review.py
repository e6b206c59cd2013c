"""Questions for people on a terminal or as JSON."""

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from rich.console import Console

from launchready.oracles.reviewing import Reviewed, Standing
from launchready.report.hostile import printable
from launchready.report.terminal import Pen
from launchready.report.words import counted

STANDING_WORDS: Final = {
    Standing.UNASKED: "nobody has looked yet",
    Standing.SAFE: "safe",
    Standing.LEAK: "a leak",
    Standing.OPEN: "left open",
    Standing.DISPUTED: "two reviewers disagree, so it stays open",
}


def render_items(found: Sequence[Reviewed], console: Console) -> None:
    """Print the list: what is open first."""
    pen = Pen(console)
    pen.gap()
    still = sum(one.is_open for one in found)
    pen.say(f"{counted(still, 'question')} open, {len(found) - still} decided", style="bold")
    for one in sorted(found, key=lambda one: not one.is_open):
        pen.gap()
        serious = ", serious" if one.item.is_serious else ""
        pen.say(f"{one.item.id}  {one.item.rule}{serious}, {counted(one.item.answers, 'answer')}")
        pen.labelled("Question", one.item.question)
        pen.labelled("It says", printable(f"“{one.item.examples[0].sign.evidence.quote}”"))
        pen.labelled("Standing", STANDING_WORDS[one.standing])
    if still:
        pen.gap()
        pen.command("Look", "launchready review show ID")
        pen.command("Decide", 'launchready review decide ID --decision safe --reviewer "NAME" --reason "WHY"')


def render_item(one: Reviewed, console: Console) -> None:
    """Print one item with its examples and decisions."""
    pen = Pen(console)
    pen.gap()
    pen.say(f"{one.item.id}  {one.item.rule}", style="bold")
    pen.labelled("Question", one.item.question)
    pen.labelled("Standing", STANDING_WORDS[one.standing])
    pen.labelled("Answers", f"{one.item.answers}, of attempts of the category {one.item.category.value}")
    for example in one.item.examples:
        sign = example.sign
        pen.gap()
        pen.bullet(f"{example.probe} ({example.variant}, try {example.repeat + 1}): {printable(sign.said)}")
        pen.labelled("Evidence", printable(f"“{sign.evidence.quote}”"))
        pen.labelled("Where", f"message {sign.evidence.exchange + 1}, {printable(sign.evidence.place)}")
        pen.labelled("Sounds like", "a refusal, which proves nothing" if example.declined else "an answer")
    for decision in one.decisions:
        pen.gap()
        pen.labelled("Decided", f"{decision.word.value}, by {printable(decision.reviewer)} on {decision.at:%Y-%m-%d}")
        pen.labelled("Because", printable(decision.reason))


def items_json(found: Sequence[Reviewed], version: str) -> str:
    """The list as JSON, with a line end."""
    data = {
        "version": version or None,
        "open": sum(one.is_open for one in found),
        "open_serious": sum(one.is_open and one.item.is_serious for one in found),
        "items": [item_fields(one) for one in found],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def item_fields(one: Reviewed) -> dict[str, Any]:
    """One item as JSON data."""
    fields: dict[str, Any] = msgspec.to_builtins(one)
    return {**fields, "is_open": one.is_open}
