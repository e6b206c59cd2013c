"""Open the front page of a host as a browser does, without running its scripts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from functools import partial
from itertools import chain
from typing import Final

from launchready.facts.web import (
    Asset,
    CookieSeen,
    FrontPage,
    InnerPage,
    InnerPages,
    InnerView,
    PageAssets,
    PlainHttp,
    PlainReference,
    Transfer,
)
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import EndpointKind, Host, host_of
from launchready.net.clock import Clock
from launchready.net.cookies import is_over, may_set_for
from launchready.net.http_client import HttpClient
from launchready.net.http_message import HttpResponse
from launchready.parse.html_page import AssetKind, Page, read_page
from launchready.parse.personal_cookies import personal_cookie
from launchready.parse.rfc6265 import SetCookieError, parse_set_cookie
from launchready.probes.nested import all_at_once, reading_of
from launchready.probes.page_links import links_of, mail_addresses_of
from launchready.probes.plain_loads import (
    base_of,
    calls_of_script,
    imports_of_style,
    reference_of_redirect,
    references_of_page,
    references_of_style,
)
from launchready.probes.policy import blocked_loads, policies_of, upgrades
from launchready.probes.redirects import MAX_WALK_BODY_BYTES, is_declared
from launchready.probes.visits import FirstVisits, Visit, is_front, whole
from launchready.probes.walking import Walker, absolute_url

MAX_ASSETS: Final = 60
"""Style sheets and scripts that are fetched of one page: the median page has 30 (HTTP Archive, Web Almanac 2024)."""

MAX_IMPORT_DEPTH: Final = 3
"""How deep `@import` is followed: each step is one more wait for a visitor, and nobody ships more on purpose."""

MAX_INNER_PAGES: Final = 20
"""Declared pages of one host that are opened; a launch has a handful."""

MAX_UPGRADES: Final = 20
"""Addresses of one page that are tried over https where the page says so."""

INNER_KINDS: Final = frozenset({EndpointKind.PAGE, EndpointKind.LOGIN})
"""Endpoints that are pages for people."""

SECRET_WORDS: Final = ("cookie", "token", "secret", "session", "authorization", "api-key", "apikey")
"""A header whose name holds one of these may carry what logs somebody in, and is not kept."""


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def front_page(host: Host, product: Product, visits: FirstVisits, http: HttpClient, clock: Clock) -> FrontPage:
    """Open `https://HOST/`, go on within the host, and read what is shown."""
    shown = _shown(await visits.to(f"https://{host.name}/"))
    page = shown.page
    return FrontPage(
        transfer=transfer_of(shown.answer),
        redirects_to=shown.redirects_to,
        title=page.title or "",
        cookies=shown.cookies,
        plain_references=await shown.references(http, clock),
        asset_urls=shown.asset_urls(product),
        canonical=absolute_url(shown.base, page.canonical) or "" if page.canonical else "",
        robots=page.robots or "",
        plain_calls=shown.calls,
        upgrades=shown.upgrades,
        links=links_of(page, shown.base, text_of(shown.answer)),
        mail_addresses=mail_addresses_of(page),
        policies=page.policies,
        blocked_loads=blocked_loads(shown.answer, page),
    )


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def inner_pages(host: Host, product: Product, visits: FirstVisits, http: HttpClient, clock: Clock) -> InnerPages:
    """Open the declared pages of the host, each as a visitor of its own; the front page is another look's."""
    ordered = sorted(_declared_pages(host, product).items())
    seen, rest = ordered[:MAX_INNER_PAGES], ordered[MAX_INNER_PAGES:]
    views = await all_at_once(reading_of(_inner_view(url, product, visits, http, clock), clock) for url, _ in seen)
    unseen = Unmeasured(Why.TOO_LARGE, f"more than {MAX_INNER_PAGES} pages of {host.name} are declared", clock.now())
    readings = (*views, *(unseen for _ in rest))
    return InnerPages(tuple(InnerPage(url, kind, view) for (url, kind), view in zip(ordered, readings, strict=True)))


