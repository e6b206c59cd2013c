"""The founder's product as a repository that can be built: without network, by one small script, with one fault each.

`GOOD` is the product as it should be. A `Fault` changes some files, leaves others outside git, and says what a builder
has to find. The scripts are small on purpose: each shows a fault in the form in which build tools have it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Files = Mapping[str, str | None]

_CONTRACT = [
    {"name": "STRIPE_API_KEY", "type": "key", "prefix": "sk_", "min_chars": 24},
    {"name": "DATABASE_URL", "type": "url", "prefix": "postgres://"},
    {"name": "VITE_SITE_URL", "type": "url", "required": "both", "public": True},
    {"name": "SUPPORT_EMAIL", "type": "email"},
    {"name": "WORKERS", "type": "int", "minimum": 1, "maximum": 64},
]

_BUILD = '''"""Build the pages."""

import json
import os
import shutil
from pathlib import Path

OUT = Path("dist")


def public_settings():
    return {name: value for name, value in sorted(os.environ.items()) if name.startswith("VITE_")}


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    for page in sorted(Path("static").iterdir()):
        shutil.copyfile(page, OUT / page.name)
    (OUT / "app.js").write_text("window.settings = " + json.dumps(public_settings()) + ";\\n")


main()
'''

_START = '''"""Start the product: no variable, no start."""

import http.server
import json
import os
import sys
from pathlib import Path


def flaw_of(row, value):
    kind = row.get("type", "text")
    if not value:
        return "is not set" if row.get("required", "run") in ("run", "both") else None
    if not value.startswith(row.get("prefix", "")):
        return "does not begin with " + row["prefix"]
    if len(value) < row.get("min_chars", 0):
        return "is too short"
    if kind == "url" and "://" not in value:
        return "is not a URL"
    if kind == "email" and "@" not in value:
        return "is not a mail address"
    if kind == "int" and not value.lstrip("-").isdigit():
        return "is not a whole number"
    if kind == "bool" and value.lower() not in ("true", "false", "1", "0"):
        return "is neither true nor false"
    if kind == "enum" and value not in row["choices"]:
        return "is none of its choices"
    return None


def main():
    flaws = []
    for row in json.loads(Path("environment.json").read_text())["variables"]:
        flaw = flaw_of(row, os.environ.get(row["name"]))
        if flaw:
            flaws.append(row["name"] + " " + flaw)
    if flaws:
        sys.exit("\\n".join(flaws))
    http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler).serve_forever()


main()
'''

_TEST = """import unittest
from pathlib import Path


class Pages(unittest.TestCase):
    def test_the_front_page_has_a_title(self):
        self.assertIn("<title>", Path("dist/index.html").read_text())
"""

SCRIPTS: Final[dict[str, str | None]] = {"build.py": _BUILD, "app/start.py": _START, "tests/test_pages.py": _TEST}
"""What makes any of the founder's repositories one that can be built, tested and started."""

BUILD_TABLE: Final = {
    "build": "python3 build.py",
    "test": "python3 -m unittest discover -s tests",
    "start": ["python3", "-m", "app.start"],
    "output": ["dist"],
    "start_seconds": 3,
}

