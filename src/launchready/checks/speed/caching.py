"""What browsers and caches keep, for how long, and for whom (RFC 9111)."""

from typing import Final

from launchready.facts.caching import EdgeRepeats, PageVisits, TwoVisits
from launchready.facts.web import FrontPage, PageAssets, Transfer
from launchready.model.check import (
    Confidence,
    Cost,
    Fail,
    Fix,
    Fixer,
    Impact,
    Judgement,
    NotApplicable,
    Pass,
    check,
)
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.parse.hashed_name import has_content_hash
from launchready.parse.rfc9110 import STATUS_OK
from launchready.parse.rfc9111 import (
    Basis,
    CacheControl,
    CachedResponse,
    field_is_kept,
    fresh_for_s,
    freshness_lifetime,
    parse_cache_control,
    read_response,
)
from launchready.parse.rfc9211 import EdgeAnswer

LONG_S: Final = 30 * 24 * 3600
"""A month: a hashed file never changes, and Lighthouse's audit of cache lifetimes is content from here on."""

HTML_FRESH_S: Final = 3600
"""An hour: how long a corrected price may be wrong on a kept page. Our judgement, no standard."""

NOT_MODIFIED: Final = 304
"""The answer to who asks whether a page changed, and it did not (RFC 9110 section 15.4.5)."""


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
    hashed = [t for t in assets.transfers if has_content_hash(t.url) and t.status == STATUS_OK]
    if not hashed:
        return NotApplicable("no file of the front page has a content hash in its name")
    wrong = [t for t in hashed if not _is_kept(parse_cache_control(t.cache_control))]
    if not wrong:
        return Pass()
    offenders = tuple(f"{t.url}: {', '.join(t.cache_control) or 'no Cache-Control'}" for t in wrong)
    return Fail(offenders, Fix("Send this with hashed files", "Cache-Control: public, max-age=31536000, immutable"))


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
def html_cached_too_long(pages: PageVisits) -> Judgement:
    """Browsers ask for pages again within the hour.

    ## Why it matters at launch
    What a browser keeps for a year you can't take back: a wrong price, a broken form, a link to a script that is gone.
    Where nothing says how long, browsers guess: a tenth of the time since the page was last changed.

    ## How to fix
    Send the header below with HTML; an ETag makes asking again cheap.
    """
    html = [page for page in pages.seen if _is_html(page)]
    if not html:
        return NotApplicable("it shows no page of its own")
    offenders = tuple(_kept_long(page) for page in html if fresh_for_s(_response(page), shared=False) > HTML_FRESH_S)
    return Fail(offenders, Fix("Send this with HTML", "Cache-Control: no-cache")) if offenders else Pass()


def _kept_long(page: TwoVisits) -> str:
    """An edge's own lifetime (s-maxage) is not held against it: the owner can empty an edge, and no browser."""
    response = _response(page)
    seconds, basis = fresh_for_s(response, shared=False), freshness_lifetime(response, shared=False).basis
    because = f", by {basis.value}" if basis in {Basis.EXPIRES, Basis.HEURISTIC} else ""
    return f"{page.first.url} may be kept for {seconds} seconds without asking{because}"


def _is_html(page: TwoVisits) -> bool:
    return page.first.status == STATUS_OK and page.first.media_type in {"text/html", "application/xhtml+xml"}


def _response(page: TwoVisits) -> CachedResponse:
    return read_response(page.first.status, page.first.headers, page.received_at)


@check(
    "revalidation-broken",
    impact=Impact.MINOR,
    customer_sees="Every look at a page they know takes as long as the first.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2",
        "https://www.rfc-editor.org/rfc/rfc9111#section-4.3",
    ),
)
def revalidation_broken(pages: PageVisits) -> Judgement:
    """Who has the page and asks whether it changed is told that it did not.

    ## Why it matters at launch
    Pages that are asked for each time are only quick when the answer is short. A page that promises an ETag or a date,
    and is sent whole all the same, costs each returning customer the wait of a first visit.

    ## How to fix
    Answer `If-None-Match` and `If-Modified-Since` with status 304 while the page is the same. Usual causes: the tag is
    made from the time or from the server, or compression changes the tag on the way out and not on the way in.
    """
    asked = [(page, page.again.value) for page in pages.seen if _is_html(page) and isinstance(page.again, Measured)]
    unchanged = [(page, a) for page, a in asked if a.status == NOT_MODIFIED or a.same_content]
    offenders = tuple(
        f"{page.first.url}: asked with {' and '.join(a.asked_with)}, answered {a.status} with the same page"
        + ("" if a.same_validators else " under another tag")
        for page, a in unchanged
        if a.status != NOT_MODIFIED
    )
    if offenders:
        paste = "nginx:   etag on; if_modified_since exact;   (static files)\nApache:  DeflateAlterETag NoChange"
        return Fail(offenders, Fix("Answer 304 Not Modified when nothing changed", paste))
    if not unchanged:
        return NotApplicable("its pages have no ETag and no Last-Modified, or change with every look")
    return Pass()


