"""`launchready gather`: the first half of an audit."""

import sys
from typing import Any

import click

from launchready.app.audit import Asked
from launchready.app.registry import UnknownCheckError, load_registry
from launchready.cli.exits import INTERRUPTED, mendable
from launchready.cli.options import network_options, read_network, read_product
from launchready.cli.output import write_text
from launchready.cli.progress import gather_with_progress
from launchready.engine.evidence_file import write_evidence


@click.command()
@click.argument("target", required=False)
@click.option("--save", type=click.Path(dir_okay=False), required=True, metavar="FILE", help="Where the evidence goes.")
@click.option("--only", multiple=True, metavar="CHECK", help="Look only for this check; may be given again.")
@click.option("--passive", is_flag=True, help="Take no look that needs proof of ownership.")
@click.option("--patience", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End every look after this long.")
@network_options
def gather(
    target: str | None, *, save: str, only: tuple[str, ...], passive: bool, patience: float | None, **network: Any
) -> None:
    """Look, and save what was seen; `launchready judge FILE` says what follows from it."""
    product = read_product(target)
    asked = Asked(only, active=not passive, patience_s=patience)
    with mendable(UnknownCheckError):
        gathered = gather_with_progress(product, read_network(**network), load_registry(), asked)
    write_text(save, write_evidence(gathered.evidence))
    click.echo(f"{len(gathered.evidence.entries)} readings are in {save}. Next: launchready judge {save}", err=True)
    if gathered.was_stopped:
        sys.exit(INTERRUPTED)
