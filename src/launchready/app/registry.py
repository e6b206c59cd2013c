"""Everything that this version can look at and ask."""

from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from launchready.checks import load_checks
from launchready.engine.ledger import Ledger, load_ledger
from launchready.facts.ownership import Ownership
from launchready.model.check import Check
from launchready.model.probe import Probe
from launchready.model.product import Product
from launchready.probes import load_probes

PERMISSION = Ownership  # the fact that lets active looks run


class UnknownCheckError(LookupError):
    """There is no check of that name; the message offers the nearest."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Checks by id, probes by the fact they give, and the bar."""

    checks: MappingProxyType[str, Check]
    probes: MappingProxyType[type, Probe]
    ledger: Ledger

    def chosen(self, ids: tuple[str, ...]) -> tuple[Check, ...]:
        """The checks of these ids; all of them where none is named.

        Raises:
            UnknownCheckError: an id that does not exist.
        """
        return tuple(self._named(name) for name in ids or self.checks)

    def vet(self, product: Product) -> None:
        """Refuse words and waivers that would never count.

        Raises:
            UnknownCheckError: one names a check that does not exist, or gives a word where only measuring counts.
        """
        for waiver in product.waivers:
            self._named(waiver.check)
        for word in product.attestations:
            if self._named(word.check).ask is not None:
                raise UnknownCheckError(
                    f"[[attestations]] can't answer {word.check!r}: a word never stands in for a measurement."
                )

    def _named(self, name: str) -> Check:
        if name in self.checks:
            return self.checks[name]
        near = get_close_matches(name, self.checks, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else " `launchready checks` lists them."
        raise UnknownCheckError(f"There is no check called {name!r}.{hint}")


def load_registry() -> Registry:
    """Import every check and probe. Facts are registered by the modules that use them."""
    return Registry(load_checks(), load_probes(), load_ledger())
