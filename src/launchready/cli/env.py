"""`launchready env`: the contract of the environment, held against values, and what is made of it."""

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

import click

from launchready.app.environment import contract_of, problems_of
from launchready.cli.exits import GO, NO_GO, USAGE, mendable
from launchready.cli.options import CONFIG_NAME, read_product
from launchready.cli.output import write_text
from launchready.config.errors import ConfigError
from launchready.model.environment import RequiredIn, Stage, Variable
from launchready.parse.dotenv import DotenvError, read_dotenv, values_of
from launchready.report.environment import problems_json, reason, render_contract, render_example, render_table

MAX_FILE_BYTES: Final = 1024 * 1024
"""Largest .env file that is read: some thousand variables, ten times what a process may be given."""

PLACES: Final = {"run": RequiredIn.RUN, "build": RequiredIn.BUILD}

_config = click.option(
    "--config", type=click.Path(dir_okay=False), metavar="FILE", help=f"The declaration; ./{CONFIG_NAME} otherwise."
)
_out = click.option("--out", metavar="FILE", help="Write it there instead of printing it.")


@click.group()
def env() -> None:
    """Hold environment variables against [[environment]] in launchready.toml. No value is ever printed."""


@env.command()
@_config
@click.option("--file", "path", type=click.Path(dir_okay=False), metavar="FILE", help="A .env file, in place of ours.")
@click.option("--stage", type=click.Choice([s.value for s in Stage]), default="production", show_default=True)
@click.option("--for", "place", type=click.Choice(list(PLACES)), default="run", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def check(*, config: str | None, path: str | None, stage: str, place: str, as_json: bool) -> None:
    """Say which variables of this process, or of FILE, are not as declared: the name and why, never the value.

    \b
    Exit codes: 0 all are as declared, 2 wrong use, 10 some are not.
    """  # noqa: D301 - a backspace is how click marks text that keeps its lines
    contract = _contract(config)
    values = dict(os.environ) if path is None else _values(path)
    found = problems_of(contract, values, Stage(stage), PLACES[place])
    if as_json:
        click.echo(problems_json(len(contract), ((one.variable, one.flaw) for one in found)), nl=False)
    else:
        for one in found:
            click.echo(f"{one.variable.name} {reason(one.variable, one.flaw)}")
        counted = f"{len(contract)} variable{'s' * (len(contract) != 1)} held against launchready.toml"
        click.echo(f"{counted}: {len(found) or 'none'} {'is' if len(found) == 1 else 'are'} wrong.", err=True)
    sys.exit(NO_GO if found else GO)


@env.command()
@_config
@_out
def example(*, config: str | None, out: str | None) -> None:
    """Make .env.example of the contract."""
    _give(render_example(_contract(config)), out)


@env.command()
@_config
@_out
def docs(*, config: str | None, out: str | None) -> None:
    """Make a Markdown table of the contract."""
    _give(render_table(_contract(config)), out)


@env.command()
@_config
@_out
def contract(*, config: str | None, out: str | None) -> None:
    """Make the JSON that a product ships, so that it can judge its own values and report on them."""
    _give(render_contract(_contract(config)), out)


def _contract(config: str | None) -> tuple[Variable, ...]:
    with mendable(ConfigError):
        return contract_of(read_product(config))


def _give(text: str, out: str | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)


def _values(path: str) -> dict[str, str]:
    """The values of a file; where it can't be read, say so and exit with 2."""
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            _refuse(f"{path} has more than {MAX_FILE_BYTES} bytes. Name a file of NAME=value lines.")
        return values_of(read_dotenv(content.decode()))
    except DotenvError as wrong:
        _refuse(f"{path} {wrong}. Write NAME=value, or put # before it.")
    except UnicodeDecodeError:
        _refuse(f"{path} is not UTF-8 text. Save it as UTF-8 in your editor.")
    except OSError as problem:
        _refuse(f"{path} can't be read: {problem.strerror}. Name a file of NAME=value lines.")


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(USAGE)
