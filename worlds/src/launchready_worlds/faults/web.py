"""What the pages themselves do wrong in a browser."""

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BUSINESS_HOSTS, DOMAIN, EDGE, HTTP_PORT, WWW
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import to_https
from launchready_worlds.subjects import (
    HEALTH,
    HOST_APEX,
    HOST_APP,
    HOST_WWW,
    HOSTS,
    JOURNEY,
    LOGIN,
    PAGE,
    PRODUCT,
    READY,
)
from launchready_worlds.wrapping import answer, at, html, replace, response_headers

CHALLENGE = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
    '<meta name="robots" content="noindex,nofollow"></head><body><h1>Checking if the site connection is secure</h1>'
    '<div id="challenge-error-text">Enable JavaScript and cookies to continue</div>'
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8f00000000000000"></script>'
    "</body></html>"
)


def challenge() -> Response:
    """What a bot fight mode shows a visitor that it takes for a machine."""
    headers = {"cf-mitigated": "challenge", "server": "cloudflare", "cache-control": "no-store"}
    return HTMLResponse(CHALLENGE, 403, headers)


@fault(
    {"plain-http-served": (HOST_APEX,)},
    implies={"redirect-not-canonical": (HOST_APEX,), "redirect-loses-query": (HOST_APEX,)},
)
def plain_http_shows_page(scene: Scene) -> None:
    """The landing page is also shown without https, so browsers say 'not secure' to whoever types the address."""
    page = "<!doctype html><title>Bright Path Coaching</title><h1>Bright Path Coaching</h1>"
    scene.wrap(APEX, answer(lambda: HTMLResponse(page)), secure=False)


@fault(
    {"mixed-content": (HOST_APEX,)},
    implies={"csp-blocks-own-page": (HOST_APEX,)},
)
def script_over_http(scene: Scene) -> None:
    """The landing page loads a script over plain http, which browsers block."""
    script = '<script src="http://widgets.calendar.example/embed.js"></script></body>'
    scene.wrap(APEX, html(lambda page: page.replace("</body>", script)))


@fault(
    {"mixed-content": (HOST_APP,)},
)
def form_over_http(scene: Scene) -> None:
    """The newsletter form of the app's page sends addresses over plain http."""
    form = '<form method="post" action="http://news.postmail.example/join"><input name="email"></form></body>'
    scene.wrap(APP, html(lambda page: page.replace("</body>", form)))


@fault(
    {"session-cookie-shared": (HOST_APP,)},
    implies={"login-cookie-shared": (JOURNEY,)},
)
def session_cookie_for_all_hosts(scene: Scene) -> None:
    """The app's log-in cookie is sent to every host of the domain, the landing page's provider included."""
    cookie = f"session=k3j4h5k3j4h5; Domain={DOMAIN}; Path=/; Secure; HttpOnly; SameSite=Lax"
    scene.wrap(APP, response_headers(lambda headers: headers.append("set-cookie", cookie)))


@blind(
    {
        "mixed-content": HOSTS,
        "script-calls-plain-http": HOSTS,
        "session-cookie-shared": HOSTS,
        "session-cookie-weak": HOSTS,
        "cors-lets-strangers-in": HOSTS,
        "debug-mode-on": HOSTS,
        "stack-trace-shown": HOSTS,
        "csp-ineffective": (HOST_APEX, HOST_APP),
        "csp-blocks-own-page": (HOST_APEX, HOST_APP),
        "framing-allowed": (HOST_APP,),
        "guards-missing": (HOST_APP,),
        "headers-missing-on-errors": (HOST_APEX, HOST_APP),
        "cors-vary-missing": HOSTS,
        "cookie-refused": HOSTS,
        "text-uncompressed": (HOST_APEX, HOST_APP),
        "hashed-asset-uncached": (HOST_APEX, HOST_APP),
        "html-cached-too-long": (HOST_APEX, HOST_APP),
        "redirect-not-canonical": (HOST_WWW,),
        "health-endpoint-failing": (HEALTH,),
        "dependency-down": (READY,),
        "deployed-commit-differs": (PRODUCT,),
        "core-endpoint-slow": (HEALTH, PAGE),
        "login-unlimited": (LOGIN,),
    },
)
def challenge_page(scene: Scene) -> None:
    """A bot protection asks our visits to prove that they are human."""
    for host in BUSINESS_HOSTS:
        scene.wrap(host, answer(challenge))


