"""What stands between strangers, or the search engines that bring them, and a page."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from launchready.model.fact import fact
from launchready.model.subject import Host


@fact(about=Host)
class FrontDoor:
    """What a stranger meets at `https://HOST/`, after redirects within the host.

    `wall` says who asks them to log in, and `placeholder` what stands in the product's place; each is empty where there
    is none. `hidden_by_header` and `hidden_by_page` are the search engines that are told to leave the page out
    ("robots" stands for all of them). `privacy_url` and `legal_url` are where its links to a privacy notice and to
    terms, an imprint or a contact lead; empty where there is none. `shows_page` is whether there was a page of HTML.
    """

    url: str
    status: int
    sent_to: str
    wall: str
    placeholder: str
    hidden_by_header: tuple[str, ...]
    hidden_by_page: tuple[str, ...]
    shows_page: bool
    privacy_url: str
    legal_url: str


class Crawler(StrEnum):
    """The crawlers that matter to who pays for visitors, by their product tokens."""

    GOOGLE = "Googlebot"
    BING = "Bingbot"
    GOOGLE_ADS = "AdsBot-Google"


@dataclass(frozen=True, slots=True)
class ShutOut:
    """A crawler that robots.txt keeps away from a path."""

    crawler: Crawler
    path: str


@fact(about=Host)
class RobotsFile:
    """What `https://HOST/robots.txt` says of the front page and of the pages that advertisements lead to.

    `status` is that of the last answer. One of 5xx shuts every crawler out (RFC 9309 section 2.3.1.4), one of 4xx none.
    """

    status: int
    shut_out: tuple[ShutOut, ...]


@fact(about=Host)
class SecurityTxt:
    """`/.well-known/security.txt` (RFC 9116): whether it is there with a contact, how long it holds, when we looked.

    `expires` is None where it does not say so once and in a valid form, which it must.
    """

    is_there: bool
    expires: datetime | None
    seen_at: datetime