GOOD: Final[dict[str, str | None]] = {
    "README.md": "# Bright Path\n\nOn your machine: http://localhost:3000\n",
    ".gitignore": ".env\ncontent/prices.json\nnode_modules/\ndist/\n",
    ".env.example": "STRIPE_API_KEY=\nDATABASE_URL=\n",
    "requirements.txt": "starlette==0.41.0\n",
    "environment.json": json.dumps({"variables": _CONTRACT}),
    "app/__init__.py": "",
    "app/pages.py": "TITLE = 'Bright Path'\n",
    "static/index.html": "<!doctype html>\n<title>Bright Path</title>\n",
    "static/header.html": "<header>Bright Path</header>\n",
    **SCRIPTS,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A repository with one fault.

    Attributes:
        name: Kebab case.
        finds: The check that has to fail; empty for a decoy.
        says: What has to stand in the finding.
        changes: Files of the commit that differ from the good ones.
        loose: Files that lie in the working tree and in no commit.
        table: Keys of [build] that differ.
        build_limit_s: Seconds that each command may take; 0 leaves it.
        blind: Whether the check may neither pass nor fail.
    """

    name: str
    finds: str = ""
    says: str = ""
    changes: Files = field(default_factory=dict)
    loose: Mapping[str, str] = field(default_factory=dict)
    table: Mapping[str, object] = field(default_factory=dict)
    build_limit_s: float = 0.0
    blind: bool = False


def _more(code: str) -> Files:
    """The good script, and then something more."""
    return {"build.py": _BUILD + "\n" + code}


def _test_key() -> str:
    """Put together at run time, so that no scanner finds one in this file."""
    return f"{'pk'}_test_51NxGt2LkWqRmVbYcHdJfKsTp"


CLEAN = "build-not-clean"
TWICE = "build-not-repeatable"
BAKED = "secret-baked-into-build"
LEAKS = "artefact-leaks"
EXPOSES = "artefact-exposes-files"
UNTIDY = "artefact-untidy"
STARTS = "start-ignores-missing-variable"

_ENVIRONMENT = "import os, json\nnames = {n: v for n, v in os.environ.items() if n.endswith(('_KEY', '_URL'))}\n"

FAULTS: Final = (
    Fault("good"),
    Fault("module-nowhere", CLEAN, "markdown_pages is used", _more("import markdown_pages")),
    Fault(
        "program-of-one-laptop",
        CLEAN,
        "pagetool is used",
        {},
        {"node_modules/.bin/pagetool": "#!/bin/sh\n"},
        {"build": "python3 build.py && pagetool dist"},
    ),
    Fault(
        "file-never-committed",
        CLEAN,
        "content/prices.json lies on your machine",
        _more("open('content/prices.json').read()"),
        {"content/prices.json": "[]"},
    ),
    Fault(
        "module-never-committed",
        CLEAN,
        "app/prices.py lies on your machine",
        _more("import app.prices"),
        {"app/prices.py": "PRICES = []\n"},
    ),
    Fault("file-in-other-case", CLEAN, "static/header.html is spelled", _more("open('static/Header.html').read()")),
    Fault("module-in-other-case", CLEAN, "app/pages.py is spelled", _more("import app.Pages")),
    Fault("variable-of-one-shell", CLEAN, "SITE_NAME is read and not declared", _more("os.environ['SITE_NAME']")),
    Fault(
        "waits-for-ever",
        CLEAN,
        "it did not end within",
        {"wait.sh": "setsid sleep 3171 &\nsleep 3172\n"},
        {},
        {"build": "sh wait.sh"},
        build_limit_s=1.5,
    ),
    Fault("test-red", CLEAN, "test from a clean clone", {"static/index.html": "<!doctype html>\n"}),
    Fault("nothing-made", CLEAN, "it left nothing at site", {}, {}, {"output": ["site"]}),
    Fault(
        "downloads",
        CLEAN,
        "network = true",
        _more("import urllib.request\nurllib.request.urlopen('http://registry.example/')"),
        blind=True,
    ),
    Fault(
        "modules-elsewhere",
        CLEAN,
        "its submodules",
        {".gitmodules": '[submodule "theme"]\n\tpath = theme\n\turl = https://code.example/theme.git\n'},
        blind=True,
    ),
    Fault(
        "pictures-elsewhere",
        CLEAN,
        "pointers to files in git-lfs",
        {
            ".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n",
            "static/maya.png": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 12345\n",
        },
        blind=True,
    ),
    Fault("program-of-the-system", CLEAN, "pagemill", {}, {}, {"build": "pagemill"}, blind=True),
    Fault("time-in-page", TWICE, "time of the build", _more("import time\n(OUT / 't').write_text(time.ctime())")),
    Fault(
        "seconds-in-page", TWICE, "time of the build", _more("import time\n(OUT / 't').write_text(f'{time.time()}')")
    ),
    Fault("path-in-page", TWICE, "folder of the build", _more("(OUT / 'p').write_text(os.getcwd() + '/dist')")),
    Fault(
        "time-in-archive",
        TWICE,
        "time of the build",
        _more("import gzip, time\n(OUT / 'a.gz').write_bytes(gzip.compress(b'same', mtime=time.time()))"),
    ),
    Fault("names-made-up", TWICE, "neither time nor folder", _more("(OUT / 'r').write_text(os.urandom(40).hex())")),
    Fault("file-name-made-up", TWICE, "one build only", _more("(OUT / os.urandom(9).hex()).touch()")),
    Fault(
        "order-of-a-set",
        TWICE,
        "in another order",
        _more("(OUT / 'o').write_text('\\n'.join({f'page {n}' for n in range(40)}))"),
    ),
    Fault(
        "whole-environment-defined",
        BAKED,
        "STRIPE_API_KEY stands in dist/define.js",
        _more(_ENVIRONMENT + "(OUT / 'define.js').write_text(json.dumps(names))"),
    ),
    Fault(
        "environment-packed",
        BAKED,
        "DATABASE_URL stands in dist/state.js.gz",
        _more(
            _ENVIRONMENT
            + "import base64, gzip\ncoded = base64.b64encode(b'x' + json.dumps(names).encode())\n"
            + "(OUT / 'state.js.gz').write_bytes(gzip.compress(coded, mtime=0))"
        ),
    ),
    Fault("environment-printed", BAKED, "the log of the build", _more("print(dict(os.environ))")),
    Fault("settings-file-copied", EXPOSES, "dist/.env", {".env": "A=1\nB=2\n", **_more("shutil.copy('.env', OUT)")}),
    Fault("history-copied", EXPOSES, "dist/.git", _more("shutil.copytree('.git', OUT / '.git')")),
    Fault("test-key-built-in", LEAKS, "key for tests", {"static/pay.js": f'Stripe("{_test_key()}");\n'}),
    Fault("tunnel-built-in", LEAKS, "ngrok", {"static/hook.js": 'fetch("https://3f2a-91.ngrok-free.app/api");\n'}),
    Fault("debug-fixed", LEAKS, "DEBUG = True", {"static/settings.py": "import os\nDEBUG = True\n"}),
    Fault("own-machine-built-in", UNTIDY, "localhost:3000", {"static/api.js": 'fetch("http://localhost:3000/api");\n'}),
    Fault(
        "map-with-sources",
        UNTIDY,
        "sources of 1 files",
        {
            "static/site.js.map": json.dumps(
                {"version": 3, "sources": ["a.ts"], "sourcesContent": ["let a"], "mappings": ""}
            )
        },
    ),
    Fault(
        "starts-without",
        STARTS,
        "without STRIPE_API_KEY the product starts all the same",
        {"app/start.py": "import time\ntime.sleep(60)\n"},
    ),
    Fault(
        "stops-in-silence",
        STARTS,
        "without DATABASE_URL the product stops, and does not say why",
        {"app/start.py": "import os, sys, time\nif 'DATABASE_URL' not in os.environ: sys.exit(1)\ntime.sleep(60)\n"},
    ),
    Fault(
        "never-starts",
        STARTS,
        "does not start with good values",
        {"app/start.py": "import sys\nsys.exit('no database')\n"},
        blind=True,
    ),
    Fault("slow-to-say-so", changes={"app/start.py": "import time\ntime.sleep(2)\n" + _START}),
    Fault(
        "library-names-an-address",
        changes=_more("(OUT / 'lib.js').write_text('const base = \"http://' + 'local' + 'host:8123\"')"),
    ),
    Fault("example-of-settings-copied", changes=_more("shutil.copy('.env.example', OUT)")),
    Fault(
        "map-without-sources",
        changes={"static/site.js.map": json.dumps({"version": 3, "sources": ["a.ts"], "mappings": ""})},
    ),
    Fault("placeholder-of-a-key", changes={"static/keys.html": "<code>pk_test_xxxxxxxxxxxxxxxxxxxxxxxx</code>\n"}),
)
