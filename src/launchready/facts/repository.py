"""Where the source code's history stands."""

from launchready.model.fact import fact
from launchready.model.subject import Repository


@fact(about=Repository)
class RepositoryHead:
    """The commit that the repository's HEAD names: 40 hex digits, or 64 in a SHA-256 repository."""

    commit: str
