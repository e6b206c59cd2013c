"""The front page of a host, and what it loads."""

from dataclasses import dataclass

from launchready.facts.redirects import Walk
from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host
from launchready.parse.rfc6265 import SameSite


@dataclass(frozen=True, slots=True)
class CookieSeen:
    """A Set-Cookie line without its value, as a browser reads it (RFC 6265bis).

    An empty `domain` means that the cookie stays on its host, and an empty `path` that it is for the folder of the URL
    that set it. `keeps_prefix` is false where the name begins with __Host- or __Secure- and the attributes don't live
    up to it. `lives_on` is true where it outlives the browser (Max-Age or Expires), and `is_removed` where the line
    takes a cookie away (Max-Age of 0, or no value).
    """

    name: str
    domain: str
    secure: bool
    http_only: bool
    same_site: SameSite
    path: str
    keeps_prefix: bool
    lives_on: bool
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """One answer's headers and sizes, asked for with a browser's Accept-Encoding.

    `headers` are all of them as (lower-case name, value) in order, but for those that may hold a secret: cookies are in
    `FrontPage.cookies` without their values, and tokens and keys are nowhere.
    """

    url: str
    status: int
    content_type: str
    cache_control: tuple[str, ...]
    content_encoding: str
    vary: str
    has_validator: bool
    size_bytes: int
    wire_bytes: int
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> tuple[str, ...]:
        """The values of all headers of one lower-case name, in order."""
        return tuple(value for key, value in self.headers if key == name)


@fact(about=Host)
class FrontPage:
    """The answer to `https://HOST/`, after redirects within the host.

    `redirects_to` is where it sends visitors elsewhere (another host or http), and empty where it shows a page.
    `cookies` are those of every answer on the way. `insecure_references` are the `http://` URLs that the page loads or
    posts to, and `asset_urls` the style sheets and scripts from declared hosts, each once and in the page's order.
    `canonical` is the page's `link rel=canonical` as an absolute URL, and `robots` what its `meta name=robots` say, in
    lower case; each is empty where there is none.
    """

    transfer: Transfer
    redirects_to: str
    title: str
    cookies: tuple[CookieSeen, ...]
    insecure_references: tuple[str, ...]
    asset_urls: tuple[str, ...]
    canonical: str
    robots: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A style sheet or script that the page loads from a declared host."""

    url: str
    transfer: Measured[Transfer] | Unmeasured


@fact(about=Host)
class PageAssets:
    """What the front page loads, fetched: `FrontPage.asset_urls` in order."""

    assets: tuple[Asset, ...]

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The transfers that were seen."""
        return tuple(asset.transfer.value for asset in self.assets if isinstance(asset.transfer, Measured))


@fact(about=Host)
class PlainHttp:
    """A visitor's way from `http://HOST/` for as long as it stays on plain http; sent elsewhere, it has left."""

    walk: Walk
