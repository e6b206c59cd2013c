"""Everything that can be wrong with a launch, one function each, and what an auditor must say about it.

A topic is a module here. A situation is a function that edits a scene. Its name is the situation's name, its docstring
the founder's sentence, and its decorator says what an auditor must find:

- `fault`: something is wrong, and the findings are mandatory;
- `blind`: something can't be looked at, and may neither pass nor fail;
- `decoy`: it looks wrong (or looks right) and is not;
- `good`: more than the good world has, for an outcome that needs it.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from launchready_worlds.scene import Scene

Edit = Callable[[Scene], None]


class Kind(StrEnum):
    """What a situation is for."""

    GOOD = "good"
    FAULT = "fault"
    BLIND = "blind"
    DECOY = "decoy"


class Outcome(StrEnum):
    """What a check says about a subject."""

    PASS = "pass"  # noqa: S105  # an outcome, not a password
    FAIL = "fail"
    NOT_MEASURED = "not_measured"
    NOT_APPLICABLE = "not_applicable"
    ATTESTED = "attested"


Findings = Mapping[str, tuple[str, ...]]
"""Subjects by check id."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A named situation of a world.

    Attributes:
        name: Kebab case, stable.
        description: One sentence in the founder's words.
        kind: What it is for.
        edit: Changes a scene.
        expects: What an auditor must say, by check and subject; anything else must not fail.
        outcome: The outcome that `expects` is about.
        implies: Findings that may come with it, as consequences; neither mandatory nor forbidden.
        topic: The module it is in.
    """

    name: str
    description: str
    kind: Kind
    edit: Edit
    expects: Findings
    outcome: Outcome
    implies: Findings = field(default_factory=dict)
    topic: str = ""


class UnknownFaultError(Exception):
    """There is no situation of that name; the text says which there are."""


_registry: dict[str, Fault] = {}


def _register(kind: Kind, expects: Findings, outcome: Outcome, implies: Findings) -> Callable[[Edit], Edit]:
    def take(edit: Edit) -> Edit:
        name = edit.__name__.replace("_", "-")
        if name in _registry:
            raise ValueError(f"two situations are called {name}")
        topic = edit.__module__.rpartition(".")[2]
        _registry[name] = Fault(name, inspect.getdoc(edit) or "", kind, edit, expects, outcome, implies, topic)
        return edit

    return take


def fault(finds: Findings, implies: Findings | None = None) -> Callable[[Edit], Edit]:
    """Register a fault: each `finds` must FAIL, each `implies` may, and nothing else may."""
    return _register(Kind.FAULT, finds, Outcome.FAIL, implies or {})


def blind(hides: Findings) -> Callable[[Edit], Edit]:
    """Register a blind spot: each `hides` must be NOT_MEASURED."""
    return _register(Kind.BLIND, hides, Outcome.NOT_MEASURED, {})


def decoy(clears: Findings, outcome: Outcome = Outcome.PASS, implies: Findings | None = None) -> Callable[[Edit], Edit]:
    """Register a decoy: each `clears` must come out as said, PASS as a rule; each `implies` may fail all the same."""
    return _register(Kind.DECOY, clears, outcome, implies or {})


def good(shows: Findings, outcome: Outcome) -> Callable[[Edit], Edit]:
    """Register something the good world lacks and an outcome needs: each `shows` must come out as said."""
    return _register(Kind.GOOD, shows, outcome, {})


def all_faults() -> tuple[Fault, ...]:
    """Every situation, topic by topic in alphabetical order, as written within a topic."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(sorted(_registry.values(), key=lambda entry: entry.topic))


def fault_named(name: str) -> Fault:
    """Find a situation.

    Raises:
        UnknownFaultError: There is none of that name.
    """
    known = {entry.name: entry for entry in all_faults()}
    if name not in known:
        raise UnknownFaultError(f"no fault is called {name!r}; `python -m launchready_worlds list` shows them all")
    return known[name]


def of_kind(kind: Kind) -> Iterable[Fault]:
    """The situations of one kind."""
    return (entry for entry in all_faults() if entry.kind is kind)
