"""An audit: gather evidence through one network, and judge it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from launchready import __version__
from launchready.app.registry import PERMISSION, Registry
from launchready.engine.decide import reach_verdict
from launchready.engine.gather import Gathering, Surroundings, gather
from launchready.engine.plan import Look, make_plan, plan_looks
from launchready.model.evidence import Evidence, QuestionCount, RequestCount
from launchready.model.product import Product
from launchready.model.verdict import Verdict
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.gates import HostGates
from launchready.net.http_client import HttpClient
from launchready.net.network import Network
from launchready.net.smtp_client import SmtpClient
from launchready.net.tls_client import TlsClient
from launchready.probes.visits import FirstVisits

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run is asked to do.

    `only` names checks; empty means all. `active` permits looks that need ownership. `patience_s` shortens every
    probe's time-out; None leaves them. `looks` are taken in place of all that the checks need; None takes these.
    """

    only: tuple[str, ...] = ()
    active: bool = True
    patience_s: float | None = None
    looks: tuple[Look, ...] | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence, and whether somebody stopped the gathering before it was through."""

    evidence: Evidence
    was_stopped: bool


def utc_now() -> datetime:
    """The wall clock, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


async def gather_evidence(
    product: Product, network: Network, registry: Registry, asked: Asked, report: Report = lambda _d, _n, _name: None
) -> Gathered:
    """Take every look that the asked checks need. A cancellation ends it early with what was seen so far.

    Raises:
        UnknownCheckError: `asked.only` or the declaration names a check that does not exist.
    """
    registry.vet(product)
    clock = Clock(utc_now, time.monotonic)
    if asked.looks is None:
        steps = make_plan(product, registry.chosen(asked.only), registry.probes, PERMISSION)
    else:
        steps = plan_looks(product, asked.looks, registry.probes, PERMISSION)
    gathering = Gathering(steps)
    was_stopped = False
    dns, gates = DnsClient(network), HostGates(network)
    tls, smtp = TlsClient(network, gates), SmtpClient(network, gates)
    async with HttpClient(network, dns, gates) as http:
        visits = FirstVisits(http, clock)
        tools = {DnsClient: dns, HttpClient: http, FirstVisits: visits, TlsClient: tls, SmtpClient: smtp, Clock: clock}
        around = Surroundings(product, tools, clock.now, clock.tick, asked.patience_s, asked.active, report)
        try:
            await gather(gathering, around)
        except asyncio.CancelledError:
            was_stopped = True
        sent = http.requests + tls.handshakes + smtp.calls
    requests = tuple(RequestCount(host, count) for host, count in sorted(sent.items()))
    questions = tuple(QuestionCount(server, count) for server, count in sorted(dns.queries.items()))
    at = clock.now()
    evidence = Evidence(
        f"launchready {__version__}",
        at,
        product,
        gathering.entries(at),
        network.resolvers,
        network.describe()[1:],
        requests,
        questions,
    )
    return Gathered(evidence, was_stopped)


def verdict_of(
    evidence: Evidence, registry: Registry, only: tuple[str, ...] = (), at: datetime | None = None
) -> Verdict:
    """Judge evidence with this version's checks; touches nothing.

    Raises:
        UnknownCheckError: `only` names a check that does not exist.
    """
    return reach_verdict(evidence, registry.chosen(only), registry.ledger, at)
