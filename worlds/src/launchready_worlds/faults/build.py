"""The founder's build: works on one machine only, comes out differently, or carries what must not ship."""

import datetime as dt

from launchready_worlds.builds import stop
from launchready_worlds.faults import Outcome, blind, decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import REPOSITORY

HERE = (REPOSITORY,)
CLEAN = {"build-not-clean": HERE}
BAKED = {"secret-baked-into-build": HERE}
OF_VALUES = {**BAKED, "setting-baked-into-build": HERE}
OF_FILES = {"artefact-exposes-files": HERE, "artefact-leaks": HERE, "artefact-untidy": HERE}
AFTER_BUILD = {"build-not-repeatable": HERE, **OF_VALUES, "start-ignores-missing-variable": HERE, **OF_FILES}
ALL = {**CLEAN, **AFTER_BUILD}
DAYS_COUNTED = 30
"""Days that a build counts, where the declaration says nothing else."""


@fault(CLEAN)
def dependency_undeclared(scene: Scene) -> None:
    """A package is used that only the founder's laptop has, because it was installed by hand."""
    said = "ModuleNotFoundError: No module named 'markdown'"
    stop(scene.built(), "build", "undeclared-dependency", "markdown", said)


@fault(CLEAN)
def build_file_outside_git(scene: Scene) -> None:
    """The price list lies on the laptop and was never committed."""
    said = "FileNotFoundError: [Errno 2] No such file or directory: 'content/prices.json'"
    stop(scene.built(), "build", "file-outside-git", "content/prices.json", said)


@fault(CLEAN)
def import_in_other_case(scene: Scene) -> None:
    """A file is called Header.js and imported as header.js, which a Mac takes and the server does not."""
    stop(scene.built(), "build", "letter-case", "src/Header.js", "Error: Cannot find module './header.js'")


@fault(CLEAN)
def build_variable_undeclared(scene: Scene) -> None:
    """The build reads a variable that is set in the founder's shell, and nowhere else."""
    stop(scene.built(), "build", "undeclared-variable", "SITE_NAME", "KeyError: 'SITE_NAME'")


@fault(CLEAN)
def build_never_ends(scene: Scene) -> None:
    """The build waits for an answer that nobody gives."""
    stop(scene.built(), "build", "took-too-long", "15 minutes", "")


@fault(CLEAN)
def tests_red(scene: Scene) -> None:
    """A test fails, and was not run before the release."""
    stop(scene.built(), "test", "unexplained", "exit code 1", "FAILED (failures=1)")


@blind(ALL)
def build_of_another_commit(scene: Scene) -> None:
    """The last build was of the commit before."""
    scene.built()["commit"] = "0123456789abcdef0123456789abcdef01234567"


@blind(ALL)
def build_too_old(scene: Scene) -> None:
    """The last build is of last summer."""
    scene.built()["at"] = (scene.now - dt.timedelta(days=DAYS_COUNTED + 1)).isoformat()


@blind(ALL)
def build_broken_off(scene: Scene) -> None:
    """The laptop went to sleep in the middle of the build."""
    scene.built()["state"] = "begun"


@blind(ALL)
def build_record_unreadable(scene: Scene) -> None:
    """What was written down of the last build is broken."""
    scene.built()["format"] = "one"


@blind(ALL)
def never_built(scene: Scene) -> None:
    """Nobody has typed `launchready build` yet."""
    scene.build = None


@blind(CLEAN)
def build_unsandboxed(scene: Scene) -> None:
    """The build ran without a sandbox, so that it could use whatever lies on the laptop."""
    scene.built()["sandbox"] = ""


@blind(CLEAN)
def build_needs_network(scene: Scene) -> None:
    """The build downloads its packages and was not allowed to: that says nothing of the commit."""
    stop(scene.built(), "build", "needs-network", "registry.example", "getaddrinfo EAI_AGAIN registry.example")


@blind(AFTER_BUILD)
def output_undeclared(scene: Scene) -> None:
    """Nobody has said which folder ships, nor how the product is started."""
    for part in ("repeat", "baked", "start", "shipped"):
        scene.built()[part] = None
        scene.built()["unseen"].append({"part": part, "detail": "output and start are not declared under [build]"})


@blind({**OF_VALUES, **OF_FILES, "start-ignores-missing-variable": HERE})
def output_partly_unread(scene: Scene) -> None:
    """Part of what was built is locked or too large to be looked through, and one start could not be judged."""
    for part, gaps in (("baked", "unread"), ("shipped", "unread"), ("start", "untold")):
        scene.built()[part][gaps] = ["the archive dist/model.zip is locked"]


