"""Live progress on stderr while looks are taken, and a calm stop on Ctrl-C."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from launchready.app.audit import Asked, Gathered, Report, gather_evidence
from launchready.app.registry import Registry
from launchready.model.product import Product
from launchready.net.network import Network

T = TypeVar("T")


def gather_with_progress(product: Product, network: Network, registry: Registry, asked: Asked) -> Gathered:
    """Gather; where stderr is a terminal, show how many looks are done and which ended last."""
    return asyncio.run(gather_showing(product, network, registry, asked))


async def gather_showing(product: Product, network: Network, registry: Registry, asked: Asked) -> Gathered:
    """The same inside a running event loop."""
    return await _showing(lambda report: gather_evidence(product, network, registry, asked, report))


def run_showing(work: Callable[[Report], Awaitable[T]]) -> T:
    """Run anything that reports its looks, and show them in the same way."""
    return asyncio.run(_showing(work))


async def _showing(work: Callable[[Report], Awaitable[T]]) -> T:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Looking", total=None)

        def report(done: int, of: int, name: str) -> None:
            bar.update(task, completed=done, total=of, description=f"Looking: {name:<20.20}")

        return await work(report)
