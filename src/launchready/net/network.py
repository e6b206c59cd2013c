"""Which way to the world: resolvers, trusted CAs, and what stands between a logical address and a socket.

Clients see logical addresses (what DNS says). Policy is judged on those; the connect map is applied last.
"""

import ipaddress
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from launchready.model.reading import NotSeen, Why

RESOLV_CONF = Path("/etc/resolv.conf")

CONNECTIONS_PER_HOST = 8
"""Requests that one host sees at once from us: about what a browser opens, so that we never look like an attack."""

Endpoint = tuple[str, int]
"""An IP address and a port."""

# Addresses that no public product has (IANA special-purpose registries, RFC 6890). The documentation ranges are left
# out on purpose: worlds publish them, and on the internet nobody answers there.
_FORBIDDEN_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # unspecified
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; 169.254.169.254 is the metadata service of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a metadata service too
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks; some local proxies answer with it
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_FORBIDDEN_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "::/128",  # unspecified
        "::1/128",  # loopback
        "64:ff9b:1::/48",  # NAT64 of somebody's own network, RFC 8215
        "100::/64",  # discard
        "2001::/32",  # Teredo
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, deprecated
        "ff00::/8",  # multicast
    )
)
# Where an IPv6 address carries an IPv4 one, that one is judged: network, and how far the 32 bits stand from the right.
_EMBEDDED_V4 = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (ipaddress.IPv6Network("::/96"), 0),  # IPv4-compatible, deprecated
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4
)


class NetworkError(Exception):
    """The network cannot be set up; the sentence says what, where, and what to type next."""


def is_forbidden(address: str) -> bool:
    """Whether an address is loopback, private, link-local or otherwise not on the public internet.

    Documentation ranges count as public.

    Raises:
        ValueError: the text is no IP address.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return any(ip in network for network in _FORBIDDEN_V4)
    if any(ip in network for network in _FORBIDDEN_V6):
        return True
    return any(
        ip in network and is_forbidden(str(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)))
        for network, shift in _EMBEDDED_V4
    )


@dataclass(frozen=True, slots=True)
class Network:
    """One way to look at the world; every client is made from it.

    Attributes:
        resolvers: IP addresses that names are asked of, in order.
        ca_bundle: PEM file of the trusted CAs; None means the system's.
        resolve: host names with the addresses to use instead of asking DNS, as with `--resolve`.
        connect: where a connection to a logical (address, port) really goes; applied after all policy.
        allow_private: host names or addresses that may lie on a private address.
        loopback_only: refuse every real connection outside 127.0.0.0/8 and ::1.
        connections_per_host: how many requests one host sees at once.
    """

    resolvers: tuple[str, ...]
    ca_bundle: str | None = None
    resolve: tuple[tuple[str, tuple[str, ...]], ...] = ()
    connect: Mapping[Endpoint, Endpoint] = field(default_factory=lambda: MappingProxyType({}))
    allow_private: tuple[str, ...] = ()
    loopback_only: bool = False
    connections_per_host: int = CONNECTIONS_PER_HOST

    @classmethod
    def from_system(cls, resolv_conf: Path = RESOLV_CONF) -> "Network":
        """The machine's own way: its resolvers and its CAs.

        Raises:
            NetworkError: no resolver is configured.
        """
        try:
            text = resolv_conf.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise NetworkError(f"{resolv_conf} cannot be read ({error.strerror}). {_NAME_A_RESOLVER}") from error
        words = [line.split() for line in text.splitlines()]
        named = [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]
        resolvers = tuple(dict.fromkeys(address for address in named if _is_address(address)))
        if not resolvers:
            raise NetworkError(f"{resolv_conf} names no resolver. {_NAME_A_RESOLVER}")
        return cls(resolvers)

    @classmethod
    def from_json(cls, path: Path | str) -> "Network":
        """Read `{"resolvers": [ip], "ca_bundle": path, "connect": [{"ip", "port", "to_ip", "to_port"}]}`.

        Raises:
            NetworkError: the file is missing or has another shape.
        """
        try:
            read = json.loads(Path(path).read_bytes())
            connect = {(str(c["ip"]), int(c["port"])): (str(c["to_ip"]), int(c["to_port"])) for c in read["connect"]}
            resolvers = tuple(str(ipaddress.ip_address(address)) for address in read["resolvers"])
            bundle = read["ca_bundle"]
        except OSError as error:
            raise NetworkError(f"{path} cannot be read: {error.strerror}. Pass the file that describes it.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise NetworkError(f"{path} does not describe a network: {error!r}") from error
        return cls(resolvers, None if bundle is None else str(bundle), connect=MappingProxyType(connect))

    def describe(self) -> tuple[str, ...]:
        """What stands between us and the internet, each in a few words for a report."""
        lines = [f"names asked of {', '.join(self.resolvers)}"]
        if self.resolve:
            lines.append(f"addresses given for {', '.join(host for host, _ in self.resolve)}")
        if self.connect:
            lines.append(f"connect map of {len(self.connect)} entries")
        if self.ca_bundle is not None:
            lines.append("own CA bundle")
        if self.allow_private:
            lines.append(f"private addresses allowed for {', '.join(self.allow_private)}")
        return tuple(lines)

    def given_addresses(self, host: str) -> tuple[str, ...]:
        """The addresses that `resolve` gives a host; empty means: ask DNS."""
        return next((addresses for name, addresses in self.resolve if _bare(name) == _bare(host)), ())

    def route(self, host: str, address: str, port: int) -> Endpoint:
        """Where to connect to reach a host on a logical address.

        Raises:
            NotSeen: PRIVATE_ADDRESS, UNREADABLE where it is no address, OWN_NETWORK where only loopback is allowed.
        """
        self._permit(host, address)
        return self._onto_the_wire(address, port)

    def route_to_resolver(self, address: str) -> Endpoint:
        """Where to connect to ask a DNS server. One of our own resolvers may be private; another server may not."""
        if address not in self.resolvers:
            self._permit(address, address)
        return self._onto_the_wire(address, 53)

    def _permit(self, host: str, address: str) -> None:
        try:
            forbidden = is_forbidden(address)
        except ValueError:
            raise NotSeen(Why.UNREADABLE, f"{host} has {address!r}, which is no IP address.") from None
        if forbidden and not {_bare(host), address} & {_bare(name) for name in self.allow_private}:
            raise NotSeen(Why.PRIVATE_ADDRESS, f"{host} is on {address}, which is not on the public internet.")

    def _onto_the_wire(self, address: str, port: int) -> Endpoint:
        real = self.connect.get((address, port), (address, port))
        if self.loopback_only and not ipaddress.ip_address(real[0]).is_loopback:
            raise NotSeen(Why.OWN_NETWORK, f"{real[0]} port {real[1]} is outside loopback, where this run must stay.")
        return real


def ca_file(network: Network) -> str:
    """The PEM file with the CAs that a network trusts.

    Raises:
        NotSeen: NOT_INSTALLED, where the machine has none.
    """
    path = network.ca_bundle or ssl.get_default_verify_paths().cafile
    if path is None or not Path(path).is_file():
        missing = path or "the system's CA bundle"
        raise NotSeen(Why.NOT_INSTALLED, f"{missing} is missing: install the package ca-certificates.")
    return path


_NAME_A_RESOLVER = "Name one with `--resolver 1.1.1.1`."


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _bare(name: str) -> str:
    return name.lower().rstrip(".")
