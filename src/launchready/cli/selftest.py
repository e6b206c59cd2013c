"""`launchready selftest`: every check in four worlds, scored by the worlds themselves."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from launchready.app.audit import Asked, gather_evidence, verdict_of
from launchready.app.registry import Registry, load_registry
from launchready.app.worlds import World, WorldError, network_of, world
from launchready.cli.exits import OUR_FAILURE, mendable
from launchready.config.load import load_product
from launchready.model.check import Fail, NotApplicable, NotMeasured, OnYourWord, Outcome, Pass
from launchready.net.network import Network

START_LIMIT_S = 60.0  # as for the demo

WORDS: dict[type[Outcome], str] = {
    Pass: "pass",
    Fail: "fail",
    NotMeasured: "not_measured",
    NotApplicable: "not_applicable",
    OnYourWord: "attested",
}
COLUMNS = ("hit", "miss", "false_alarm", "blind_pass")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the score as JSON.")
@click.option("--check", "checks", multiple=True, metavar="ID", help="Only this check; may be given again.")
def selftest(*, as_json: bool, checks: tuple[str, ...]) -> None:
    """Audit every check in a good world, with its fault, blinded, and before a decoy.

    The truth stays with the worlds: they get the answers and keep the score. Exit 0 when every
    answer was right, else 1.
    """
    with mendable(WorldError):
        score = asyncio.run(_selftest(checks))
    if as_json:
        click.echo(json.dumps(score, indent=2, sort_keys=True))
    else:
        _print(score)
    wrong = sum(score["total"][column] for column in COLUMNS[1:])
    sys.exit(OUR_FAILURE if wrong or score["details"] else 0)


async def _selftest(checks: tuple[str, ...]) -> dict[str, Any]:
    registry = load_registry()
    arguments = ["selftest", *(word for check in checks for word in ("--check", check))]
    console = Console(stderr=True)
    async with world(arguments) as running:
        network = network_of(await running.read(START_LIMIT_S))
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Asking")
            while (event := await running.ask({"do": "next"}))["event"] == "case":
                bar.update(task, completed=event["case"], total=event["of"], description=event["check"])
                await _case(event, network, registry, running)
    return event


async def _case(event: dict[str, Any], network: Network, registry: Registry, running: World) -> None:
    """Answer one case: only the check in question, by the declaration that the world wrote."""
    only = (event["check"],)
    product = load_product(Path(event["config"]))
    asked = Asked(only, patience_s=event["patience_s"])
    gathered = await gather_evidence(product, network, registry, asked)
    results = verdict_of(gathered.evidence, registry, only).results
    answers = [{"check": r.check.id, "subject": r.subject, "outcome": WORDS[type(r.outcome)]} for r in results]
    await running.tell({"do": "verdict", "case": event["case"], "results": answers})


def _print(score: dict[str, Any]) -> None:
    table = Table("check", *COLUMNS, box=None)
    for check, counts in sorted(score["checks"].items()):
        table.add_row(check, *(str(counts[column]) for column in COLUMNS))
    table.add_section()
    table.add_row("in sum", *(str(score["total"][column]) for column in COLUMNS))
    console = Console()
    console.print(table)
    for detail in score["details"]:
        console.print(json.dumps(detail, sort_keys=True), markup=False)
