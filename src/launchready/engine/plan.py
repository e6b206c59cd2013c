"""Decide which looks are needed, and in which order, from the checks that were asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchready.model.check import Check
from launchready.model.fact import FACTS
from launchready.model.probe import Manner, Probe
from launchready.model.product import Product, Subject
from launchready.model.subject import Endpoint, Host, Journey

MAX_DEPTH = 2  # looks that wait for each other; deeper chains would make the slowest sum grow, and nothing needs one


class PlanError(Exception):
    """The probes can't be ordered; a mistake in the program, found by the registry test."""


@dataclass(frozen=True, slots=True)
class Look:
    """One fact wanted of one subject."""

    fact: type
    subject: Subject

    @property
    def key(self) -> tuple[str, str]:
        """Where the reading belongs in evidence."""
        return (FACTS[self.fact].name, self.subject.id)


@dataclass(frozen=True, slots=True)
class Step:
    """A look with the probe that takes it (None: no probe gives this fact) and the looks that must come first."""

    look: Look
    probe: Probe | None
    needs: tuple[Look, ...]
    permissions: tuple[Look, ...] = ()


def make_plan(
    product: Product, checks: Iterable[Check], probes: Mapping[type, Probe], permission: type | None
) -> tuple[Step, ...]:
    """Every look that the checks need, each once, sorted so that a look stands behind those it needs.

    Args:
        product: the owner's declaration.
        checks: the checks to be judged.
        probes: which probe gives a fact.
        permission: the fact of a host whose measured `proven` allows active looks; None where nothing active may run.

    Raises:
        PlanError: the needs form a cycle or a chain that is too long.
    """
    wanted = [Look(fact, subject) for check in checks for fact in check.facts for subject in subjects_of(product, fact)]
    return plan_looks(product, wanted, probes, permission)


def plan_looks(
    product: Product, looks: Iterable[Look], probes: Mapping[type, Probe], permission: type | None
) -> tuple[Step, ...]:
    """As `make_plan`, for looks that are wanted by themselves.

    Raises:
        PlanError: the needs form a cycle or a chain that is too long.
    """
    steps: dict[tuple[str, str], Step] = {}
    for look in looks:
        _add(look, product, probes, permission, steps, depth=0)
    return tuple(steps.values())


def subjects_of(product: Product, fact: type) -> tuple[Subject, ...]:
    """The declared subjects that can have a fact."""
    kind = FACTS[fact]
    return tuple(s for s in product.subjects_of(kind.about) if kind.only(s))


def touched_hosts(product: Product, subject: Subject) -> tuple[Host, ...]:
    """The declared hosts that an active look at a subject sends requests to."""
    match subject:
        case Host():
            return (subject,)
        case Endpoint(host=name):
            names: tuple[str, ...] = (name,)
        case Journey(hosts=names):
            pass
        case _:
            names = tuple(host.name for host in product.hosts)
    return tuple(host for host in product.hosts if host.name in names)


def _add(
    look: Look,
    product: Product,
    probes: Mapping[type, Probe],
    permission: type | None,
    steps: dict[tuple[str, str], Step],
    *,
    depth: int,
) -> None:
    if look.key in steps:
        return
    if depth > MAX_DEPTH:
        raise PlanError(f"{look.key} is needed {depth} looks deep; at most {MAX_DEPTH} are allowed")
    probe = probes.get(look.fact)
    needs = tuple(_needs(look, probe, product)) if probe else ()
    permissions: tuple[Look, ...] = ()
    if probe is not None and probe.manner is not Manner.PASSIVE and permission is not None:
        permissions = tuple(Look(permission, host) for host in touched_hosts(product, look.subject))
    for need in (*needs, *permissions):
        _add(need, product, probes, permission, steps, depth=depth + 1)
    steps[look.key] = Step(look, probe, needs, permissions)


def _needs(look: Look, probe: Probe, product: Product) -> Iterable[Look]:
    for fact in probe.needs:
        subject = product.ancestor(look.subject, FACTS[fact].about)
        if subject is None:
            raise PlanError(f"{probe.name} needs {fact.__name__}, which no ancestor of {look.subject.id} has")
        yield Look(fact, subject)
