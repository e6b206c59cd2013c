"""`launchready checks`: every question that this version asks."""

import click
from rich.console import Console

from launchready.app.registry import load_registry
from launchready.report.explain import checks_json, render_checks


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def checks(*, as_json: bool) -> None:
    """List every check, by area."""
    known = tuple(load_registry().checks.values())
    if as_json:
        click.echo(checks_json(known), nl=False)
        return
    render_checks(known, Console())
