"""`launchready redteam`: attack the chat, and judge by what its answers hold."""

import asyncio
import secrets
import sys
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from launchready.app.redteam import Chosen, Prepared, attack, prepare
from launchready.app.reviewing import report_of
from launchready.chatting.rights import NotOursError
from launchready.cli.exits import INTERRUPTED, mendable
from launchready.cli.options import CONFIG_NAME, network_options, read_network
from launchready.cli.redteam_judge import print_report, redteam_code, redteam_judge
from launchready.config.errors import ConfigError
from launchready.config.redteam import load_redteam_plan
from launchready.facts.redteam import Mode
from launchready.model.reading import NotSeen
from launchready.net.network import Network
from launchready.redteam.attacks import AttackError
from launchready.redteam.manifest_file import ManifestError, write_manifest
from launchready.redteam.planning import SECONDS_A_CALL, Budget, Price
from launchready.redteam.planting import make_planting, pasting_guide
from launchready.redteam.run import CONCURRENCY, Ended
from launchready.store.book import BookError

MANIFEST_NAME: Final = "manifest.json"

MAX_CONCURRENCY: Final = 64
"""Conversations at once: more is a load test, and no staging copy is made for it."""

SEED_BITS: Final = 32

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_READ: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--config", default=CONFIG_NAME, show_default=True, type=_FILE, help="The file that declares [chat].")
@click.option("--manifest", type=_READ, help="What is planted, as `launchready redteam plant` wrote it.")
@click.option("--attacks", type=_READ, help="Attacks of your own, besides ours.")
@click.option("--out", type=_FILE, help="Write transcripts there, not into .launchready/redteam.jsonl.")
@click.option("--seed", type=int, help="Ask for the same numbers and words as an earlier run.")
@click.option("--concurrency", type=click.IntRange(1, MAX_CONCURRENCY), default=CONCURRENCY, show_default=True)
@click.option(
    "--max-calls", type=click.IntRange(1), help="Send so many messages at the most; the strongest come first."
)
@click.option("--price-per-call", type=click.FloatRange(0), help="What one message costs you.")
@click.option("--price-per-million-tokens", type=click.FloatRange(0), help="What a million tokens cost you.")
@click.option(
    "--seconds-per-call", type=click.FloatRange(0), default=SECONDS_A_CALL, show_default=True, help="For the estimate."
)
@click.option("--yes", is_flag=True, help="Start without asking back.")
@click.option("--json", "as_json", is_flag=True, help="Print every attempt with its evidence as JSON.")
@click.option("--markdown", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report as Markdown.")
@network_options
@click.pass_context
def redteam(context: click.Context, /, **options: Any) -> None:
    """Attack a staging copy of the chat, and judge by evidence what it answers.

    The file needs no more than [chat] with url and protocol. Calls, time and cost are printed first. A chat on this
    machine is attacked at once; another one has to be shown to be yours (`launchready own`) and to be a copy that no
    customer uses (staging = true). Transcripts are written into .launchready/redteam.jsonl beside the file, which
    `launchready audit` reads and `launchready redteam judge` judges again. Ctrl-C keeps what there is.

    Exit codes: 0 nothing was found, 10 something did harm, 11 it could not be told, 1 our failure, 2 wrong use, 130
    stopped.
    """
    if context.invoked_subcommand is None:
        _attack(options)


def _attack(options: dict[str, Any]) -> None:
    seed = secrets.randbits(SEED_BITS) if options["seed"] is None else options["seed"]
    chosen = Chosen(
        seed, options["manifest"], options["attacks"], options["out"], options["concurrency"], options["max_calls"]
    )
    with mendable(ConfigError, AttackError, ManifestError):
        declared = load_redteam_plan(options["config"])
        prepared = prepare(declared, chosen)
    price = Price(
        _given(options["price_per_call"], declared.price_per_call),
        _given(options["price_per_million_tokens"], declared.price_per_million_tokens),
    )
    _announce(prepared, prepared.plan.budget(chosen.concurrency, options["seconds_per_call"], price))
    if sys.stdin.isatty() and not options["yes"]:
        click.confirm("Start?", abort=True, err=True)
    ended = _run(prepared, _network(options))
    _say_end(ended, prepared)
    report = report_of(prepared.out)
    print_report(report, as_json=options["as_json"], markdown=options["markdown"])
    sys.exit(INTERRUPTED if ended.was_stopped else redteam_code(report))


def _given(option: float | None, declared: float) -> float:
    return declared if option is None else option


def _network(options: dict[str, Any]) -> Network:
    names = ("resolver", "resolve", "ca_bundle", "allow_private", "network_file")
    return read_network(**{name: options[name] for name in names})


def _announce(prepared: Prepared, budget: Budget) -> None:
    """What it will take, before anything is sent."""
    cost = (
        "not known: declare price_per_call or price_per_million_tokens under [chat]"
        if budget.cost is None
        else f"about {budget.cost:.2f}, by your prices"
    )
    mode = "white box" if prepared.mode is Mode.WHITE_BOX else "black box, for no manifest is named"
    lines = [
        f"Going to attack {prepared.target.chat.url} ({mode}):",
        f"   conversations   {budget.conversations}, {prepared.chosen.concurrency} at once",
        f"   messages        at most {budget.calls}",
        f"   time            about {_minutes(budget.seconds)}",
        f"   cost            {cost}",
        f"   seed            {prepared.chosen.seed}",
        f"   transcripts     {prepared.out}",
    ]
    if budget.left_out:
        lines.append(f"   left out        {budget.left_out} conversations, for which --max-calls has no room")
    click.echo("\n".join(lines), err=True)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def _run(prepared: Prepared, network: Network) -> Ended:
    columns = (TextColumn("Attacking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with (
        mendable(NotOursError, BookError, NotSeen),
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("Attacking", total=prepared.plan.planned)
        try:
            return asyncio.run(attack(prepared, network, lambda done, _of: bar.update(task, completed=done)))
        except (KeyboardInterrupt, asyncio.CancelledError):
            click.echo("Stopped before the first conversation was over; nothing is concluded.", err=True)
            sys.exit(INTERRUPTED)


def _say_end(ended: Ended, prepared: Prepared) -> None:
    if ended.spared:
        click.echo(f"{ended.spared} further tries were spared, for their probe had failed already.", err=True)
    if ended.why:
        click.echo(f"{ended.why} The report is about what was had until then.", err=True)
    click.echo(f"{ended.calls} messages were sent; the transcripts are in {prepared.out}.", err=True)


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
