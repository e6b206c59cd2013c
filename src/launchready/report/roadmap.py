"""The way to launch: seven stages with their deliverables, the minimum bar, and the one next step."""

from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from launchready.model.verdict import HOLDS_NOTHING_BACK, RowState, Stage, Verdict
from launchready.report.hostile import printable
from launchready.report.html import fill
from launchready.report.page import Line, head, state_line
from launchready.report.terminal import Pen, say_head

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


def stage_card(stage: Stage) -> StageCard:
    """A stage with its state: done, or how many of its deliverables are."""
    done = sum(d.state in HOLDS_NOTHING_BACK for d in stage.deliverables)
    failed = any(d.state is RowState.FAILED for d in stage.deliverables)
    return StageCard(
        number=stage.number,
        name=printable(stage.name),
        goal=printable(stage.goal),
        state="Done" if stage.done else f"Open: {done} of {len(stage.deliverables)} done",
        mark="good" if stage.done else "bad" if failed else "open",
        lines=tuple(state_line(d.text, d.state, d.note) for d in stage.deliverables),
    )


def render_roadmap_html(verdict: Verdict) -> str:
    """The roadmap as a self-contained page."""
    return fill("roadmap.html.j2", head=head(verdict), stages=[stage_card(stage) for stage in verdict.stages])


def render_roadmap_terminal(verdict: Verdict, console: Console) -> None:
    """Print the roadmap."""
    pen, answer = Pen(console), head(verdict)
    say_head(answer, pen)
    for stage in verdict.stages:
        card = stage_card(stage)
        pen.gap()
        title = f"{card.number}. {card.name}"
        pen.say(Text.assemble((title, "bold"), "  ", (card.state, MARK_STYLE[card.mark])))
        pen.say(card.goal, style="dim", indent=3)
        _lines(card.lines, pen, indent=3)
    pen.heading("The minimum bar")
    _lines(answer.rows, pen, indent=0)


def _lines(lines: tuple[Line, ...], pen: Pen, *, indent: int) -> None:
    for line in lines:
        pen.say(Text.assemble((line.state, MARK_STYLE[line.mark]), "  ", line.text), indent=indent, lead="- ")
        if line.note:
            pen.say(line.note, style="dim", indent=indent + 2)
