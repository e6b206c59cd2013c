"""Who is asking: the address of the client, which a header can't forge."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

UNKNOWN_CLIENT = "unknown"
"""Used when the server names no peer (a Unix socket): all such clients then share one allowance."""

Address = IPv4Address | IPv6Address


class ClientAddresses:
    """Finds the client's address behind the proxies that the owner names, and no others.

    `X-Forwarded-For` grows on the right: each proxy appends the address that it saw. Only what a trusted proxy wrote
    is evidence, so hops are read from the right until one is not ours.

    Args:
        trusted_proxies: Addresses or networks (CIDR) of the owner's own proxies; none by default, then the header
            is ignored.

    Raises:
        ValueError: An entry is neither an address nor a network.
    """

    def __init__(self, trusted_proxies: Sequence[str] = ()) -> None:
        self._trusted: list[IPv4Network | IPv6Network] = [ip_network(entry, strict=False) for entry in trusted_proxies]

    def of(self, scope: Scope) -> str:
        """The client's address, in canonical text."""
        peer = scope.get("client")
        if peer is None:
            return UNKNOWN_CLIENT
        nearest = _parsed(peer[0])
        if nearest is None:
            return UNKNOWN_CLIENT
        for hop in reversed(_forwarded_for(scope)):
            if not self._is_ours(nearest):
                break
            further = _parsed(hop)
            if further is None:
                break  # what a proxy of ours never writes; the last address we know is the client
            nearest = further
        return str(nearest)

    def trusts(self, peer: str) -> bool:
        """Whether this peer is one of the owner's proxies."""
        address = _parsed(peer)
        return address is not None and self._is_ours(address)

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _forwarded_for(scope: Scope) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for value in values for hop in value.split(",")]


def _parsed(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
