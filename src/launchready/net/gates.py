"""How much one host sees of us at once, whichever client asks."""

import asyncio
from collections import defaultdict

from launchready.net.network import Network


class HostGates:
    """One gate a host, for all clients of an audit.

    Args:
        network: says how many connections one host may see at once.
    """

    def __init__(self, network: Network) -> None:
        self._gates = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(network.connections_per_host))

    def of(self, host: str) -> asyncio.Semaphore:
        """The gate of a host, by its name in DNS's form; hold it for as long as a connection is open."""
        return self._gates[host]
