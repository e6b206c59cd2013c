"""The front page of a host, and what it loads."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Host


@dataclass(frozen=True, slots=True)
class CookieSeen:
    """A Set-Cookie line without its value. An empty `domain` means that the cookie stays on its host."""

    name: str
    domain: str
    secure: bool
    http_only: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """One answer's headers and sizes, asked for with a browser's Accept-Encoding."""

    url: str
    status: int
    content_type: str
    cache_control: tuple[str, ...]
    content_encoding: str
    vary: str
    has_validator: bool
    size_bytes: int
    wire_bytes: int


@dataclass(frozen=True, slots=True)
class Asset:
    """A style sheet or script that the page loads from a declared host."""

    url: str
    transfer: Measured[Transfer] | Unmeasured


@fact(about=Host)
class FrontPage:
    """The answer to `https://HOST/`, not followed when it redirects (`is_redirect`).

    `insecure_references` are the `http://` URLs that the page loads or posts to, in its order.
    """

    transfer: Transfer
    is_redirect: bool
    title: str
    cookies: tuple[CookieSeen, ...]
    insecure_references: tuple[str, ...]
    assets: tuple[Asset, ...]
