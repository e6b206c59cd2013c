"""What the running release was given to work with, and what its contract says it needs."""

from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import Scope

from coachbot.parts import Parts
from launchready_guard.environment import PATH, Contract, report_on
from launchready_worlds.addresses import APP
from launchready_worlds.declaration import Declaration
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.repository import History, live_key
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import ENVIRONMENT, REPOSITORY
from launchready_worlds.wrapping import answer, at

MISSING = {"variable-missing": (ENVIRONMENT,)}
MALFORMED = {"variable-malformed": (ENVIRONMENT,)}
UNDECLARED = {"variable-undeclared": (REPOSITORY,)}
FOR_BROWSERS = {"secret-in-public-variable": (REPOSITORY,)}
EXAMPLE_OUTDATED = {"env-example-outdated": (REPOSITORY,)}
PAYMENT_KEY = "VITE_PAYMENT_KEY"
UNTOUCHED = "change-me-please-to-32-characters-or-more"
ODD = "p$ss<w{or}d>#test-local-example-0123456789"
NOWHERE = "file:nowhere"
OPEN = {"environment-report-open": (ENVIRONMENT,)}


def give(scene: Scene, **values: str | None) -> None:
    """Start the product with other values; None sets none."""

    def change(parts: Parts) -> None:
        merged = {**parts.environ, **values}
        parts.environ = {name: value for name, value in merged.items() if value is not None}

    scene.rebuild.append(change)


def endpoint_of(scene: Scene) -> Declaration:
    """The declaration of the endpoint that reports."""
    entry: Declaration = next(e for e in scene.declaration["endpoints"] if e["kind"] == "environment")
    return entry


def _stranger(scope: Scope) -> bool:
    """A request for the report that shows no token."""
    return scope["path"] == PATH and b"authorization" not in dict(scope["headers"])


@fault(MISSING)
def variable_not_set(scene: Scene) -> None:
    """The release was moved to a new server, and one variable was left behind."""
    give(scene, COACHBOT_MAIL_FROM=None)


@fault(MISSING)
def variable_empty(scene: Scene) -> None:
    """The variable is there, and nobody has filled it in."""
    give(scene, COACHBOT_SMTP_URL="")


@fault(MALFORMED)
def variable_placeholder(scene: Scene) -> None:
    """The example file was taken as it is."""
    give(scene, COACHBOT_SECRET=UNTOUCHED)


@fault(MALFORMED)
def variable_localhost(scene: Scene) -> None:
    """Mails lead to the developer's own machine."""
    give(scene, COACHBOT_BASE_URL="https://localhost:3000")


@fault(MALFORMED)
def variable_test_key(scene: Scene) -> None:
    """A key of the provider's test world serves customers."""
    give(scene, COACHBOT_MODEL_KEY=live_key().replace("live", "test"))


@fault(MALFORMED)
def variable_live_key_in_test(scene: Scene) -> None:
    """A deployment for tests holds a key that charges real people."""
    endpoint_of(scene)["stage"] = "test"
    give(scene, COACHBOT_MODEL_KEY=live_key())


@fault(MALFORMED)
def variable_line_break(scene: Scene) -> None:
    """A key was pasted with the line break behind it."""
    give(scene, COACHBOT_MODEL_KEY="world-model-key\n")


@fault(OPEN)
def environment_report_for_anybody(scene: Scene) -> None:
    """The report was opened to look at it once, and never closed again."""
    bodies: list[object] = []

    def keep(parts: Parts) -> None:
        bodies.append(report_on(parts.contract, parts.environ, parts.settings.secret.encode()))

    scene.rebuild.append(keep)
    scene.wrap(APP, answer(lambda: JSONResponse(bodies[-1]), at(PATH)))


@blind({**MISSING, **MALFORMED, **OPEN})
def report_token_unknown(scene: Scene) -> None:
    """The token of the report is not on the machine that audits."""
    endpoint_of(scene)["token"] = NOWHERE


@blind({**MISSING, **MALFORMED})
def contract_outdated(scene: Scene) -> None:
    """The release judges itself by an older contract, which lacks a variable."""

    def older(parts: Parts) -> None:
        parts.contract = Contract(parts.contract.variables[1:])

    scene.rebuild.append(older)


@decoy(MISSING)
def variable_optional_not_set(scene: Scene) -> None:
    """No model key is set, which the product can do without: it answers from the coach's documents."""
    give(scene, COACHBOT_MODEL_KEY=None, COACHBOT_BOOKING_URL="")


@decoy(MALFORMED)
def variable_odd_and_right(scene: Scene) -> None:
    """A mail relay on the same machine, a secret with odd characters, and words that only look like placeholders."""
    give(
        scene,
        COACHBOT_SMTP_URL="smtp://localhost:25",
        COACHBOT_SECRET=ODD,
        COACHBOT_MODEL_NAME="test-model-local",
        COACHBOT_MAIL_FROM="Maya Ortiz <change@brightpath.example>",
    )


@decoy(OPEN)
def environment_report_behind_a_page(scene: Scene) -> None:
    """Whoever has no token gets a page in place of an error."""
    page = "<!doctype html><title>Bright Path</title><p>There is no such page.</p>"
    scene.wrap(APP, answer(lambda: HTMLResponse(page), _stranger))


@fault(UNDECLARED)
def variable_read_and_undeclared(scene: Scene) -> None:
    """The newsletter reads a key that nobody wrote down."""
    scene.history = History.READS_UNDECLARED


@fault(FOR_BROWSERS)
def secret_for_browsers(scene: Scene) -> None:
    """The page charges cards itself, with a secret that the build puts into its script."""
    scene.history = History.READS_FOR_BROWSERS
    scene.declaration["environment"].append({"name": PAYMENT_KEY, "type": "key", "required": "build"})


@fault(EXAMPLE_OUTDATED)
def example_outdated(scene: Scene) -> None:
    """The example file lacks a variable, and shows one that is long gone."""
    scene.history = History.EXAMPLE_OLD


@blind({**UNDECLARED, **FOR_BROWSERS, **EXAMPLE_OUTDATED})
def source_not_there(scene: Scene) -> None:
    """The source code is not on the machine that audits."""
    scene.declaration["repository"]["path"] = "nowhere"


@blind({**UNDECLARED, **FOR_BROWSERS})
def source_of_an_old_python(scene: Scene) -> None:
    """One file is in a Python of another age, so that a read could hide in it."""
    scene.history = History.READS_UNREADABLE


@decoy({**UNDECLARED, **FOR_BROWSERS, **EXAMPLE_OUTDATED})
def variables_that_nobody_declares(scene: Scene) -> None:
    """Platforms set some, the code does without others, texts and comments only mention them; a key is for browsers."""
    scene.history = History.READS_HARMLESS
    publishable = {"name": PAYMENT_KEY, "type": "key", "required": "build", "public": True}
    scene.declaration["environment"].append(publishable)
