"""`launchready drift`: does the host still run what was released?"""

import json
import sys
from typing import Any

import click

from launchready.app.delivery import release_runner
from launchready.cli.exits import GO, NO_GO, UNDETERMINED
from launchready.cli.options import network_options, read_network
from launchready.cli.releasing import read_release, run_to_its_end, say
from launchready.config.deploy import DeployPlan
from launchready.deliver.drift import Compared, compare_host
from launchready.model.product import Product
from launchready.net.network import Network
from launchready.parse.manifest import lines_of
from launchready.parse.release_log import write_record
from launchready.report.hostile import printable


@click.command()
@click.argument("target", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@network_options
def drift(target: str | None, *, as_json: bool, **network: Any) -> None:
    """Compare what runs on the host with what was released: edited, added and missing files, changed variables.

    What runs is read from the folder under [deploy], or printed by the command under manifest. TARGET is a
    launchready.toml; without it, ./launchready.toml is read.

    Exit codes: 0 nothing differs, 10 something does, 11 it could not be compared, 1 our failure, 2 wrong use.
    """
    product, plan = read_release(target)
    compared = run_to_its_end(_drift(product, plan, read_network(**network)), plan)
    lines = lines_of(compared.difference) if compared.difference else []
    if as_json:
        click.echo(json.dumps({**json.loads(write_record(compared.record)), "differs": lines}, indent=2))
    else:
        click.echo("\n".join([compared.record.detail, *(f"   {printable(line)}" for line in lines)]))
    sys.exit(_code(compared))


async def _drift(product: Product, plan: DeployPlan, network: Network) -> Compared:
    async with release_runner(product, plan, network, say, lambda _line: None) as runner:
        return await compare_host(runner)


def _code(compared: Compared) -> int:
    if compared.difference is None:
        return UNDETERMINED
    return GO if compared.difference.is_none else NO_GO
