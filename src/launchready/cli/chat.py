"""`launchready chat`: talk to the product's chat, and see what its customers would."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from launchready.app.chat import Sofar, try_chat, view_of
from launchready.app.registry import load_registry
from launchready.chatting.control import ControlError
from launchready.chatting.rights import NotOursError
from launchready.cli.exits import INTERRUPTED, code_of, mendable
from launchready.cli.options import CONFIG_NAME, network_options, read_network
from launchready.config.chat import load_chat_plan
from launchready.config.errors import ConfigError
from launchready.config.load import load_product
from launchready.model.product import Product
from launchready.model.reading import NotSeen
from launchready.model.verdict import Decision
from launchready.probes.chat_record import ChatRecord
from launchready.report.chat import chat_json, render_chat
from launchready.store.book import BookError


@click.group()
def chat() -> None:
    """Talk to the product's chat, and see what its customers would."""


@chat.command("test")
@click.argument("target", required=False, type=click.Path(dir_okay=False))
@network_options
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--strict", is_flag=True, help="Exit 0 only where no risk is known.")
def test(target: str | None, *, as_json: bool, strict: bool, **network: Any) -> None:
    """Ask, interrupt, misuse, and let the model fail; then say what a customer would have seen.

    TARGET is a launchready.toml with a [chat] table; without it, ./launchready.toml is read. A chat on this machine is
    tested at once; another one has to be shown to be yours (`launchready own`), and to be a copy that no customer uses
    (staging = true) before its model is made to fail. For that, run `launchready provider`, point the copy at it, and
    declare provider_control. The outcome is written into .launchready/chat.jsonl, which `launchready audit` reads.

    Exit codes: 0 nothing is in the way, 10 something is, 11 it could not be told, 1 our failure, 2 wrong use.
    """
    path, sofar = Path(target or CONFIG_NAME), Sofar()
    with mendable(ConfigError):
        product, plan = load_product(path), load_chat_plan(path)
        assert product.chat is not None, "a plan was loaded, so there is a chat"
    way = read_network(**network)
    with mendable(ConfigError, NotOursError, ControlError, BookError, NotSeen):
        try:
            record = asyncio.run(try_chat(product, product.chat, plan, way, _narrate, sofar))
        except KeyboardInterrupt:
            click.echo("Stopped: what was seen until now is below, and does not count.", err=True)
            if sofar.record is not None:
                _print(sofar.record, product, as_json=as_json)
            sys.exit(INTERRUPTED)
    decision = _print(record, product, as_json=as_json)
    sys.exit(code_of(decision, strict=strict))


def _narrate(sentence: str) -> None:
    click.echo(f"{sentence} …", err=True)


def _print(record: ChatRecord, product: Product, *, as_json: bool) -> Decision:
    view = view_of(record, product, load_registry())
    if as_json:
        click.echo(chat_json(view), nl=False)
    else:
        render_chat(view, Console())
    return Decision(view.judged.decision)
