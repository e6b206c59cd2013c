"""The environment contract at work: values held against it, and the files that are made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from launchready.config.errors import ConfigError
from launchready.model.environment import Flaw, RequiredIn, Stage, Variable, flaw_at
from launchready.model.product import Product


@dataclass(frozen=True, slots=True)
class Problem:
    """A variable and what is wrong with its value, which is not kept."""

    variable: Variable
    flaw: Flaw


def contract_of(product: Product) -> tuple[Variable, ...]:
    """The declared variables.

    Raises:
        ConfigError: there are none.
    """
    if not product.environment:
        step = 'Add for each variable: [[environment]], and under it: name = "DATABASE_URL", type = "url"'
        raise ConfigError("launchready.toml declares no variable.", next_step=step)
    return product.environment


def problems_of(
    contract: tuple[Variable, ...], values: Mapping[str, str], stage: Stage, where: RequiredIn
) -> tuple[Problem, ...]:
    """What is wrong, in the order of the contract; empty where all is as it should be."""
    found = ((variable, flaw_at(variable, values.get(variable.name), stage, where)) for variable in contract)
    return tuple(Problem(variable, flaw) for variable, flaw in found if flaw is not None)
