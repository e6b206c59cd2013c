"""`launchready mail`: the mail of a product alone, or one message."""

import asyncio
import ipaddress
import sys
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from launchready.app.audit import Asked
from launchready.app.mail import as_sender, checks_of_mail, judge_message, view_of
from launchready.app.registry import UnknownCheckError, load_registry
from launchready.cli.exits import GO, INTERRUPTED, NO_GO, UNDETERMINED, USAGE, code_of, mendable
from launchready.cli.options import CONFIG_NAME, network_options, read_network, read_product
from launchready.cli.progress import gather_with_progress
from launchready.facts.received_mail import MessageLine, Standing
from launchready.model.verdict import Decision
from launchready.net.network import Network
from launchready.parse.rfc5322 import MAX_MESSAGE_BYTES, MailError
from launchready.probes.received_mail import Origin
from launchready.report.mail import mail_json, message_json, render_mail, render_message

MAX_OPTION_CHARS: Final = 320
"""The longest envelope address: 64 before the @ and 255 after it (RFC 5321 section 4.5.3.1)."""


def _address(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    if text:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not an IP address") from None
    return text


def _short(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    if len(text) > MAX_OPTION_CHARS:
        raise click.BadParameter(f"it has more than {MAX_OPTION_CHARS} characters")
    return text


@click.command()
@click.argument("target", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--journey", is_flag=True, help="Sign up for real, too, and judge the mail that comes.")
@click.option("--patience", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End every look after this long.")
@click.option("--strict", is_flag=True, help="Exit 0 only where no risk is known.")
@click.option("--message", type=click.Path(dir_okay=False), metavar="FILE", help="Judge a message that was received.")
@click.option("--ip", default="", callback=_address, metavar="ADDRESS", help="Where the message came from.")
@click.option("--mail-from", default="", callback=_short, metavar="ADDRESS", help="Its envelope sender.")
@click.option("--helo", default="", callback=_short, metavar="NAME", help="What the sending server called itself.")
@network_options
def mail(  # noqa: PLR0913 - each parameter is an option of the command
    target: str | None,
    *,
    as_json: bool,
    journey: bool,
    patience: float | None,
    strict: bool,
    message: str | None,
    ip: str,
    mail_from: str,
    helo: str,
    **network: Any,
) -> None:
    """Show whether mail is believed: SPF, DKIM, DMARC, mail servers, and what the large providers ask.

    TARGET is a launchready.toml or a bare name such as example.com; without it, ./launchready.toml is read.
    With --message FILE one received message is judged, as its source is saved by any mail program; a
    ./launchready.toml says which hosts and domains are yours.

    Exit codes: 0 nothing is in the way, 10 something is, 11 it could not be told, 1 our failure, 2 wrong use.
    """
    through = read_network(**network)
    if message is not None:
        if target is not None:
            raise click.UsageError("Give a TARGET or --message FILE, not both.")
        _judge_message(message, Origin(ip, mail_from, helo), through, as_json=as_json)
    if ip or mail_from or helo:
        raise click.UsageError("--ip, --mail-from and --helo are about a --message FILE.")
    product = as_sender(read_product(target))
    registry = load_registry()
    only = checks_of_mail(registry, journey=journey and bool(product.journeys))
    with mendable(UnknownCheckError):
        gathered = gather_with_progress(product, through, registry, Asked(only, active=journey, patience_s=patience))
    if gathered.was_stopped:
        click.echo("Stopped before all was looked at; nothing is concluded.", err=True)
        sys.exit(INTERRUPTED)
    view = view_of(gathered.evidence, registry, only)
    if as_json:
        click.echo(mail_json(view), nl=False)
    else:
        render_mail(view, Console())
    sys.exit(code_of(Decision(view.decision), strict=strict))


def _judge_message(path: str, origin: Origin, network: Network, *, as_json: bool) -> None:
    """Judge one message, print, and exit."""
    raw = _read(path)
    product = read_product(None) if Path(CONFIG_NAME).is_file() else None
    try:
        lines = asyncio.run(judge_message(raw, network, origin, product))
    except MailError as error:
        click.echo(f"Error: {path} can't be judged: {error}. Save the whole source of one message there.", err=True)
        sys.exit(USAGE)
    if as_json:
        click.echo(message_json(path, lines), nl=False)
    else:
        render_message(path, lines, Console())
    sys.exit(_code_of_message(lines))


def _read(path: str) -> bytes:
    """The file's bytes, no more than a message may have and one."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_MESSAGE_BYTES + 1)
    except OSError as error:
        click.echo(f"Error: {path} can't be read: {error.strerror}. Save the source of a message there.", err=True)
        sys.exit(USAGE)


def _code_of_message(lines: tuple[MessageLine, ...]) -> int:
    standings = {line.standing for line in lines}
    if Standing.BLOCKER in standings:
        return NO_GO
    is_told = lines[0].standing is not Standing.UNKNOWN
    return GO if is_told else UNDETERMINED
