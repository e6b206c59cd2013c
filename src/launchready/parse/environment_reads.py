"""One place in source code where an environment variable is read by its name."""

from dataclasses import dataclass


class SourceError(ValueError):
    """The text is no source code of its language, or of a newer version than we read; the message says where."""


@dataclass(frozen=True, slots=True, order=True)
class Read:
    """A variable's name and the line, counted from 1.

    `has_fallback` is true where the code goes on without the variable: it names another value, or asks whether it is
    there.
    """

    line: int
    name: str
    has_fallback: bool
