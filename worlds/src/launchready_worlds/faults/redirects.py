"""Redirects that go round, go astray, or lose what the ad paid for."""

from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import Scope as Request

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING, EDGE, HTTP_PORT, HTTPS_PORT, WWW
from launchready_worlds.faults import Findings, Outcome, blind, decoy, fault, good
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import OWNERSHIP_PREFIX, redirect, requested, to_https
from launchready_worlds.subjects import (
    BUSINESS,
    HEALTH,
    HOST_APEX,
    HOST_APP,
    HOST_WWW,
    HOSTS,
    JOURNEY,
    LOGIN,
    PRODUCT,
    READY,
)
from launchready_worlds.wrapping import Applies, answer, at, replace, response_headers, under

ALL_REDIRECT_CHECKS = (
    "redirect-loop",
    "edge-origin-loop",
    "redirect-not-canonical",
    "redirect-loses-query",
    "redirect-temporary",
    "redirect-chain-long",
)
CLOUDFLARE = {"server": "cloudflare", "cf-ray": "8f0a1b2c3d4e5f60-ARN"}
"""What Cloudflare leaves on each answer that it passes on."""


def _of(*subjects: str) -> Findings:
    return dict.fromkeys(ALL_REDIRECT_CHECKS, subjects)


def _visitors(scope: Request) -> bool:
    """Everything but the ownership token."""
    return not str(scope["path"]).startswith(OWNERSHIP_PREFIX)


@fault(
    {"redirect-loop": (HOST_APP,)},
    implies={
        "redirect-not-canonical": (HOST_APP,),
        "redirect-loses-query": (HOST_APP,),
        "health-endpoint-failing": (HEALTH,),
        "dependency-down": (READY,),
        "deployed-commit-differs": (PRODUCT,),
        "core-endpoint-slow": (HEALTH,),
        "login-unlimited": (LOGIN,),
        "signup-journey-broken": (JOURNEY,),
        "visitors-together-fail": (JOURNEY,),
    },
)
def app_redirects_in_a_circle(scene: Scene) -> None:
    """The edge sends the app's visitors to https and the server sends them back to http, for ever."""
    scene.wrap(APP, replace(redirect(lambda asked: f"http://{APP}{requested(asked)}"), _visitors))


@fault(
    {"redirect-loop": (HOST_APEX, HOST_WWW)},
    implies={
        "redirect-not-canonical": (HOST_APEX, HOST_WWW),
        "redirect-loses-query": (HOST_APEX, HOST_WWW),
    },
)
def www_and_landing_chase_each_other(scene: Scene) -> None:
    """Www sends visitors to the bare domain, and the bare domain sends them back to www."""
    scene.wrap(APEX, replace(redirect(lambda asked: f"https://{WWW}{requested(asked)}"), _visitors))


def behind_cloudflare(scene: Scene, host: str) -> None:
    """Put Cloudflare's headers on every answer of a host."""
    for secure in (True, False):
        scene.wrap(host, response_headers(lambda headers: headers.update(CLOUDFLARE)), secure=secure)


@fault(
    {"edge-origin-loop": (HOST_APEX, HOST_WWW)},
    implies={"redirect-loop": (HOST_APEX, HOST_WWW)},
)
def edge_mode_flexible(scene: Scene) -> None:
    """Cloudflare is set to Flexible: it fetches the landing page over http, and the server sends that to https."""
    scene.wrap(APEX, replace(to_https(), _visitors))
    behind_cloudflare(scene, APEX)


WEBHOOK_PATH = "/webhooks/payments"
CHAT_PATH = "/api/chat"


def declare_endpoint(scene: Scene, path: str, kind: str) -> None:
    """Add an endpoint of the app to the declaration."""
    scene.declaration["endpoints"].append({"url": f"https://{APP}{path}", "kind": kind})


def take_webhooks(scene: Scene, status: int = 400) -> None:
    """Declare a webhook, and let the app answer an event without a signature."""
    declare_endpoint(scene, WEBHOOK_PATH, "webhook")
    refusal = answer(lambda: PlainTextResponse("No signature.", status), at(WEBHOOK_PATH, methods=("POST",)))
    scene.wrap(APP, refusal)


