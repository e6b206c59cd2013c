"""`launchready ci`: write a GitHub Actions workflow that holds a release back until all is green."""

import re
import shlex
import sys
from pathlib import Path
from typing import Final

import click

from launchready import __version__
from launchready.cli.exits import USAGE, mendable
from launchready.cli.options import CONFIG_NAME, read_product
from launchready.cli.output import write_text
from launchready.config.deploy import load_deploy_plan
from launchready.config.errors import ConfigError
from launchready.config.keys import CommandLine
from launchready.model.product import Product
from launchready.report.hostile import printable_block
from launchready.report.workflow import Pipeline, render_workflow

WORKFLOW: Final = ".github/workflows/launchready.yml"

SECRETS: Final = ("secrets", ".")
CONTRACT: Final = ("env", "check", "--stage", "production", "--for", "run")
BUILD: Final = ("build",)
DEPLOY: Final = ("deploy",)

_BRANCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_NAME: Final = re.compile(r"(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]*", re.IGNORECASE)
"""What GitHub takes as the name of a secret; names with its own prefix it refuses."""


@click.command()
@click.option("--print", "to_stdout", is_flag=True, help="Print it instead of writing a file.")
@click.option("--force", is_flag=True, help=f"Replace a {WORKFLOW} that is there.")
@click.option("--branch", default="main", show_default=True, help="The branch that is released.")
@click.option("--tests", multiple=True, metavar="COMMAND", help="Runs tests; else those of [[gates]]. May come again.")
@click.option("--deploy", metavar="COMMAND", help="Releases the commit; else `launchready deploy`, if declared.")
@click.option("--secret", multiple=True, metavar="NAME", help="A secret of GitHub that the deploy command is given.")
@click.option(
    "--install", metavar="PACKAGE", default=f"launchready=={__version__}", show_default=True, help="What pip installs."
)
@click.option(
    "--fail-on",
    type=click.Choice(["no-go", "undetermined", "risks"]),
    default="no-go",
    show_default=True,
    help="The mildest verdict about what is live that turns the audit red.",
)
@click.option(
    "--no-code-scanning", is_flag=True, help="Don't show findings under Security: private, unpaid repositories."
)
def ci(  # noqa: PLR0913 - each parameter is an option of the command
    *,
    to_stdout: bool,
    force: bool,
    branch: str,
    tests: tuple[str, ...],
    deploy: str | None,
    secret: tuple[str, ...],
    install: str,
    fail_on: str,
    no_code_scanning: bool,
) -> None:
    """Write a workflow for GitHub Actions: contract, secrets, build and tests hold the deploy back; then an audit.

    Reads ./launchready.toml. Only what this version can do and the file declares becomes a job; the rest is said.

    Exit codes: 0 written, 1 our failure, 2 wrong use, or a file is there already.
    """
    product = read_product(None)
    if not to_stdout and not force and Path(WORKFLOW).exists():
        click.echo(f"Error: {WORKFLOW} is here already. Type --force to replace it, or --print to see it.", err=True)
        sys.exit(USAGE)
    contract = product.environment if offers(CONTRACT) else ()
    pipeline = Pipeline(
        install=shlex.quote(_line(install, "--install")),
        branch=_matching(_BRANCH, branch, "--branch"),
        secrets=_ours(SECRETS),
        contract=_ours(CONTRACT) if contract else "",
        contract_values=tuple((v.name, v.is_secret) for v in contract if _NAME.fullmatch(v.name)),
        build=_ours(BUILD) if product.build else "",
        tests=tuple(_line(command, "--tests") for command in tests) or _declared_tests(product),
        deploy=_line(deploy, "--deploy") if deploy else _ours(DEPLOY) if product.delivery else "",
        keeps_record=deploy is None,
        deploy_secrets=tuple(_matching(_NAME, name, "--secret") for name in secret),
        code_scanning=not no_code_scanning,
        undetermined_is_red=fail_on != "no-go",
        risks_are_red=fail_on == "risks",
    )
    text = render_workflow(pipeline)
    if to_stdout:
        click.echo(text, nl=False)
    else:
        write_text(WORKFLOW, text)
        click.echo(f"{WORKFLOW} is written. Read it, then: git add {WORKFLOW}", err=True)
    _say_missing(pipeline)


def offers(words: tuple[str, ...]) -> bool:
    """Whether this version has a command with these subcommands, options and arguments."""
    from launchready.cli.main import launchready  # noqa: PLC0415 - it imports this module when it runs it

    command: click.Command | None = launchready
    context = click.Context(launchready)
    options: dict[str, click.Option] = {}
    waits_for_value = False
    for word in words:
        if waits_for_value:
            waits_for_value = False
        elif isinstance(command, click.Group):
            command = command.get_command(context, word)
            if command is None:
                return False
            options = {name: o for o in command.params if isinstance(o, click.Option) for name in o.opts}
        elif word.startswith("-"):
            if word not in options:
                return False
            waits_for_value = not options[word].is_flag
        elif command is None or not any(isinstance(p, click.Argument) for p in command.params):
            return False
    return not isinstance(command, click.Group)


def _ours(words: tuple[str, ...]) -> str:
    """The line that runs a command of ours; empty where this version has none such."""
    return shlex.join(("launchready", *words)) if offers(words) else ""


def _declared_tests(product: Product) -> tuple[str, ...]:
    """The commands of [[gates]], as lines of a shell."""
    if product.delivery is None:
        return ()
    with mendable(ConfigError):
        gates = load_deploy_plan(Path(CONFIG_NAME)).gates
    return tuple(_line(_shell(gate.command), "[[gates]]") for gate in gates if gate.command)


def _shell(command: CommandLine) -> str:
    return command if isinstance(command, str) else shlex.join(command)


def _line(text: str, where: str) -> str:
    """A command that stands in the workflow as it is: nothing in it is invisible, or filled in by GitHub."""
    if "${{" in text:
        step = "GitHub would paste the value into the command, whatever it holds. Name an environment variable instead."
        raise click.BadParameter(f"{text!r} holds ${{{{. {step}", param_hint=where)
    if not text.strip() or printable_block(text) != text:
        raise click.BadParameter(f"{text!r} is empty, or holds a character that can't be seen.", param_hint=where)
    return text.strip()


def _matching(form: re.Pattern[str], text: str, where: str) -> str:
    if not form.fullmatch(text):
        raise click.BadParameter(f"{text!r} is not a name that GitHub takes here.", param_hint=where)
    return text


def _say_missing(pipeline: Pipeline) -> None:
    """What has become no job, and why; what has to be put into GitHub's store."""
    version = f"launchready {__version__} has no such command"
    for job, reason in (
        ("contract", "" if pipeline.contract else f"{CONFIG_NAME} declares no [[environment]]"),
        ("secrets", "" if pipeline.secrets else version),
        ("build", "" if pipeline.build else f"{CONFIG_NAME} declares no [build]"),
        ("tests", "" if pipeline.tests else "no [[gates]] has a command; name one with --tests COMMAND"),
        ("deploy", "" if pipeline.deploy else f"{CONFIG_NAME} declares no [deploy]; or name one with --deploy COMMAND"),
    ):
        if reason:
            click.echo(f"No job {job}: {reason}.", err=True)
    secrets = [name for name, is_secret in pipeline.contract_values if is_secret] if pipeline.contract else []
    names = sorted({*secrets, *pipeline.deploy_secrets})
    if names:
        click.echo(f"Put into GitHub, Settings, Secrets and variables, Actions: {', '.join(names)}.", err=True)
