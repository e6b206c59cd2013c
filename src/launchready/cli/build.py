"""`launchready build`: the commit from a clean clone, twice, with made-up values."""

import asyncio
import sys
from pathlib import Path

import click
from rich.console import Console

from launchready.app.build import build as build_commit
from launchready.app.build import view_of
from launchready.app.registry import load_registry
from launchready.cli.exits import INTERRUPTED, code_of, mendable
from launchready.cli.options import CONFIG_NAME
from launchready.config.clean_build import BuildPlan, load_build_plan
from launchready.config.errors import ConfigError
from launchready.config.load import load_product
from launchready.deliver.building import NoSandboxError, may_shut_in
from launchready.deliver.clone import CloneError
from launchready.model.verdict import Decision
from launchready.probes.build_record import BuildRecord
from launchready.report.build import build_json, render_build
from launchready.store.book import BookError


@click.command()
@click.argument("target", required=False, type=click.Path(dir_okay=False))
@click.option("--commit", default="HEAD", metavar="COMMIT", help="Build this commit instead of HEAD.")
@click.option(
    "--unsandboxed", is_flag=True, help="Go without a sandbox where there is none: you trust all of the code."
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--strict", is_flag=True, help="Exit 0 only where no risk is known.")
def build(target: str | None, *, commit: str, unsandboxed: bool, as_json: bool, strict: bool) -> None:
    """Build the committed code in an empty place, twice, and look through what came out.

    TARGET is a launchready.toml with a [build] table; without it, ./launchready.toml is read. Every variable of the
    contract gets a made-up value, so no secret is needed; each value that is found again in the output or the log was
    built in. Then the product is started with each required variable removed, and malformed. The outcome is written
    into .launchready/builds.jsonl, which `launchready audit` reads.

    Exit codes: 0 nothing is in the way, 10 something is, 11 it could not be told, 1 our failure, 2 wrong use.
    """
    path = Path(target or CONFIG_NAME)
    with mendable(ConfigError):
        product = load_product(path)
        plan = load_build_plan(path)
    with mendable(NoSandboxError, CloneError, BookError):
        try:
            record = asyncio.run(_build(plan, commit, unsandboxed=unsandboxed))
        except KeyboardInterrupt:
            click.echo("Stopped: nothing of the build runs any more, and it does not count.", err=True)
            sys.exit(INTERRUPTED)
    view = view_of(record, product, load_registry())
    if as_json:
        click.echo(build_json(view), nl=False)
    else:
        render_build(view, Console())
    sys.exit(code_of(Decision(view.judged.decision), strict=strict))


async def _build(plan: BuildPlan, commit: str, *, unsandboxed: bool) -> BuildRecord:
    is_sandboxed = await may_shut_in(consents=unsandboxed)
    return await build_commit(
        plan, commit, lambda sentence: click.echo(f"{sentence} …", err=True), is_sandboxed=is_sandboxed
    )
