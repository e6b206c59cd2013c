"""`launchready demo`: a chatbot product with a dozen launch faults, audited on this machine; or a bad release of it."""

import asyncio
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from launchready.app.audit import Asked, verdict_of
from launchready.app.delivery import release_runner
from launchready.app.registry import Registry, load_registry
from launchready.app.worlds import World, WorldError, network_of, world
from launchready.cli.audit import PAGE_NAME
from launchready.cli.exits import GO, INTERRUPTED, OUR_FAILURE, code_of, mendable
from launchready.cli.output import Outputs, print_verdict, write_text
from launchready.cli.progress import gather_showing
from launchready.cli.releasing import print_outcome, say, show
from launchready.config.deploy import load_deploy_plan
from launchready.config.errors import ConfigError
from launchready.config.load import load_product
from launchready.deliver.release import Order
from launchready.engine.evidence_file import write_evidence
from launchready.model.evidence import Evidence
from launchready.model.probe import Manner
from launchready.model.product import Product
from launchready.model.verdict import Decision, Verdict
from launchready.net.network import Network
from launchready.parse.release_log import Result

START_LIMIT_S = 60.0  # a world starts in about 2 s; a fresh, busy machine compiles bytecode first


@click.command()
@click.option("--world", "name", default="demo", show_default=True, help="Which world: demo, good, …")
@click.option("--json", "as_json", is_flag=True, help="Print only the verdict, as JSON.")
@click.option("--fix", is_flag=True, help="Mend fault after fault, and watch the verdict turn.")
@click.option("--release", is_flag=True, help="Instead: a bad release, taken back while customers visit.")
@click.option("--serve", is_flag=True, help="Keep the world up afterwards, until Ctrl-C.")
@click.option(
    "--html", type=click.Path(dir_okay=False), default=PAGE_NAME, show_default=True, help="Where the page goes."
)
@click.option("--no-html", is_flag=True, help="Write no page.")
@click.option("--save", type=click.Path(dir_okay=False), metavar="FILE", help="Keep the evidence.")
def demo(  # noqa: PLR0913 - one parameter an option
    *, name: str, as_json: bool, fix: bool, release: bool, serve: bool, html: str, no_html: bool, save: str | None
) -> None:
    """Start a coaching chatbot on a small internet on this machine, with launch faults, and audit it.

    Nothing leaves this machine. The exit codes are those of `launchready audit`; with --release 0, where the bad
    release was taken back.
    """
    if release and (fix or serve or save):
        raise click.UsageError("--release is a story of its own: leave --fix, --serve and --save out.")
    outputs = Outputs(as_json, None if no_html else html, None, save)
    with mendable(WorldError, ConfigError):
        try:
            if release:
                sys.exit(asyncio.run(_release(as_json=as_json)))
            decision = asyncio.run(_demo(name, outputs, fix=fix, serve=serve))
        except KeyboardInterrupt:
            click.echo("Stopped; the world is gone.", err=True)
            sys.exit(INTERRUPTED)
    sys.exit(code_of(decision, strict=False))


async def _demo(name: str, outputs: Outputs, *, fix: bool, serve: bool) -> Decision:
    registry = load_registry()
    async with world(["serve", "--world", name]) as running:
        network = network_of(await running.read(START_LIMIT_S))
        ready = await running.read(START_LIMIT_S)
        product = load_product(Path(ready["config"]))
        say(f"{product.name} is up on this machine, with {len(ready['faults'])} faults.")
        verdict, evidence = await _audit(product, network, registry)
        if outputs.evidence:
            write_text(outputs.evidence, write_evidence(evidence))
        print_verdict(verdict, evidence, outputs)
        if fix:
            verdict = await _mend_all(running, ready, registry, network, verdict)
        if serve:
            say(f"The product stays up at {ready['url']} until Ctrl-C.")
            await asyncio.Event().wait()
        return verdict.decision


async def _release(*, as_json: bool) -> int:
    """A good release, then a sick one, with a light visitor beside it; the exit code says whether it was taken back."""
    async with world(["release"]) as running:
        ready = await running.read(START_LIMIT_S)
        said = await running.read(START_LIMIT_S)
        host, address = said["resolve"].split("=")
        network = replace(network_of(said), resolve=((host, (address,)),))
        config = Path(ready["config"])
        product, plan = load_product(config), load_deploy_plan(config)
        good, sick = ready["commits"]
        async with release_runner(product, plan, network, say, show) as runner:
            say("A founder releases a product that works.")
            await runner.deploy(Order(good))
            say("In the evening comes a release that answers every visitor with an error. Nobody is watching.")
            outcome = await runner.deploy(Order(sick))
        print_outcome(outcome, as_json=as_json)
        return GO if outcome.record.result is Result.ROLLED_BACK else OUR_FAILURE


async def _audit(
    product: Product, network: Network, registry: Registry, only: tuple[str, ...] = ()
) -> tuple[Verdict, Evidence]:
    gathered = await gather_showing(product, network, registry, Asked(only))
    if gathered.was_stopped:
        raise KeyboardInterrupt
    return verdict_of(gathered.evidence, registry, only), gathered.evidence


def _without_load(registry: Registry) -> tuple[str, ...]:
    """The checks that read no load look; those take most of the time, and no mending step changes their answer."""
    return tuple(
        name
        for name, check in registry.checks.items()
        if not any(registry.probes[fact].manner in {Manner.LOAD, Manner.EXHAUSTING} for fact in check.facts)
    )


async def _mend_all(
    running: World, ready: dict[str, Any], registry: Registry, network: Network, verdict: Verdict
) -> Verdict:
    """Mend the faults one by one, and say after each what the verdict became; the last word is a whole audit's."""
    quick = _without_load(registry)
    for fault in ready["faults"]:
        await running.ask({"do": "mend", "fault": fault["name"]})
        product = load_product(Path(ready["config"]))
        verdict, _ = await _audit(product, network, registry, quick)
        counts = Counter(row.state.value for row in verdict.rows)
        say(f"mended: {fault['description']}")
        say(f"   {verdict.decision}: {len(verdict.findings)} findings left, {counts['proven']} rows proven")
    verdict, _ = await _audit(load_product(Path(ready["config"])), network, registry)
    say(verdict.sentence)
    return verdict
