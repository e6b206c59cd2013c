"""The founder's git repository, made in one go and byte for byte the same each time."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import Enum, auto
from importlib.resources import files
from pathlib import Path

from launchready_worlds.workshop import SCRIPTS

GIT_S = 20
"""Seconds git may take; it takes hundredths."""
FIRST_COMMIT_AT = 1_782_900_000
"""Seconds since the epoch: dates are part of a commit's hash, so they are fixed."""
COMMIT_EVERY_S = 86_400
KEY_CHARS = 32
"""Characters of a planted key after its prefix, as many as Stripe's test keys had at first; scanners want 24."""


class GitError(Exception):
    """The repository could not be made; the text says what to do."""


class History(Enum):
    """What happened in the repository."""

    CLEAN = auto()
    KEY_DELETED_LATER = auto()
    KEY_ON_A_BRANCH = auto()
    KEY_UNDER_A_TAG = auto()
    ONLY_DECOYS = auto()
    SIGNING_SECRET = auto()
    SETTINGS_KEPT = auto()
    KEY_NOT_COMMITTED = auto()
    KEY_IN_BUILD = auto()
    KEY_BEHIND_PUBLIC_NAME = auto()
    KEYS_KEPT_ASIDE = auto()
    READS_UNDECLARED = auto()
    READS_HARMLESS = auto()
    READS_UNREADABLE = auto()
    READS_FOR_BROWSERS = auto()
    EXAMPLE_OLD = auto()


def live_key() -> str:
    """A key that looks alive and never was, put together at run time so that no scanner finds one in this file."""
    digest = base64.b64encode(hashlib.sha512(b"a key of no account").digest()).decode()
    return "_".join(("sk", "live", "51" + "".join(filter(str.isalnum, digest))[:KEY_CHARS]))


def random_value() -> str:
    """A value of no known form, as somebody makes one for a signing secret."""
    return hashlib.sha256(b"a session of nobody").hexdigest()


CONTRACT = (files("coachbot") / "environment.json").read_text("utf-8")
"""The variables that the product reads, as it keeps them itself."""

_APP = '''"""The web application."""

import os

SECRET = os.environ["COACHBOT_SECRET"]
'''
_CONTRACT = json.loads((files("coachbot") / "environment.json").read_text("utf-8"))["variables"]
EXAMPLE = "".join(f"{variable['name']}=\n" for variable in _CONTRACT)
"""What the founder's .env.example holds: every variable of the contract."""

