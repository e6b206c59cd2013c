"""Kinds of values that several tables of `launchready.toml` have."""

from typing import Annotated

from msgspec import Meta

NOT_BLANK = r"\S"

Words = Annotated[str, Meta(pattern=NOT_BLANK)]

CommandLine = Words | tuple[Words, ...]
"""A command: one text is given to `sh -c` as it is; of a list, the first is the program and no shell reads the rest."""

COMMAND = {"expected": "text in quotes, or a list of texts in quotes"}

MAX_RECORD_DAYS = 365
"""Longest time in days that a build or a test counts: after a year no registry or tool that it used is the same."""
