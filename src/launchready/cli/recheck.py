"""`launchready recheck`: measure one finding again, after it was mended."""

import sys
from typing import Any

import click
from rich.console import Console

from launchready.app.audit import Asked, Gathered, verdict_of
from launchready.app.recheck import Question, UnknownSubjectError, looks_of, read_finding
from launchready.app.registry import Registry, UnknownCheckError, load_registry
from launchready.cli.exits import GO, INTERRUPTED, NO_GO, UNDETERMINED, mendable
from launchready.cli.options import network_options, read_network, read_product
from launchready.cli.progress import gather_with_progress
from launchready.model.check import Fail, NotMeasured
from launchready.model.verdict import Verdict
from launchready.report.json_report import render_recheck_json
from launchready.report.recheck import narrowed, render_recheck


@click.command()
@click.argument("finding")
@click.argument("target", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--passive", is_flag=True, help="Take no look that needs proof of ownership.")
@click.option("--patience", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End every look after this long.")
@network_options
def recheck(
    finding: str, target: str | None, *, as_json: bool, passive: bool, patience: float | None, **network: Any
) -> None:
    """Look at one FINDING again, and at nothing else.

    FINDING is a check, or CHECK@SUBJECT for one subject of it, as every card of a report prints it. TARGET is what was
    audited: a launchready.toml or a bare name; without it, ./launchready.toml is read.

    Exit codes: 0 it is mended or does not apply, 10 it still fails, 11 it could not be measured, 1 our failure,
    2 wrong use, 130 stopped.
    """
    product = read_product(target)
    registry = load_registry()
    with mendable(UnknownCheckError, UnknownSubjectError):
        question = read_finding(finding, product, registry)
    asked = Asked((question.check.id,), active=not passive, patience_s=patience, looks=looks_of(question, product))
    with mendable(UnknownCheckError):
        gathered = gather_with_progress(product, read_network(**network), registry, asked)
    if gathered.was_stopped:
        click.echo("Stopped; nothing is concluded.", err=True)
        sys.exit(INTERRUPTED)
    verdict = _verdict(question, gathered, registry)
    if as_json:
        click.echo(render_recheck_json(verdict, gathered.evidence), nl=False)
    else:
        render_recheck(verdict, gathered.evidence, Console())
    sys.exit(_code(verdict))


def _verdict(question: Question, gathered: Gathered, registry: Registry) -> Verdict:
    verdict = verdict_of(gathered.evidence, registry, (question.check.id,))
    return narrowed(verdict, {subject.id for subject in question.subjects} or {gathered.evidence.product.id})


def _code(verdict: Verdict) -> int:
    """Whatever its impact, what fails is not mended; what was not measured is not known to be."""
    outcomes = [result.outcome for result in verdict.results]
    if any(isinstance(outcome, Fail) for outcome in outcomes):
        return NO_GO
    return UNDETERMINED if any(isinstance(outcome, NotMeasured) for outcome in outcomes) else GO
