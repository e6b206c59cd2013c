"""What the product says about itself when it is ill."""

from starlette.responses import JSONResponse, PlainTextResponse

from coachbot.parts import Parts
from launchready_guard.health import Readiness
from launchready_worlds.addresses import APP, RELAY
from launchready_worlds.faults import decoy, fault
from launchready_worlds.listener import Door
from launchready_worlds.mail import MailMood
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HEALTH, JOURNEY, PRODUCT, READY
from launchready_worlds.wrapping import answer, at


@fault(
    {"health-endpoint-failing": (HEALTH,)},
    implies={"core-endpoint-slow": (HEALTH,)},
)
def health_broken(scene: Scene) -> None:
    """The address that the hosting company asks for the app's health answers with an error."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Internal Server Error", 500), at("/healthz")))


@fault(
    {"health-endpoint-failing": (HEALTH,)},
    implies={"core-endpoint-slow": (HEALTH,)},
)
def health_gone(scene: Scene) -> None:
    """The address that the hosting company asks for the app's health does not exist."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Not Found", 404), at("/healthz")))


@fault(
    {"dependency-down": (READY,)},
    implies={"signup-journey-broken": (JOURNEY,), "visitors-together-fail": (JOURNEY,)},
)
def mail_relay_down(scene: Scene) -> None:
    """The mail provider turns the app away: nobody who signs up gets a link."""
    scene.doors[RELAY] = Door.SLAMMED


@fault(
    {"dependency-down": (READY,)},
)
def ready_silent_about_mail(scene: Scene) -> None:
    """The app's own report does not mention mail, so nobody would learn that it fails."""

    def without_mail(parts: Parts) -> None:
        parts.readiness = Readiness({"database": parts.database.check, "model": parts.answers.check})

    scene.rebuild.append(without_mail)


@fault(
    {"health-untruthful": (PRODUCT,)},
    implies={"signup-journey-broken": (JOURNEY,), "visitors-together-fail": (JOURNEY,)},
)
def mail_swallowed(scene: Scene) -> None:
    """The mail provider says yes to every mail and delivers none, while the app says that all is well."""
    scene.mail = MailMood.SWALLOWS


@fault(
    {"health-untruthful": (PRODUCT,)},
    implies={"signup-journey-broken": (JOURNEY,), "visitors-together-fail": (JOURNEY,)},
)
def chat_broken_ready_ok(scene: Scene) -> None:
    """The chat answers with an error while the app says that all is well."""
    scene.wrap(APP, answer(lambda: JSONResponse({"code": "internal"}, 500), at("/api/chat")))


@decoy(
    {"health-endpoint-failing": (HEALTH,)},
)
def health_says_error_in_words(scene: Scene) -> None:
    """The app's health mentions yesterday's error, and is fine."""
    body = {"status": "ok", "last_error": "mail: timed out, 2026-01-01T00:00:00Z, recovered", "failing": []}
    scene.wrap(APP, answer(lambda: JSONResponse(body), at("/healthz")))


@decoy(
    {"dependency-down": (READY,)},
)
def undeclared_dependency_down(scene: Scene) -> None:
    """The newsletter service is down, which the app reports and does not need."""
    states = {"database": "ok", "mail": "ok", "model": "ok", "newsletter": "failing"}
    body = {"status": "ok", "dependencies": {name: {"status": status} for name, status in states.items()}}
    scene.wrap(APP, answer(lambda: JSONResponse(body), at("/readyz")))


@decoy(
    {"health-untruthful": (PRODUCT,)},
    implies={
        "dependency-down": (READY,),
        "signup-journey-broken": (JOURNEY,),
        "visitors-together-fail": (JOURNEY,),
    },
)
def mail_down_and_said_so(scene: Scene) -> None:
    """Mail does not arrive, and the app says so itself: broken, and truthful."""
    scene.doors[RELAY] = Door.SLAMMED
