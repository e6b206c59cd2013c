"""A test of a chat on a terminal or as JSON: what was tried and seen, what to mend, and what could not be seen."""

import json
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from launchready.report.hostile import printable
from launchready.report.judged import Judged, judged_fields, render_judged
from launchready.report.terminal import Pen

NAME_WIDTH = 30
"""Columns of what was tried."""


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One thing that was tried: what, how long it took (empty: no matter), and what was seen."""

    part: str
    tried: str
    took: str
    seen: str


@dataclass(frozen=True, slots=True)
class ChatView:
    """One test. `commit` is empty where the chat does not say it; `is_whole` is false where it was broken off."""

    url: str
    commit: str
    took_s: float
    is_whole: bool
    rows: tuple[ChatRow, ...]
    record: dict[str, Any]
    judged: Judged


def render_chat(view: ChatView, console: Console) -> None:
    """Print the view."""
    pen = Pen(console)
    pen.gap()
    cut = "" if view.is_whole else " (stopped early: it does not count)"
    pen.say(f"Chat at {printable(view.url)} in {view.took_s:g} s{cut}: {view.judged.summary}", style="bold")
    pen.labelled("Commit", printable(view.commit) or "it does not say")
    part = ""
    for row in view.rows:
        if row.part != part:
            part = row.part
            pen.heading(part)
        lead = f"{printable(row.tried):<{NAME_WIDTH}.{NAME_WIDTH}}{row.took:>7}  "
        pen.say(printable(row.seen), indent=2, lead=lead)
    render_judged(view.judged, pen)


def chat_json(view: ChatView) -> str:
    """The view as JSON, with a line end."""
    data = {
        "url": view.url,
        "commit": view.commit or None,
        "decision": view.judged.decision,
        "complete": view.is_whole,
        "took_s": view.took_s,
        "tried": view.record,
        **judged_fields(view.judged),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
