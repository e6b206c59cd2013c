"""Keys that were found, and where. Never a key itself."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.subject import Host, Repository


class Exposure(StrEnum):
    """How far a place is open, the widest first."""

    SERVED = "served to browsers"
    HEAD = "in the current version"
    BRANCH = "on another branch"
    HISTORY = "in the history"
    BUILD = "in what was built"
    CHANGED = "changed and not committed"
    UNTRACKED = "not committed and not ignored"
    UNREACHABLE = "in git, and in no commit of a branch or tag"
    GIT_FOLDER = "in git's own folder"
    IGNORED = "ignored by git"

    @property
    def rank(self) -> int:
        """0 is the widest."""
        return list(Exposure).index(self)


COMMITTED = frozenset({Exposure.HEAD, Exposure.BRANCH, Exposure.HISTORY, Exposure.UNREACHABLE})
"""Places that are objects of git: who clones the repository has them, or had them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands.

    `path` is a file, with `!` before each thing that was unpacked in it, a URL, or words in parentheses for what is no
    file. `commit` is the one that brought it, empty where there is none. `public_name` is the variable that it is
    given to where builders put that one into what browsers load.
    """

    exposure: Exposure
    path: str
    line: int
    commit: str = ""
    public_name: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody's word that a key does no harm, such as one that was revoked. After `until` it counts no more."""

    reason: str
    owner: str
    until: date
    is_over: bool


@dataclass(frozen=True, slots=True)
class LeakedKey:
    """One key, found in one or more places. Never the key itself.

    `provider` is a lower-case word such as "stripe", and "generic" where only the words around it say that it is a
    secret; `fingerprint` is a digest that is equal for equal keys; `hint` is the first four characters, or nothing of a
    short password; `length` counts characters. `is_public_by_design` is True for what browsers may know, `is_test_key`
    for what opens nothing that matters. `places` are the widest first, then the oldest, and `place_count` how many
    there are in all. `brought_by` is the oldest commit that holds it, and `is_on_branch` whether a branch leads to one.
    """

    provider: str
    fingerprint: str
    hint: str
    length: int
    is_public_by_design: bool
    is_test_key: bool
    places: tuple[Place, ...]
    place_count: int = 1
    brought_by: str = ""
    is_on_branch: bool = False
    accepted: Accepted | None = None

    @property
    def is_live(self) -> bool:
        """Whether it opens something, as far as its form tells."""
        return not self.is_public_by_design and not self.is_test_key

    @property
    def is_accepted(self) -> bool:
        """Whether somebody answers for it still."""
        return self.accepted is not None and not self.accepted.is_over

    @property
    def is_certain(self) -> bool:
        """Whether its own form says what it is."""
        return self.provider != GENERIC

    def at(self, *exposures: Exposure) -> tuple[Place, ...]:
        """Its places of some exposures."""
        return tuple(place for place in self.places if place.exposure in exposures)


GENERIC = "generic"


@fact(about=Repository)
class RepositorySecrets:
    """All keys in all git objects, with how many were read; placeholders are no keys.

    `is_partial` is True where not all could be read (a shallow clone, a corrupt object) and a live key was found all
    the same; without one the look counts as not measured. `gaps` says what was not read, in sentences.
    """

    keys: tuple[LeakedKey, ...]
    objects_read: int
    is_partial: bool
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file such as `.env` that git keeps, and the names in it that are secrets by their names; never the values."""

    path: str
    secret_names: tuple[str, ...]


@fact(about=Repository)
class WorkingTreeSecrets:
    """All keys in the files of the working tree and in git's own settings; `settings` are those that git keeps."""

    keys: tuple[LeakedKey, ...]
    files_read: int
    settings: tuple[SettingsFile, ...]
    gaps: tuple[str, ...] = ()


@fact(about=Host)
class ServedSecrets:
    """All keys in what a browser loads from a host: pages, scripts, the scripts that these load later.

    `files_read` counts them; `lazy_count` is how many of them only scripts name.
    """

    keys: tuple[LeakedKey, ...]
    files_read: int
    lazy_count: int


@fact(about=Host)
class MapSecrets:
    """All keys in the sources that the source maps of a host hold."""

    keys: tuple[LeakedKey, ...]
    maps_read: int