@decoy(ALL)
def build_tried_before(scene: Scene) -> None:
    """The first attempt broke off, the second failed on a machine without a tool, and the third went well."""
    red = {"step": "build", "fault": "unexplained", "name": "exit code 1", "said": "no space left on device"}
    scene.built()["earlier"] = [{"state": "begun"}, {"failures": [red], "shipped": None}]


def _differs(scene: Scene, path: str, cause: str) -> None:
    scene.built()["repeat"]["differences"] = [{"path": path, "cause": cause}]


@fault({"build-not-repeatable": HERE})
def time_in_output(scene: Scene) -> None:
    """Each page says when it was built."""
    _differs(scene, "dist/index.html", "time")


@fault({"build-not-repeatable": HERE})
def random_in_output(scene: Scene) -> None:
    """Each build makes up new names."""
    _differs(scene, "dist/app.js", "unexplained")


def _baked(scene: Scene, variable: str, *, secret: bool, public: bool = False, where: str = "dist/app.js") -> None:
    found = {"variable": variable, "where": where, "spelling": "plain", "is_secret": secret, "is_public": public}
    scene.built()["baked"]["baked"] = [found]


@fault(BAKED)
def secret_in_bundle(scene: Scene) -> None:
    """The whole environment is put into the script that browsers load."""
    _baked(scene, "STRIPE_API_KEY", secret=True)


@fault(BAKED)
def secret_in_build_log(scene: Scene) -> None:
    """The build prints its variables, and its log is open to the team and its tools."""
    _baked(scene, "STRIPE_API_KEY", secret=True, where="the log of the build")


@fault({"setting-baked-into-build": HERE})
def setting_in_bundle(scene: Scene) -> None:
    """The address of the database's page is fixed when the product is built."""
    _baked(scene, "SUPPORT_URL", secret=False)


@decoy(OF_VALUES)
def public_value_in_bundle(scene: Scene) -> None:
    """A publishable key is in the script that browsers load, as it has to be."""
    _baked(scene, "VITE_STRIPE_PUBLISHABLE_KEY", secret=False, public=True)


@decoy(OF_VALUES, Outcome.NOT_APPLICABLE)
def contract_of_numbers(scene: Scene) -> None:
    """All variables are numbers and choices, which nobody can search."""
    scene.built()["baked"]["searched"] = []


@fault({"start-ignores-missing-variable": HERE})
def start_without_key(scene: Scene) -> None:
    """Without the key for payments the product starts, and fails when somebody pays."""
    scene.built()["start"]["trials"][2]["end"] = "ran"


@fault({"start-ignores-missing-variable": HERE})
def start_stops_silently(scene: Scene) -> None:
    """With a malformed address of the database the product stops, and says nothing."""
    scene.built()["start"]["trials"][1]["end"] = "silent"


@decoy({"start-ignores-missing-variable": HERE}, Outcome.NOT_APPLICABLE)
def nothing_required_at_start(scene: Scene) -> None:
    """The product needs no variable when it runs: it is a folder of pages."""
    scene.built()["start"]["trials"] = []


def _leftover(scene: Scene, kind: str, path: str, detail: str) -> None:
    scene.built()["shipped"]["leftovers"] = [{"kind": kind, "path": path, "detail": detail}]


@fault({"artefact-exposes-files": HERE})
def env_file_shipped(scene: Scene) -> None:
    """The file with all variables is copied into what ships."""
    _leftover(scene, "secret-file", "dist/.env", "it gives values to 4 variables")


@fault({"artefact-exposes-files": HERE})
def git_folder_shipped(scene: Scene) -> None:
    """The whole history of the code is copied into what ships."""
    _leftover(scene, "git-folder", "dist/.git", "it holds the history of the code")


@fault({"artefact-leaks": HERE})
def test_key_shipped(scene: Scene) -> None:
    """The payment form was built with the key for tests."""
    _leftover(scene, "test-key", "dist/app.js", "it holds a Stripe key for tests")


@fault({"artefact-leaks": HERE})
def development_build_shipped(scene: Scene) -> None:
    """What ships was built for developers."""
    _leftover(scene, "development-build", "dist/app.js", "it is React's development build")


@fault({"artefact-untidy": HERE})
def local_address_shipped(scene: Scene) -> None:
    """The script calls an address on the developer's own machine."""
    _leftover(scene, "local-address", "dist/app.js", "it names http://localhost:3000")


@fault({"artefact-untidy": HERE})
def sources_shipped(scene: Scene) -> None:
    """The script comes with a map that holds the whole source code."""
    _leftover(scene, "sources-in-map", "dist/app.js.map", "it holds the sources of 12 files")
