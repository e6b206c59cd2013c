"""Caches on the way that keep too little, or hand one visitor's page to another."""

import itertools
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import Scope

from launchready_worlds.addresses import APEX, APP, APP_EDGE, EDGE, HTTPS_PORT
from launchready_worlds.edge_cache import EdgeCache, keep_pages
from launchready_worlds.faults import Outcome, blind, decoy, fault
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HEALTH, HOST_APEX, HOST_APP, HOSTS, JOURNEY, READY
from launchready_worlds.wrapping import HeaderEdit, answer, at, html, response_headers, under, without_request_headers

SEVERAL_SERVERS = 2
LAST_CHANGE = "Wed, 01 Jul 2026 08:00:00 GMT"
CHANGED_LONG_AGO = "Thu, 01 Jul 2021 08:00:00 GMT"


def _own_cookie(name: str) -> HeaderEdit:
    """Give each visitor a cookie of their own, as careful as a cookie can be."""

    def edit(headers: MutableHeaders) -> None:
        headers.append("set-cookie", f"{name}={secrets.token_hex(16)}; Path=/; Secure; HttpOnly; SameSite=Lax")

    return edit


def _control(value: str) -> HeaderEdit:
    def edit(headers: MutableHeaders) -> None:
        headers["cache-control"] = value

    return edit


def _cookie_and_cache(control: str) -> HeaderEdit:
    own = _own_cookie("session")

    def edit(headers: MutableHeaders) -> None:
        own(headers)
        headers["cache-control"] = control

    return edit


@fault(
    {"visitor-page-shared": (HOST_APEX,)},
)
def first_visitors_cookie_for_all(scene: Scene) -> None:
    """The edge keeps the landing page with the first visitor's session cookie and hands it to everybody."""
    scene.wrap(APEX, response_headers(_own_cookie("session"), at("/")))
    scene.wrap(APEX, lambda app: EdgeCache(app, keep_pages))


@fault(
    {"visitor-page-shared": (HOST_APP,)},
)
def first_visitors_form_for_all(scene: Scene) -> None:
    """The edge keeps a page with the key of the first visitor's form, so everybody else's form is refused."""

    def with_key(page: str) -> str:
        field = f'<input type="hidden" name="csrf_token" value="{secrets.token_hex(16)}">'
        return page.replace("</body>", f'<form method="post" action="/leads">{field}</form></body>')

    scene.wrap(APP, html(with_key, at("/")))
    scene.wrap(APP, lambda app: EdgeCache(app, keep_pages))


@fault(
    {"set-cookie-cacheable": (HOST_APP,)},
)
def session_cookie_on_a_cacheable_page(scene: Scene) -> None:
    """The app's page sets each visitor's session cookie and allows every cache to keep it for ten minutes."""
    scene.wrap(APP, response_headers(_cookie_and_cache("public, max-age=600"), at("/")))


@fault(
    {"set-cookie-cacheable": (HOST_APP,)},
)
def session_cookie_on_styles(scene: Scene) -> None:
    """The app sets a session cookie with its styles and scripts too, which every cache may keep for a year."""
    scene.wrap(APP, response_headers(_own_cookie("session"), under("/static/")))


@fault(
    {"revalidation-broken": (HOST_APEX,)},
)
def proxy_drops_conditions(scene: Scene) -> None:
    """A proxy drops the browser's question whether the page changed, so it is sent whole each time."""
    scene.wrap(APEX, without_request_headers({"if-none-match", "if-modified-since"}))


@fault(
    {"revalidation-broken": (HOST_APEX,)},
)
def tag_made_from_the_time(scene: Scene) -> None:
    """The page's tag changes with every answer, although the page does not."""
    counter = itertools.count()

    def retag(headers: MutableHeaders) -> None:
        headers["etag"] = f'W/"{next(counter)}"'

    scene.wrap(APEX, without_request_headers({"if-none-match"}))
    scene.wrap(APEX, response_headers(retag, media_type="text/html"))


@fault(
    {"edge-cache-cold": (HOST_APP,)},
)
def edge_told_to_keep_nothing(scene: Scene) -> None:
    """The edge is told to keep no file of the app, so it fetches each one anew."""

    def edit(headers: MutableHeaders) -> None:
        headers["cdn-cache-control"] = "no-store"

    scene.wrap(APP, response_headers(edit, under("/static/")))


@fault(
    {"html-cached-too-long": (HOST_APEX,)},
)
def html_of_unknown_age(scene: Scene) -> None:
    """Nothing says how long the landing page may be kept, and it changed last in 2021: browsers guess half a year."""

    def edit(headers: MutableHeaders) -> None:
        del headers["cache-control"]
        headers["last-modified"] = CHANGED_LONG_AGO

    scene.wrap(APEX, response_headers(edit, media_type="text/html"))


@fault(
    {"private-response-stored": (JOURNEY,)},
)
def customers_page_for_all_caches(scene: Scene) -> None:
    """The chat's page, with the customer's name in it, says that every cache may keep it for a minute."""
    scene.wrap(APP, response_headers(_control("public, max-age=60"), at("/chat")))