@good({"webhook-redirected": (HOST_APP,)}, Outcome.PASS)
def webhook_declared(scene: Scene) -> None:
    """Payments are reported to a webhook, which refuses an event without a signature."""
    take_webhooks(scene)


@good({"post-redirected": (HOST_APP,)}, Outcome.PASS)
def chat_declared(scene: Scene) -> None:
    """The chat's address is declared as a stream, and answers a stranger with an error."""
    declare_endpoint(scene, CHAT_PATH, "stream")


@fault({"webhook-redirected": (HOST_APP,)})
def webhook_gets_a_slash(scene: Scene) -> None:
    """The framework adds a slash to the webhook's address with a redirect that no payment company follows."""
    declare_endpoint(scene, WEBHOOK_PATH, "webhook")
    scene.wrap(APP, replace(redirect(lambda _: f"{WEBHOOK_PATH}/", 308), at(WEBHOOK_PATH)))


@fault({"webhook-redirected": (HOST_APP,)})
def webhook_behind_the_log_in(scene: Scene) -> None:
    """The webhook sends whoever has no session to the log-in, payment companies too."""
    declare_endpoint(scene, WEBHOOK_PATH, "webhook")
    scene.wrap(APP, replace(redirect(lambda _: "/login", 302), at(WEBHOOK_PATH)))


@blind({"webhook-redirected": (HOST_APP,)})
def webhook_challenged(scene: Scene) -> None:
    """A bot protection answers in place of the webhook."""
    take_webhooks(scene)
    scene.wrap(APP, answer(challenge, at(WEBHOOK_PATH)))


@decoy({"webhook-redirected": (HOST_APP,)})
def webhook_redirects_browsers(scene: Scene) -> None:
    """Whoever opens the webhook's address in a browser is sent to the front page; a POST is answered in place."""
    take_webhooks(scene)
    scene.wrap(APP, replace(redirect(lambda _: "/", 302), at(WEBHOOK_PATH, methods=("GET", "HEAD"))))


@fault({"post-redirected": (HOST_APP,)})
def chat_gets_a_slash(scene: Scene) -> None:
    """The chat's address is redirected to the same with a slash, and the question is lost on the way."""
    declare_endpoint(scene, f"{CHAT_PATH}/v2", "api")
    scene.wrap(APP, replace(redirect(lambda _: f"{CHAT_PATH}/v2/"), at(f"{CHAT_PATH}/v2")))


@blind({"post-redirected": (HOST_APP,)})
def chat_challenged(scene: Scene) -> None:
    """A bot protection answers in place of the chat."""
    declare_endpoint(scene, CHAT_PATH, "stream")
    scene.wrap(APP, answer(challenge, at(CHAT_PATH)))


@decoy({"post-redirected": (HOST_APP,)})
def chat_sends_strangers_to_the_log_in(scene: Scene) -> None:
    """Whoever asks the chat without a session is sent to the log-in; one address moved for good and says so by 308."""
    declare_endpoint(scene, f"{CHAT_PATH}/v2", "api")
    declare_endpoint(scene, f"{CHAT_PATH}/v1", "api")
    scene.wrap(APP, replace(redirect(lambda _: "/login", 302), at(f"{CHAT_PATH}/v2")))
    scene.wrap(APP, replace(redirect(lambda _: f"{CHAT_PATH}/v1/", 308), at(f"{CHAT_PATH}/v1")))


def _parameter(scope: Request, name: str) -> str:
    query: str = scope["query_string"].decode()
    return dict(parse_qsl(query)).get(name, "")


def _wants(name: str, path: str) -> Applies:
    """Questions for a path with a value for a parameter."""
    return lambda scope: scope["path"] == path and bool(_parameter(scope, name))


@fault({"open-redirect": (HOST_APP,)})
def log_in_goes_on_anywhere(scene: Scene) -> None:
    """The log-in sends visitors on to whatever address stands behind next=."""
    scene.wrap(APP, replace(redirect(lambda asked: _parameter(asked, "next"), 302), _wants("next", "/login")))