@check(
    "set-cookie-cacheable",
    impact=Impact.MAJOR,
    customer_sees="Nothing, until a cache on the way hands somebody else's cookie to them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9111#section-3",
        "https://www.rfc-editor.org/rfc/rfc9111#section-7.3",
    ),
)
def set_cookie_cacheable(pages: PageVisits, assets: PageAssets) -> Judgement:
    """No answer that gives a visitor a cookie of their own may be kept by a shared cache.

    ## Why it matters at launch
    A cache may hand on all that it keeps, the cookie too (RFC 9111 forbids nothing there). The day somebody switches an
    edge to cache pages, one visitor's session goes to the next.

    ## How to fix
    Send `Cache-Control: private` with every answer that sets such a cookie, or don't set it on public pages.
    """
    by_page = tuple(
        f"{page.first.url} gives each visitor another {', '.join(page.personal_cookies)}, "
        f"and a shared cache may hand it on for {fresh_for_s(_response(page), shared=True)} seconds"
        for page in pages.seen
        if page.personal_cookies and _is_handed_on(_response(page))
    )
    by_file = tuple(map(_hands_cookie_on, filter(_gives_all_a_cookie, assets.transfers)))
    offenders = by_page + by_file
    if not offenders:
        return Pass()
    return Fail(
        offenders, Fix("Send this with answers that set a visitor's own cookie", "Cache-Control: private, no-cache")
    )


def _gives_all_a_cookie(file: Transfer) -> bool:
    control = parse_cache_control(file.cache_control)
    is_left_out = "set-cookie" in control.private_fields + control.no_cache_fields
    return bool(file.personal_cookies) and control.shared_for_s > 0 and not is_left_out


def _hands_cookie_on(file: Transfer) -> str:
    seconds = parse_cache_control(file.cache_control).shared_for_s
    return (
        f"{file.url} sets {', '.join(file.personal_cookies)}, and a shared cache may hand it on for {seconds} seconds"
    )


def _is_handed_on(response: CachedResponse) -> bool:
    """Whether a shared cache is told that it may; a guess from Last-Modified is no such word."""
    is_told = freshness_lifetime(response, shared=True).basis is not Basis.HEURISTIC
    return is_told and fresh_for_s(response, shared=True) > 0 and field_is_kept(response, "set-cookie", shared=True)


@check(
    "visitor-page-shared",
    impact=Impact.BLOCKER,
    customer_sees="They are logged in as somebody else, or their form is refused.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9111#section-7.3",
        "https://developers.cloudflare.com/cache/concepts/cache-behavior/#interaction-of-set-cookie-response-header-with-cache",
    ),
)
def visitor_page_shared(pages: PageVisits) -> Judgement:
    """No visitor is given a page that was made for another.

    ## Why it matters at launch
    A cache that answers a stranger with the page of the one before hands on their session cookie or the key of their
    form: people see each other's accounts, or can't sign in at all.

    ## How to fix
    Take pages that set cookies or hold a form's key out of the cache: a rule at the edge that bypasses it, and the
    header below from the server. Then empty the cache, and end all sessions that were begun in the meantime.
    """
    offenders = tuple(
        f"{page.first.url}: strangers get one value of {what} {', '.join(names)}, which newcomers get anew"
        for page in pages.seen
        for what, names in (("the cookie", page.shared_cookies), ("the form's key", page.shared_keys))
        if names
    )
    if not offenders:
        return Pass()
    paste = "Cache-Control: private, no-store\nCloudflare: Caching, Cache Rules: Bypass cache for these pages"
    return Fail(offenders, Fix("Keep these pages out of every shared cache", paste))


@check(
    "edge-cache-cold",
    impact=Impact.MINOR,
    confidence=Confidence.LIKELY,
    customer_sees="From far away, the first visit is slow: each file comes from your server.",
    costs=(Cost.LEADS,),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9211",
        "https://developers.cloudflare.com/cache/concepts/default-cache-behavior/",
    ),
)
def edge_cache_cold(host: Host, page: FrontPage, repeats: EdgeRepeats) -> Judgement:
    """The edge answers the next visitor's request for a file that never changes.

    ## Why it matters at launch
    An edge that fetches every style sheet anew is a detour: visitors from an advertisement wait for your server, and a
    rush of them reaches it in full.

    ## How to fix
    Let the edge keep files with a hash in their name, and let the server send the header below with them.
    """
    if page.redirects_to:
        return NotApplicable(f"{host.name} shows no page of its own")
    files = [(file.url, file.answers.value) for file in repeats.files if isinstance(file.answers, Measured)]
    if not files:
        return NotApplicable("no edge says what it does with files that have a content hash in their name")
    offenders = tuple(
        f"{url}: {', '.join(answer.value for answer in answers)}"
        for url, answers in files
        if EdgeAnswer.HIT not in answers
    )
    if not offenders:
        return Pass()
    paste = (
        "Cache-Control: public, max-age=31536000, immutable\n"
        "Cloudflare: Caching, Cache Rules: Eligible for cache, for the folder of these files"
    )
    return Fail(offenders, Fix(f"Let the edge of {host.name} keep these files", paste))