@decoy(
    {"private-response-stored": (JOURNEY,)},
)
def customers_page_for_their_browser(scene: Scene) -> None:
    """The chat's page may be kept for a minute, by the customer's own browser."""
    scene.wrap(APP, response_headers(_control("private, max-age=60"), at("/chat")))


@blind(
    {"private-response-stored": (JOURNEY,)},
)
def sign_up_challenged(scene: Scene) -> None:
    """A bot protection guards the sign-up page, so nobody gets to see what comes after it."""
    scene.wrap(APP, answer(challenge, at("/signup")))


@blind(
    {
        "html-cached-too-long": HOSTS,
        "revalidation-broken": HOSTS,
        "set-cookie-cacheable": HOSTS,
        "visitor-page-shared": HOSTS,
        "edge-cache-cold": HOSTS,
        "compression-broken": HOSTS,
        "compression-unvaried": HOSTS,
        "secret-file-exposed": HOSTS,
        "directory-listing": HOSTS,
        "api-docs-exposed": HOSTS,
        "source-map-exposed": HOSTS,
        "origin-reachable": (HOST_APP,),
        "machine-challenged": (HEALTH, READY),
        "noindex-left-on": HOSTS,
        "preview-protection-on": HOSTS,
        "placeholder-page": HOSTS,
        "security-txt-missing": HOSTS,
        "security-txt-expired": HOSTS,
        "privacy-page-unlinked": HOSTS,
    },
)
def web_silent(scene: Scene) -> None:
    """The web servers take connections over https and say nothing."""
    for address in (EDGE, APP_EDGE):
        scene.doors[address, HTTPS_PORT] = Door.SILENT


@decoy(
    {"visitor-page-shared": (HOST_APEX,), "set-cookie-cacheable": (HOST_APEX,)},
)
def one_cookie_for_everybody(scene: Scene) -> None:
    """The landing page is kept by the edge with a cookie that is the same for everybody."""
    cookie = "experiment=landing-page-2026-variant-a; Path=/; Secure; HttpOnly; SameSite=Lax"
    scene.wrap(APEX, response_headers(lambda headers: headers.append("set-cookie", cookie), at("/")))
    scene.wrap(APEX, lambda app: EdgeCache(app, keep_pages))


@decoy(
    {"visitor-page-shared": (HOST_APP,), "set-cookie-cacheable": (HOST_APP,)},
)
def a_cookie_for_each(scene: Scene) -> None:
    """The app gives each visitor a session cookie of their own, on a page that only their browser may keep."""
    scene.wrap(APP, response_headers(_cookie_and_cache("private, max-age=600"), at("/")))


@decoy(
    {"set-cookie-cacheable": (HOST_APP,)},
)
def cookie_left_out_by_caches(scene: Scene) -> None:
    """The app's page may be kept for ten minutes, all but the cookie."""
    scene.wrap(APP, response_headers(_cookie_and_cache('public, max-age=600, private="set-cookie"'), at("/")))


@decoy(
    {"visitor-page-shared": (HOST_APEX,)},
)
def cookie_of_the_server(scene: Scene) -> None:
    """A cookie says which of two servers answered, so strangers have it in common."""
    turns = itertools.cycle(range(SEVERAL_SERVERS))

    def edit(headers: MutableHeaders) -> None:
        value = f"pool-stockholm-{next(turns)}-of-two"
        headers.append("set-cookie", f"where={value}; Path=/; Secure; HttpOnly; SameSite=Lax")

    scene.wrap(APEX, response_headers(edit, at("/")))


@decoy(
    {"revalidation-broken": (HOST_APEX,)},
)
def known_by_its_date(scene: Scene) -> None:
    """The landing page has no tag; who asks by its date is told that it did not change."""

    def dated(headers: MutableHeaders) -> None:
        del headers["etag"]
        headers["last-modified"] = LAST_CHANGE

    def asks_by_date(scope: Scope) -> bool:
        return Headers(scope=scope).get("if-modified-since") == LAST_CHANGE

    scene.wrap(APEX, response_headers(dated, media_type="text/html"))
    scene.wrap(APEX, answer(lambda: Response(status_code=304, headers={"cache-control": "no-cache"}), asks_by_date))


@decoy(
    {"revalidation-broken": (HOST_APEX,)},
    outcome=Outcome.NOT_APPLICABLE,
)
def page_changes_with_every_look(scene: Scene) -> None:
    """The landing page shows something else each time, so there is no tag to ask with that would still be good."""

    def retag(headers: MutableHeaders) -> None:
        headers["etag"] = f'"{secrets.token_hex(8)}"'

    def other(page: str) -> str:
        return page.replace("</body>", f"<p>Visitor {secrets.token_hex(4)}</p></body>")

    scene.wrap(APEX, html(other))
    scene.wrap(APEX, response_headers(retag, media_type="text/html"))
