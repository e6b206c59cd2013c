"""The file that a declaration was read from, as far as messages need it."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from launchready.config.errors import ConfigError, ValueProblem, shown
from launchready.config.lines import Place, lines_of
from launchready.config.wording import label

Raw = TypeVar("Raw")
Read = TypeVar("Read")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Source:
    """A TOML text that `tomllib` accepts, and the name of its file."""

    file_name: str
    text: str

    @functools.cached_property
    def _lines(self) -> dict[Place, int]:
        return lines_of(self.text)

    def line(self, place: Place) -> int | None:
        """The line of a place; None where it has none of its own."""
        return self._lines.get(place)

    def where(self, line: int | None) -> str:
        """File and line, or the file alone."""
        name = shown(self.file_name)[1:-1]
        return f"{name} line {line}" if line else name

    def row(self, table: str, index: int = 0) -> "Row":
        """The n-th table of a name, counted from 0."""
        return Row(self, table, index)

    def rows(self, table: str, items: Iterable[Item]) -> list[tuple[Item, "Row"]]:
        """Items that were read from all tables of a name, each beside the table it comes from."""
        return [(item, self.row(table, index)) for index, item in enumerate(items)]


@dataclass(frozen=True, slots=True)
class Row:
    """One table of the file; knows how to read a key of it and how to complain about it."""

    source: Source
    table: str
    index: int = 0

    def read(self, key: str, reader: Callable[[Raw], Read], value: Raw) -> Read:
        """What a reader makes of the value of a key.

        Raises:
            ConfigError: the reader found a problem; the place is added.
        """
        try:
            return reader(value)
        except ValueProblem as problem:
            raise self.error(f"{key} {problem.what}.", problem.next_step, key) from None

    def error(self, sentence: str, next_step: str, key: str | None = None) -> ConfigError:
        """An error whose sentence goes on after the header of the table."""
        line = self.source.line(Place(self.table, self.index, key))
        header = self.source.line(Place(self.table, self.index))
        known = line or header
        # Without a line the number of the table is what tells it from its namesakes.
        count = f" number {self.index + 1}" if known is None and label(self.table).startswith("[[") else ""
        return ConfigError(
            f"{label(self.table)}{count} {sentence}", where=self.source.where(known), next_step=next_step
        )

    @property
    def spot(self) -> str:
        """Words that point back at this table from another one."""
        line = self.source.line(Place(self.table, self.index))
        return f"on line {line}" if line else f"as number {self.index + 1}"
