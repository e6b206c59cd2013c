"""What a site says its own address is, and whether it shows a page under more than one."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host


class Place(StrEnum):
    """Where an address stands."""

    TAG = "link rel=canonical"
    HEADER = "Link header"
    OG_URL = "og:url"


@dataclass(frozen=True, slots=True)
class Claim:
    """An absolute URL that a page says is its own, and where it says so."""

    place: Place
    url: str


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The answer at one URL, without going on.

    `location` is where it sends to (empty: nowhere). `is_hidden` is true where the page asks not to be in search
    (noindex). `fingerprint` stands for its title and visible text without numbers; empty where it is no HTML page.
    `shown_chars` is how much of that text there is, before any script has run.
    """

    url: str
    status: int
    location: str
    is_hidden: bool
    claims: tuple[Claim, ...]
    fingerprint: str
    shown_chars: int

    @property
    def canonical(self) -> str:
        """The first address in the tag or header; empty where the page names none."""
        return next((claim.url for claim in self.claims if claim.place is not Place.OG_URL), "")


class Variation(StrEnum):
    """What is changed about an address that often leads to the same page."""

    INDEX = "index.html"
    SLASH = "slash"
    CASE = "case"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Variant:
    """The same page asked for in another way."""

    variation: Variation
    version: Measured[PageVersion] | Unmeasured


@dataclass(frozen=True, slots=True)
class PageAsked:
    """One page at its own URL, and in the other ways that it may be asked for."""

    version: Measured[PageVersion] | Unmeasured
    variants: tuple[Variant, ...]


@fact(about=Host)
class PageVersions:
    """The front page of a host and the first page of the same host that it links to; empty where it shows no page."""

    pages: tuple[PageAsked, ...]


@dataclass(frozen=True, slots=True)
class OriginListed:
    """One origin of a sitemap's URLs: how many there are, and the first of them."""

    origin: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class SitemapSeen:
    """One sitemap: the origins of its URLs in the order of their first appearance; relative ones have an empty one."""

    url: str
    origins: Measured[tuple[OriginListed, ...]] | Unmeasured


@fact(about=Host)
class Sitemaps:
    """The sitemaps that robots.txt names, else /sitemap.xml, and those that they name; empty where there is none."""

    seen: tuple[SitemapSeen, ...]
