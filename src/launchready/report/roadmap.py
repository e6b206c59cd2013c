"""The way to launch: seven stages with their deliverables, the minimum bar, and the one next step."""

from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from launchready.model.verdict import HOLDS_NOTHING_BACK, RowState, Stage, Verdict
from launchready.report.hostile import printable
from launchready.report.html import fill
from launchready.report.page import Line, head, state_line
from launchready.report.terminal import Pen, say_head

RELEASE_ROW: Final = "M6"
RELEASES_FIRST: Final = (
    "No new feature before this. A release that can't be repeated can't be mended in a hurry, and each feature on top "
    "makes the next failure longer."
)
"""Said of the stage that the row stands for, until a release of one commit was proven to give the same each time."""

DELIVERY_STAGE: Final = 3

MARK_STYLE = {"good": "green", "bad": "red", "word": "blue", "open": "yellow", "none": "dim"}


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage in words."""

    number: int
    name: str
    goal: str
    state: str
    mark: str
    lines: tuple[Line, ...]
    first: str = ""


def stage_card(stage: Stage, verdict: Verdict) -> StageCard:
    """A stage with its state: done, or how many of its deliverables are; and what comes before anything new."""
    repeats = any(row.id == RELEASE_ROW and row.state in HOLDS_NOTHING_BACK for row in verdict.rows)
    done = sum(d.state in HOLDS_NOTHING_BACK for d in stage.deliverables)
    failed = any(d.state is RowState.FAILED for d in stage.deliverables)
    return StageCard(
        number=stage.number,
        name=printable(stage.name),
        goal=printable(stage.goal),
        state="Done" if stage.done else f"Open: {done} of {len(stage.deliverables)} done",
        mark="good" if stage.done else "bad" if failed else "open",
        lines=tuple(state_line(d.text, d.state, d.note) for d in stage.deliverables),
        first=RELEASES_FIRST if stage.number == DELIVERY_STAGE and not repeats else "",
    )


def render_roadmap_html(verdict: Verdict) -> str:
    """The roadmap as a self-contained page."""
    return fill("roadmap.html.j2", head=head(verdict), stages=[stage_card(stage, verdict) for stage in verdict.stages])


def render_roadmap_terminal(verdict: Verdict, console: Console) -> None:
    """Print the roadmap."""
    pen, answer = Pen(console), head(verdict)
    say_head(answer, pen)
    for stage in verdict.stages:
        card = stage_card(stage, verdict)
        pen.gap()
        title = f"{card.number}. {card.name}"
        pen.say(Text.assemble((title, "bold"), "  ", (card.state, MARK_STYLE[card.mark])))
        pen.say(card.goal, style="dim", indent=3)
        if card.first:
            pen.say(card.first, style="bold", indent=3)
        _lines(card.lines, pen, indent=3)
    pen.heading("The minimum bar")
    _lines(answer.rows, pen, indent=0)


def _lines(lines: tuple[Line, ...], pen: Pen, *, indent: int) -> None:
    for line in lines:
        pen.say(Text.assemble((line.state, MARK_STYLE[line.mark]), "  ", line.text), indent=indent, lead="- ")
        if line.note:
            pen.say(line.note, style="dim", indent=indent + 2)
