"""What the source code's history holds."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Repository


@dataclass(frozen=True, slots=True)
class LeakedKey:
    """One key, found in one or more places. Never the key itself.

    `provider` is a lower-case word such as "stripe"; `fingerprint` is a digest that is equal for equal keys; `hint`
    is the first four characters, or nothing of a short password; `length` counts characters. `is_public_by_design` is
    True for what browsers may know, `is_test_key` for what opens nothing that matters. `places` are
    `commit:path:line`, the oldest first; what lies in no commit has its blob's own id there.
    """

    provider: str
    fingerprint: str
    hint: str
    length: int
    is_public_by_design: bool
    is_test_key: bool
    places: tuple[str, ...]


@fact(about=Repository)
class RepositorySecrets:
    """All keys in all git objects, with how many file versions and messages were read; placeholders are no keys.

    `is_partial` is True where not all could be read (a shallow clone, a corrupt object) and a live key was found all
    the same; without one the look counts as not measured.
    """

    keys: tuple[LeakedKey, ...]
    objects_read: int
    is_partial: bool


@fact(about=Repository)
class RepositoryHead:
    """The commit that the repository's HEAD names: 40 hex digits, or 64 in a SHA-256 repository."""

    commit: str