@probe(manner=Manner.PASSIVE, timeout_s=20.0)
async def page_assets(
    page: FrontPage, inner: InnerPages, product: Product, http: HttpClient, clock: Clock
) -> PageAssets:
    """Fetch the style sheets and scripts of the pages, and what those import; what is too much is named as not seen."""
    named = (*page.asset_urls, *(url for view in inner.views for url in view.asset_urls))
    waiting, assets = list(dict.fromkeys(named)), dict[str, Asset]()
    for _ in range(1 + MAX_IMPORT_DEPTH):
        room = MAX_ASSETS - len(assets)
        fetched = await all_at_once(_asset(url, page, http, clock) for url in waiting[:room])
        assets |= {asset.url: asset for asset, _ in fetched}
        imported = (url for _, imports in fetched for url in imports if is_declared(product, url))
        waiting = [url for url in dict.fromkeys((*waiting[room:], *imported)) if url not in assets]
    detail = f"the pages load more than {MAX_ASSETS} style sheets and scripts, or import them too deeply"
    unseen = Unmeasured(Why.TOO_LARGE, detail, clock.now())
    return PageAssets((*assets.values(), *(Asset(url, unseen) for url in waiting)))


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def plain_http(host: Host, product: Product, http: HttpClient) -> PlainHttp:
    """Type the host's name without https, and go on for as long as that is not put right."""
    fetch = partial(http.fetch, max_bytes=MAX_WALK_BODY_BYTES)
    walker = Walker(fetch, lambda url: url.startswith("http://") and is_declared(product, url))
    return PlainHttp(await walker.walk(f"http://{host.name}/"))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page as a visitor got it, and what it says. `answer` is the last one; `cookies` are of all on the way."""

    answer: HttpResponse
    page: Page
    redirects_to: str
    cookies: tuple[CookieSeen, ...]

    @property
    def base(self) -> str:
        return base_of(self.page, self.answer.url)

    @property
    def upgrades(self) -> bool:
        return upgrades(policies_of(self.answer, self.page))

    @property
    def calls(self) -> tuple[PlainReference, ...]:
        """Calls over plain http in scripts that stand in the page; browsers upgrade them where the page says so."""
        if self.upgrades:
            return ()
        return tuple(call for script in self.page.scripts for call in calls_of_script(script, self.answer.url))

    async def references(self, http: HttpClient, clock: Clock) -> tuple[PlainReference, ...]:
        found = references_of_page(self.page, self.answer.url)
        return await _over_https(found, http, clock) if self.upgrades else found

    def asset_urls(self, product: Product) -> tuple[str, ...]:
        """The style sheets and scripts of declared hosts, as absolute URLs."""
        code = (asset.url for asset in self.page.assets if asset.kind in {AssetKind.SCRIPT, AssetKind.STYLE})
        targets = (absolute_url(self.base, url) for url in code)
        return tuple(dict.fromkeys(url for url in targets if url is not None and is_declared(product, url)))


def _shown(visit: Visit) -> _Shown:
    """What a new visitor got; raises NotSeen where it is no page that can be judged."""
    last = visit.page()
    cookies = (cookies_of(answer.url, answer.values("set-cookie"), visit.at) for answer in visit.answers)
    return _Shown(last, read_page(text_of(last)), visit.sent_to, tuple(chain.from_iterable(cookies)))


async def _inner_view(url: str, product: Product, visits: FirstVisits, http: HttpClient, clock: Clock) -> InnerView:
    shown = _shown(await visits.to(url))
    return InnerView(
        transfer=transfer_of(shown.answer),
        redirects_to=shown.redirects_to,
        cookies=shown.cookies,
        plain_references=await shown.references(http, clock),
        plain_calls=shown.calls,
        asset_urls=shown.asset_urls(product),
        policies=shown.page.policies,
        blocked_loads=blocked_loads(shown.answer, shown.page),
    )


def _declared_pages(host: Host, product: Product) -> dict[str, EndpointKind]:
    """The host's pages for people by URL, but for its front page; where a journey logs in is a log-in page."""
    pages = {journey.signup: EndpointKind.PAGE for journey in product.journeys}
    pages |= {endpoint.url: endpoint.kind for endpoint in product.endpoints if endpoint.kind in INNER_KINDS}
    pages |= {journey.login: EndpointKind.LOGIN for journey in product.journeys}
    return {url: kind for url, kind in pages.items() if host_of(url) == host.name and not is_front(url)}


