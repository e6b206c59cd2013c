"""What the site says of its own address, and pages that have more than one."""

from collections.abc import Callable

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from launchready_worlds.addresses import APEX, APP, EDGE, HTTPS_PORT, WWW
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import redirect, requested
from launchready_worlds.subjects import BUSINESS, HOST_APEX, HOST_APP, HOST_WWW, PRODUCT
from launchready_worlds.wrapping import answer, at, html, replace, response_headers

CANONICAL = {"canonical-contradicts": (HOST_APEX,)}
DUPLICATES = {"duplicate-pages": (HOST_APEX,)}
BOTH = {"www-and-apex-both-answer": (BUSINESS,)}
TWINS = {"hosts-show-same-page": (PRODUCT,)}
OWN = f"https://{APEX}"


def _in_pages(old: str, new: str) -> Callable[[str], str]:
    return lambda page: page.replace(old, new)


def _sitemap(*urls: str) -> Callable[[], Response]:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return lambda: Response(text, media_type="application/xml")


def _robots(*lines: str) -> Callable[[], Response]:
    return lambda: PlainTextResponse("\n".join(("User-agent: *", "Allow: /", *lines, "")))


@fault(CANONICAL, implies=TWINS)
def canonical_localhost(scene: Scene) -> None:
    """The landing page was built on the founder's computer, and says that its address is there."""
    scene.wrap(APEX, html(_in_pages(f'rel="canonical" href="{OWN}/"', 'rel="canonical" href="http://localhost:3000/"')))


@fault(CANONICAL)
def shares_lead_to_the_preview(scene: Scene) -> None:
    """Whoever shares the landing page shares the builder's preview address."""
    preview = "https://brightpath-git-main.vercel.app/"
    scene.wrap(APEX, html(_in_pages(f'property="og:url" content="{OWN}/"', f'property="og:url" content="{preview}"')))


@fault(CANONICAL)
def sitemap_of_staging(scene: Scene) -> None:
    """The sitemap lists the pages of the copy for trying out."""
    scene.wrap(APEX, answer(_robots(f"Sitemap: {OWN}/map.xml"), at("/robots.txt")))
    scene.wrap(APEX, answer(_sitemap(f"{OWN}/", f"https://staging.{APEX}/privacy"), at("/map.xml")))


@fault(CANONICAL)
def canonical_without_https(scene: Scene) -> None:
    """A header of the landing page names its address without https as the one to be found."""
    link = f'<http://{APEX}/>; rel="canonical"'
    scene.wrap(APEX, response_headers(lambda headers: headers.append("link", link), at("/")))


@fault(CANONICAL, implies=TWINS)
def canonical_at_www(scene: Scene) -> None:
    """The landing page names www as its address, and www sends everybody back."""
    scene.wrap(APEX, html(_in_pages(f'rel="canonical" href="{OWN}/"', f'rel="canonical" href="https://{WWW}/"')))


@blind(CANONICAL | DUPLICATES)
def landing_silent(scene: Scene) -> None:
    """The landing page's machine takes connections over https and says nothing."""
    scene.doors[EDGE, HTTPS_PORT] = Door.SILENT


@blind(CANONICAL)
def sitemap_unreadable(scene: Scene) -> None:
    """The sitemap that robots.txt names is there, and breaks off in the middle."""
    scene.wrap(APEX, answer(_robots(f"Sitemap: {OWN}/map.xml"), at("/robots.txt")))
    scene.wrap(APEX, answer(lambda: Response("<urlset><url><loc>https://", media_type="text/xml"), at("/map.xml")))


@decoy(CANONICAL | {"duplicate-pages": (HOST_APEX,)})
def addresses_written_short(scene: Scene) -> None:
    """The canonical tag is relative, the sitemap lists the app too, and a text on the page speaks of localhost."""
    short = _in_pages(f'rel="canonical" href="{OWN}/"', 'rel="canonical" href="/"')
    note = '<p>Developers: <a href="http://localhost:3000/">localhost</a></p></body>'
    scene.wrap(APEX, html(lambda page: short(page).replace("</body>", note)))
    scene.wrap(APEX, answer(_robots(f"sitemap: {OWN}/map.xml # ours"), at("/robots.txt")))
    scene.wrap(APEX, answer(_sitemap(f"{OWN}/", f"https://{APP}/login"), at("/map.xml")))


@decoy(CANONICAL)
def page_in_place_of_a_sitemap(scene: Scene) -> None:
    """Every address that does not exist shows a page, that of a sitemap too."""
    scene.wrap(
        APEX, answer(lambda: HTMLResponse("<!doctype html><title>Oops</title>"), at("/robots.txt", "/sitemap.xml"))
    )


