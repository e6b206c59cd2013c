"""What releases left on the founder's machine: records, manifests, and the folder that runs.

Written here by hand, line by line, so that a reader of these files is held to what they are and not to its own writer.
"""

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

RECORDS: Final = ".launchready"
LOG: Final = "deploys.jsonl"
RETURNED_DAYS_AGO: Final = 10
FIRST_DAYS_AGO: Final = 12
STUMBLED_DAYS_AGO: Final = 3
RELEASED_DAYS_AGO: Final = 2
FILES: Final = {
    "app/web.py": "import os\n",
    "app/config.py": "DEBUG = False\n",
    "static/index.html": "<!doctype html>\n<title>Bright Path</title>\n",
}
"""The files of a release."""

Edit = Callable[[Path], None]


def good_deploy() -> dict[str, Any]:
    """The table `[deploy]` of a founder who releases on one path."""
    return {
        "deploy": "./release $LAUNCHREADY_COMMIT",
        "rollback": "./release --back $LAUNCHREADY_COMMIT",
        "folder": "host/current",
        "written": ["*.sqlite3"],
    }


@dataclass(slots=True)
class Released:
    """What was released, and what happened since.

    Attributes:
        returned_days_ago: When a former release was last brought back; None: never.
        return_result: How that ended.
        repeats: Whether the last release was the second one of its commit, as after a rehearsal of the way back.
        stumbles: Whether one of its commit that failed came before it.
        differs: What is different in the second one.
        last_commit: The commit of the last release; empty: the one that is deployed.
        has_log: Whether releases were written down at all.
        has_manifest: Whether the files of the last release were.
        log_end: Bytes after the last whole line.
        edits: What somebody did to the folder that runs, or to the records, in the end.
    """

    returned_days_ago: int | None = RETURNED_DAYS_AGO
    return_result: str = "live"
    repeats: bool = True
    stumbles: bool = False
    differs: tuple[str, ...] = ()
    last_commit: str = ""
    has_log: bool = True
    has_manifest: bool = True
    log_end: bytes = b""
    edits: list[Edit] = field(default_factory=list)

    def write(self, folder: Path, commits: tuple[str, ...], now: dt.datetime) -> None:
        """Put everything into a world's folder, in place of what is there.

        Args:
            folder: Where launchready.toml is.
            commits: Hashes of the repository, newest first.
            now: The present moment.
        """
        for name in (RECORDS, "host"):
            if (folder / name).exists():
                shutil.rmtree(folder / name)
        (folder / RECORDS).mkdir()
        last = self.last_commit or commits[0]
        self._run(folder, last)
        if self.has_log:
            (folder / RECORDS / LOG).write_bytes(self._log(last, commits[1], now) + self.log_end)
        for edit in self.edits:
            edit(folder)

    def _run(self, folder: Path, commit: str) -> None:
        """The folder that runs, behind a link, and its manifest."""
        release = folder / "host" / "releases" / commit
        lines = []
        for name, text in FILES.items():
            path = release / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o644)
            lines.append(f"644 {len(text)} {hashlib.sha256(text.encode()).hexdigest()}  ./{name}\n")
        (folder / "host" / "current").symlink_to(Path("releases") / commit, target_is_directory=True)
        if self.has_manifest:
            manifests = folder / RECORDS / "manifests"
            manifests.mkdir()
            (manifests / f"{commit}.txt").write_text("".join(lines))

    def _log(self, last: str, before: str, now: dt.datetime) -> bytes:
        lines = [_line("deploy", before, "live", now - dt.timedelta(days=120), "")]
        if self.repeats:
            lines.append(_line("deploy", last, "live", now - dt.timedelta(days=FIRST_DAYS_AGO), before))
        if self.returned_days_ago is not None:
            at = now - dt.timedelta(days=self.returned_days_ago, minutes=1)  # an auditor's clock has whole seconds
            lines.append(_line("rollback", before, self.return_result, at, last))
        if self.stumbles:
            half = ("missing: static/index.html",)
            lines.append(_line("deploy", last, "unchanged", now - dt.timedelta(days=STUMBLED_DAYS_AGO), before, half))
        lines.append(_line("deploy", last, "live", now - dt.timedelta(days=RELEASED_DAYS_AGO), before, self.differs))
        return b"".join(lines)


def _line(kind: str, commit: str, result: str, at: dt.datetime, before: str, differs: tuple[str, ...] = ()) -> bytes:
    """A release that began and ended; `differs` are files that an earlier one of the same commit had otherwise."""
    about = {"v": 1, "id": f"{at:%Y%m%dT%H%M%SZ}-0a1b2c", "kind": kind, "who": "maya@laptop", "commit": commit}
    about |= {"at": at.isoformat(), "before": before}
    ended = {
        "result": result,
        "live": commit,
        "took_s": 41.5,
        "down_s": 1.2,
        "asked": 83,
        "failed": 2,
        "detail": result,
        "named": list(differs),
        "digest": hashlib.sha256("\n".join((commit, *differs)).encode()).hexdigest(),
    }
    lines = [about | {"phase": "began"}, about | {"phase": "ended"} | ended]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def began(commit: str, at: dt.datetime) -> bytes:
    """The line of a release that began, and whose end nobody wrote down."""
    line = {"v": 1, "id": f"{at:%Y%m%dT%H%M%SZ}-0d0d0d", "kind": "deploy", "phase": "began", "at": at.isoformat()}
    return json.dumps(line | {"who": "maya@laptop", "commit": commit, "before": ""}).encode() + b"\n"
