"""Print a verdict, and write its files."""

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from launchready.cli.exits import GO, USAGE
from launchready.model.evidence import Evidence
from launchready.model.verdict import Verdict
from launchready.report.github import annotations
from launchready.report.html import render_html
from launchready.report.json_report import render_json
from launchready.report.junit import render_junit
from launchready.report.markdown import render_markdown
from launchready.report.places import NO_FILE, Declared
from launchready.report.sarif import render_sarif
from launchready.report.terminal import render_terminal

STOP_TOKEN_BYTES: Final = 16
"""Nobody who writes to our output can guess the word that makes GitHub listen again."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where a verdict goes besides stdout; None writes no file.

    `github` says it to GitHub Actions too; `declared` is the file that readers of code are led to, and `exit_code`
    what the command is going to end with.
    """

    as_json: bool = False
    html: str | None = None
    markdown: str | None = None
    evidence: str | None = None
    sarif: str | None = None
    junit: str | None = None
    github: bool = False
    declared: Declared = NO_FILE
    exit_code: int = GO


Command = Callable[..., Any]


def file_options(command: Command) -> Command:
    """Options for what other programs read."""
    path = click.Path(dir_okay=False)
    for option in (
        click.option("--github", is_flag=True, help="Show findings on GitHub's pages; for a step of GitHub Actions."),
        click.option("--junit", type=path, metavar="FILE", help="Write the answers as JUnit XML."),
        click.option("--sarif", type=path, metavar="FILE", help="Write the findings as SARIF 2.1.0."),
    ):
        command = option(command)
    return command


def print_verdict(verdict: Verdict, evidence: Evidence, outputs: Outputs) -> None:
    """The verdict on stdout, as text or JSON, and its files; paths of files are narration and go with the text."""
    if outputs.html:
        write_text(outputs.html, render_html(verdict, evidence))
    if outputs.markdown:
        write_text(outputs.markdown, render_markdown(verdict, evidence))
    if outputs.sarif:
        write_text(outputs.sarif, render_sarif(verdict, evidence, outputs.declared, outputs.exit_code))
    if outputs.junit:
        write_text(outputs.junit, render_junit(verdict, evidence))
    if outputs.as_json:
        click.echo(render_json(verdict, evidence), nl=False)
    else:
        with _unheard(outputs.github):
            report = outputs.html or outputs.markdown
            render_terminal(verdict, evidence, Console(), report_path=report, evidence_path=outputs.evidence)
    if outputs.github:
        for line in annotations(verdict, outputs.declared):
            click.echo(line, err=outputs.as_json)


@contextmanager
def _unheard(github: bool) -> Iterator[None]:
    """Print what GitHub must not obey: a report quotes what came from a target, and `::` at a line's start commands.

    Both lines go where the report goes, for GitHub reads the two streams of a step side by side.
    """
    token = secrets.token_hex(STOP_TOKEN_BYTES)
    if github:
        click.echo(f"::stop-commands::{token}")
    try:
        yield
    finally:
        if github:
            click.echo(f"::{token}::")


def write_text(path: str, text: str) -> None:
    """Write a file; where that is not possible, say so and exit with 2."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        click.echo(f"Error: {path} can't be written: {error.strerror}. Choose another place.", err=True)
        sys.exit(USAGE)
