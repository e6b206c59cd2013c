"""`launchready roadmap`: the seven stages and the fourteen rows, from evidence."""

import click
from rich.console import Console

from launchready.app.audit import verdict_of
from launchready.app.registry import load_registry
from launchready.cli.judge import read_evidence_file
from launchready.cli.output import write_text
from launchready.report.json_report import render_json
from launchready.report.roadmap import render_roadmap_html, render_roadmap_terminal


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the whole verdict as JSON; rows and stages are in it.")
@click.option("--html", default="launchready-roadmap.html", show_default=True, help="Where the page goes.")
@click.option("--no-html", is_flag=True, help="Write no page.")
def roadmap(file: str, *, as_json: bool, html: str, no_html: bool) -> None:
    """Show how far a product is, from the evidence in FILE (`launchready audit --save FILE` writes it)."""
    evidence = read_evidence_file(file)
    verdict = verdict_of(evidence, load_registry())
    if not no_html:
        write_text(html, render_roadmap_html(verdict))
    if as_json:
        click.echo(render_json(verdict, evidence), nl=False)
        return
    render_roadmap_terminal(verdict, Console())
    if not no_html:
        click.echo(f"The page is {html}", err=True)