@fault({"open-redirect": (HOST_APEX,)})
def backslash_passes_the_check(scene: Scene) -> None:
    """The landing page goes on to paths alone, and takes a slash and a backslash for the beginning of one."""

    def is_path(asked: Request) -> bool:
        value = _parameter(asked, "return_to")
        return value.startswith("/") and not value.startswith("//")

    scene.wrap(APEX, replace(redirect(lambda asked: _parameter(asked, "return_to"), 302), is_path))


@fault({"open-redirect": (HOST_APEX,)})
def slash_added_to_any_path(scene: Scene) -> None:
    """The landing page's server adds a slash to paths that begin with two, and so sends visitors to strangers."""
    scene.wrap(APEX, replace(redirect(lambda asked: f"{asked['path']}/"), under("//")))


@blind({"open-redirect": (HOST_APP,)})
def log_in_challenged(scene: Scene) -> None:
    """A bot protection stops whoever comes to the log-in with an address to go on to."""
    scene.wrap(APP, answer(challenge, _wants("next", "/login")))


@decoy({"open-redirect": HOSTS})
def address_to_go_on_to_is_passed_along(scene: Scene) -> None:
    """The log-in is moved and keeps the address to go on to in its query; the landing page asks before it lets go."""
    moved = redirect(lambda asked: f"/signup?{asked['query_string'].decode()}", 302)
    scene.wrap(APP, replace(moved, _wants("next", "/login")))
    asks = '<!doctype html><title>Leaving</title><p>You leave Bright Path. <a rel="nofollow" href="/">Stay</a>'
    scene.wrap(APEX, answer(lambda: HTMLResponse(asks), _wants("url", "/")))


@fault(
    {"redirect-chain-long": (HOST_WWW,)},
)
def www_in_three_steps(scene: Scene) -> None:
    """Www goes to https, then to the bare domain on http, then to https again."""
    scene.wrap(WWW, replace(redirect(lambda asked: f"http://{APEX}{requested(asked)}"), _visitors))


@fault(
    {"redirect-not-canonical": (HOST_WWW,)},
    implies={"redirect-loses-query": (HOST_WWW,)},
)
def www_goes_astray(scene: Scene) -> None:
    """Www sends visitors to the calendar company instead of the landing page."""
    scene.wrap(WWW, replace(redirect(lambda asked: f"https://{BOOKING}{requested(asked)}"), _visitors))


@fault(
    {"redirect-not-canonical": (HOST_WWW,)},
    implies={
        "redirect-loses-query": (HOST_WWW,),
        "www-and-apex-both-answer": (BUSINESS,),
        "duplicate-pages": (HOST_WWW,),
    },
)
def www_shows_a_copy(scene: Scene) -> None:
    """Www shows a second copy of the landing page instead of sending visitors to the one."""
    scene.wrap(WWW, answer(lambda: HTMLResponse("<!doctype html><title>Bright Path</title><p>Welcome.")))


@fault(
    {"redirect-loses-query": (HOST_APEX,)},
)
def https_redirect_loses_query(scene: Scene) -> None:
    """The step from http to https drops what follows the question mark: ad clicks lose their campaign."""
    scene.wrap(APEX, replace(redirect(lambda asked: f"https://{APEX}{asked['path']}")), secure=False)


@fault(
    {"redirect-loses-query": (HOST_WWW,)},
)
def www_redirect_to_front_page(scene: Scene) -> None:
    """Www sends every visitor to the front page, whichever page the link was for."""
    scene.wrap(WWW, replace(redirect(lambda _asked: f"https://{APEX}/"), _visitors))


@fault(
    {"redirect-temporary": (HOST_WWW,)},
)
def www_redirect_temporary(scene: Scene) -> None:
    """Www sends visitors on with a temporary redirect, so search engines keep both addresses."""
    scene.wrap(WWW, replace(redirect(lambda asked: f"https://{APEX}{requested(asked)}", 302), _visitors))


