"""`launchready map`: where each name leads, drawn from what was seen, and whether an older map still holds."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from launchready.app.audit import Asked
from launchready.app.registry import load_registry
from launchready.cli.exits import GO, INTERRUPTED, NO_GO, UNDETERMINED, USAGE
from launchready.cli.judge import read_evidence_file
from launchready.cli.options import network_options, read_network, read_product
from launchready.cli.output import write_text
from launchready.cli.progress import gather_with_progress
from launchready.model.evidence import Evidence
from launchready.report.hostile import printable
from launchready.report.map_svg import render_map_svg
from launchready.report.redirect_rules import Checked, State, check_rules, written_rules
from launchready.report.routing_map import (
    RoutingMap,
    observed_rules,
    render_map_json,
    render_map_markdown,
    render_map_terminal,
    routing_map,
)
from launchready.report.terminal import Pen

NEEDED_CHECKS: Final = ("domain-unresolved", "redirect-loop")
"""Together they look at everything that the map shows: names, and every way in."""

MAX_MAP_BYTES: Final = 4 * 1024 * 1024
"""A map of a thousand hosts has under 1 MB; more is no map."""

STYLES: Final = {State.HOLDS: "green", State.OUT_OF_DATE: "red", State.NOT_SEEN: "yellow", State.NOT_WRITTEN: "red"}
WRITERS: Final[dict[str, Callable[[RoutingMap], str]]] = {"md": render_map_markdown, "svg": render_map_svg}


@click.command("map")
@click.argument("target", required=False)
@click.option("--evidence", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Draw saved evidence.")
@click.option("--format", "form", type=click.Choice(["tree", *WRITERS]), default="tree", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the map as JSON; with --check, the answers.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), metavar="FILE", help="Write to a file instead.")
@click.option(
    "--check",
    "old",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Try each sentence of an older map (Markdown) again.",
)
@click.option("--patience", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End every look after this long.")
@network_options
def map(  # noqa: A001 - the command's name; each parameter is an option of the command
    target: str | None,
    *,
    evidence: str | None,
    form: str,
    as_json: bool,
    output: str | None,
    old: str | None,
    patience: float | None,
    **network: Any,
) -> None:
    """Draw where each name leads: record, edge, server, purpose, owner, and what visitors meet.

    TARGET is as for `launchready audit`. With --check: exit 0 when every sentence still holds, 10 when one
    does not, 11 when one could not be seen.
    """
    seen = read_evidence_file(evidence) if evidence else _gathered(target, patience, network)
    if old is not None:
        sys.exit(_check(old, seen, as_json=as_json))
    drawn = routing_map(seen)
    if not as_json and form == "tree" and output is None:
        render_map_terminal(drawn, Console())
        return
    text = render_map_json(drawn) if as_json else WRITERS.get(form, _tree)(drawn)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)


def _gathered(target: str | None, patience: float | None, network: dict[str, Any]) -> Evidence:
    """The looks that the map needs, and no other; nothing of it needs the owner's proof."""
    asked = Asked(NEEDED_CHECKS, active=False, patience_s=patience)
    gathered = gather_with_progress(read_product(target), read_network(**network), load_registry(), asked)
    if gathered.was_stopped:
        click.echo("Stopped; a map with holes would mislead, so none is drawn.", err=True)
        sys.exit(INTERRUPTED)
    return gathered.evidence


def _tree(drawn: RoutingMap) -> str:
    console = Console(width=100, no_color=True)
    with console.capture() as captured:
        render_map_terminal(drawn, console)
    return captured.get()


def _check(path: str, seen: Evidence, *, as_json: bool) -> int:
    """Say which sentences hold, and with which code to end."""
    file = Path(path)
    text = file.read_bytes()[:MAX_MAP_BYTES].decode("utf-8", errors="replace")
    written, unread = written_rules(text)
    if unread or not written:
        found = (
            f"this sentence can't be read: {printable(unread[0])}" if unread else "there is no sentence of a map in it"
        )
        click.echo(f"Error: {path}: {found}. Write it anew: launchready map --format md -o {path}", err=True)
        return USAGE
    checked = check_rules(written, observed_rules(seen))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in checked], indent=2, sort_keys=True))
    else:
        _say(checked)
    states = {one.state for one in checked}
    if states & {State.OUT_OF_DATE, State.NOT_WRITTEN}:
        return NO_GO
    return UNDETERMINED if State.NOT_SEEN in states else GO


def _say(checked: tuple[Checked, ...]) -> None:
    pen = Pen(Console())
    for one in checked:
        pen.say(Text.assemble((f"{one.state.value.capitalize()}: ", STYLES[one.state]), _plain(one.written or one.now)))
        if one.state in {State.OUT_OF_DATE, State.NOT_SEEN}:
            pen.say(f"Now: {_plain(one.now)}", indent=4)


def _plain(sentence: str) -> str:
    return printable(sentence).replace("`", "")
