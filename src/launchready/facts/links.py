"""Links that customers are sent."""

from dataclasses import dataclass

from launchready.facts.redirects import Walk
from launchready.model.fact import fact
from launchready.model.subject import Link


@dataclass(frozen=True, slots=True)
class Arrival:
    """The way came to an answer, whatever its status."""

    walk: Walk
    status: int
    title: str


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A browser shows an error of its own: the name does not exist, or the certificate is refused."""

    words: str


@fact(about=Link)
class LinkVisit:
    """A visitor's way from the link as given, over any host."""

    went: Arrival | DeadEnd
