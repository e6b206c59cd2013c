"""Looks at the world, one module a topic. A probe raises `NotSeen` where it can't see; the engine does the rest."""

import pkgutil
from importlib import import_module
from types import MappingProxyType

from launchready.model.probe import PROBES, Probe


def load_probes() -> MappingProxyType[type, Probe]:
    """Every probe of this version by the fact it gives; importing the modules is what registers them."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    return MappingProxyType(dict(PROBES))