@fault(
    {"redirect-temporary": (HOST_APP,)},
)
def https_redirect_temporary(scene: Scene) -> None:
    """The app's step from http to https is a temporary redirect."""
    scene.wrap(APP, replace(redirect(lambda asked: f"https://{APP}{requested(asked)}", 307)), secure=False)


@blind(_of(HOST_APP))
def app_silent(scene: Scene) -> None:
    """The app's machine takes connections and says nothing."""
    scene.doors[APP_EDGE, HTTP_PORT] = Door.SILENT
    scene.doors[APP_EDGE, HTTPS_PORT] = Door.SILENT


@blind(_of(HOST_APEX, HOST_WWW))
def edge_slammed(scene: Scene) -> None:
    """The landing page's machine closes every connection at once."""
    scene.doors[EDGE, HTTP_PORT] = Door.SLAMMED
    scene.doors[EDGE, HTTPS_PORT] = Door.SLAMMED


@decoy(_of(HOST_APEX, HOST_WWW, HOST_APP))
def redirects_308(scene: Scene) -> None:
    """All redirects are 308: as permanent as 301."""
    scene.wrap(WWW, replace(redirect(lambda asked: f"https://{APEX}{requested(asked)}", 308), _visitors))
    for host in (APEX, WWW, APP):
        scene.wrap(host, replace(to_https(308)), secure=False)


@decoy(
    _of(HOST_WWW),
)
def www_takes_three_steps(scene: Scene) -> None:
    """http://www goes to http://brightpath.example, then to https: a detour that arrives with everything."""
    scene.wrap(WWW, replace(redirect(lambda asked: f"http://{APEX}{requested(asked)}")), secure=False)


@decoy(
    _of(HOST_APEX, HOST_WWW),
)
def landing_behind_cloudflare(scene: Scene) -> None:
    """Cloudflare stands before the landing page and does its work: its marks alone are no circle."""
    behind_cloudflare(scene, APEX)


@decoy(
    {"redirect-loop": (HOST_APP,), "edge-origin-loop": (HOST_APP,)},
)
def app_asks_again_with_a_cookie(scene: Scene) -> None:
    """The app, behind Cloudflare, sends a new visitor to the same page once, to see whether cookies come back."""
    again = redirect(lambda asked: f"https://{APP}{requested(asked)}", 302)
    scene.wrap(APP, replace(again, lambda asked: _visitors(asked) and b"seen=1" not in _cookies(asked)))
    scene.wrap(APP, response_headers(lambda headers: headers.append("set-cookie", "seen=1; Path=/; Secure; HttpOnly")))
    behind_cloudflare(scene, APP)


def _cookies(scope: Request) -> bytes:
    return b"; ".join(value for name, value in scope["headers"] if name == b"cookie")


@decoy(
    {"redirect-loses-query": (HOST_WWW,)},
)
def www_writes_the_query_anew(scene: Scene) -> None:
    """Www sorts the query and writes spaces as plus signs: it says the same."""

    def rewritten(asked: Request) -> str:
        query = urlencode(sorted(parse_qsl(asked["query_string"].decode())))
        return f"https://{APEX}{asked['path']}" + (f"?{query}" if query else "")

    scene.wrap(WWW, replace(redirect(rewritten), _visitors))


AUTH = "https://brightpath.auth.example/authorize?client_id=4f&redirect_uri=https%3A%2F%2Fapp.brightpath.example%2Fback"


@decoy({"redirect-not-canonical": (HOST_APP,)})
def app_sends_strangers_to_a_log_in_elsewhere(scene: Scene) -> None:
    """Whoever comes to the app without a session is sent to the log-in of a company that keeps its accounts."""
    scene.wrap(APP, replace(redirect(lambda _: AUTH, 302), at("/", "/launchready-probe/deep")))


@fault({"redirect-not-canonical": (HOST_APP,)})
def app_goes_to_its_preview(scene: Scene) -> None:
    """The app's front page sends everybody to the copy that it was tried out on."""
    scene.wrap(APP, replace(redirect(lambda _: "https://brightpath.preview.example/", 302), at("/")))