_NEWSLETTER = '''"""The newsletter."""

import os


def subscribe(address: str) -> None:
    key = os.environ["NEWSLETTER_API_KEY"]
'''
_HARMLESS = '''"""Variables that nobody has to declare."""

import os

PORT = int(os.environ["PORT"])  # os.environ["ONLY_IN_A_COMMENT"]
THEME = os.environ.get("THEME", "light")
NOTE = 'process.env.ONLY_IN_A_TEXT, os.environ["ONLY_IN_A_TEXT"]'
os.environ["STARTED"] = "yes"
if os.getenv("DEBUG_SQL"):
    print(NOTE)
'''
_HARMLESS_SCRIPT = """// process.env.ONLY_IN_A_COMMENT
const mode = import.meta.env.MODE;
const isLive = process.env.NODE_ENV === "production";
export const pattern = /process.env.ONLY_IN_A_PATTERN["']/;
export const page = <p>Don't read {mode} {isLive} {import.meta.env.VITE_PAYMENT_KEY}</p>;
"""
_FOR_BROWSERS = """export async function pay(amount: number) {
  return fetch("https://pay.example/charge", {
    headers: { authorization: `Bearer ${import.meta.env.VITE_PAYMENT_KEY}` },
    body: JSON.stringify({ amount }),
    method: "POST",
  });
}
"""
_DECOYS = {
    "static/checkout.js": 'const stripe = Stripe("pk_live_'
    "51NxGt2LkWqRmVbYcHdJfKsTp"
    '"); // publishable, meant for browsers\n',
    ".env.example": "STRIPE_API_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx\n"
    "DATABASE_PASSWORD=changeme\nSECRET_KEY=changeme\n",
    "docs/keys.md": "# Keys\n\nLive keys start with `sk_live_`, test keys with `sk_test_`. Put yours in the vault,\n"
    "never in this repository. Example: `sk_live_your_key_here`.\n",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: a message, and the files it writes (None deletes one)."""

    message: str
    files: dict[str, str | None]
    ref: str = "refs/heads/main"


_BASE = (
    Step("Start the product", {"README.md": "# Bright Path\n\nA coaching chat.\n", ".gitignore": ".env\n*.sqlite3\n"}),
    Step("Add the web application", {"app/__init__.py": "", "app/web.py": _APP}),
    Step("Show what the environment needs", {".env.example": EXAMPLE}),
    Step("Build, test and start it with one script each", {**SCRIPTS, "environment.json": CONTRACT}),
)
_LAST = (
    Step("Add the landing page", {"static/index.html": "<!doctype html>\n<title>Bright Path</title>\n"}),
    Step("Explain how to deploy", {"docs/deploy.md": "# Deploy\n\nPush to main; Render builds it.\n"}),
)

_READING = {
    History.READS_UNDECLARED: (Step("Send a newsletter", {"app/newsletter.py": _NEWSLETTER}),),
    History.READS_HARMLESS: (
        Step("Show the port", {"app/port.py": _HARMLESS, "tests/test_web.py": _NEWSLETTER}),
        Step("Show the mode", {"web/src/page.jsx": _HARMLESS_SCRIPT, ".env.example": f"{EXAMPLE}VITE_PAYMENT_KEY=\n"}),
    ),
    History.READS_UNREADABLE: (Step("Import", {"app/old.py": "import os\nprint os.environ['OLD_KEY']\n"}),),
    History.READS_FOR_BROWSERS: (
        Step("Take payments", {"web/src/pay.ts": _FOR_BROWSERS, ".env.example": f"{EXAMPLE}VITE_PAYMENT_KEY=\n"}),
    ),
    History.EXAMPLE_OLD: (
        Step(
            "Forget one", {".env.example": EXAMPLE.replace("COACHBOT_SECRET=", "# secrets are elsewhere\nSMTP_HOST=")}
        ),
    ),
}
"""Commits after which the code reads other variables, or the example file shows others."""


def _steps(history: History) -> tuple[Step, ...]:
    leaked = {"config/payments.py": f'STRIPE_API_KEY = "{live_key()}"\n'}
    between: tuple[Step, ...] = ()
    match history:
        case History.KEY_DELETED_LATER:
            between = (Step("Take payments", dict(leaked)), Step("Clean up", {"config/payments.py": None}))
        case History.KEY_ON_A_BRANCH:
            between = (Step("Try payments", dict(leaked), "refs/heads/try-payments"),)
        case History.KEY_UNDER_A_TAG:
            between = (Step("Release candidate", dict(leaked), "refs/tags/v0.1-rc1"),)
        case History.SIGNING_SECRET:
            between = (Step("Sign sessions", {"app/settings.py": f'SESSION_SECRET = "{random_value()}"\n'}),)
        case History.SETTINGS_KEPT:
            between = (Step("Deploy", {".env.production": "SESSION_SECRET=bright-harbour-lantern-path\n"}),)
        case History.KEY_IN_BUILD | History.KEYS_KEPT_ASIDE:
            between = (Step("Build the page", {".gitignore": ".env\n*.sqlite3\ndist/\n"}),)
        case History.ONLY_DECOYS:
            between = (Step("Prepare for payments", dict(_DECOYS)),)
        case _:
            between = _READING.get(history, ())
    return (*_BASE, *between, *_LAST)


def _loose(history: History) -> dict[str, str]:
    """Files that lie in the working tree and are in no commit."""
    match history:
        case History.KEY_NOT_COMMITTED:
            return {"scripts/refund.py": f'STRIPE_API_KEY = "{live_key()}"\n'}
        case History.KEY_IN_BUILD:
            return {"dist/assets/index-4f3a9c.js": f'fetch("/pay",{{headers:{{k:"{live_key()}"}}}});\n'}
        case History.KEY_BEHIND_PUBLIC_NAME:
            return {".env": f"VITE_STRIPE_KEY={live_key()}\n"}
        case History.KEYS_KEPT_ASIDE:
            public = _DECOYS["static/checkout.js"]
            return {".env": f"STRIPE_API_KEY={live_key()}\n", "dist/assets/index-4f3a9c.js": public}
        case _:
            return {}


def _stream(steps: tuple[Step, ...]) -> bytes:
    """The commits in git's fast-import language: one process builds the whole repository."""
    lines: list[bytes] = []
    on_main = 0
    for mark, step in enumerate(steps, start=1):
        message = step.message.encode()
        when = FIRST_COMMIT_AT + mark * COMMIT_EVERY_S
        lines.append(f"commit {step.ref}\nmark :{mark}\n".encode())
        lines.append(f"committer Maya Ortiz <maya@brightpath.example> {when} +0000\n".encode())
        lines.append(b"data %d\n%s\n" % (len(message), message))
        if on_main:
            lines.append(b"from :%d\n" % on_main)
        for path, content in step.files.items():
            if content is None:
                lines.append(f"D {path}\n".encode())
            else:
                data = content.encode()
                lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
        if step.ref == "refs/heads/main":
            on_main = mark
    return b"".join(lines) + b"done\n"


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """Run git cut off from the user's own settings.

    Raises:
        GitError: git is not installed or failed.
    """
    isolated = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C"}
    isolated |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    program = shutil.which("git")
    if program is None:
        raise GitError("git is not installed; type: apt-get install git")
    done = subprocess.run(  # noqa: S603  # a fixed program with our own arguments
        [program, *arguments],
        cwd=folder,
        env=isolated,
        input=given or b"",
        capture_output=True,
        timeout=GIT_S,
        check=False,
    )
    if done.returncode:
        raise GitError(f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on disk.

    Attributes:
        path: Its working tree.
        commits: Hashes on main, newest first.
    """

    path: Path
    commits: tuple[str, ...]


def build(path: Path, history: History) -> Repository:
    """Make a repository with one history at a path that does not exist yet.

    Raises:
        GitError: git is not installed or failed.
    """
    made = build_steps(path, _steps(history))
    for name, content in _loose(history).items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(content)
    return made


def build_steps(path: Path, steps: tuple[Step, ...]) -> Repository:
    """Make a repository of commits of one's own, at a path that does not exist yet.

    Raises:
        GitError: git is not installed or failed.
    """
    path.mkdir(parents=True)
    _git(path, "init", "--quiet", "--initial-branch=main", ".")
    _git(path, "fast-import", "--quiet", "--done", given=_stream(steps))
    _git(path, "reset", "--quiet", "--hard")
    return Repository(path, tuple(_git(path, "log", "--format=%H").split()))
