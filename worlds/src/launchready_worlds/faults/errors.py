"""What strangers see when something breaks."""

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APEX, HOST_APP
from launchready_worlds.wrapping import answer, at, under

MISSING = "/launchready-probe"
"""What paths begin with that an auditor makes up."""

DJANGO = (
    '<!doctype html><html lang="en"><head><title>Page not found at /x</title></head><body><h1>Page not found '
    "<span>(404)</span></h1><p>Using the URLconf defined in <code>brightpath.urls</code>, Django tried these URL "
    "patterns, in this order:</p><ol><li><code>admin/</code></li></ol><p>You’re seeing this error because you have "  # noqa: RUF001 - as Django writes it
    "<code>DEBUG = True</code> in your Django settings file.</p></body></html>"
)
PYTHON = (
    "Traceback (most recent call last):\n"
    '  File "/app/coachbot/chat.py", line 71, in ask\n'
    "    asked = json.loads(body)\n"
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 13 (char 12)\n"
)
NODE = {
    "error": "Unexpected end of JSON input",
    "stack": "SyntaxError: Unexpected end of JSON input\n    at JSON.parse (<anonymous>)\n"
    "    at parse (/app/node_modules/body-parser/lib/types/json.js:92:19)",
}


@fault(
    {"debug-mode-on": (HOST_APP,)},
    implies={"headers-missing-on-errors": (HOST_APP,)},
)
def debug_page_for_missing(scene: Scene) -> None:
    """A mistyped address on the app's host shows the framework's page for developers, with all its routes."""
    scene.wrap(APP, answer(lambda: HTMLResponse(DJANGO, 404), under(MISSING)))


@fault(
    {"stack-trace-shown": (HOST_APP,)},
)
def trace_for_a_bad_method(scene: Scene) -> None:
    """A method that the chat's API does not know makes it print its code."""
    scene.wrap(APP, answer(lambda: PlainTextResponse(PYTHON, 500), at("/api/chat", methods=("PROBE",))))


@fault(
    {"stack-trace-shown": (HOST_APEX,)},
    implies={"headers-missing-on-errors": (HOST_APEX,)},
)
def trace_in_json(scene: Scene) -> None:
    """Errors of the landing page's host come as JSON with the lines of code that failed."""
    scene.wrap(APEX, answer(lambda: JSONResponse(NODE, 404), under(MISSING)))


def _manual() -> Response:
    return HTMLResponse(f"<!doctype html><title>Manual</title><h1>When it breaks</h1><pre>{PYTHON}{DJANGO}</pre>")


def _sentence() -> Response:
    text = "<!doctype html><title>Not found</title><p>There was an error at 10:30:12 (see /help). No stack trace here."
    return HTMLResponse(text, 404)


@decoy(
    {"stack-trace-shown": (HOST_APEX, HOST_APP), "debug-mode-on": (HOST_APEX, HOST_APP)},
    implies={"headers-missing-on-errors": (HOST_APEX, HOST_APP)},
)
def traces_in_a_manual(scene: Scene) -> None:
    """A manual prints a trace as an example, and an error page speaks of errors: neither shows one of ours."""
    scene.wrap(APEX, answer(_manual, under(MISSING)))
    scene.wrap(APP, answer(_sentence, under(MISSING)))
