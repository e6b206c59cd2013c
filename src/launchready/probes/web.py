"""Open the front page of a host as a browser does, without running its scripts."""

from collections.abc import Iterator
from email.message import Message
from functools import partial
from typing import Final

from launchready.facts.redirects import WalkEnd, origin_of
from launchready.facts.web import Asset, CookieSeen, FrontPage, PageAssets, PlainHttp, Transfer
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.net.clock import Clock
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.http_message import HttpResponse
from launchready.parse.html_page import AssetKind, Page, read_page
from launchready.parse.rfc6265 import SetCookieError, parse_set_cookie
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.redirects import MAX_WALK_BODY_BYTES, is_declared
from launchready.probes.walking import Walker, absolute_url

MAX_ASSETS: Final = 60
"""Style sheets and scripts that are fetched of one page: the median page has 30 (HTTP Archive, Web Almanac 2024)."""

SERVER_ERROR: Final = 500
"""From here on an answer says nothing about the page (RFC 9110 section 15.6)."""

SECRET_WORDS: Final = ("cookie", "token", "secret", "session", "authorization", "api-key", "apikey")
"""A header whose name holds one of these may carry what logs somebody in, and is not kept."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def front_page(host: Host, product: Product, http: HttpClient) -> FrontPage:
    """Open `https://HOST/`, go on within the host, and read what is shown."""
    origin = f"https://{host.name}"
    async with Visitor(http) as visitor:
        walker = Walker(visitor.fetch, lambda url: origin_of(url) == origin, visitor.cookies)
        walk = await walker.walk(f"{origin}/")
    if walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
        raise NotSeen(Why.UNREADABLE, f"{origin}/ leads round in a circle, so there is no page.")
    answers = tuple(walker.answers.values())
    last = _whole(answers[-1])
    if last.status >= SERVER_ERROR:
        raise NotSeen(Why.UNREADABLE, f"{last.url} answered {last.status}, an error instead of a page.")
    page = read_page(text_of(last))
    return FrontPage(
        transfer=transfer_of(last),
        redirects_to=walk.end_url if walk.end is WalkEnd.LEFT else "",
        title=page.title or "",
        cookies=tuple(cookie for answer in answers for cookie in _cookies(answer)),
        insecure_references=tuple(dict.fromkeys(_insecure(page, last.url))),
        asset_urls=tuple(dict.fromkeys(url for url in _code(page, last.url) if is_declared(product, url))),
        canonical=absolute_url(_base(page, last.url), page.canonical) or "" if page.canonical else "",
        robots=page.robots or "",
    )


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def page_assets(page: FrontPage, http: HttpClient, clock: Clock) -> PageAssets:
    """Fetch the style sheets and scripts of the front page; those beyond the limit are named as not seen."""
    wanted, rest = page.asset_urls[:MAX_ASSETS], page.asset_urls[MAX_ASSETS:]
    readings = await all_at_once(reading_of(_transfer(url, http), clock) for url in wanted)
    seen = tuple(Asset(url, reading) for url, reading in zip(wanted, readings, strict=True))
    detail = f"the page loads more than {MAX_ASSETS} style sheets and scripts"
    return PageAssets((*seen, *(Asset(url, Unmeasured(Why.TOO_LARGE, detail, clock.now())) for url in rest)))


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def plain_http(host: Host, product: Product, http: HttpClient) -> PlainHttp:
    """Type the host's name without https, and go on for as long as that is not put right."""
    fetch = partial(http.fetch, max_bytes=MAX_WALK_BODY_BYTES)
    walker = Walker(fetch, lambda url: url.startswith("http://") and is_declared(product, url))
    return PlainHttp(await walker.walk(f"http://{host.name}/"))


async def _transfer(url: str, http: HttpClient) -> Transfer:
    return transfer_of(_whole(await http.fetch(url)))


def _whole(answer: HttpResponse) -> HttpResponse:
    """The answer, where all of it was read.

    Raises:
        NotSeen: TOO_LARGE.
    """
    if answer.truncated:
        raise NotSeen(Why.TOO_LARGE, f"{answer.url} is larger than {len(answer.body) // 1024} KiB.")
    return answer


def transfer_of(answer: HttpResponse) -> Transfer:
    """Headers and sizes of an answer."""
    return Transfer(
        url=answer.url,
        status=answer.status,
        content_type=", ".join(answer.values("content-type")),
        cache_control=answer.values("cache-control"),
        content_encoding=", ".join(answer.values("content-encoding")).lower(),
        vary=", ".join(answer.values("vary")).lower(),
        has_validator=bool(answer.values("etag") or answer.values("last-modified")),
        size_bytes=len(answer.body),
        wire_bytes=answer.body_size_on_wire_bytes,
        headers=shown_headers(answer),
    )


def shown_headers(answer: HttpResponse) -> tuple[tuple[str, str], ...]:
    """The headers that may stand in evidence: all but those that may hold a secret."""
    return tuple((name, value) for name, value in answer.headers if not any(word in name for word in SECRET_WORDS))


def text_of(answer: HttpResponse) -> str:
    """The body as text, and nothing where it is no HTML; an unknown charset is read as UTF-8."""
    kind = Message()
    kind["content-type"] = next(iter(answer.values("content-type")), "")
    if kind.get_content_type() not in {"text/html", "application/xhtml+xml"}:
        return ""
    try:
        return answer.body.decode(kind.get_content_charset("utf-8"), errors="replace")
    except (LookupError, ValueError):  # no such charset, or one that is none of text (idna, undefined)
        return answer.body.decode("utf-8", errors="replace")


def _cookies(answer: HttpResponse) -> Iterator[CookieSeen]:
    """The cookies that a browser would look at; what it ignores as a whole is passed over here too."""
    for field in answer.values("set-cookie"):
        try:
            cookie = parse_set_cookie(field)
        except SetCookieError:
            continue
        yield CookieSeen(
            name=cookie.name,
            domain=cookie.domain or "",
            secure=cookie.secure,
            http_only=cookie.http_only,
            same_site=cookie.same_site,
            path=cookie.path or "",
            keeps_prefix=cookie.prefix_honoured,
            lives_on=cookie.max_age_s is not None or cookie.has_expires,
            is_removed=cookie.max_age_s == 0 or not cookie.value_size_bytes,
        )


def _insecure(page: Page, url: str) -> Iterator[str]:
    """What the page loads or posts to over plain http, as absolute URLs."""
    base = _base(page, url)
    references = (*(asset.url for asset in page.assets), *(form.action for form in page.forms if form.action))
    for target in (absolute_url(base, reference) for reference in references):
        if target is not None and target.startswith("http://"):
            yield target


def _code(page: Page, url: str) -> Iterator[str]:
    """The style sheets and scripts that the page loads, as absolute URLs."""
    base = _base(page, url)
    for asset in page.assets:
        target = absolute_url(base, asset.url) if asset.kind in {AssetKind.SCRIPT, AssetKind.STYLE} else None
        if target is not None:
            yield target


def _base(page: Page, url: str) -> str:
    return absolute_url(url, page.base_href or "") or url
