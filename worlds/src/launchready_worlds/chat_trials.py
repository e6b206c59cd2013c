"""What the founder's last `launchready chat test` wrote down, as plain data that a fault may change."""

import datetime as dt
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from launchready_worlds.addresses import APP
from launchready_worlds.builds import FOLDER

Record = dict[str, Any]

FILE_NAME = "chat.jsonl"
HOURS_AGO = 2
"""When it was tested: this morning, before the build."""
CHAT = f"https://{APP}/api/chat"
CHAT_TABLE: Record = {
    "url": CHAT,
    "protocol": "sse",
    "message_id": "body:$.message_id",
    "login": "signup",
    "staging": True,
    "restart": "make restart",
}
NOT_TRIED = {"manifest", "attacks", "price_per_call", "price_per_million_tokens", "record_days"}
"""Keys under [chat] that change nothing in a test."""
MOODS = (
    "slow-first-token",
    "stall",
    "cut",
    "rate-limited-retry-after",
    "insufficient-quota",
    "error-500",
    "wrong-model",
    "context-overflow",
    "malformed",
    "empty",
)
BAD_MESSAGES = ("invalid-json", "no-object", "no-message", "null-bytes", "unknown-fields", "too-large")
INTERRUPTIONS = ("next-turn", "reload", "two-tabs", "repeated", "other-visitor", "restart")


def heard(transport: str = "ok", status: int | None = 200, total_s: float = 1.9, **more: Any) -> Record:
    """How one answer came."""
    came: Record = {
        "transport": transport,
        "status": status,
        "first_token_s": 0.6,
        "largest_gap_s": 0.1,
        "total_s": total_s,
        "pieces": 14,
        "detail": "",
    }
    return came | more


def silent(transport: str, total_s: float, detail: str) -> Record:
    """How no answer came."""
    return heard(transport, total_s=total_s, first_token_s=None, largest_gap_s=None, pieces=0, detail=detail)


def good_record() -> Record:
    """A test that went well; commit, time and declaration are filled in when it is written."""
    return {
        "state": "ended",
        "took_s": 212.5,
        "answer": heard(),
        "streaming": {
            "pause_s": 3.0,
            "heard": heard(largest_gap_s=3.0, total_s=4.4),
            "encoding": "",
            "buffer_hint": "",
        },
        "continuity": [{"kind": kind, "held": True, "seen": "it goes on"} for kind in INTERRUPTIONS],
        "input": [
            {"kind": kind, "heard": heard("bad-status", 422, 0.1), "leaks": [], "is_alive": True}
            for kind in BAD_MESSAGES
        ],
        "failures": [_failure(mood) for mood in MOODS],
        "unseen": [],
    }


def _failure(mood: str) -> Record:
    return {
        "mood": mood,
        "told": "notice",
        "code": mood.replace("-", "_"),
        "said": "Our assistant can't answer right now. Your message is saved.",
        "told_after_s": 21.0 if mood in {"stall", "slow-first-token"} else 2.5,
        "leaks": [],
        "heard": heard(),
        "retry": heard(),
    }


def failure(record: Record, mood: str) -> Record:
    """One failure of the model in a record, to be edited."""
    found: Record = next(one for one in record["failures"] if one["mood"] == mood)
    return found


def interruption(record: Record, kind: str) -> Record:
    """One interruption in a record, to be edited."""
    found: Record = next(one for one in record["continuity"] if one["kind"] == kind)
    return found


def leave_out(record: Record, part: str, detail: str) -> None:
    """Let a part of the test not have been taken."""
    record[part] = None
    record["unseen"].append({"part": part, "detail": detail})


def write(folder: Path, record: Record | None, commit: str, now: dt.datetime, config_text: str) -> None:
    """Write the record beside launchready.toml, or take it away where there is none.

    Args:
        folder: Where launchready.toml is.
        record: What is to be written down; None for nothing. Under `short`, how many digits of the commit.
        commit: What HEAD names, where the record names no other.
        now: The present moment.
        config_text: What launchready.toml says.
    """
    path = folder / FOLDER / FILE_NAME
    path.unlink(missing_ok=True)
    if record is None:
        return
    at = now - dt.timedelta(hours=HOURS_AGO)
    base: Record = {"format": 1, "commit": commit, "url": CHAT, "at": at.isoformat(), "declared": _digest(config_text)}
    whole = base | record
    whole["commit"] = whole["commit"][: whole.pop("short", len(commit))]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole) + "\n", "utf-8")


def _digest(config_text: str) -> str:
    """The digest of what was declared when it was tested; empty where the file is wrong."""
    try:
        table = tomllib.loads(config_text).get("chat", {})
    except tomllib.TOMLDecodeError:
        return ""
    told = {key: value for key, value in table.items() if key not in NOT_TRIED}
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
