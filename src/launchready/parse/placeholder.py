"""Recognises pages that nobody made for customers: default pages of servers, parked names, unclaimed sites.

Each mark is one that the page itself carries and a finished product does not. Words such as "coming soon" alone are
left out: a product may say them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MAX_SCANNED_CHARS: Final = 100_000
"""What is read of a page: these are small."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """All that is given must hold: the begin of the title, words in the page, a header."""

    what: str
    title: str = ""
    words: str = ""
    header: str = ""


_MARKS: Final = (
    # Default pages, as the packages install them.
    _Mark("the default page of nginx", r"Welcome to nginx!\s*$", "is successfully installed"),
    _Mark("the default page of nginx", r"Welcome to OpenResty!\s*$", "is successfully installed"),
    _Mark("the default page of Apache", r"Apache2 (?:Ubuntu|Debian) Default Page"),
    _Mark("the default page of Apache", r"(?:Apache )?HTTP Server Test Page|Test Page for the (?:Apache )?HTTP Server"),
    _Mark("the default page of IIS", r"(?:IIS Windows Server|IIS\d+|Microsoft Internet Information Services)", "iis"),
    _Mark("the default page of Caddy", r"Caddy works!"),
    _Mark("the default page of a web host", r"Web Server's Default Page|Default Web Site Page|Domain Default page"),
    _Mark("the first page of a new Next.js project", r"Create Next App\s*$", "Get started by"),
    _Mark("the first page of a new Django project", r"The install worked successfully! Congratulations!"),
    _Mark("the first page of a new Laravel project", r"Laravel\s*$", "laracasts.com"),
    _Mark("the first page of a new Rails project", r"Ruby on Rails\s*$", "Rails version:"),
    # Parked names.
    _Mark("a parking page", r"(?:This domain|[a-z0-9.-]+\.[a-z]{2,}) (?:is|has been) parked\b"),
    _Mark("a parking page", r"Parked Domain name on Hostinger"),
    _Mark("a page that offers the name for sale", r"[a-z0-9.-]+\.[a-z]{2,} is for sale\b"),
    _Mark(
        "a parking page",
        words=r"<(?:script|iframe|img)\b[^>]{0,300}\b(?:sedoparking\.com|parkingcrew\.net|bodis\.com)/",
    ),
    _Mark("a parking page", words=r"window\.location\.href\s*=\s*[\"']/lander[\"']"),
    # What platforms show for a name that no site of theirs has.
    _Mark("GitHub Pages without a site", r"Site not found &middot; GitHub Pages|Site not found \u00b7 GitHub Pages"),
    _Mark("Heroku without an app", words=r"herokucdn\.com/error-pages/no-such-app\.html"),
    _Mark("Vercel without a deployment", header="x-vercel-error: DEPLOYMENT_NOT_FOUND"),
    _Mark("Netlify without a site", words=r"\ANot Found - Request ID: [0-9A-Z]+\s*\Z"),
    _Mark("Railway without an app", header="x-railway-fallback: true"),
    _Mark("Render without a service", header="x-render-routing: no-server"),
    _Mark("Azure without an app", r"Microsoft Azure (?:Web )?App - Error 404"),
    _Mark("Firebase without a site", r"Site Not Found\s*$", r"firebase\.google\.com/docs/hosting"),
    _Mark("Squarespace without a site", r"Squarespace - (?:Website Expired|Domain Not Claimed)"),
    _Mark("a shop that is not open yet", words=r"woocommerce-coming-soon-(?:entire-site|store-only|banner)"),
)


def recognise_placeholder(title: str, page: str, headers: Mapping[str, str]) -> str:
    """What a page is in place of the product, in words for its owner; empty where nothing says so.

    Args:
        title: of the page.
        page: its text as it came.
        headers: by lower-case name.
    """
    scanned = page[:MAX_SCANNED_CHARS]
    return next((mark.what for mark in _MARKS if _holds(mark, title.strip(), scanned, headers)), "")


def _holds(mark: _Mark, title: str, page: str, headers: Mapping[str, str]) -> bool:
    if mark.header:
        name, _, value = mark.header.partition(": ")
        if headers.get(name, "").strip().lower() != value.lower():
            return False
    if mark.title and not re.match(mark.title, title, re.IGNORECASE):
        return False
    return not mark.words or re.search(mark.words, page, re.IGNORECASE) is not None
