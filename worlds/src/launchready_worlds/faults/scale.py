"""Products with many hosts, for measuring what an audit costs as a product grows."""

from launchready_worlds.addresses import APP_EDGE, DOMAIN, EDGE
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import Outcome, good
from launchready_worlds.scene import Scene

FIVE, TEN = 5, 10
DECLARED = 3
"""Hosts that the good world declares."""


def _more_names(hosts: int) -> tuple[str, ...]:
    return tuple(f"team{number}.{DOMAIN}" for number in range(DECLARED + 1, hosts + 1))


def _grow(scene: Scene, hosts: int) -> None:
    """Give the product more hosts, each with its own record and certificate, which all show the product."""
    for number, name in enumerate(_more_names(hosts)):
        address = (EDGE, APP_EDGE)[number % 2]
        scene.put(name.removesuffix(f".{DOMAIN}"), "A", address)
        scene.certificates[name] = Certificate.GOOD
        scene.declaration["hosts"].append(
            {
                "name": name,
                "purpose": f"space of {name.partition('.')[0]}",
                "owner": "Maya Ortiz",
                "provider": "Render",
                "addresses": [address],
            }
        )


@good({"domain-unresolved": tuple(f"host:{name}" for name in _more_names(FIVE))}, Outcome.PASS)
def five_hosts(scene: Scene) -> None:
    """The product has five hosts."""
    _grow(scene, FIVE)


@good({"domain-unresolved": tuple(f"host:{name}" for name in _more_names(TEN))}, Outcome.PASS)
def ten_hosts(scene: Scene) -> None:
    """The product has ten hosts."""
    _grow(scene, TEN)
