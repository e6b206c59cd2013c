"""What the founder's last test of the chat wrote down."""

import datetime as dt
import json

from launchready_worlds.builds import FOLDER
from launchready_worlds.chat_trials import FILE_NAME


def _last(world):
    path = world.world.folder / FOLDER / FILE_NAME
    return json.loads(path.read_text().splitlines()[-1]) if path.exists() else None


def _age(world):
    return world.world.scene.now - dt.datetime.fromisoformat(_last(world)["at"])


def _failure(world, mood):
    return next(one for one in _last(world)["failures"] if one["mood"] == mood)


def _held(world):
    return {one["kind"] for one in _last(world)["continuity"] if one["held"]}


def _input(world):
    return {one["kind"]: one for one in _last(world)["input"]}


def _unseen(world):
    return {gap["part"] for gap in _last(world)["unseen"]}


LOOKS = {
    "chat-never-tested": lambda w: _last(w) is None,
    "chat-test-of-another-commit": lambda w: _last(w)["commit"].startswith("01234567"),
    "chat-test-too-old": lambda w: _age(w) > dt.timedelta(days=30),
    "chat-test-stopped": lambda w: _last(w)["state"] == "interrupted",
    "chat-test-unreadable": lambda w: _last(w)["format"] == "one",
    "chat-declared-anew": lambda w: _last(w)["declared"] == "0123456789abcdef",
    "provider-never-failed": lambda w: _last(w)["failures"] is None and _unseen(w) == {"failures"},
    "one-failure-never-met": lambda w: len(_last(w)["failures"]) == 9,
    "one-bad-message-never-sent": lambda w: "too-large" not in _input(w),
    "long-answer-in-two-pieces": lambda w: (
        _last(w)["streaming"]["pause_s"] == 0 and _last(w)["streaming"]["heard"]["pieces"] == 2
    ),
    "chat-without-memory-in-sight": lambda w: _held(w) == set() and _unseen(w) == {"continuity next-turn"},
    "restart-undeclared": lambda w: "restart" not in _held(w) and "reload" in _held(w),
    "chat-in-one-piece": lambda w: w.world.scene.declaration["chat"]["protocol"] == "json",
    "chat-answers-with-a-page": lambda w: _last(w)["answer"]["transport"] == "bad-content-type",
    "chat-thinks-long": lambda w: _last(w)["answer"]["first_token_s"] > 10,
    "chat-thinks-just-in-time": lambda w: 9 < _last(w)["answer"]["first_token_s"] < 10,
    "stream-collected-by-proxy": lambda w: _last(w)["streaming"]["heard"]["largest_gap_s"] < 0.1,
    "stream-packed-for-browsers": lambda w: _last(w)["streaming"]["encoding"] == "gzip",
    "stream-packed-and-flushed": lambda w: (
        _last(w)["streaming"]["encoding"] == "gzip" and _last(w)["streaming"]["heard"]["largest_gap_s"] >= 3
    ),
    "stall-never-told": lambda w: _failure(w, "stall")["told"] == "nothing",
    "failure-told-late": lambda w: _failure(w, "slow-first-token")["told_after_s"] > 60,
    "second-model-answers": lambda w: {one["told"] for one in _last(w)["failures"]} == {"answer"},
    "failure-told-as-answer": lambda w: _failure(w, "error-500")["told"] == "apology",
    "failed-message-stuck": lambda w: _failure(w, "cut")["retry"]["status"] == 409,
    "failure-named-with-status": lambda w: _failure(w, "error-500")["heard"]["status"] == 503,
    "quota-looks-like-rate": lambda w: _failure(w, "insufficient-quota")["code"] == "busy",
    "quota-told-in-other-words": lambda w: _failure(w, "insufficient-quota")["said"] == "Closed for today.",
    "providers-error-passed-on": lambda w: _failure(w, "wrong-model")["leaks"] != [],
    "trace-for-bad-message": lambda w: _input(w)["invalid-json"]["leaks"] == ["a stack trace of Python"],
    "nonsense-refused-in-words": lambda w: _input(w)["too-large"]["heard"]["status"] is None,
    "nonsense-answered-500": lambda w: _input(w)["invalid-json"]["heard"]["status"] == 500,
    "large-message-taken": lambda w: _input(w)["too-large"]["heard"]["transport"] == "ok",
    "large-message-fells-chat": lambda w: not _input(w)["too-large"]["is_alive"],
    "talk-in-one-workers-memory": lambda w: "next-turn" not in _held(w),
    "talk-lost-on-reload": lambda w: "reload" not in _held(w),
    "talk-lost-on-restart": lambda w: "restart" not in _held(w),
    "message-answered-twice": lambda w: "repeated" not in _held(w),
    "talks-run-together": lambda w: "other-visitor" not in _held(w),
    "tested-by-short-commit": lambda w: len(_last(w)["commit"]) == 9,
}
