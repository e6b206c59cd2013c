"""Who may read the API's answers from a page: too many, too few, or now and then somebody else."""

from collections.abc import Collection
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from launchready_worlds.addresses import APEX, APP, DOMAIN, WWW
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.faults.web import challenge
from launchready_worlds.scene import Scene, Wrapper
from launchready_worlds.subjects import HOST_APEX, HOST_APP
from launchready_worlds.wrapping import Applies, answer, everywhere, response_headers, under

SITE = f"https://{APEX}"
CHAT_PATH = "/api/chat"
CORS_CHECKS = (
    "cors-lets-strangers-in",
    "cors-any-origin",
    "cors-blocks-own-app",
    "cors-missing-on-errors",
    "cors-vary-missing",
)


def _cors(applies: Applies = everywhere, **settings: Any) -> Wrapper:
    """Starlette's own CORS layer, as FastAPI has it too, for some requests."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        inside = CORSMiddleware(app, allow_methods=["*"], allow_headers=["*"], **settings)

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            await (inside if applies(scope) else app)(scope, receive, send)

        return wrapped

    return wrapper


def _declare(scene: Scene, *origins: str) -> None:
    scene.declaration["hosts"][2]["allowed_origins"] = list(origins)


def _of(checks: Collection[str], *subjects: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(checks, subjects)


@good(_of(CORS_CHECKS, HOST_APP), Outcome.PASS)
def landing_calls_the_chat(scene: Scene) -> None:
    """The landing page calls the chat of the app's host, and it alone may."""
    _declare(scene, SITE)
    scene.wrap(APP, _cors(allow_origins=[SITE], allow_credentials=True))


@fault(
    {"cors-lets-strangers-in": (HOST_APP,)},
    implies={"cors-any-origin": (HOST_APP,)},
)
def cors_star_with_credentials(scene: Scene) -> None:
    """The CORS layer has a star and credentials, and so names every origin that asks with a cookie."""
    scene.wrap(APP, _cors(allow_origins=["*"], allow_credentials=True))


@fault(
    {"cors-lets-strangers-in": (HOST_APP,)},
    implies={"cors-any-origin": (HOST_APP,)},
)
def cors_pattern_without_a_dot(scene: Scene) -> None:
    """The pattern for the domain's own hosts also fits names of others that end like it."""
    _declare(scene, SITE)
    scene.wrap(APP, _cors(allow_origin_regex=r"https://.*brightpath\.example", allow_credentials=True))


@fault(
    {"cors-lets-strangers-in": (HOST_APP,)},
)
def cors_null_listed(scene: Scene) -> None:
    """Somebody listed the origin null for a local test, which any page can have."""
    _declare(scene, SITE)
    scene.wrap(APP, _cors(allow_origins=[SITE, "null"], allow_credentials=True))


@fault(
    {"cors-any-origin": (HOST_APP,)},
)
def cors_star(scene: Scene) -> None:
    """Every page may call the chat's API, although the founder declared that none may."""
    scene.wrap(APP, _cors(under("/api/"), allow_origins=["*"]))


@fault(
    {"cors-any-origin": (HOST_APP,)},
)
def cors_any_subdomain(scene: Scene) -> None:
    """Each host below the domain may call with the log-in, although one is declared."""
    _declare(scene, SITE)
    pattern = rf"https://(.*\.)?{DOMAIN.replace('.', '[.]')}"
    scene.wrap(APP, _cors(allow_origin_regex=pattern, allow_credentials=True))


@fault(
    {"cors-blocks-own-app": (HOST_APP,)},
)
def cors_names_another_host(scene: Scene) -> None:
    """The landing page calls the chat, and the API's list still names www."""
    _declare(scene, SITE)
    scene.wrap(APP, _cors(allow_origins=[f"https://{WWW}"], allow_credentials=True))


