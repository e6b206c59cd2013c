"""What the source code's history holds."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Repository


@dataclass(frozen=True, slots=True)
class LeakedKey:
    """One key, found in one or more places. Never the key itself.

    `fingerprint` is a digest that is equal for equal keys; `hint` is the first four characters; `places` are
    `commit:path:line`, sorted, each at most once.
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
    """All keys in all git objects, with how much was read.

    `is_partial` is True for a shallow clone, whose older history nobody here can see.
    """

    keys: tuple[LeakedKey, ...]
    objects_read: int
    is_partial: bool


@fact(about=Repository)
class RepositoryHead:
    """The commit that the repository's HEAD names: 40 hex digits."""

    commit: str
