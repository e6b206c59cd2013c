"""Facts out of evidence, by their type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from launchready.model.evidence import Evidence
from launchready.model.fact import FACTS
from launchready.model.product import Product
from launchready.model.reading import Measured

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured, and of which product."""

    product: Product
    values: Mapping[tuple[str, str], object]

    @classmethod
    def of(cls, evidence: Evidence) -> "Seen":
        """The measured part of evidence."""
        values = {
            (entry.kind, entry.subject): entry.reading.value
            for entry in evidence.entries
            if isinstance(entry.reading, Measured)
        }
        return cls(evidence.product, values)

    def of_subject(self, fact: type[F], subject: str) -> F | None:
        """One subject's fact; None where it was not measured."""
        value = self.values.get((FACTS[fact].name, subject))
        return value if isinstance(value, fact) else None

    def each(self, fact: type[F]) -> Iterator[tuple[str, F]]:
        """Every measured fact of a kind, with its subject's name, in the order of evidence."""
        for (_, subject), value in self.values.items():
            if isinstance(value, fact):
                yield subject.partition(":")[2] or subject, value
