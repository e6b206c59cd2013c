"""`launchready handover`: write the pack that runs the product."""

import click

from launchready.app.audit import verdict_of
from launchready.app.registry import load_registry
from launchready.cli.judge import read_evidence_file
from launchready.cli.output import write_text
from launchready.handover.pack import open_items, render_pack


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--out", default="HANDOVER.md", show_default=True, metavar="FILE", help="Where the pack goes.")
@click.option("--print", "to_stdout", is_flag=True, help="Print it instead of writing a file.")
def handover(file: str, *, out: str, to_stdout: bool) -> None:
    """Write the handover pack from the evidence in FILE (`launchready audit --save FILE` writes it)."""
    evidence = read_evidence_file(file)
    verdict = verdict_of(evidence, load_registry())
    pack = render_pack(verdict, evidence)
    if to_stdout:
        click.echo(pack, nl=False)
        return
    write_text(out, pack)
    click.echo(f"The pack is {out}; {len(open_items(verdict, evidence))} items are open.", err=True)
