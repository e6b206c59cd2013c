"""A test of a chat on a terminal or as JSON: what was tried and seen, what to mend, and what could not be seen."""

import json
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from launchready.report.finding import Finding, finding_fields, render_finding
from launchready.report.hostile import printable
from launchready.report.terminal import Pen
from launchready.report.words import counted

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
class ChatGap:
    """A question that could not be answered, and what would answer it."""

    check: str
    title: str
    detail: str
    need: str


@dataclass(frozen=True, slots=True)
class ChatView:
    """One test. `commit` is empty where the chat does not say it; `is_whole` is false where it was broken off."""

    url: str
    commit: str
    took_s: float
    is_whole: bool
    decision: str
    rows: tuple[ChatRow, ...]
    record: dict[str, Any]
    findings: tuple[Finding, ...]
    gaps: tuple[ChatGap, ...]
    passed: tuple[str, ...]


def render_chat(view: ChatView, console: Console) -> None:
    """Print the view."""
    pen = Pen(console)
    pen.gap()
    open_questions = f", {counted(len(view.gaps), 'question')} open" if view.gaps else ""
    state = f"{counted(len(view.findings), 'thing')} to mend{open_questions}"
    cut = "" if view.is_whole else " (stopped early: it does not count)"
    well = f"{counted(len(view.passed), 'question')} answered well"
    pen.say(f"Chat at {printable(view.url)} in {view.took_s:g} s{cut}: {state}, {well}", style="bold")
    pen.labelled("Commit", printable(view.commit) or "it does not say")
    part = ""
    for row in view.rows:
        if row.part != part:
            part = row.part
            pen.heading(part)
        lead = f"{printable(row.tried):<{NAME_WIDTH}.{NAME_WIDTH}}{row.took:>7}  "
        pen.say(printable(row.seen), indent=2, lead=lead)
    for number, finding in enumerate(view.findings, start=1):
        render_finding(number, finding, pen)
    if view.gaps:
        pen.heading("What could not be checked")
    for gap in view.gaps:
        pen.bullet(f"{gap.title.rstrip('.')}: {printable(gap.detail)}")


def chat_json(view: ChatView) -> str:
    """The view as JSON, with a line end."""
    data = {
        "url": view.url,
        "commit": view.commit or None,
        "decision": view.decision,
        "complete": view.is_whole,
        "took_s": view.took_s,
        "tried": view.record,
        "findings": [finding_fields(one) for one in view.findings],
        "not_measured": [
            {"check": gap.check, "title": gap.title, "detail": gap.detail, "need": gap.need} for gap in view.gaps
        ],
        "passed": list(view.passed),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
