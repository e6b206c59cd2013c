"""`launchready provider`: a model provider that fails when told to, for a copy of a product to be pointed at."""

import asyncio
import json
import signal
import sys
from typing import Any, Final

import click

from launchready.app.worlds import World, WorldError, world
from launchready.cli.exits import INTERRUPTED, mendable
from launchready.cli.releasing import say

START_LIMIT_S: Final = 60.0
"""Seconds: it starts in about one; a fresh, busy machine compiles bytecode first."""
MAX_PORT: Final = 65535
TOKEN_VARIABLE: Final = "LAUNCHREADY_PROVIDER_TOKEN"  # noqa: S105 - a variable's name


@click.command()
@click.option("--mood", default="ok", show_default=True, help="How it takes questions at first: ok, stall, cut, …")
@click.option(
    "--port", type=click.IntRange(0, MAX_PORT), default=0, help="Its port on this machine; 0 takes a free one."
)
@click.option("--json", "as_json", is_flag=True, help="Print where it is, and at the end its calls, as JSON lines.")
def provider(*, mood: str, port: int, as_json: bool) -> None:
    """Serve a model provider on this machine, until Ctrl-C, that fails in the ways in which real ones do.

    Point a copy of your product at the URL that is printed, in place of its provider: the protocol is OpenAI's, and any
    key and model will do. Nothing of what is said is kept. Only programs on this machine can reach it.
    """
    with mendable(WorldError):
        asyncio.run(_provide(["provider", "--mood", mood, "--port", str(port)], as_json=as_json))
    sys.exit(INTERRUPTED)


async def _provide(arguments: list[str], *, as_json: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with world(arguments) as running:
        place = await running.read(START_LIMIT_S)
        del place["event"]
        _show_place(place, as_json=as_json)
        if not await _told_to_stop(running, stopped):
            raise WorldError("the provider broke off; what it said stands above")
        calls = await running.ask({"do": "counts"})
        del calls["event"]
        _show_calls(calls, as_json=as_json)


async def _told_to_stop(running: World, stopped: asyncio.Event) -> bool:
    """Wait for Ctrl-C; False where the provider ended first."""
    async with asyncio.TaskGroup() as tasks:
        waiting = {tasks.create_task(stopped.wait()), tasks.create_task(running.process.wait())}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
    return stopped.is_set()


def _show_place(place: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(place))
        return
    token = place["token"] or f"${TOKEN_VARIABLE}"
    click.echo(
        f"A model provider in the mood {place['mood']!r} is up on this machine.\n\n"
        f"   base URL   {place['url']}   (any key, any model)\n"
        f"   control    {place['control']}\n"
        f"   token      {place['token'] or f'the one in {TOKEN_VARIABLE}'}\n\n"
        f"To switch it:\n\n"
        f"   curl -X PUT {place['control']} -H 'Authorization: Bearer {token}' -d '{{\"mood\": \"stall\"}}'\n"
    )
    say("It stays up until Ctrl-C. A GET of the control URL lists the moods and counts the calls.")


def _show_calls(calls: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"calls": calls}))
        return
    say(
        f"{calls['total']} calls, {calls['answered']} taken to their end, {calls['cancelled']} given up by the client; "
        f"{calls['prompt_tokens']} tokens in and {calls['completion_tokens']} out, worth ${calls['dollars']:.6f}."
    )
