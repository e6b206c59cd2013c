"""Files that the web server gives to anybody, although they were never meant to be seen."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.parse.exposed_files import FileKind


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was there, known by what is in it, of which nothing is kept. `size_bytes` is None where unknown."""

    url: str
    kind: FileKind
    size_bytes: int | None


@fact(about=Host)
class ExposedFiles:
    """What was found at the usual places, how many were asked for, and those that could not be looked at."""

    asked: int
    found: tuple[FoundFile, ...]
    unseen: tuple[Unmeasured, ...]

    def of(self, *kinds: FileKind) -> tuple[FoundFile, ...]:
        """Those of some kinds."""
        return tuple(file for file in self.found if file.kind in kinds)


@dataclass(frozen=True, slots=True)
class SourceMap:
    """The map of one script, looked for: whether it is there, and holds the source code itself."""

    url: str
    is_there: bool
    has_sources: bool


@fact(about=Host)
class SourceMaps:
    """The maps of the front page's scripts, at the place that is named or usual."""

    maps: tuple[Measured[SourceMap] | Unmeasured, ...]
