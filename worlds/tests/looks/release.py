"""What is on record of releases, beside what runs and what lies on the host."""

import datetime as dt
import hashlib
import json

from looking import commit, git

from launchready_worlds.released import LOG, RECORDS


def _log(world):
    return world.world.folder / RECORDS / LOG


def _recorded(world):
    """The whole lines of the records, oldest first; none where nothing was written down."""
    path = _log(world)
    lines = path.read_text().splitlines(keepends=True) if path.is_file() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _returned(world):
    """How many days ago a former release was last brought back, and how that ended."""
    ended = [line for line in _recorded(world) if (line["kind"], line["phase"]) == ("rollback", "ended")]
    if not ended:
        return None
    return (world.world.scene.now - dt.datetime.fromisoformat(ended[-1]["at"])).days, ended[-1]["result"]


def _last(world):
    """The commit of the last release on record."""
    return [line["commit"] for line in _recorded(world) if line["phase"] == "ended"][-1]


def _commits(world):
    """The commits that were released, as often as they were."""
    return [line["commit"] for line in _recorded(world) if (line["kind"], line["phase"]) == ("deploy", "ended")]


def _digests(world, result):
    """What came of the releases of the last commit that ended in one way."""
    mine = [line for line in _recorded(world) if line["phase"] == "ended" and line["commit"] == _last(world)]
    return {line["digest"] for line in mine if line["result"] == result}


def _manifests(world):
    return sorted((world.world.folder / RECORDS / "manifests").glob("*.txt"))


def _released(world):
    """The digests of what was released, by path."""
    (manifest,) = _manifests(world)
    rows = [line.split() for line in manifest.read_text().splitlines()]
    return {path.removeprefix("./"): digest for _mode, _size, digest, path in rows}


def _differs(world):
    """The paths at which the host holds something else than what was released, or nothing."""
    root = world.world.folder / world.declared()["deploy"]["folder"]
    files = [path for path in root.resolve().rglob("*") if path.is_file()]
    held = {str(path.relative_to(root.resolve())): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {path for path, _digest in held.items() ^ _released(world).items()}, set(held) - set(_released(world))


LOOKS = {
    "rollback-never-rehearsed": lambda w: _recorded(w) != [] and _returned(w) is None,
    "rollback-rehearsed-long-ago": lambda w: _returned(w) == (91, "live"),
    "rollback-failed": lambda w: _returned(w)[1] == "broken",
    "rollback-rehearsed-just-in-time": lambda w: _returned(w) == (90, "live"),
    "rollback-by-itself": lambda w: _returned(w)[1] == "rolled-back",
    "release-differs-each-time": lambda w: len(_digests(w, "live")) == 2,
    "release-never-repeated": lambda w: _commits(w).count(_last(w)) == 1,
    "release-repeated-after-a-stumble": lambda w: len(_digests(w, "unchanged")) == len(_digests(w, "live")) == 1,
    "release-records-unreadable": lambda w: _log(w).is_dir(),
    "release-undeclared": lambda w: "deploy" not in w.declared(),
    "host-file-edited": lambda w: _differs(w) == ({"app/config.py"}, set()),
    "host-file-added": lambda w: _differs(w) == ({"app/local_settings.py"}, {"app/local_settings.py"}),
    "host-file-gone": lambda w: _differs(w) == ({"static/index.html"}, set()),
    "release-manifest-missing": lambda w: _manifests(w) == [] and _recorded(w) != [],
    "host-writes-its-database": lambda w: (
        _differs(w)[1] == {"data/app.sqlite3", "app/__pycache__/web.cpython-311.pyc"} == _differs(w)[0]
    ),
    "releases-not-recorded": lambda w: not _log(w).exists() and "deploy" in w.declared(),
    "release-past-the-records": lambda w: _last(w) != commit(w) == git(w, "rev-parse", "HEAD").strip(),
    "release-cut-off": lambda w: _recorded(w)[-1]["phase"] == "began" and _last(w) == commit(w),
    "release-record-torn": lambda w: not _log(w).read_text().endswith("\n"),
    "release-commit-abbreviated": lambda w: _last(w).startswith(commit(w)) and len(commit(w)) == 12 < len(_last(w)),
}
