"""Whether the pages that people are sent to are there."""

import re
from dataclasses import dataclass
from typing import Final

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host

LANDING: Final = re.compile(
    r"\b(?:landing|website|web site|home ?page|marketing|shop|store|sales|blog)\b", re.IGNORECASE
)
"""Words of a declared purpose that say: this host is to be found by strangers."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """How a page answers a stranger, after redirects within its host.

    `wanted` are the words that the owner says it shows, empty where none, and `has_wanted` whether it does.
    """

    url: str
    status: int
    wanted: str
    has_wanted: bool
    is_empty: bool


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A page and how it answers."""

    url: str
    answer: Measured[PageAnswer] | Unmeasured


@fact(about=Host)
class PageAnswers:
    """The declared pages of a host, and its front page where the declaration sends strangers there.

    Without a declaration it is the front page alone. It is empty where nothing says that the host has a page.
    """

    pages: tuple[AskedPage, ...]
