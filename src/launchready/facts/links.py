"""Links that customers are sent."""

from launchready.facts.redirects import Walk
from launchready.model.fact import fact
from launchready.model.subject import Link


@fact(about=Link)
class LinkVisit:
    """A visitor's way from the link as given, over any host."""

    walk: Walk
    final_status: int
    title: str
