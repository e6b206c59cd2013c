"""A probe looks. Its signature says of what, with which facts at hand and through which clients."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import get_type_hints

from launchready.model.fact import FACTS
from launchready.model.product import Subject
from launchready.model.signature import Parameter, Role, read_parameters


class Manner(Enum):
    """How a probe treats the product."""

    PASSIVE = "passive"  # what any visitor or resolver does
    ACTIVE = "active"  # needs the owner's proof that the hosts are theirs
    LOAD = "load"  # active, and taken alone after all others, so that it neither disturbs nor is disturbed
    EXHAUSTING = "exhausting"  # as load, after all load: it uses up what the product lets one visitor do


@dataclass(frozen=True, slots=True)
class Probe:
    """One look at one kind of subject."""

    name: str
    look: Callable[..., Awaitable[object]]
    gives: type
    about: type[Subject]
    parameters: tuple[Parameter, ...]
    manner: Manner
    timeout_s: float

    @property
    def needs(self) -> tuple[type, ...]:
        """The facts that must be measured first."""
        return tuple(p.type for p in self.parameters if p.role is Role.FACT)


PROBES: dict[type, Probe] = {}

L = Callable[..., Awaitable[object]]


def probe(*, manner: Manner, timeout_s: float) -> Callable[[L], L]:
    """Register a coroutine function as the one probe that gives its return type.

    Args:
        manner: passive, active, load or exhausting.
        timeout_s: the engine ends the look after this many seconds.
    """

    def decorate(look: L) -> L:
        gives = get_type_hints(look)["return"]
        if gives in PROBES:
            raise TypeError(f"two probes give {gives.__name__}: {PROBES[gives].name} and {look.__name__}")
        PROBES[gives] = Probe(look.__name__, look, gives, FACTS[gives].about, read_parameters(look), manner, timeout_s)
        return look

    return decorate
