"""What the founder's last build wrote down."""

import datetime as dt
import json

from looking import git

from launchready_worlds.builds import FILE_NAME, FOLDER


def _lines(world):
    """What the builds wrote down, oldest first."""
    path = world.world.folder / FOLDER / FILE_NAME
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _last(world):
    return _lines(world)[-1]


def _stopped(world):
    """Why the last build stopped, and at what."""
    return [(failure["fault"], failure["name"]) for failure in _last(world)["failures"]]


def _unseen(world):
    """What the last build did not get to see."""
    return {gap["part"] for gap in _last(world)["unseen"]}


def _baked(world):
    """What stands in the output: where it is, whether it is a secret, and whether everybody may know it."""
    return [(found["where"], found["is_secret"], found["is_public"]) for found in _last(world)["baked"]["baked"]]


def _shipped(world):
    return [(left["kind"], left["path"]) for left in _last(world)["shipped"]["leftovers"]]


def _differs(world):
    return [(found["path"], found["cause"]) for found in _last(world)["repeat"]["differences"]]


def _ends(world):
    """How the product took it when a variable was missing or malformed."""
    return {(trial["variable"], trial["kind"]): trial["end"] for trial in _last(world)["start"]["trials"]}


def _age(world):
    return world.world.scene.now - dt.datetime.fromisoformat(_last(world)["at"])


LOOKS = {
    "dependency-undeclared": lambda w: _stopped(w) == [("undeclared-dependency", "markdown")],
    "build-file-outside-git": lambda w: (
        _stopped(w) == [("file-outside-git", "content/prices.json")]
        and not git(w, "ls-files", "content/prices.json").strip()
    ),
    "import-in-other-case": lambda w: _stopped(w) == [("letter-case", "src/Header.js")],
    "build-variable-undeclared": lambda w: (
        _stopped(w) == [("undeclared-variable", "SITE_NAME")]
        and "SITE_NAME" not in [entry["name"] for entry in w.declared()["environment"]]
    ),
    "build-never-ends": lambda w: [fault for fault, _ in _stopped(w)] == ["took-too-long"],
    "tests-red": lambda w: [failure["step"] for failure in _last(w)["failures"]] == ["test"],
    "build-of-another-commit": lambda w: _last(w)["commit"] != git(w, "rev-parse", "HEAD").strip(),
    "build-too-old": lambda w: _age(w) > dt.timedelta(days=30),
    "build-broken-off": lambda w: _last(w)["state"] == "begun",
    "build-record-unreadable": lambda w: _last(w)["format"] == "one",
    "never-built": lambda w: _lines(w) == [],
    "build-unsandboxed": lambda w: _last(w)["sandbox"] == "",
    "build-needs-network": lambda w: _stopped(w) == [("needs-network", "registry.example")],
    "output-undeclared": lambda w: (
        _unseen(w) == {"repeat", "baked", "start", "shipped"} and _stopped(w) == [] and _last(w)["shipped"] is None
    ),
    "output-partly-unread": lambda w: (
        all(_last(w)[part]["unread"] for part in ("baked", "shipped")) and bool(_last(w)["start"]["untold"])
    ),
    "build-tried-before": lambda w: (
        [line["state"] for line in _lines(w)] == ["begun", "ended", "ended"] and not _stopped(w)
    ),
    "time-in-output": lambda w: _differs(w) == [("dist/index.html", "time")],
    "random-in-output": lambda w: _differs(w) == [("dist/app.js", "unexplained")],
    "secret-in-bundle": lambda w: _baked(w) == [("dist/app.js", True, False)],
    "secret-in-build-log": lambda w: _baked(w) == [("the log of the build", True, False)],
    "setting-in-bundle": lambda w: _baked(w) == [("dist/app.js", False, False)],
    "public-value-in-bundle": lambda w: _baked(w) == [("dist/app.js", False, True)],
    "contract-of-numbers": lambda w: _last(w)["baked"]["searched"] == [] == _last(w)["unseen"],
    "start-without-key": lambda w: _ends(w)["STRIPE_API_KEY", "removed"] == "ran",
    "start-stops-silently": lambda w: _ends(w)["DATABASE_URL", "malformed"] == "silent",
    "nothing-required-at-start": lambda w: _ends(w) == {} and not _unseen(w),
    "env-file-shipped": lambda w: _shipped(w) == [("secret-file", "dist/.env")],
    "git-folder-shipped": lambda w: _shipped(w) == [("git-folder", "dist/.git")],
    "test-key-shipped": lambda w: _shipped(w) == [("test-key", "dist/app.js")],
    "development-build-shipped": lambda w: _shipped(w) == [("development-build", "dist/app.js")],
    "local-address-shipped": lambda w: _shipped(w) == [("local-address", "dist/app.js")],
    "sources-shipped": lambda w: _shipped(w) == [("sources-in-map", "dist/app.js.map")],
}
