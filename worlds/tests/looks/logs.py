"""What stands in the product's log after a visitor was there."""

import base64
import itertools
import json
import re
import threading

from looking import CHAT_HOST, login_cookies

WORD = "gorbazyl"
WAIT_S = 0.03
WAITS = 50
NUMBERS = itertools.count()
"""A customer of their own for each look."""


def _log(world):
    return (world.world.folder / "coachbot.log").read_text()


def _after(world, act):
    """What the log got; a line is written when the answer is through, so a moment after we have it."""
    before = after = len(_log(world))
    act()
    waited = threading.Event()
    for _ in range(WAITS):
        waited.wait(WAIT_S)
        grown, after = after, len(_log(world))
        if before < grown == after:
            break
    return _log(world)[before:]


def _chatted(world, body):
    """What the log got when a customer sent a message."""
    session = re.search(r"session=[^;]+", login_cookies(world, f"logged{next(NUMBERS)}"))[0]
    return _after(world, lambda: world.ask("POST", f"{CHAT_HOST}/api/chat", body, {"cookie": session}))


def _said(world, text=WORD):
    return _chatted(world, json.dumps({"message": text, "message_id": "m" * 8}).encode())


def _request_line(world, said=_said):
    return next(json.loads(line) for line in said(world).splitlines() if '"request"' in line)


def _refused(world):
    """What the log got when a customer sent what is no message."""
    return _chatted(world, b"{")


LOOKS = {
    "prompt-in-log": lambda w: WORD in _said(w),
    "prompt-in-log-packed": lambda w: (
        WORD.encode() in base64.b64decode(_said(w).partition("payload=")[2].partition("\n")[0])
    ),
    "key-in-log": lambda w: "sk-proj-12345" in _said(w, f"{WORD} sk-proj-12345"),
    "exception-quotes-prompt": lambda w: WORD in _chatted(w, f'{{"message": "{WORD}'.encode()),
    "address-in-log": lambda w: "visitor+logged@inbox.example" in _after(w, lambda: w.sign_up("logged")),
    "password-in-log": lambda w: w.password.replace(" ", "+") in _after(w, lambda: w.log_in("logged")),
    "query-in-log": lambda w: WORD in _after(w, lambda: w.get(f"{CHAT_HOST}/login?email={WORD}")),
    "log-without-request-ids": lambda w: "request_id" not in _request_line(w),
    "log-without-visitors": lambda w: not {"client", "session"} & set(_request_line(w)),
    "log-without-outcomes": lambda w: "status" not in _request_line(w),
    "log-says-all-is-well": lambda w: _request_line(w, _refused)["status"] == 200,
    "log-mentions-prompts": lambda w: "prompt of" in _said(w) and WORD not in _said(w),
    "log-in-words": lambda w: '"POST /api/chat" done' in _said(w),
    "log-missing": lambda w: not (w.world.folder / w.declared()["logs"]["paths"][0]).exists(),
    "log-undeclared": lambda w: "logs" not in w.declared(),
    "log-of-another-product": lambda w: w.declared()["logs"]["paths"] == ["launchready.toml"],
    "log-in-folder": lambda w: w.declared()["logs"]["paths"] == ["inbox/../coachbot.log"],
}
