"""Links that customers are sent."""

from dataclasses import dataclass
from datetime import datetime

from launchready.facts.redirects import Walk
from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host, Link


@dataclass(frozen=True, slots=True)
class Arrival:
    """The way came to an answer, whatever its status.

    `notice` is what the page says where a booking service has nothing to book (see `booking_services.NOTICES`), and
    empty where it says no such thing. `starts` are the start times that the page itself lets a visitor choose, and
    `calendar` the first booking page of a known service that it embeds; empty where there is none. `was_cut` is true
    where the page was longer than what was read.
    """

    walk: Walk
    status: int
    title: str
    notice: str
    starts: tuple[datetime, ...]
    calendar: str
    was_cut: bool


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A browser shows an error of its own: the name does not exist, or the certificate is refused."""

    words: str


@fact(about=Link)
class LinkVisit:
    """A visitor's way from the link as given, over any host."""

    went: Arrival | DeadEnd


@dataclass(frozen=True, slots=True)
class PlainHop:
    """A step of a link's way over plain http, and whether the same address answers over https.

    Browsers ask there first; where nothing answers, or with a certificate that they refuse, they warn.
    """

    url: str
    answers_https: Measured[bool] | Unmeasured


@fact(about=Link)
class PlainHops:
    """The steps over plain http on the way that `LinkVisit` saw, in their order."""

    hops: tuple[PlainHop, ...]


@dataclass(frozen=True, slots=True)
class LinkedName:
    """A name that a page links to, the first such link, and whether the name has an address in DNS."""

    name: str
    url: str
    exists: Measured[bool] | Unmeasured


@fact(about=Host)
class LinkedNames:
    """The names under a host's own domain that its front page links to and nobody declared, sorted."""

    names: tuple[LinkedName, ...]
