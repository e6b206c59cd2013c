"""`launchready redteam`: attack the chat, and judge by what its answers hold."""

import secrets
from pathlib import Path
from typing import Final

import click

from launchready.cli.exits import mendable
from launchready.cli.redteam_judge import redteam_judge
from launchready.redteam.manifest_file import ManifestError, write_manifest
from launchready.redteam.planting import make_planting, pasting_guide

MANIFEST_NAME: Final = "manifest.json"


@click.group(invoke_without_command=True)
@click.pass_context
def redteam(context: click.Context) -> None:
    """Attack a staging copy of the chat, and judge by evidence what it answers."""
    if context.invoked_subcommand is not None:
        return
    click.echo(context.get_help())


@redteam.command()
@click.option(
    "--out",
    default=MANIFEST_NAME,
    show_default=True,
    type=click.Path(dir_okay=False),
    help="The file for the values, which only you can read.",
)
def plant(*, out: str) -> None:
    """Make up secrets for a staging copy, print what to paste where, and write down what to look for."""
    planting = make_planting(secrets.SystemRandom())
    with mendable(ManifestError):
        write_manifest(planting.manifest, Path(out))
    click.echo(pasting_guide(planting, out))


redteam.add_command(redteam_judge)