@blind(
    {"plain-http-served": HOSTS},
)
def plain_http_silent(scene: Scene) -> None:
    """The port for plain http takes connections and says nothing."""
    for address in (EDGE, APP_EDGE):
        scene.doors[address, HTTP_PORT] = Door.SILENT


@decoy(
    {"plain-http-served": HOSTS},
)
def redirect_with_a_page(scene: Scene) -> None:
    """The redirects to https come with a little page that says where to go."""
    page = "<!doctype html><title>Moved</title><h1>301 Moved Permanently</h1><p>This page has moved to https."
    for host in (APEX, WWW, APP):
        scene.wrap(host, replace(to_https(page=page)), secure=False)


@decoy(
    {"mixed-content": (HOST_APEX,)},
)
def http_only_in_links(scene: Scene) -> None:
    """The landing page links to an old http page, mentions one, and names an XML namespace: nothing is loaded."""
    harmless = (
        '<p>Formerly at <a href="http://old.calendar.example/">http://old.calendar.example/</a></p>'
        '<!-- <script src="http://widgets.calendar.example/embed.js"></script> -->'
        '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg></body>'
    )
    scene.wrap(APEX, html(lambda page: page.replace("</body>", harmless)))


@decoy({"session-cookie-shared": (HOST_APP,)})
def language_for_all_hosts(scene: Scene) -> None:
    """The chosen language and a consent are kept for all hosts: nobody is logged in by either."""

    def keep(headers: MutableHeaders) -> None:
        for cookie in ("lang=en", "CookieConsent=yes"):
            headers.append("set-cookie", f"{cookie}; Domain={DOMAIN}; Path=/; Secure; SameSite=Lax")

    scene.wrap(APP, response_headers(keep))


@decoy(
    {"session-cookie-shared": (HOST_APP,)},
)
def session_cookie_for_the_app(scene: Scene) -> None:
    """The app's cookie names its own host as Domain: its subdomains see it, the landing page does not."""
    cookie = f"session=k3j4h5k3j4h5; Domain={APP}; Path=/; Secure; HttpOnly; SameSite=Lax"
    scene.wrap(APP, response_headers(lambda headers: headers.append("set-cookie", cookie)))


def _purpose_is_api(scene: Scene) -> None:
    scene.declaration["hosts"][2]["purpose"] = "API of the chat"


@good({"host-serves-other-purpose": (PRODUCT,)}, Outcome.PASS)
def api_without_pages(scene: Scene) -> None:
    """The app's name is for an API alone, and its front page says so in a line."""
    _purpose_is_api(scene)
    headers = {"content-security-policy": "default-src 'none'", "x-content-type-options": "nosniff"}
    scene.wrap(APP, answer(lambda: PlainTextResponse("The API of Bright Path.\n", headers=headers), at("/")))


@fault(
    {"host-serves-other-purpose": (PRODUCT,)},
)
def api_shows_the_landing_page(scene: Scene) -> None:
    """The name that is for an API shows the landing page, as every name does that the server does not know."""
    _purpose_is_api(scene)


@blind(
    {"host-serves-other-purpose": (PRODUCT,)},
)
def api_front_challenged(scene: Scene) -> None:
    """The API's name asks us to prove that we are human before it shows anything."""
    _purpose_is_api(scene)
    scene.wrap(APP, answer(challenge, at("/")))


@decoy(
    {"host-serves-other-purpose": (PRODUCT,)},
    implies={"guards-missing": (HOST_APP,)},
)
def api_has_a_page_of_its_own(scene: Scene) -> None:
    """The API's front page is a small page about the API, with the brand in its title."""
    _purpose_is_api(scene)
    page = "<!doctype html><title>Bright Path Coaching</title><p>This is the API. People go to brightpath.example."
    scene.wrap(APP, answer(lambda: HTMLResponse(page), at("/")))
