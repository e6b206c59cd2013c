"""Where a result belongs in the repository: for readers that open files, such as a pull request's page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from launchready.model.check import Fail, SourcePlace
from launchready.model.verdict import Result

PLACES_LIMIT: Final = 100
"""Places of one result. One key in a hundred files is one incident; a longer list only makes the file large."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The declaration as a file of the repository: its path seen from the top, and the line of each subject by id.

    An empty `file` means that there is none: only a name was typed.
    """

    file: str = ""
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def places(self, result: Result) -> tuple[SourcePlace, ...]:
        """The failure's own places in the code, else the line that declares its subject; empty where neither is."""
        outcome = result.outcome
        if isinstance(outcome, Fail) and outcome.places:
            return outcome.places[:PLACES_LIMIT]
        return (SourcePlace(self.file, self.lines.get(result.subject, 1)),) if self.file else ()


NO_FILE: Final = Declared()
"""Only a name was typed."""
