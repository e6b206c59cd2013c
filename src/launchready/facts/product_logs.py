"""What the product writes into its logs while it is driven with words that nobody else has."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Journey


@dataclass(frozen=True, slots=True)
class LoggedWords:
    """Something private that stands in a log: what it is, in which file and line, and how it is spelled there."""

    what: str
    file: str
    line: int
    spelling: str


@dataclass(frozen=True, slots=True)
class Debugging:
    """Whether the log alone answers the three questions about a request that failed.

    `which`: its id from the response stands in a line. `who`: the lines of one visitor share a mark that another's
    lines don't have. `why`: its status or outcome stands there.
    """

    which: bool
    who: bool
    why: bool


@fact(about=Journey)
class ProductLogs:
    """What was appended to the declared logs while a visitor signed up, failed to log in, chatted and met an error.

    `appended_bytes` is how much that was; `id_header` is the response header with the request's id, empty where there
    is none; `failed_login_told` is whether the line of the failed log-in tells it from a successful one.
    """

    appended_bytes: int
    leaks: tuple[LoggedWords, ...]
    id_header: str
    debugging: Debugging
    failed_login_told: bool
