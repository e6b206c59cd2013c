"""What browsers keep, and for how long (RFC 9111)."""

import re
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.web import FrontPage, PageAssets
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host
from launchready.parse.rfc9111 import CacheControl, parse_cache_control

LONG_S: Final = 30 * 24 * 3600
"""A month: a hashed file never changes, and Lighthouse's audit of cache lifetimes is content from here on."""

HTML_FRESH_S: Final = 3600
"""An hour: how long a corrected price may be wrong on a kept page. Our judgement, no standard."""

HEX_HASH: Final = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{8,}")
"""A word of a file's name as webpack, Next.js and Rails write a content hash: letters beside digits, so no date."""

MIXED_HASH: Final = re.compile(r"(?=.*[A-Z])(?=.*[0-9][A-Za-z])[0-9A-Za-z]{8,}")
"""The same as Vite, Astro and esbuild write it: capitals, and a digit before a letter, so no `Bootstrap5`."""

STATUS_OK: Final = 200


@check(
    "hashed-asset-uncached",
    impact=Impact.MAJOR,
    customer_sees="Every page loads everything again.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://www.rfc-editor.org/rfc/rfc9111#section-5.2", "https://www.rfc-editor.org/rfc/rfc8246"),
)
def hashed_asset_uncached(host: Host, page: FrontPage, assets: PageAssets) -> Judgement:
    """Files with a content hash in their name are kept for a month or longer.

    ## Why it matters at launch
    Such a file never changes: a new version has a new name. Fetching it again on every page makes the product feel
    slow for no gain.

    ## How to fix
    Send the header below with them.
    """
    if page.redirects_to:
        return NotApplicable(f"{host.name} shows no page of its own")
    hashed = [t for t in assets.transfers if _has_hash(t.url) and t.status == STATUS_OK]
    if not hashed:
        return NotApplicable("no file of the front page has a content hash in its name")
    wrong = [t for t in hashed if not _is_kept(parse_cache_control(t.cache_control))]
    if not wrong:
        return Pass()
    offenders = tuple(f"{t.url}: {', '.join(t.cache_control) or 'no Cache-Control'}" for t in wrong)
    return Fail(offenders, Fix("Send this with hashed files", "Cache-Control: public, max-age=31536000, immutable"))


def _has_hash(url: str) -> bool:
    words = re.split(r"[._~-]", urlsplit(url).path.rpartition("/")[2])
    return any(HEX_HASH.fullmatch(word) or MIXED_HASH.fullmatch(word) for word in words)


def _is_kept(control: CacheControl) -> bool:
    """Whether browsers keep a file for a month; `immutable` holds only as long as `max-age` says (RFC 8246)."""
    return not (control.no_store or control.no_cache) and (control.max_age_s or 0) >= LONG_S


@check(
    "html-cached-too-long",
    impact=Impact.MAJOR,
    customer_sees="Yesterday's page, with the old price, although you mended it.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9111#section-4.2",
        "https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4",
    ),
)
def html_cached_too_long(host: Host, page: FrontPage) -> Judgement:
    """The front page is asked for again within the hour.

    ## Why it matters at launch
    What a browser keeps for a year you can't take back: a wrong price, a broken form, a link to a script that is gone.

    ## How to fix
    Send the header below with HTML; an ETag makes asking again cheap.
    """
    if page.redirects_to:
        return NotApplicable(f"{host.name} shows no page of its own")
    control = parse_cache_control(page.transfer.cache_control)
    asks_again = control.no_store or control.no_cache
    if asks_again or (control.max_age_s or 0) <= HTML_FRESH_S:
        return Pass()
    what = f"{page.transfer.url} may be kept for {control.max_age_s} seconds without asking"
    return Fail((what,), Fix("Send this with HTML", "Cache-Control: no-cache"))
