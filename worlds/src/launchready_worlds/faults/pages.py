"""Pages that are not there, although everything before them is in order."""

import itertools

from starlette.responses import HTMLResponse, PlainTextResponse

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.faults.web import challenge
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APEX, HOST_APP, PAGE
from launchready_worlds.wrapping import answer, at, html

ERROR = "<!doctype html><title>Error</title><h1>Something went wrong</h1>"


@fault({"page-broken": (HOST_APEX,)})
def landing_page_gone(scene: Scene) -> None:
    """The last release left the landing page out: the server answers 404."""
    scene.wrap(APEX, answer(lambda: HTMLResponse(ERROR, 404), at("/")))


@fault({"page-broken": (HOST_APEX,)}, implies={"core-endpoint-slow": (PAGE,)})
def landing_page_crashes(scene: Scene) -> None:
    """The landing page answers 500, whoever asks and however often."""
    scene.wrap(APEX, answer(lambda: HTMLResponse(ERROR, 500), at("/")))


@fault({"page-broken": (HOST_APEX,)})
def landing_page_white(scene: Scene) -> None:
    """The landing page answers 200, and holds nothing."""
    scene.wrap(APEX, answer(lambda: HTMLResponse(""), at("/")))


@fault({"page-broken": (HOST_APEX,)})
def landing_page_of_somebody_else(scene: Scene) -> None:
    """The landing page shows another customer's page of the same hosting company."""
    words = "<p>Fresh bread, every morning from six, and cakes for birthdays and weddings." * 20
    page = f"<!doctype html><title>Baker</title>{words}"
    scene.wrap(APEX, html(lambda _: page, at("/")))


@blind({"page-broken": (HOST_APEX,)})
def landing_page_challenged(scene: Scene) -> None:
    """A bot protection answers in place of the landing page."""
    scene.wrap(APEX, answer(challenge, at("/")))


@decoy({"page-broken": (HOST_APEX,)})
def landing_page_stumbles_once(scene: Scene) -> None:
    """The server refuses a visit or two with 503 while many come at once, and answers a moment later."""
    visits = itertools.count()
    scene.wrap(APEX, answer(lambda: PlainTextResponse("Busy.", 503), lambda asked: _is_early(asked["path"], visits)))


def _is_early(path: str, visits: "itertools.count[int]") -> bool:
    return path == "/" and next(visits) < 2


@decoy({"preview-protection-on": (HOST_APP,)})
def app_root_is_for_programs(scene: Scene) -> None:
    """The app's front address belongs to its API, which asks programs for a token; people come to the log-in page."""
    refusal = {"www-authenticate": "Bearer"}
    scene.wrap(APP, answer(lambda: PlainTextResponse("Not authenticated", 401, refusal), at("/")))
