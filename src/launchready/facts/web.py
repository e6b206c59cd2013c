"""The front page of a host, its other declared pages, and what they load."""

from dataclasses import dataclass
from enum import StrEnum

from launchready.facts.redirects import Walk
from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import EndpointKind, Host
from launchready.parse.rfc6265 import SameSite


@dataclass(frozen=True, slots=True)
class CookieSeen:
    """A Set-Cookie line without its value, as a browser reads it (RFC 6265bis).

    An empty `domain` means that the cookie stays on its host, and an empty `path` that it is for the folder of the URL
    that set it. `is_ours` is false where the Domain is not that of the host that set the cookie, nor one above it, and
    `keeps_prefix` where the name begins with __Host- or __Secure- and the attributes don't live up to it: browsers
    refuse both. `partitioned` is whether each site that it is used from has one of its own, and `is_removed` whether
    the line takes a cookie away.
    """

    name: str
    domain: str
    secure: bool
    http_only: bool
    same_site: SameSite
    path: str
    keeps_prefix: bool
    is_ours: bool
    partitioned: bool
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """One answer's headers and sizes, asked for with a browser's Accept-Encoding.

    `headers` are all of them as (lower-case name, value) in order, but for those that may hold a secret: cookies are in
    `FrontPage.cookies` without their values, and tokens and keys are nowhere. `personal_cookies` are the names of those
    that it sets and that are long enough to be somebody's key, the network's own left out.
    """

    url: str
    status: int
    content_type: str
    cache_control: tuple[str, ...]
    content_encoding: str
    vary: str
    size_bytes: int
    wire_bytes: int
    headers: tuple[tuple[str, str], ...]
    personal_cookies: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.content_type.partition(";")[0].strip().lower()

    def values(self, name: str) -> tuple[str, ...]:
        """The values of all headers of one lower-case name, in order."""
        return tuple(value for key, value in self.headers if key == name)


class Handling(StrEnum):
    """What browsers do with something that a page under https asks for over plain http (Mixed Content, section 4)."""

    BLOCKED = "blocked"  # scripts, style sheets, fonts, frames, sockets
    UPGRADED = "upgraded"  # images, audio, video: asked for over https instead, by browsers since 2020 to 2024
    WARNED = "warned"  # forms: the visitor is asked whether to send it all the same


@dataclass(frozen=True, slots=True)
class PlainReference:
    """Something over plain http that a page under https asks for.

    `found_in` is the page, style sheet or script that names it, and `what` a word for what it is. `over_https` is the
    status that the same address has over https; it is asked for where the page tells browsers to go there instead
    (`upgrade-insecure-requests`), and None where it does not.
    """

    url: str
    found_in: str
    what: str
    handling: Handling
    over_https: Measured[int] | Unmeasured | None


@dataclass(frozen=True, slots=True)
class BlockedLoad:
    """Something that a page names and its own policy keeps browsers from loading: the URL, a word for it, and why."""

    url: str
    what: str
    directive: str


@fact(about=Host)
class FrontPage:
    """The answer to `https://HOST/`, after redirects within the host.

    `redirects_to` is where it sends visitors elsewhere (another host or http), and empty where it shows a page.
    `cookies` are those of every answer on the way. `plain_references` is what the page loads or posts to over plain
    http, `plain_calls` what the scripts in it call that way and browsers would block, and `asset_urls` the style sheets
    and scripts from declared hosts, each once and in the page's order. `upgrades` is whether the page tells browsers to
    ask for everything over https, and `policies` what its `meta http-equiv=content-security-policy` say.
    `blocked_loads` are the scripts, style sheets and frames that the policy in the answer's headers keeps out.
    `canonical` is the page's `link rel=canonical` as an absolute URL, and `robots` what its `meta name=robots` say, in
    lower case; each is empty where there is none. `links` are the absolute URLs that it links to or shows in a frame,
    and `mail_addresses` those that it offers to write to.
    """

    transfer: Transfer
    redirects_to: str
    title: str
    cookies: tuple[CookieSeen, ...]
    plain_references: tuple[PlainReference, ...]
    asset_urls: tuple[str, ...]
    canonical: str
    robots: str
    plain_calls: tuple[PlainReference, ...] = ()
    upgrades: bool = False
    links: tuple[str, ...] = ()
    mail_addresses: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    blocked_loads: tuple[BlockedLoad, ...] = ()


@dataclass(frozen=True, slots=True)
class InnerView:
    """What a declared page of a host showed; all as in `FrontPage`."""

    transfer: Transfer
    redirects_to: str
    cookies: tuple[CookieSeen, ...]
    plain_references: tuple[PlainReference, ...]
    plain_calls: tuple[PlainReference, ...]
    asset_urls: tuple[str, ...]
    policies: tuple[str, ...] = ()
    blocked_loads: tuple[BlockedLoad, ...] = ()


@dataclass(frozen=True, slots=True)
class InnerPage:
    """A declared page other than the front page, and what was seen there: an endpoint, or a step of a journey."""

    url: str
    kind: EndpointKind
    view: Measured[InnerView] | Unmeasured


@fact(about=Host)
class InnerPages:
    """The declared pages of a host besides its front page, in the order of their URLs; none where none is declared."""

    pages: tuple[InnerPage, ...]

    @property
    def views(self) -> tuple[InnerView, ...]:
        """Those that were seen."""
        return tuple(page.view.value for page in self.pages if isinstance(page.view, Measured))


@dataclass(frozen=True, slots=True)
class Asset:
    """A style sheet or script that pages of a host load from a declared host, and what itself asks for in plain."""

    url: str
    transfer: Measured[Transfer] | Unmeasured
    plain_references: tuple[PlainReference, ...] = ()
    plain_calls: tuple[PlainReference, ...] = ()


@fact(about=Host)
class PageAssets:
    """What the pages of a host load, fetched: `asset_urls` of the front page and of inner pages, then their imports."""

    assets: tuple[Asset, ...]

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The transfers that were seen."""
        return tuple(asset.transfer.value for asset in self.assets if isinstance(asset.transfer, Measured))


@fact(about=Host)
class PlainHttp:
    """A visitor's way from `http://HOST/` for as long as it stays on plain http; sent elsewhere, it has left."""

    walk: Walk
