"""Redirects that go round, go astray, or lose what the ad paid for."""

from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse
from starlette.types import Scope as Request

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING, EDGE, HTTP_PORT, HTTPS_PORT, WWW
from launchready_worlds.faults import Findings, blind, decoy, fault
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import OWNERSHIP_PREFIX, redirect, requested, to_https
from launchready_worlds.subjects import HEALTH, HOST_APEX, HOST_APP, HOST_WWW, JOURNEY, LOGIN, PRODUCT, READY
from launchready_worlds.wrapping import answer, replace, response_headers

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
    implies={"redirect-loses-query": (HOST_WWW,)},
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
