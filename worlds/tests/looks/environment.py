"""What the running release says of its variables, and what the code and the example file say."""

import json
import re

from looking import CHAT_HOST, git

from launchready_worlds.product import REPORT_FILE

REPORT = f"{CHAT_HOST}/launchready/environment"


def _report(world):
    """What whoever has the token is told."""
    token = (world.world.folder / REPORT_FILE).read_text()
    return json.loads(world.get(REPORT, authorization=f"Bearer {token}").body)


def _said(world, variable):
    return _report(world)["variables"][f"COACHBOT_{variable}"]


def _flaw(world, variable):
    return _said(world, variable)["flaw"]


def _declared(world):
    """The declaration of the report."""
    return next(entry for entry in world.declared()["endpoints"] if entry["kind"] == "environment")


def _flaws(world):
    return {said["flaw"] for said in _report(world)["variables"].values()}


def _file(world, path):
    """The text of a committed file; empty where there is none."""
    return git(world, "show", f"HEAD:{path}") if path in git(world, "ls-files").split() else ""


def _shown(world):
    """The names in the example file."""
    return set(re.findall(r"(?m)^(\w+)=", _file(world, ".env.example")))


def _contract(world, *, is_public=False):
    """The names in the contract."""
    return {row["name"] for row in world.declared()["environment"] if row.get("public", False) >= is_public}


LOOKS = {
    "variable-not-set": lambda w: not _said(w, "MAIL_FROM")["set"] and _flaw(w, "MAIL_FROM") == "missing",
    "variable-empty": lambda w: _said(w, "SMTP_URL")["set"] and _flaw(w, "SMTP_URL") == "empty",
    "variable-placeholder": lambda w: _flaw(w, "SECRET") == "placeholder",
    "variable-localhost": lambda w: _said(w, "BASE_URL")["mode"] == "local",
    "variable-test-key": lambda w: _said(w, "MODEL_KEY")["mode"] == "test",
    "variable-live-key-in-test": lambda w: _declared(w)["stage"] == "test" and _said(w, "MODEL_KEY")["mode"] == "live",
    "variable-line-break": lambda w: _flaw(w, "MODEL_KEY") == "edges",
    "environment-report-for-anybody": lambda w: "variables" in w.get(REPORT).text,
    "report-token-unknown": lambda w: not (w.world.folder / _declared(w)["token"].removeprefix("file:")).exists(),
    "contract-outdated": lambda w: _contract(w) - set(_report(w)["variables"]) == {"COACHBOT_BASE_URL"},
    "variable-optional-not-set": lambda w: not _said(w, "MODEL_KEY")["set"] and _flaws(w) == {""},
    "variable-odd-and-right": lambda w: _said(w, "MODEL_NAME")["set"] and _flaws(w) == {""},
    "environment-report-behind-a-page": lambda w: (
        w.get(REPORT).status == 200 and "There is no such page" in w.get(REPORT).text and _flaws(w) == {""}
    ),
    "variable-read-and-undeclared": lambda w: (
        'os.environ["NEWSLETTER_API_KEY"]' in _file(w, "app/newsletter.py") and "NEWSLETTER_API_KEY" not in _shown(w)
    ),
    "secret-for-browsers": lambda w: (
        "import.meta.env.VITE_PAYMENT_KEY" in _file(w, "web/src/pay.ts")
        and "VITE_PAYMENT_KEY" in _contract(w) - _contract(w, is_public=True)
    ),
    "example-outdated": lambda w: _contract(w) ^ _shown(w) == {"COACHBOT_SECRET", "SMTP_HOST"},
    "source-not-there": lambda w: not (w.world.folder / w.declared()["repository"]["path"]).exists(),
    "source-of-an-old-python": lambda w: "print os.environ" in _file(w, "app/old.py"),
    "variables-that-nobody-declares": lambda w: (
        "ONLY_IN_A_COMMENT" in _file(w, "app/port.py") and _contract(w) == _shown(w) and "VITE_PAYMENT_KEY" in _shown(w)
    ),
}
