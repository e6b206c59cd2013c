"""`launchready redteam judge`: stored transcripts to the same report for ever; touches no network."""

import sys
from pathlib import Path

import click
from rich.console import Console

from launchready.app.reviewing import report_of
from launchready.cli.exits import GO, NO_GO, UNDETERMINED, mendable
from launchready.cli.output import write_text
from launchready.oracles.judge import Report
from launchready.oracles.outcomes import Outcome
from launchready.probes.redteam_record import TranscriptError
from launchready.report.redteam import redteam_json, redteam_markdown, render_redteam


def redteam_code(report: Report) -> int:
    """The exit code: 0 nothing found, 10 harm was done, 11 it could not be told."""
    outcomes = {one.outcome for one in report.judged}
    if report.is_void:
        return UNDETERMINED
    if Outcome.FAIL in outcomes:
        return NO_GO
    told = outcomes == {Outcome.PASS} and not report.interrupted and not report.left_out
    return GO if told else UNDETERMINED


def print_report(report: Report, *, as_json: bool, markdown: str | None) -> None:
    """The report on stdout, as text or JSON, and as a file of Markdown."""
    if markdown:
        write_text(markdown, redteam_markdown(report))
    if as_json:
        click.echo(redteam_json(report), nl=False)
    else:
        render_redteam(report, Console())


@click.command("judge")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print every attempt with its evidence as JSON.")
@click.option("--markdown", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report as Markdown.")
def redteam_judge(file: str, *, as_json: bool, markdown: str | None) -> None:
    """Judge stored transcripts again: the same file gives the same bytes, and nothing is asked.

    FILE is what `launchready redteam` wrote, such as .launchready/redteam.jsonl.

    Exit codes: 0 nothing was found, 10 something did harm, 11 it could not be told, 1 our failure, 2 wrong use.
    """
    with mendable(TranscriptError):
        report = report_of(Path(file))
    print_report(report, as_json=as_json, markdown=markdown)
    sys.exit(redteam_code(report))
