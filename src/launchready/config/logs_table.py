"""The table `[logs]`."""

from typing import Annotated

from msgspec import Meta, Struct

from launchready.config.keys import Words


class LogsTable(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Where the product's logs can be read on this machine, while it is driven with words that nobody else has."""

    paths: Annotated[
        tuple[Words, ...],
        Meta(
            min_length=1,
            description="Files that the product's log is appended to, or folders with such files, seen from this file.",
            examples=[["logs/app.log"]],
        ),
    ]
