"""The specialists that a careful engineer runs by hand, each in a place of its own: `bench/.peers`.

They are installed from the package registries on first use. Two of them are copyleft (sslyze: AGPL): they are run as
programs beside us, and nothing of ours imports them.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / ".peers"
INSTALL_LIMIT_S = 600
OBSERVATORY = "@mdn/mdn-http-observatory"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: the package that it comes in, what it is run on, and its command for one of those.

    `works` tells from exit code and output whether it did its work, for a tool that gave up is fast.
    """

    name: str
    package: str
    command: Callable[[str, str], list[str]]
    works: Callable[[int, str], bool]


def _observatory() -> Path:
    return FOLDER / "observatory/node_modules" / OBSERVATORY


def _python(name: str, *words: str) -> list[str]:
    return [str(FOLDER / name / "bin" / name), *words]


PEERS = (
    Peer(
        "checkdmarc",
        "checkdmarc==6.0.4",
        lambda host, _bundle: _python("checkdmarc", host),
        lambda _code, output: '"spf"' in output and '"dmarc"' in output,
    ),
    Peer(
        "sslyze",
        "sslyze==6.3.1",
        lambda host, bundle: _python("sslyze", "--certinfo_ca_file", bundle, host),
        lambda _code, output: "SCANS COMPLETED" in output.upper() and "TLS 1.2" in output,
    ),
    Peer(
        "observatory",
        f"{OBSERVATORY}@1.4.8",
        lambda host, _bundle: ["node", str(_observatory() / "src/scan.js"), host],
        lambda code, output: code == 0 and '"tests"' in output,
    ),
    Peer(
        "redbot",
        "redbot==2.7.1",
        lambda host, _bundle: _python("redbot", "-o", "text", f"https://{host}/"),
        lambda code, output: code == 0 and "* Caching:" in output,
    ),
)


def install(peer: Peer) -> None:
    """Put a peer into its place, unless it is there.

    Raises:
        subprocess.CalledProcessError: the registry could not be reached, or the package not be installed.
    """
    place = FOLDER / peer.name
    done = place / ".installed"
    if done.exists():
        return
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    print(f"installing {peer.package} into {place.relative_to(FOLDER.parent.parent)} ...", file=sys.stderr, flush=True)
    if peer.package.startswith("@"):
        run = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(place), peer.package]
    else:
        subprocess.run([sys.executable, "-m", "venv", place], check=True, timeout=INSTALL_LIMIT_S)
        run = [str(place / "bin/pip"), "install", "--quiet", peer.package]
    subprocess.run(run, check=True, timeout=INSTALL_LIMIT_S, stdout=sys.stderr)
    if peer.name == "observatory":  # its install script would fetch the browsers' preload list; ours is on no list
        preload = _observatory() / "conf" / "hsts-preload.json"
        preload.parent.mkdir(exist_ok=True)
        preload.write_text("{}", "utf-8")
    done.touch()
