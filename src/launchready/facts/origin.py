"""Who else answers for a host: its origin around the edge, and an edge that turns machines away."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Endpoint, EndpointKind, Host


class OriginEnd(StrEnum):
    """What became of a stranger's request that went to the origin and not to the edge."""

    PRODUCT = "product"  # the answer that visitors get through the edge
    OTHER = "other"  # some other answer: a refusal, a redirect, another site's page
    CLOSED = "closed"  # no answer: refused, hung up, no public address
    SILENT = "silent"  # nothing came in the time that a connection takes many times over


@dataclass(frozen=True, slots=True)
class OriginWay:
    """One address and scheme, tried with the host's own name."""

    address: str
    scheme: str
    end: Measured[OriginEnd] | Unmeasured


@fact(
    about=Host,
    only=lambda host: bool(host.origin_addresses),
    declare="origin_addresses of the hosts that stand behind an edge",
)
class OriginReach:
    """What strangers get from the declared origin of a host, while the edge answers."""

    ways: tuple[OriginWay, ...]


MACHINES: frozenset[EndpointKind] = frozenset(
    {EndpointKind.WEBHOOK, EndpointKind.API, EndpointKind.HEALTH, EndpointKind.READY}
)
"""Endpoints that programs call, which pass no test for people."""


@fact(
    about=Endpoint,
    only=lambda endpoint: endpoint.kind in MACHINES,
    declare='endpoints of kind = "webhook", "api", "health" or "ready"',
)
class MachineVisit:
    """A program's request: the status, and who asked it to prove that it is a person; empty where nobody did."""

    status: int
    challenger: str