@fault(DUPLICATES)
def page_with_and_without_slash(scene: Scene) -> None:
    """The privacy page is shown with and without a slash at the end."""
    page = "<!doctype html><title>Privacy</title><h1>Privacy</h1><p>At {0}. We keep what you write for {1} days."
    now = iter(range(10, 10_000))
    scene.wrap(APEX, answer(lambda: HTMLResponse(page.format(next(now), 30)), at("/privacy", "/privacy/")))


@fault(DUPLICATES, implies={"privacy-page-unlinked": (HOST_APEX,)})
def campaign_is_its_own_page(scene: Scene) -> None:
    """The page names whatever address it was asked for as its own, campaigns included."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        tag = f'<link rel="canonical" href="{OWN}{requested(scope)}">'
        await HTMLResponse(f"<!doctype html>{tag}<title>Bright Path</title><h1>Welcome</h1>")(scope, receive, send)

    scene.wrap(APEX, replace(page, at("/")))


@fault(DUPLICATES, implies={"privacy-page-unlinked": (HOST_APEX,)})
def front_page_also_at_index_html(scene: Scene) -> None:
    """The front page has a second address, /index.html, and names none of them."""
    page = "<!doctype html><title>Bright Path</title><h1>Bright Path Coaching</h1>"
    scene.wrap(APEX, answer(lambda: HTMLResponse(page), at("/", "/index.html")))


@decoy(DUPLICATES, implies={"privacy-page-unlinked": (HOST_APEX,)})
def copies_that_name_the_page(scene: Scene) -> None:
    """The front page is also at /index.html, and both name the one address."""
    page = f'<!doctype html><link rel="canonical" href="{OWN}/"><title>Bright Path</title><h1>Bright Path Coaching</h1>'
    scene.wrap(APEX, answer(lambda: HTMLResponse(page), at("/", "/index.html")))


@decoy(DUPLICATES)
def same_words_for_what_is_missing(scene: Scene) -> None:
    """Addresses that don't exist show one and the same apology with status 200; it is no copy of a page."""
    sorry = "<!doctype html><title>Not here</title><h1>We looked everywhere</h1>"
    missing = at("/index.html", "/privacy/", "/PRIVACY", "/INDEX.HTML")
    scene.wrap(APEX, answer(lambda: HTMLResponse(sorry), missing))


@fault(TWINS)
def app_shows_the_landing_page(scene: Scene) -> None:
    """The app's front page is the landing page once more, and does not say whose it is."""
    scene.wrap(APP, html(_in_pages(f'<link rel="canonical" href="{OWN}/">', "")))


@blind(TWINS)
def app_front_page_challenged(scene: Scene) -> None:
    """A bot protection answers in place of the app's front page."""
    scene.wrap(APP, answer(challenge, at("/")))


@decoy(TWINS)
def app_hides_its_copy(scene: Scene) -> None:
    """The app's front page is the landing page once more, names no address, and asks not to be in search."""
    scene.wrap(APP, html(_in_pages(f'<link rel="canonical" href="{OWN}/">', '<meta name="robots" content="noindex">')))


@fault(
    BOTH,
    implies={
        "duplicate-pages": (HOST_WWW,),
        "privacy-page-unlinked": (HOST_WWW,),
        "security-txt-missing": (HOST_WWW,),
    },
)
def www_and_landing_both_show_pages(scene: Scene) -> None:
    """Www and the bare domain both show the landing page, and launchready.toml allows it."""
    for host in scene.declaration["hosts"]:
        host.pop("redirects_to", None)
    scene.wrap(WWW, answer(lambda: HTMLResponse("<!doctype html><title>Bright Path</title><p>Welcome.")))


@blind(BOTH)
def www_challenged(scene: Scene) -> None:
    """A bot protection answers in place of www."""
    scene.wrap(WWW, answer(challenge))


@decoy(
    BOTH,
    implies={
        "canonical-contradicts": (HOST_APP,),
        "privacy-page-unlinked": (HOST_WWW,),
        "security-txt-missing": (HOST_WWW,),
    },
)
def landing_moves_to_www(scene: Scene) -> None:
    """The site lives at www, and the bare domain sends visitors there: the other way round is as good."""
    for host in scene.declaration["hosts"]:
        if host["name"] == APEX:
            host["redirects_to"] = f"https://{WWW}"
        elif host["name"] == WWW:
            del host["redirects_to"]
    page = f'<!doctype html><link rel="canonical" href="https://{WWW}/"><title>Bright Path</title><p>Welcome.'
    scene.wrap(WWW, answer(lambda: HTMLResponse(page)))
    scene.wrap(APEX, replace(redirect(lambda asked: f"https://{WWW}{requested(asked)}")))
