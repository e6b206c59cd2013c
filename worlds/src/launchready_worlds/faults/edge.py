"""Ways around the edge, and an edge that keeps the wrong ones out."""

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse

from launchready_worlds.addresses import APP, HTTP_PORT, HTTPS_PORT, ORIGIN
from launchready_worlds.faults import decoy, fault
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import redirect
from launchready_worlds.subjects import HEALTH, HOST_APP
from launchready_worlds.wrapping import answer, at, replace

HOOK_PATH = "/hooks/payments"
HOOK = f"endpoint:https://{APP}{HOOK_PATH}"


def _open(scene: Scene) -> None:
    """Let everybody to the app's own server."""
    for port in (HTTP_PORT, HTTPS_PORT):
        scene.doors[ORIGIN, port] = Door.OPEN


@fault(
    {"origin-reachable": (HOST_APP,)},
)
def origin_open_to_all(scene: Scene) -> None:
    """The app's own server answers everybody, so whoever knows its address goes around the edge."""
    _open(scene)


@fault(
    {"origin-reachable": (HOST_APP,)},
)
def origin_open_in_plain_http(scene: Scene) -> None:
    """The app's own server answers everybody over plain http, as it does for its edge."""
    scene.doors[ORIGIN, HTTP_PORT] = Door.OPEN
    page = "<!doctype html><title>A clear next step, at any hour · Bright Path Coaching</title><h1>Bright Path</h1>"
    scene.wrap(ORIGIN, answer(lambda: HTMLResponse(page)), secure=False)


@decoy(
    {"origin-reachable": (HOST_APP,)},
)
def origin_turns_strangers_away(scene: Scene) -> None:
    """The app's own server answers strangers with a refusal, and sends plain http to https."""
    _open(scene)
    scene.wrap(ORIGIN, answer(lambda: PlainTextResponse("Forbidden\n", 403)))


@decoy(
    {"origin-reachable": (HOST_APP,)},
)
def origin_says_nothing(scene: Scene) -> None:
    """A firewall in front of the app's own server drops what strangers send."""
    for port in (HTTP_PORT, HTTPS_PORT):
        scene.doors[ORIGIN, port] = Door.SILENT


@decoy(
    {"origin-reachable": (HOST_APP,)},
)
def origin_address_is_somebody_elses(scene: Scene) -> None:
    """The declared address answers with another company's page, under any name."""
    _open(scene)
    page = HTMLResponse("<!doctype html><title>Another company</title><p>We make ladders, and nothing but ladders.</p>")
    scene.wrap(ORIGIN, answer(lambda: page))
    scene.wrap(ORIGIN, replace(redirect(lambda _scope: "https://ladders.example/")), secure=False)


def _webhook(scene: Scene) -> None:
    scene.declaration["endpoints"].append({"url": f"https://{APP}{HOOK_PATH}", "kind": "webhook"})


@fault(
    {"machine-challenged": (HOOK,)},
    implies={"webhook-redirected": (HOOK,), "post-redirected": (HOOK,)},
)
def webhook_behind_a_challenge(scene: Scene) -> None:
    """A bot protection asks the payment company's program to prove that it is human."""
    _webhook(scene)
    scene.wrap(APP, answer(challenge, at(HOOK_PATH)))


@decoy(
    {"machine-challenged": (HOOK,)},
)
def webhook_wants_a_signature(scene: Scene) -> None:
    """The webhook refuses a message without the payment company's signature, as it should."""
    _webhook(scene)
    scene.wrap(APP, answer(lambda: JSONResponse({"code": "no_signature"}, 403), at(HOOK_PATH)))


@decoy(
    {"machine-challenged": (HEALTH,)},
)
def only_pages_challenged(scene: Scene) -> None:
    """The bot protection guards the sign-up page alone; programs that look after the app are let through."""
    scene.wrap(APP, answer(challenge, at("/signup")))
