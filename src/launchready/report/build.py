"""A build on a terminal or as JSON: what to mend, what to paste, and what could not be seen."""

import json
from dataclasses import dataclass

from rich.console import Console

from launchready.report.judged import Judged, judged_fields, render_judged
from launchready.report.terminal import Pen
from launchready.report.words import counted


@dataclass(frozen=True, slots=True)
class BuildView:
    """One build. `sandbox` is empty where there was none; `digest` is that of what ships, empty where none was made."""

    commit: str
    sandbox: str
    took_s: float
    digest: str
    files: int
    judged: Judged


def render_build(view: BuildView, console: Console) -> None:
    """Print the view."""
    pen = Pen(console)
    pen.gap()
    pen.say(f"Build of {view.commit[:12]} in {view.took_s:g} s: {view.judged.summary}", style="bold")
    if view.digest:
        pen.labelled("Output", f"{counted(view.files, 'file')}, SHA-256 {view.digest}")
    pen.labelled("Shut in", view.sandbox or "no: it could use whatever lies on this machine")
    render_judged(view.judged, pen)


def build_json(view: BuildView) -> str:
    """The view as JSON, with a line end."""
    data = {
        "commit": view.commit,
        "decision": view.judged.decision,
        "sandbox": view.sandbox or None,
        "took_s": view.took_s,
        "output": {"files": view.files, "sha256": view.digest} if view.digest else None,
        **judged_fields(view.judged),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
