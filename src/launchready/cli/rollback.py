"""`launchready rollback`: bring the last good release back."""

import sys
from typing import Any

import click

from launchready.app.delivery import release_runner
from launchready.cli.exits import USAGE
from launchready.cli.options import network_options, read_network
from launchready.cli.releasing import code_of_release, print_outcome, read_release, run_to_its_end, say, show
from launchready.config.deploy import DeployPlan
from launchready.deliver.release import Outcome
from launchready.model.product import Product
from launchready.net.network import Network


@click.command()
@click.argument("target", required=False)
@click.option("--to", "commit", default="", help="Which commit to bring back; without it, the last good one on record.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
@network_options
def rollback(target: str | None, *, commit: str, as_json: bool, **network: Any) -> None:
    """Bring the last good release back with the command under [deploy], and see that it works.

    Done once in quiet times, it proves the way back. TARGET is a launchready.toml; without it, ./launchready.toml is
    read.

    Exit codes: 0 it is back and well, 10 it is not, 11 what is live could not be seen, 1 our failure, 2 wrong use,
    130 stopped.
    """
    product, plan = read_release(target)
    outcome = run_to_its_end(_rollback(product, plan, read_network(**network), commit), plan)
    if outcome is None:
        click.echo("Error: no other good release is on record. Name one: launchready rollback --to COMMIT", err=True)
        sys.exit(USAGE)
    print_outcome(outcome, as_json=as_json)
    sys.exit(code_of_release(outcome))


async def _rollback(product: Product, plan: DeployPlan, network: Network, commit: str) -> Outcome | None:
    async with release_runner(product, plan, network, say, show) as runner:
        if commit:
            target = await runner.repository.commit(commit)
        else:
            target = runner.last_good(runner.records.read(), (await runner.eyes.look()).commit)
        return await runner.rollback(target) if target else None
