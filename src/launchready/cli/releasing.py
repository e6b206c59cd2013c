"""What `deploy`, `rollback` and `drift` share: what they read, how they narrate, and how they end."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from launchready.cli.exits import GO, INTERRUPTED, NO_GO, UNDETERMINED, mendable
from launchready.cli.options import CONFIG_NAME, read_product
from launchready.config.deploy import DeployPlan, load_deploy_plan
from launchready.config.errors import ConfigError
from launchready.deliver.checkout import CheckoutError
from launchready.deliver.looking import UndeclaredError
from launchready.deliver.records import RecordError
from launchready.deliver.release import Outcome
from launchready.model.product import Product
from launchready.model.reading import NotSeen
from launchready.parse.release_log import Phase, Record, Result, write_record
from launchready.probes.release_files import log_of
from launchready.report.hostile import printable

T = TypeVar("T")

ERRORS: Final = (CheckoutError, ConfigError, NotSeen, RecordError, UndeclaredError)
"""What the owner can mend before anything was touched."""

NO_BARE_NAME: Final = "A release needs the commands in a launchready.toml; a bare name has none."


def read_release(target: str | None) -> tuple[Product, DeployPlan]:
    """The product and how it is released; exits with 2 where the file does not say."""
    path = target or CONFIG_NAME
    if not path.endswith(".toml"):
        raise click.UsageError(NO_BARE_NAME)
    product = read_product(path if Path(path).is_file() or target else None)
    with mendable(ConfigError):
        return product, load_deploy_plan(Path(path))


def run_to_its_end(work: Coroutine[Any, Any, T], plan: DeployPlan) -> T:
    """Run a release; exits with 2 for what the owner can mend, and with 130 where it was stopped at once."""
    before = _records(plan)
    try:
        with mendable(*ERRORS):
            return asyncio.run(work)
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo(_left_behind(_records(plan)[len(before) :]), err=True)
        sys.exit(INTERRUPTED)


def _records(plan: DeployPlan) -> tuple[Record, ...]:
    with mendable(NotSeen):
        return log_of(plan.delivery.records).records


def _left_behind(written: tuple[Record, ...]) -> str:
    """What is known after a stop at once, by what this run has written down."""
    if not written:
        return "Stopped; nothing was touched."
    if written[-1].phase is Phase.BEGAN:
        return "Stopped at once, with a release under way: what is live was NOT looked at. Ask your version endpoint."
    return printable(written[-1].detail)


def say(text: str) -> None:
    """Narration, on stderr."""
    click.echo(printable(text), err=True)


def show(line: str) -> None:
    """A line that a command of the owner printed, on stderr and harmless to the terminal."""
    click.echo(f"   | {printable(line)}", err=True)


def print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """How it ended and what is live, on stdout."""
    record = outcome.record
    if as_json:
        click.echo(json.dumps(json.loads(write_record(record)), indent=2))
        return
    live = record.live[:12] or "could not be seen"
    lines = [printable(outcome.sentence), f"Live now: {live} ({record.result.value})."]
    if record.asked:
        lines.append(
            f"It took {record.took_s:.1f} seconds. A visitor asked {record.asked} times meanwhile: {record.failed} "
            f"failed, for {record.down_s:.1f} seconds at a stretch at the most."
        )
    click.echo("\n".join(lines))


def code_of_release(outcome: Outcome) -> int:
    """The exit code: what was asked for is live, is not, or could not be seen."""
    if outcome.was_stopped:
        return INTERRUPTED
    match outcome.record.result:
        case Result.LIVE:
            return GO
        case Result.UNKNOWN:
            return UNDETERMINED
        case _:
            return NO_GO
