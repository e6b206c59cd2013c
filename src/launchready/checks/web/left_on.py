"""What was right before the launch and must not be left on: hiding, walls, placeholders."""

from typing import Final

from launchready.facts.left_on import Crawler, FrontDoor, RobotsFile
from launchready.facts.pages import LANDING
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.product import Product
from launchready.model.subject import EndpointKind, Host
from launchready.parse.rfc9110 import SERVER_ERROR
from launchready.parse.robots_rules import EVERYBODY

SEARCH: Final = frozenset({EVERYBODY, "googlebot", "bingbot"})
"""Whose hiding of a page costs visitors: all, Google, and Bing, which DuckDuckGo and others ask."""


@check(
    "noindex-left-on",
    impact=Impact.MAJOR,
    customer_sees="Nothing: they search for you and don't find you.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag",
        "https://www.rfc-editor.org/rfc/rfc9309",
        "https://developers.google.com/search/docs/crawling-indexing/google-special-case-crawlers",
    ),
    when=(HAS_FILE,),
)
def noindex_left_on(host: Host, door: FrontDoor, robots: RobotsFile) -> Judgement:
    """Search engines and Google's ads may see the pages that customers are to find.

    ## Why it matters at launch
    Platforms and themes hide a site while it is being built. Left on, no search finds it; and where Google's AdsBot is
    shut out, advertisements for its pages are refused.

    ## How to fix
    Take the header, the `meta` element or the line in robots.txt away that is named.
    """
    if door.sent_to or not LANDING.search(host.purpose):
        return NotApplicable(f"launchready.toml does not say that strangers are to find {host.name}")
    header = tuple(f"{door.url} says X-Robots-Tag: noindex{_for(a)}" for a in door.hidden_by_header if a in SEARCH)
    meta = tuple(f'{door.url} holds <meta name="{a}"> with noindex' for a in door.hidden_by_page if a in SEARCH)
    offenders = (*header, *meta, *_by_robots(host, robots))
    if not offenders:
        return Pass()
    paste = "User-agent: *\nAllow: /" if len(offenders) > len(header) + len(meta) else "X-Robots-Tag: all"
    return Fail(offenders, Fix("Remove what hides these pages", paste))


def _for(agent: str) -> str:
    return "" if agent == EVERYBODY else f" for {agent}"


def _by_robots(host: Host, robots: RobotsFile) -> tuple[str, ...]:
    url = f"https://{host.name}/robots.txt"
    if robots.status >= SERVER_ERROR:
        return (f"{url} answers {robots.status}, which crawlers must take for: stay away",)
    return tuple(
        f"{url} keeps {out.crawler.value} away from {out.path}"
        + (", so advertisements for it may be refused" if out.crawler is Crawler.GOOGLE_ADS else "")
        for out in robots.shut_out
        if out.path == "/" or out.crawler is Crawler.GOOGLE_ADS
    )


@check(
    "preview-protection-on",
    impact=Impact.BLOCKER,
    customer_sees="A log-in of a company that they never heard of, instead of your page.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=5,
    sources=(
        "https://vercel.com/docs/deployment-protection",
        "https://developers.cloudflare.com/cloudflare-one/applications/configure-apps/self-hosted-public-app/",
        "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2",
    ),
    when=(HAS_FILE,),
    explains=("page-broken",),
)
def preview_protection_on(product: Product, host: Host, door: FrontDoor) -> Judgement:
    """Strangers see the page without a log-in of the platform before it.

    ## Why it matters at launch
    Previews are protected by a log-in that you never see, for you are logged in. Customers are not.

    ## How to fix
    Switch the protection off for this host. Open the page in a private window to see what customers see.
    """
    if not _is_for_strangers(host, product):
        return NotApplicable(f"launchready.toml names no page on {host.name} that strangers are to see")
    if not door.wall:
        return Pass()
    where = f", and sends visitors to {door.sent_to}" if door.sent_to else ""
    what = f"{door.url} answers {door.status}: {door.wall} stands before it{where}"
    paste = (
        "Vercel:     Settings, Deployment Protection: only preview deployments\n"
        "Netlify:    Site configuration, Access & security: visitor access\n"
        f"Cloudflare: Zero Trust, Access, Applications: remove {host.name}"
    )
    return Fail((what,), Fix(f"Let everybody see {host.name}", paste))


def _is_for_strangers(host: Host, product: Product) -> bool:
    """Whether the declaration sends people there who have no account yet."""
    pages = {e.host for e in product.endpoints if e.kind in {EndpointKind.PAGE, EndpointKind.LOGIN}}
    visited = {name for journey in product.journeys for name in journey.hosts}
    return bool(LANDING.search(host.purpose)) or host.name in pages | visited


@check(
    "placeholder-page",
    impact=Impact.BLOCKER,
    customer_sees="A page that says “Welcome to nginx” or “this domain is parked”.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://vercel.com/docs/errors/DEPLOYMENT_NOT_FOUND",
        "https://docs.github.com/pages/configuring-a-custom-domain-for-your-github-pages-site",
    ),
    explains=("page-broken",),
)
def placeholder_page(host: Host, door: FrontDoor) -> Judgement:
    """The front page is the product's own.

    ## Why it matters at launch
    A default or parking page means that the name leads to a machine that knows nothing of the product: everybody who
    comes is lost, and some of these pages show other people's advertisements.

    ## How to fix
    Point the name at the right server, or add it to the site there; the page that is named says whose server it is.
    """
    if door.sent_to:
        return NotApplicable(f"{host.name} sends visitors to {door.sent_to}")
    if not door.placeholder:
        return Pass()
    return Fail((f"{door.url} shows {door.placeholder}",), Fix(f"Connect {host.name} to your site on its platform"))
