"""What the records of releases say, and whether the host still runs what was released."""

from dataclasses import dataclass
from datetime import datetime

from launchready.model.fact import fact
from launchready.model.product import Product

DECLARE = "[deploy] with your commands to release and to go back"


def _is_released(product: Product) -> bool:
    return product.delivery is not None


@dataclass(frozen=True, slots=True)
class Comeback:
    """The newest attempt to bring a former release back, by hand or after a failed release.

    `is_good` is true where the former release was seen to work afterwards. `took_s` are seconds of the whole run. A
    light visitor sent `asked` requests meanwhile, of which `failed` failed, for `down_s` seconds at a stretch at most.
    """

    commit: str
    at: datetime
    days_ago: int
    is_good: bool
    took_s: float
    asked: int
    failed: int
    down_s: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `launchready drift` saw last: the release, how many days ago, and what differed, each with its kind."""

    commit: str
    days_ago: int
    differs: tuple[str, ...]
    is_same: bool


@fact(about=Product, only=_is_released, declare=DECLARE)
class ReleaseHistory:
    """The log of releases in short.

    `releases` counts those that ended. `live` is the commit that was last seen to work; empty where none was.
    `comparison` is of the live release and made after it came. `cut_off` names a release whose end nobody wrote down;
    empty where there is none.
    """

    releases: int
    live: str
    comeback: Comeback | None
    comparison: Comparison | None
    cut_off: str


@fact(about=Product, only=_is_released, declare=DECLARE)
class ReleaseDrift:
    """What differs between the release and what runs: `named` are the first of `differs`, each with its kind."""

    commit: str
    differs: int
    named: tuple[str, ...]
    how: str


@fact(about=Product, only=_is_released, declare=DECLARE)
class RepeatedRelease:
    """The newest commit that was released more than once, and lived each time.

    `times` counts its releases whose files are on record, `days_ago` is the last. `versions` counts how many different
    sets of files came of it; `named` are the first files in which the last two differ, each with what happened to it.
    """

    commit: str
    times: int
    days_ago: int
    versions: int
    named: tuple[str, ...]
