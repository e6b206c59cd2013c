"""What a look can bring back, and of which subject. Facts are frozen records with units in their names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, dataclass_transform

from launchready.model.product import Subject

T = TypeVar("T")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: its name in evidence, its subject, and which subjects of that kind can have it.

    `declare` completes the sentence "declare … to have this answered".
    """

    name: str
    about: type[Subject]
    only: Callable[[Any], bool]
    declare: str


FACTS: dict[type, FactKind] = {}

DECLARE = {
    "Repository": "[repository] path",
    "Journey": "a [[journeys]] table",
    "Chat": "a [chat] table",
    "Link": "the [[links]] that customers are sent",
    "Endpoint": "the product's [[endpoints]]",
}


def every(_subject: object) -> bool:
    """The default of `only`: all subjects of the kind."""
    return True


@dataclass_transform(frozen_default=True)
def fact(
    *, about: type[Subject], only: Callable[[Any], bool] = every, declare: str = ""
) -> Callable[[type[T]], type[T]]:
    """Make a class a fact about one kind of subject.

    Args:
        about: the kind of subject.
        only: which of them can have this fact, by their declaration.
        declare: what the owner must declare so that there is such a subject.
    """

    def decorate(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, slots=True)(cls)
        FACTS[made] = FactKind(made.__name__, about, only, declare or DECLARE.get(about.__name__, ""))
        return made

    return decorate


@dataclass(frozen=True, slots=True)
class Each(Generic[F]):
    """The same fact of every declared subject below the one that a check is about, in the order of their ids."""

    of: tuple[tuple[Subject, F], ...]

    def __iter__(self) -> Iterator[tuple[Subject, F]]:
        """Pairs of subject and fact."""
        return iter(self.of)