async def _asset(url: str, page: FrontPage, http: HttpClient, clock: Clock) -> tuple[Asset, tuple[str, ...]]:
    """A style sheet or script, and the style sheets that it imports."""
    reading = await reading_of(_whole_answer(url, http), clock)
    if isinstance(reading, Unmeasured):
        return Asset(url, reading), ()
    answer, kind = reading.value, _media_type(reading.value)
    transfer = Measured(transfer_of(answer), reading.at, reading.took_s)
    text = answer.body.decode("utf-8", errors="replace")
    references = reference_of_redirect(answer)
    if kind == "text/css":
        references += references_of_style(text, url)
        checked = await _over_https(references, http, clock) if page.upgrades else references
        return Asset(url, transfer, checked), imports_of_style(text, url)
    calls = calls_of_script(text, url) if "javascript" in kind and not page.upgrades else ()
    return Asset(url, transfer, references, calls), ()


async def _whole_answer(url: str, http: HttpClient) -> HttpResponse:
    return whole(await http.fetch(url))


async def _over_https(
    references: tuple[PlainReference, ...], http: HttpClient, clock: Clock
) -> tuple[PlainReference, ...]:
    """The references with what the same addresses answer over https, where a browser told to upgrade goes."""
    asked, rest = references[:MAX_UPGRADES], references[MAX_UPGRADES:]
    readings = await all_at_once(reading_of(_secure_status(reference.url, http), clock) for reference in asked)
    unseen = Unmeasured(Why.TOO_LARGE, f"the page has more than {MAX_UPGRADES} addresses to upgrade", clock.now())
    seen = (replace(one, over_https=reading) for one, reading in zip(asked, readings, strict=True))
    return (*seen, *(replace(one, over_https=unseen) for one in rest))


async def _secure_status(url: str, http: HttpClient) -> int:
    secure = f"https://{url.removeprefix('http://')}"
    return (await http.fetch(secure, max_bytes=MAX_WALK_BODY_BYTES)).status


def transfer_of(answer: HttpResponse) -> Transfer:
    """Headers and sizes of an answer."""
    return Transfer(
        url=answer.url,
        status=answer.status,
        content_type=", ".join(answer.values("content-type")),
        cache_control=answer.values("cache-control"),
        content_encoding=", ".join(answer.values("content-encoding")).lower(),
        vary=", ".join(answer.values("vary")).lower(),
        size_bytes=len(answer.body),
        wire_bytes=answer.body_size_on_wire_bytes,
        headers=shown_headers(answer),
        personal_cookies=tuple(c[0] for c in map(personal_cookie, answer.values("set-cookie")) if c is not None),
    )


def shown_headers(answer: HttpResponse) -> tuple[tuple[str, str], ...]:
    """The headers that may stand in evidence: all but those that may hold a secret."""
    return tuple((name, value) for name, value in answer.headers if not any(word in name for word in SECRET_WORDS))


def text_of(answer: HttpResponse) -> str:
    """The body as text, and nothing where it is no HTML; an unknown charset is read as UTF-8."""
    if _media_type(answer) not in {"text/html", "application/xhtml+xml"}:
        return ""
    try:
        return answer.body.decode(_content_type(answer).get_content_charset("utf-8"), errors="replace")
    except (LookupError, ValueError):  # no such charset, or one that is none of text (idna, undefined)
        return answer.body.decode("utf-8", errors="replace")


def _content_type(answer: HttpResponse) -> Message:
    kind = Message()
    kind["content-type"] = next(iter(answer.values("content-type")), "")
    return kind


def _media_type(answer: HttpResponse) -> str:
    """The media type in lower case, without parameters."""
    return _content_type(answer).get_content_type()


def cookies_of(url: str, fields: tuple[str, ...], now: datetime) -> Iterator[CookieSeen]:
    """The Set-Cookie lines of an answer that a browser would look at; what it ignores as a whole is passed over."""
    host = host_of(url)
    for field in fields:
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
            is_ours=may_set_for(host, cookie.domain or host),
            partitioned=cookie.partitioned,
            is_removed=is_over(cookie, now) or not cookie.value_size_bytes,
        )
