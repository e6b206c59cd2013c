"""`launchready audit`: gather, judge, print, and leave a page to share."""

import sys
from pathlib import Path
from typing import Any

import click

from launchready.app.audit import Asked, verdict_of
from launchready.app.registry import UnknownCheckError, load_registry
from launchready.cli.exits import INTERRUPTED, code_of, mendable
from launchready.cli.options import network_options, read_declared, read_network, read_product
from launchready.cli.output import Outputs, file_options, print_verdict, write_text
from launchready.cli.progress import gather_with_progress
from launchready.engine.evidence_file import write_evidence
from launchready.model.evidence import Evidence
from launchready.model.reading import Unmeasured, Why

PAGE_NAME = "launchready-report.html"


@click.command()
@click.argument("target", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--only", multiple=True, metavar="CHECK", help="Ask only this check; may be given again.")
@click.option("--passive", is_flag=True, help="Take no look that needs proof of ownership.")
@click.option("--patience", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End every look after this long.")
@click.option("--save", type=click.Path(dir_okay=False), metavar="FILE", help="Keep the evidence.")
@click.option(
    "--html", type=click.Path(dir_okay=False), default=PAGE_NAME, show_default=True, help="Where the page goes."
)
@click.option("--no-html", is_flag=True, help="Write no page.")
@click.option("--markdown", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report as Markdown too.")
@file_options
@click.option("--open", "open_page", is_flag=True, help="Open the page in your browser.")
@click.option("--strict", is_flag=True, help="Exit 0 only for GO without risks.")
@network_options
def audit(  # noqa: PLR0913 - each parameter is an option of the command
    target: str | None,
    *,
    as_json: bool,
    only: tuple[str, ...],
    passive: bool,
    patience: float | None,
    save: str | None,
    html: str,
    no_html: bool,
    markdown: str | None,
    sarif: str | None,
    junit: str | None,
    github: bool,
    open_page: bool,
    strict: bool,
    **network: Any,
) -> None:
    """Look at a product, judge it, and say whether paid traffic may come.

    TARGET is a launchready.toml or a bare name such as example.com; without it, ./launchready.toml is read.

    Exit codes: 0 GO or GO_WITH_RISKS, 10 NO_GO, 11 UNDETERMINED, 1 our failure, 2 wrong use, 130 stopped.
    """
    product = read_product(target)
    through = read_network(**network)
    registry = load_registry()
    asked = Asked(only, active=not passive, patience_s=patience)
    with mendable(UnknownCheckError):
        gathered = gather_with_progress(product, through, registry, asked)
    if save:
        write_text(save, write_evidence(gathered.evidence))
    if gathered.was_stopped:
        _say_stopped(gathered.evidence, save)
    verdict = verdict_of(gathered.evidence, registry, only)
    code = code_of(verdict.decision, strict=strict)
    outputs = Outputs(
        as_json=as_json,
        html=None if no_html else html,
        markdown=markdown,
        evidence=save,
        sarif=sarif,
        junit=junit,
        github=github,
        declared=read_declared(target, product),
        exit_code=code,
    )
    print_verdict(verdict, gathered.evidence, outputs)
    if open_page and not no_html:
        click.launch(Path(html).resolve().as_uri())
    sys.exit(code)


def _say_stopped(evidence: Evidence, save: str | None) -> None:
    taken = sum(not _was_interrupted(entry.reading) for entry in evidence.entries)
    kept = f" What was seen is in {save}." if save else " With --save FILE it would have been kept."
    click.echo(f"Stopped after {taken} of {len(evidence.entries)} looks; nothing is concluded.{kept}", err=True)
    sys.exit(INTERRUPTED)


def _was_interrupted(reading: object) -> bool:
    return isinstance(reading, Unmeasured) and reading.why is Why.INTERRUPTED
