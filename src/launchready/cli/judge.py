"""`launchready judge`: the second half of an audit; touches no network."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from launchready.app.audit import verdict_of
from launchready.app.registry import load_registry
from launchready.cli.exits import USAGE, code_of, mendable
from launchready.cli.options import CONFIG_NAME
from launchready.cli.output import Outputs, file_options, print_verdict
from launchready.engine.evidence_file import MAX_FILE_BYTES, EvidenceError, read_evidence
from launchready.model.evidence import Evidence
from launchready.report.places import NO_FILE, Declared


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--html", type=click.Path(dir_okay=False), metavar="FILE", help="Write the page.")
@click.option("--markdown", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report as Markdown.")
@file_options
@click.option("--at", metavar="TIME", help="Judge as of this moment (ISO 8601, UTC) instead of the evidence's own.")
@click.option("--strict", is_flag=True, help="Exit 0 only for GO without risks.")
def judge(  # noqa: PLR0913 - each parameter is an option of the command
    file: str,
    *,
    as_json: bool,
    html: str | None,
    markdown: str | None,
    sarif: str | None,
    junit: str | None,
    github: bool,
    at: str | None,
    strict: bool,
) -> None:
    """Judge saved evidence: the same evidence gives the same bytes, on any machine."""
    evidence = read_evidence_file(file)
    verdict = verdict_of(evidence, load_registry(), at=_moment(at))
    # Evidence holds no paths, so that it is the same on any machine; the declaration has its usual name.
    declared = Declared(CONFIG_NAME) if evidence.product.has_file else NO_FILE
    code = code_of(verdict.decision, strict=strict)
    outputs = Outputs(as_json, html, markdown, file, sarif, junit, github, declared, code)
    print_verdict(verdict, evidence, outputs)
    sys.exit(code)


def read_evidence_file(path: str) -> Evidence:
    """Evidence from a file; an unusable one is said in a sentence."""
    load_registry()  # the kinds of fact are registered by the probes and checks that use them
    file = Path(path)
    if file.stat().st_size > MAX_FILE_BYTES:
        click.echo(f"Error: {path} is larger than evidence can be ({MAX_FILE_BYTES} bytes).", err=True)
        sys.exit(USAGE)
    with mendable(EvidenceError, UnicodeDecodeError):
        return read_evidence(file.read_text("utf-8"))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no time such as 2026-11-24T12:00:00", param_hint="--at") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
