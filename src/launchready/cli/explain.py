"""`launchready explain`: all there is to know about one check."""

import click
from rich.console import Console

from launchready.app.registry import UnknownCheckError, load_registry
from launchready.cli.exits import mendable
from launchready.report.explain import explain_json, render_explain


@click.command()
@click.argument("check_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def explain(check_id: str, *, as_json: bool) -> None:
    """Explain one check: what it asks, why it matters at launch, and how to mend a failure."""
    with mendable(UnknownCheckError):
        (found,) = load_registry().chosen((check_id,))
    if as_json:
        click.echo(explain_json(found), nl=False)
        return
    render_explain(found, Console())
