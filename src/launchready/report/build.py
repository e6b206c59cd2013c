"""A build on a terminal or as JSON: what to mend, what to paste, and what could not be seen."""

import json
from dataclasses import dataclass

from rich.console import Console

from launchready.report.finding import Finding, finding_fields, render_finding
from launchready.report.hostile import printable
from launchready.report.terminal import Pen
from launchready.report.words import counted


@dataclass(frozen=True, slots=True)
class BuildGap:
    """A question that could not be answered, and what would answer it."""

    check: str
    title: str
    detail: str
    need: str


@dataclass(frozen=True, slots=True)
class BuildView:
    """One build. `sandbox` is empty where there was none; `digest` is that of what ships, empty where none was made."""

    commit: str
    sandbox: str
    took_s: float
    digest: str
    files: int
    decision: str
    findings: tuple[Finding, ...]
    gaps: tuple[BuildGap, ...]
    passed: tuple[str, ...]


def render_build(view: BuildView, console: Console) -> None:
    """Print the view."""
    pen = Pen(console)
    pen.gap()
    open_questions = f", {counted(len(view.gaps), 'question')} open" if view.gaps else ""
    state = f"{counted(len(view.findings), 'thing')} to mend{open_questions}"
    answered = f"{counted(len(view.passed), 'question')} answered well"
    pen.say(f"Build of {view.commit[:12]} in {view.took_s:g} s: {state}, {answered}", style="bold")
    if view.digest:
        pen.labelled("Output", f"{counted(view.files, 'file')}, SHA-256 {view.digest}")
    pen.labelled("Shut in", view.sandbox or "no: it could use whatever lies on this machine")
    for number, finding in enumerate(view.findings, start=1):
        render_finding(number, finding, pen)
    if view.gaps:
        pen.heading("What could not be checked")
    for gap in view.gaps:
        pen.bullet(f"{gap.title.rstrip('.')}: {printable(gap.detail)}")


def build_json(view: BuildView) -> str:
    """The view as JSON, with a line end."""
    data = {
        "commit": view.commit,
        "decision": view.decision,
        "sandbox": view.sandbox or None,
        "took_s": view.took_s,
        "output": {"files": view.files, "sha256": view.digest} if view.digest else None,
        "findings": [finding_fields(one) for one in view.findings],
        "not_measured": [
            {"check": gap.check, "title": gap.title, "detail": gap.detail, "need": gap.need} for gap in view.gaps
        ],
        "passed": list(view.passed),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
