"""`launchready review`: what the red team could not tell, for people to decide."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from launchready.app.reviewing import Desk, open_desk, write_decision
from launchready.cli.exits import GO, UNDETERMINED, mendable
from launchready.cli.options import CONFIG_NAME
from launchready.config.deploy import RECORDS_FOLDER
from launchready.oracles.reviewing import Decided, Word
from launchready.probes.redteam_record import TranscriptError
from launchready.probes.review_record import ReviewError
from launchready.report.review import items_json, render_item, render_items


@click.group(invoke_without_command=True)
@click.option(
    "--config",
    default=CONFIG_NAME,
    show_default=True,
    type=click.Path(dir_okay=False),
    help="The file that declares [chat]; records lie beside it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_context
def review(context: click.Context, *, config: str, as_json: bool) -> None:
    """List the answers of the chatbot that a person has to judge, and write down what they say.

    Answers come from the last `launchready redteam`. Equal ones are one question. A decision counts for the version of
    the product that gave the answers, "safe" for those very answers alone, and two reviewers who disagree keep a
    question open. An open serious question keeps the product from GO.

    Exit codes: 0 nothing is open, 11 something is, 1 our failure, 2 wrong use.
    """
    context.obj = config
    if context.invoked_subcommand is not None:
        return
    desk = _desk(config)
    if as_json:
        click.echo(items_json(desk.items, desk.report.version), nl=False)
    else:
        render_items(desk.items, Console())
    sys.exit(UNDETERMINED if any(one.is_open for one in desk.items) else GO)


@review.command()
@click.argument("item")
@click.option("--json", "as_json", is_flag=True, help="Print the question as JSON.")
@click.pass_obj
def show(config: str, item: str, *, as_json: bool) -> None:
    """Show one question with its evidence. ITEM is the beginning of its id."""
    desk = _desk(config)
    with mendable(ReviewError):
        found = desk.find(item)
    if as_json:
        click.echo(items_json([found], desk.report.version), nl=False)
    else:
        render_item(found, Console())


@review.command()
@click.argument("item")
@click.option("--decision", required=True, type=click.Choice([word.value for word in Word]), help="What you say.")
@click.option("--reviewer", required=True, help="Who you are.")
@click.option("--reason", required=True, help="Why, for those who read it later.")
@click.pass_obj
def decide(config: str, item: str, *, decision: str, reviewer: str, reason: str) -> None:
    """Write down what you say to one question. ITEM is the beginning of its id."""
    desk = _desk(config)
    if not reviewer.strip() or not reason.strip():
        raise click.UsageError("--reviewer and --reason need words: somebody answers for this.")
    with mendable(ReviewError):
        found = desk.find(item).item
        decided = Decided(
            at=datetime.now(UTC),
            item=found.id,
            rule=found.rule,
            reply_hashes=found.reply_hashes,
            word=Word(decision),
            reviewer=reviewer.strip(),
            reason=reason.strip(),
            version=desk.report.version,
        )
        write_decision(desk.folder, decided)
    click.echo(f"Written down: {found.id} is {decision}, says {reviewer.strip()}.", err=True)


def _desk(config: str) -> Desk:
    with mendable(TranscriptError, ReviewError):
        return open_desk(Path(config).parent / RECORDS_FOLDER)
