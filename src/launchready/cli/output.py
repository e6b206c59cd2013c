"""Print a verdict, and write its files."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from launchready.cli.exits import USAGE
from launchready.model.evidence import Evidence
from launchready.model.verdict import Verdict
from launchready.report.html import render_html
from launchready.report.json_report import render_json
from launchready.report.markdown import render_markdown
from launchready.report.terminal import render_terminal


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where a verdict goes besides stdout; None writes no file."""

    as_json: bool = False
    html: str | None = None
    markdown: str | None = None
    evidence: str | None = None


def print_verdict(verdict: Verdict, evidence: Evidence, outputs: Outputs) -> None:
    """The verdict on stdout, as text or JSON, and its files; paths of files are narration and go with the text."""
    if outputs.html:
        write_text(outputs.html, render_html(verdict, evidence))
    if outputs.markdown:
        write_text(outputs.markdown, render_markdown(verdict, evidence))
    if outputs.as_json:
        click.echo(render_json(verdict, evidence), nl=False)
        return
    render_terminal(
        verdict, evidence, Console(), report_path=outputs.html or outputs.markdown, evidence_path=outputs.evidence
    )


def write_text(path: str, text: str) -> None:
    """Write a file; where that is not possible, say so and exit with 2."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        click.echo(f"Error: {path} can't be written: {error.strerror}. Choose another place.", err=True)
        sys.exit(USAGE)
