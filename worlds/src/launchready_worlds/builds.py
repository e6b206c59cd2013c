"""What the founder's last `launchready build` wrote down, as plain data that a fault may change."""

import datetime as dt
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

Record = dict[str, Any]

FOLDER = ".launchready"
FILE_NAME = "builds.jsonl"
HOURS_AGO = 1
"""When it was built: this morning."""
WORDS_FOR_PEOPLE = {"purpose", "owner", "stored_in", "example"}
"""Keys of the contract that change nothing in a build."""


def good_record() -> Record:
    """A build that went well; commit, time and declaration are filled in when it is written."""
    return {
        "state": "ended",
        "sandbox": "bubblewrap",
        "took_s": 21.5,
        "failures": [],
        "repeat": {"files": 2, "digest": hashlib.sha256(b"dist").hexdigest(), "differences": [], "more": 0},
        "baked": {"searched": ["DATABASE_URL", "STRIPE_API_KEY"], "baked": [], "unread": []},
        "start": {
            "trials": [
                {"variable": name, "kind": kind, "end": "named"}
                for name in ("DATABASE_URL", "STRIPE_API_KEY")
                for kind in ("removed", "malformed")
            ],
            "untold": [],
        },
        "shipped": {"files": 2, "size_bytes": 1834, "leftovers": [], "unread": []},
        "unseen": [],
    }


def stop(record: Record, step: str, fault: str, name: str, said: str) -> None:
    """Let the build have stopped, so that nothing that comes after it was seen."""
    record["failures"] = [{"step": step, "fault": fault, "name": name, "said": said}]
    for part in ("repeat", "baked", "start", "shipped"):
        record[part] = None
        record["unseen"].append({"part": part, "detail": "the build from a clean clone failed"})


def write(folder: Path, record: Record | None, commit: str, now: dt.datetime, config_text: str) -> None:
    """Write the record beside launchready.toml, or take it away where there is none.

    Args:
        folder: Where launchready.toml is.
        record: What is to be written down; None for nothing. Under `earlier`, what was different in lines before it.
        commit: What HEAD names, where the record names no other.
        now: The present moment.
        config_text: What launchready.toml says.
    """
    path = folder / FOLDER / FILE_NAME
    path.unlink(missing_ok=True)
    if record is None:
        return
    at = now - dt.timedelta(hours=HOURS_AGO)
    earlier: list[Record] = record.get("earlier", [])
    whole: Record = {"format": 1, "commit": commit, "at": at.isoformat(), "declared": _digest(config_text)} | record
    lines = [*({**whole, **change, "earlier": []} for change in earlier), whole]
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def _digest(config_text: str) -> str:
    """The digest of what was declared when it was built; empty where the file is wrong."""
    try:
        tables = tomllib.loads(config_text)
    except tomllib.TOMLDecodeError:
        return ""
    rows = tables.get("environment", [])
    contract = [{key: row[key] for key in row if key not in WORDS_FOR_PEOPLE} for row in rows]
    told = {"build": tables.get("build"), "environment": contract}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
