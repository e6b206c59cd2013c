"""Exit codes, and how an error that the user can mend is said."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from launchready.model.verdict import Decision

GO = 0
OUR_FAILURE = 1
USAGE = 2
NO_GO = 10
UNDETERMINED = 11
INTERRUPTED = 130


def code_of(decision: Decision, *, strict: bool) -> int:
    """The exit code of a decision; with `strict`, a known risk is a no."""
    match decision:
        case Decision.GO:
            return GO
        case Decision.GO_WITH_RISKS:
            return NO_GO if strict else GO
        case Decision.NO_GO:
            return NO_GO
        case Decision.UNDETERMINED:
            return UNDETERMINED


@contextmanager
def mendable(*errors: type[Exception]) -> Iterator[None]:
    """Say an error that the user can mend as one sentence on stderr, and exit with 2."""
    try:
        yield
    except errors as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(USAGE)
