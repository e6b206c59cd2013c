"""`launchready deploy`: release a commit with your own command, and see that it works."""

import sys
from typing import Any

import click

from launchready.app.delivery import release_runner
from launchready.cli.options import network_options, read_network
from launchready.cli.releasing import code_of_release, print_outcome, read_release, run_to_its_end, say, show
from launchready.config.deploy import DeployPlan
from launchready.deliver.release import Order, Outcome
from launchready.model.product import Product
from launchready.net.network import Network


@click.command()
@click.argument("target", required=False)
@click.option("--commit", default="HEAD", show_default=True, help="What to release.")
@click.option("--one-way", is_flag=True, help="Release although the former release can't be brought back.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
@network_options
def deploy(target: str | None, *, commit: str, one_way: bool, as_json: bool, **network: Any) -> None:
    """Release a commit with the command under [deploy], and bring the former one back where it does not work.

    Gates come first; nothing is touched while one is red, missing, skipped or stale. TARGET is a launchready.toml;
    without it, ./launchready.toml is read.

    Exit codes: 0 it is live and well, 10 it is not, 11 what is live could not be seen, 1 our failure, 2 wrong use,
    130 stopped.
    """
    product, plan = read_release(target)
    outcome = run_to_its_end(_deploy(product, plan, read_network(**network), Order(commit, one_way)), plan)
    print_outcome(outcome, as_json=as_json)
    sys.exit(code_of_release(outcome))


async def _deploy(product: Product, plan: DeployPlan, network: Network, order: Order) -> Outcome:
    async with release_runner(product, plan, network, say, show) as runner:
        return await runner.deploy(Order(await runner.repository.commit(order.commit), order.is_accepted))
