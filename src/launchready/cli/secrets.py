"""`launchready secrets`: the keys in a repository, alone."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from launchready.app.secrets import PathError, Scanned, scan, view_of
from launchready.cli.exits import INTERRUPTED, code_of, mendable
from launchready.model.verdict import Decision
from launchready.report.secrets import render_secrets, secrets_json


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--no-memory", is_flag=True, help="Leave no .launchready folder that makes the next scan quick.")
@click.option("--strict", is_flag=True, help="Exit 0 only where no risk is known.")
def secrets(path: str, *, as_json: bool, no_memory: bool, strict: bool) -> None:
    """Find keys in the files and in the whole history of the repository at PATH (or here).

    A key is never printed: only whose it is, its length, its first four characters and a fingerprint. No provider is
    asked whether a key still works.

    Name a key that was revoked in accepted-secrets.toml, with its fingerprint, reason, owner and until.

    Exit codes: 0 no live key leaked, 10 one did, 11 not all could be read, 1 our failure, 2 wrong use, 130 stopped.
    """
    try:
        with mendable(PathError):
            scanned = _scan(Path(path), keeps=not no_memory)
    except KeyboardInterrupt:
        click.echo("Stopped; nothing is concluded. The next scan goes on from here.", err=True)
        sys.exit(INTERRUPTED)
    view = view_of(path, scanned)
    if as_json:
        click.echo(secrets_json(view), nl=False)
    else:
        render_secrets(view, Console())
    sys.exit(code_of(Decision(view.decision), strict=strict))


def _scan(path: Path, *, keeps: bool) -> Scanned:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)

        def progress(name: str, done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description=f"Reading {name}")

        return scan(path, progress, keeps=keeps)
