"""`launchready init`: write a first launchready.toml from what can be seen."""

import secrets
import sys
from pathlib import Path
from typing import Any

import click

from launchready.app.audit import utc_now
from launchready.app.first_file import Around, draft_of
from launchready.app.registry import load_registry
from launchready.cli.exits import INTERRUPTED, USAGE, mendable
from launchready.cli.options import CONFIG_NAME, network_options, read_network
from launchready.cli.output import write_text
from launchready.cli.own import TOKEN_BYTES
from launchready.cli.progress import run_showing
from launchready.config.draft import write_draft
from launchready.config.errors import ConfigError
from launchready.config.load import product_for_host


@click.command()
@click.argument("domain")
@click.option("--print", "to_stdout", is_flag=True, help="Print it instead of writing a file.")
@click.option("--force", is_flag=True, help=f"Replace a {CONFIG_NAME} that is there.")
@click.option("--patience", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End every look after this long.")
@network_options
def init(domain: str, *, to_stdout: bool, force: bool, patience: float | None, **network: Any) -> None:
    """Look at DOMAIN as any visitor may, and write a commented launchready.toml for it.

    What was seen and what was guessed is marked; what only you know is a line to fill in.

    Exit codes: 0 written, 1 our failure, 2 wrong use, or a file is there already, 130 stopped.
    """
    with mendable(ConfigError):
        product = product_for_host(domain)
    if not to_stdout and not force and Path(CONFIG_NAME).exists():
        click.echo(f"Error: {CONFIG_NAME} is here already. Type --force to replace it, or --print to see it.", err=True)
        sys.exit(USAGE)
    through, registry, token = read_network(**network), load_registry(), secrets.token_hex(TOKEN_BYTES)
    around = Around(through, registry, patience)
    draft = run_showing(lambda report: draft_of(product, around, token=token, today=utc_now().date(), report=report))
    if draft is None:
        click.echo("Stopped; nothing was written.", err=True)
        sys.exit(INTERRUPTED)
    text = write_draft(draft)
    if to_stdout:
        click.echo(text, nl=False)
        return
    write_text(CONFIG_NAME, text)
    hosts = f"{len(draft.hosts)} host{'s' if len(draft.hosts) > 1 else ''}"
    click.echo(
        f"{CONFIG_NAME} names {hosts}. Read it, and fill in what only you know. Next: launchready audit", err=True
    )
