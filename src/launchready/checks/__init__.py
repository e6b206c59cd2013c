"""One yes/no question a function, one module a topic, one folder an area. Pure: facts in, judgement out."""

import pkgutil
from importlib import import_module
from types import MappingProxyType

from launchready.model.check import CHECKS, Check


def load_checks() -> MappingProxyType[str, Check]:
    """Every check of this version by id; importing the modules is what registers them."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
    return MappingProxyType(dict(sorted(CHECKS.items())))