@fault(
    {"cors-blocks-own-app": (HOST_APP,)},
)
def cors_origin_with_a_slash(scene: Scene) -> None:
    """The API's list has the landing page with a slash at the end, which no browser sends."""
    _declare(scene, SITE)
    scene.wrap(APP, _cors(allow_origins=[f"{SITE}/"], allow_credentials=True))


@fault(
    {"cors-missing-on-errors": (HOST_APP,)},
)
def cors_only_on_success(scene: Scene) -> None:
    """The API's errors lack the header, so that the page can't say what is wrong."""
    _declare(scene, SITE)
    scene.wrap(APP, _cors(lambda scope: scope["path"] == CHAT_PATH, allow_origins=[SITE], allow_credentials=True))


def _echo(cache_control: str, *, vary: bool) -> Wrapper:
    """A home-made layer that names whoever asks for the front page."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            origin = Headers(scope=scope).get("origin", "")

            async def named(message: Message) -> None:
                if message["type"] == "http.response.start" and origin and scope["path"] == "/":
                    headers = MutableHeaders(raw=list(message["headers"]))
                    headers["access-control-allow-origin"] = origin
                    headers["cache-control"] = cache_control
                    if vary:
                        headers.add_vary_header("Origin")
                    message = {**message, "headers": headers.raw}
                await send(message)

            await app(scope, receive, named)

        return wrapped

    return wrapper


@fault(
    {"cors-vary-missing": (HOST_APEX,)},
)
def cors_answer_kept_for_others(scene: Scene) -> None:
    """Answers name the page that asked, may be kept for an hour, and don't say that they depend on it."""
    scene.wrap(APEX, _echo("public, max-age=3600", vary=False))


@decoy(
    {"cors-vary-missing": (HOST_APEX, HOST_APP), "cors-lets-strangers-in": (HOST_APEX, HOST_APP)},
)
def cors_answer_kept_for_each(scene: Scene) -> None:
    """Answers name the page that asked: on one host they say so to caches, on the other nothing is kept."""
    scene.wrap(APEX, _echo("public, max-age=3600", vary=True))
    scene.wrap(APP, _echo("no-store", vary=False))


@decoy(
    {"cors-lets-strangers-in": (HOST_APEX,), "cors-vary-missing": (HOST_APEX,)},
)
def cors_star_that_browsers_refuse(scene: Scene) -> None:
    """The landing page sends a star together with credentials, which no browser accepts: nothing leaks."""

    def edit(headers: MutableHeaders) -> None:
        headers["access-control-allow-origin"] = "*"
        headers["access-control-allow-credentials"] = "true"

    scene.wrap(APEX, response_headers(edit))


@decoy(
    {"cors-any-origin": (HOST_APP,)},
)
def cors_star_on_the_front_page(scene: Scene) -> None:
    """Every page may read the front page, which everybody can read anyway; the API may be called by none."""
    scene.wrap(APP, _cors(lambda scope: scope["path"] == "/", allow_origins=["*"]))


@decoy(
    {"cors-blocks-own-app": (HOST_APP,), "cors-missing-on-errors": (HOST_APP,)},
)
def cors_errors_for_everybody(scene: Scene) -> None:
    """The chat's answers name the landing page, and its errors a star: the page can read both."""
    _declare(scene, SITE)

    def edit(headers: MutableHeaders) -> None:
        headers["access-control-allow-origin"] = "*"

    scene.wrap(APP, response_headers(edit, under(f"{CHAT_PATH}/")))
    scene.wrap(APP, _cors(lambda scope: scope["path"] == CHAT_PATH, allow_origins=[SITE], allow_credentials=True))


@blind(_of((*CORS_CHECKS, "debug-mode-on", "stack-trace-shown"), HOST_APP))
def api_challenged(scene: Scene) -> None:
    """A bot protection stands before the API alone, and asks our requests to prove that they are human."""
    _declare(scene, SITE)
    scene.wrap(APP, answer(challenge, under("/api/")))
