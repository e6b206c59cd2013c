"""A release, composed: one network, the owner's plan, and the records beside launchready.toml."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from launchready.app.audit import utc_now
from launchready.config.deploy import DeployPlan
from launchready.deliver.checkout import Repository
from launchready.deliver.looking import Eyes
from launchready.deliver.records import Records
from launchready.deliver.release import Runner
from launchready.model.product import Product
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.net.network import Network


@asynccontextmanager
async def release_runner(
    product: Product,
    plan: DeployPlan,
    network: Network,
    say: Callable[[str], None],
    show: Callable[[str], None],
) -> AsyncIterator[Runner]:
    """A runner that holds off every other release from the same folder; SIGTERM stops it as Ctrl-C does.

    Raises:
        UndeclaredError: the product names no health or version endpoint.
        RecordError: another release is under way, or nothing can be written down.
    """
    records = Records(Path(plan.delivery.records))
    async with HttpClient(network, DnsClient(network)) as http:
        eyes = Eyes.on(product, http)
        with records.alone():
            loop, task = asyncio.get_running_loop(), asyncio.current_task()
            assert task is not None
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
            try:
                yield Runner(
                    plan, Repository(plan.repository), records, eyes, Clock(utc_now, time.monotonic), say, show
                )
            finally:
                loop.remove_signal_handler(signal.SIGTERM)
