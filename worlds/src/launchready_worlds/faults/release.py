"""Releases, the way back, and what somebody did to the host in between."""

import datetime as dt
from pathlib import Path

from launchready_worlds.faults import Outcome, blind, decoy, fault
from launchready_worlds.released import LOG, RECORDS, began
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import PRODUCT

UNPROVEN = {"rollback-unproven": (PRODUCT,)}
DRIFTED = {"release-drifted": (PRODUCT,)}
UNREPEATED = {"release-not-repeatable": (PRODUCT,)}
UNRECORDED = {"deploy-records-missing": (PRODUCT,)}

COUNTS_DAYS = 90
"""Days that a rehearsal counts where the founder declares no other number."""
SHORT_HASH_CHARS = 12
OTHER_COMMIT = "0123456789abcdef0123456789abcdef01234567"


@fault(UNPROVEN)
def rollback_never_rehearsed(scene: Scene) -> None:
    """A rollback command is written down, and nobody ever ran it."""
    scene.release.returned_days_ago = None


@fault(UNPROVEN)
def rollback_rehearsed_long_ago(scene: Scene) -> None:
    """The way back was tried once, two changes of the hosting company ago."""
    scene.release.returned_days_ago = COUNTS_DAYS + 1


@fault(UNPROVEN)
def rollback_failed(scene: Scene) -> None:
    """The last time somebody needed the way back, it did not end at a working product."""
    scene.release.return_result = "broken"


@decoy(UNPROVEN)
def rollback_rehearsed_just_in_time(scene: Scene) -> None:
    """The way back was tried a quarter of a year ago, which still counts today."""
    scene.release.returned_days_ago = COUNTS_DAYS


@decoy(UNPROVEN)
def rollback_by_itself(scene: Scene) -> None:
    """Nobody rehearsed it, and nobody had to: a bad release was taken back by itself."""
    scene.release.return_result = "rolled-back"


@fault(UNREPEATED)
def release_differs_each_time(scene: Scene) -> None:
    """The same commit, released again, gave another script: the build writes the time of day into it."""
    scene.release.differs = ("edited: static/app.js",)


@blind(UNREPEATED)
def release_never_repeated(scene: Scene) -> None:
    """No commit was ever released twice, so nobody knows whether that gives the same."""
    scene.release.repeats = False


@decoy(UNREPEATED)
def release_repeated_after_a_stumble(scene: Scene) -> None:
    """Between two releases that are alike lies one of the same commit that broke off half-way, and was taken back."""
    scene.release.stumbles = True


@blind({**UNPROVEN, **DRIFTED, **UNRECORDED, **UNREPEATED})
def release_records_unreadable(scene: Scene) -> None:
    """Where the records of releases should be is a folder that somebody made."""
    scene.release.has_log = False
    scene.release.edits.append(lambda folder: (folder / RECORDS / LOG).mkdir())


@decoy({**UNPROVEN, **DRIFTED, **UNRECORDED, **UNREPEATED}, Outcome.NOT_MEASURED)
def release_undeclared(scene: Scene) -> None:
    """Nothing says how the product is released."""
    del scene.declaration["deploy"]


@fault(DRIFTED)
def host_file_edited(scene: Scene) -> None:
    """Somebody switched the debug mode on, on the server itself."""
    scene.release.edits.append(lambda folder: _write(folder, "app/config.py", "DEBUG = True\n"))


@fault(DRIFTED)
def host_file_added(scene: Scene) -> None:
    """The server holds a settings file that is in no commit."""
    scene.release.edits.append(lambda folder: _write(folder, "app/local_settings.py", "WORKERS = 4\n"))


@fault(DRIFTED)
def host_file_gone(scene: Scene) -> None:
    """A file of the release was deleted on the server."""
    scene.release.edits.append(lambda folder: (folder / "host/current/static/index.html").unlink())


@blind(DRIFTED)
def release_manifest_missing(scene: Scene) -> None:
    """Nobody wrote down which files were released."""
    scene.release.has_manifest = False


@decoy(DRIFTED)
def host_writes_its_database(scene: Scene) -> None:
    """The product keeps its database beside its code, as the founder says, and Python its compiled files."""
    scene.release.edits.append(lambda folder: _write(folder, "data/app.sqlite3", "rows"))
    scene.release.edits.append(lambda folder: _write(folder, "app/__pycache__/web.cpython-311.pyc", "bytes"))


@fault(UNRECORDED, implies=UNPROVEN)
def releases_not_recorded(scene: Scene) -> None:
    """Releases are made by hand, and nobody writes down which."""
    scene.release.has_log = False


@fault(UNRECORDED)
def release_past_the_records(scene: Scene) -> None:
    """The newest commit went live another way: the last release on record is another one."""
    scene.release.last_commit = OTHER_COMMIT


@fault(UNRECORDED)
def release_cut_off(scene: Scene) -> None:
    """The laptop died in the middle of a release."""
    scene.release.log_end = began(OTHER_COMMIT, scene.now - dt.timedelta(hours=3))


@fault(UNRECORDED)
def release_record_torn(scene: Scene) -> None:
    """The disk was full while the last release was written down: its line ends in the middle."""
    scene.release.log_end = began(OTHER_COMMIT, scene.now)[:60]


@decoy({**UNRECORDED, **UNPROVEN})
def release_commit_abbreviated(scene: Scene) -> None:
    """The product names its commit by the first twelve digits, and the records have all forty."""
    scene.commit_chars = SHORT_HASH_CHARS


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / "host" / "current" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
