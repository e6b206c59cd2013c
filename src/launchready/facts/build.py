"""What the last build of the present commit from a clean clone brought to light.

`launchready build` runs the owner's commands and writes one record; an audit reads it and runs nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Repository

DECLARE = "[repository] path and a [build] table"


class BuildStep(StrEnum):
    """What was being done when a build stopped."""

    CLONE = "clone"
    BUILD = "build"
    TEST = "test"
    OUTPUT = "output"


class BuildFault(StrEnum):
    """Why a build from a clean clone stopped, as far as its words and the commit tell."""

    UNDECLARED_DEPENDENCY = "undeclared-dependency"
    FILE_OUTSIDE_GIT = "file-outside-git"
    LETTER_CASE = "letter-case"
    UNDECLARED_VARIABLE = "undeclared-variable"
    MISSING_PROGRAM = "missing-program"
    NEEDS_NETWORK = "needs-network"
    KEPT_ELSEWHERE = "kept-elsewhere"
    TOOK_TOO_LONG = "took-too-long"
    WROTE_TOO_MUCH = "wrote-too-much"
    NO_OUTPUT = "no-output"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class BuildFailure:
    """One reason why it stopped: `name` is the file, module, variable or program, and `said` the line that tells it."""

    step: BuildStep
    fault: BuildFault
    name: str
    said: str


class DifferenceCause(StrEnum):
    """Why two builds of one commit differ in a file."""

    TIME = "time"
    PATH = "path"
    ORDER = "order"
    ONLY_ONCE = "only-once"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that came out differently the second time."""

    path: str
    cause: DifferenceCause


LOG_OF_BUILD = "the log of the build"
"""What the log is called where a value stands in it."""


@dataclass(frozen=True, slots=True)
class BakedValue:
    """A variable whose value stands in what was built, or in what the build printed.

    `spelling` is how it is written there, such as plain or base64. `is_secret` says that nobody outside may see it.
    """

    variable: str
    where: str
    spelling: str
    is_secret: bool
    is_public: bool


class TrialKind(StrEnum):
    """What was done to a variable before a start."""

    REMOVED = "removed"
    MALFORMED = "malformed"


class TrialEnd(StrEnum):
    """How a start with a variable that is not as it should be ended."""

    NAMED = "named"  # it stopped, and said which variable
    SILENT = "silent"  # it stopped, and did not say which
    RAN = "ran"  # it did not stop


@dataclass(frozen=True, slots=True)
class Trial:
    """One start."""

    variable: str
    kind: TrialKind
    end: TrialEnd


class LeftoverKind(StrEnum):
    """What does not belong into what ships."""

    SECRET_FILE = "secret-file"  # noqa: S105 - the name of a kind
    GIT_FOLDER = "git-folder"
    DEVELOPMENT_BUILD = "development-build"
    DEBUG_FLAG = "debug-flag"
    TEST_KEY = "test-key"
    TUNNEL_ADDRESS = "tunnel-address"
    LOCAL_ADDRESS = "local-address"
    SOURCES_IN_MAP = "sources-in-map"


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing in what ships: where, and what it is, without any secret."""

    kind: LeftoverKind
    path: str
    detail: str


@fact(about=Repository, declare=DECLARE)
class CleanBuild:
    """Build and tests from a clean clone. `isolation` names the sandbox, and is unmeasured where there was none."""

    commit: str
    built_at: datetime
    failures: tuple[BuildFailure, ...]
    isolation: Measured[str] | Unmeasured


@fact(about=Repository, declare=DECLARE)
class RepeatedBuild:
    """The same commit built twice, at another time and in another place. `digest` is the SHA-256 of the first."""

    files: int
    digest: str
    differences: tuple[Difference, ...]
    more: int


@fact(about=Repository, declare=DECLARE)
class BakedValues:
    """Made-up values that the build was given, searched in what it wrote; `unread` are parts that were not searched."""

    searched: tuple[str, ...]
    baked: tuple[BakedValue, ...]
    unread: tuple[Unmeasured, ...]


@fact(about=Repository, declare=DECLARE)
class StartTrials:
    """The product started with each required variable removed, then malformed; `untold` could not be told."""

    trials: tuple[Trial, ...]
    untold: tuple[Unmeasured, ...]


@fact(about=Repository, declare=DECLARE)
class ShippedFiles:
    """What was built, looked through; `unread` are parts that were not."""

    files: int
    size_bytes: int
    leftovers: tuple[Leftover, ...]
    unread: tuple[Unmeasured, ...]
