"""Read what a probe or check needs from its parameters: the signature is the declaration."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from launchready.model.fact import FACTS, Each
from launchready.model.product import Product, Subject, lineage


class Role(Enum):
    """What a parameter is filled with."""

    SUBJECT = "subject"
    PRODUCT = "product"
    FACT = "fact"
    EACH = "each"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, what fills it, and the type (of the fact inside `Each`, too)."""

    name: str
    role: Role
    type: type


SUBJECT_KINDS: tuple[type[Subject], ...] = get_args(Subject)


def read_parameters(function: Callable[..., object]) -> tuple[Parameter, ...]:
    """The parameters of a probe or check.

    Raises:
        TypeError: a parameter has no annotation.
    """
    hints = get_type_hints(function)
    return tuple(_parameter(name, hints.get(name)) for name in inspect.signature(function).parameters)


def _parameter(name: str, annotation: Any) -> Parameter:
    if get_origin(annotation) is Each:
        return Parameter(name, Role.EACH, get_args(annotation)[0])
    if not isinstance(annotation, type):
        raise TypeError(f"parameter {name} needs a class as its annotation, not {annotation!r}")
    if annotation is Product:
        return Parameter(name, Role.PRODUCT, annotation)
    if annotation in SUBJECT_KINDS:
        return Parameter(name, Role.SUBJECT, annotation)
    return Parameter(name, Role.FACT if annotation in FACTS else Role.TOOL, annotation)


def subject_kind(parameters: tuple[Parameter, ...]) -> type[Subject]:
    """The deepest kind of subject among the parameters; the product where none is named.

    Raises:
        TypeError: the parameters do not lie on one line of ancestors.
    """
    kinds = [
        p.type if p.role is Role.SUBJECT else FACTS[p.type].about
        for p in parameters
        if p.role in {Role.SUBJECT, Role.FACT}
    ]
    deepest: type[Subject] = max(kinds, key=lambda kind: len(lineage(kind)), default=Product)
    for kind in kinds:
        if kind not in lineage(deepest):
            raise TypeError(f"{kind.__name__} is no ancestor of {deepest.__name__}")
    return deepest
