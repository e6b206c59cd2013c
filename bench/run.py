"""Measure what we promise, and print it beside its limit.

    make bench                 everything but a fresh clone
    make bench FRESH=1         also: clone, `make demo` in an empty place (uses the network for packages)

Ratios come from runs in alternation, medians of several; seconds depend on the machine and are printed for orientation.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ROUNDS = 15  # of start-ups in alternation; the median of fewer moves by a few percent on a busy machine
DEMO_ROUNDS = 3

MAX_VERSION_RATIO = 2.0
MAX_DEMO_S = 20.0
MAX_FRESH_DEMO_S = 180.0
MAX_TESTS_S = 900.0  # what .ci/run may take; most of it is waiting for worlds, one after another
MAX_BACK_S = 15.0  # the 5 s that the bench gives a release to be well, and two starts of coachbot on a busy machine


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its promise."""

    what: str
    value: str
    promise: str
    kept: bool


def seconds(command: Sequence[str | Path]) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Wall time of one command."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return time.perf_counter() - started, done


def start_up() -> list[Figure]:
    """`launchready --version` beside `python -c "import click"`, in alternation."""
    ours, peer = [], []
    for _ in range(ROUNDS):
        ours.append(seconds([BIN / "launchready", "--version"])[0])
        peer.append(seconds([BIN / "python", "-c", "import click"])[0])
    ratio = statistics.median(ours) / statistics.median(peer)
    value = f"{ratio:.2f} x ({statistics.median(ours) * 1000:.0f} ms beside {statistics.median(peer) * 1000:.0f} ms)"
    return [
        Figure(
            "launchready --version beside import click", value, f"<= {MAX_VERSION_RATIO} x", ratio <= MAX_VERSION_RATIO
        )
    ]


def demo() -> list[Figure]:
    """`launchready demo`, once set up, and what its gathering was bound by."""
    with tempfile.TemporaryDirectory() as folder:
        evidence = Path(folder) / "evidence.json"
        walls = []
        for _ in range(DEMO_ROUNDS):
            wall, done = seconds([BIN / "launchready", "demo", "--json", "--no-html", "--save", evidence])
            if done.returncode != 10:
                return [Figure("launchready demo", f"exit {done.returncode}", "exit 10", kept=False)]
            walls.append(wall)
        looks = looks_of(json.loads(evidence.read_text("utf-8")))
    wall = statistics.median(walls)
    longest = max(took for took, _ in looks)
    return [
        Figure("launchready demo, once set up", f"{wall:.1f} s", f"<= {MAX_DEMO_S:.0f} s", wall <= MAX_DEMO_S),
        Figure(
            "its looks: longest, and all added up",
            f"{longest:.1f} s, {sum(took for took, _ in looks):.1f} s in {len(looks)} looks",
            "for orientation",
            kept=True,
        ),
    ]


def looks_of(document: dict[str, Any]) -> list[tuple[float, str]]:
    """How long each measured look took, and its kind."""
    entries = document["evidence"]["entries"]
    return [(e["reading"]["took_s"], e["kind"]) for e in entries if "took_s" in e["reading"]]


def selftest() -> list[Figure]:
    """Every check in its four worlds."""
    wall, done = seconds([BIN / "launchready", "selftest", "--json"])
    try:
        total = json.loads(done.stdout)["total"]
    except ValueError:
        return [Figure("launchready selftest", done.stderr.strip()[-200:], "a score", kept=False)]
    wrong = total["miss"] + total["false_alarm"] + total["blind_pass"]
    value = ", ".join(f"{name} {total[name]}" for name in ("hit", "miss", "false_alarm", "blind_pass"))
    return [Figure("launchready selftest", f"{value} in {wall:.0f} s", "0 wrong", kept=wrong == 0 and total["hit"] > 0)]


def rollback() -> list[Figure]:
    """A bad release of coachbot under light traffic, with the path back and without."""
    _, done = seconds([BIN / "python", ROOT / "bench" / "rollback.py", "--json"])
    if done.returncode != 0:
        return [Figure("a bad release taken back", done.stderr[-200:], "mended", kept=False)]
    back, without = json.loads(done.stdout)
    value = f"{back['failed']} of {back['requests']} requests failed, {back['down_s']} s; {without['failed']} of "
    value += f"{without['requests']} and still down without the path"
    return [
        Figure("a bad release taken back", value, f"<= {MAX_BACK_S:.0f} s down", back["down_s"] <= MAX_BACK_S),
    ]


def tests() -> list[Figure]:
    """The whole suite."""
    wall, done = seconds(["make", "test"])
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-200:]
    return [
        Figure(
            "make test",
            f"{wall:.0f} s: {last}",
            f"<= {MAX_TESTS_S:.0f} s",
            done.returncode == 0 and wall <= MAX_TESTS_S,
        )
    ]


def fresh_clone() -> list[Figure]:
    """`make demo` from a clone in an empty place, packages downloaded."""
    if os.environ.get("FRESH") != "1":
        return []
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "launchready"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        wall, done = seconds(["make", "-C", clone, "demo"])
        kept = done.returncode == 0 and wall <= MAX_FRESH_DEMO_S
        return [Figure("make demo on a fresh clone", f"{wall:.0f} s", f"<= {MAX_FRESH_DEMO_S:.0f} s", kept)]


PARTS: tuple[Callable[[], list[Figure]], ...] = (start_up, demo, rollback, selftest, tests, fresh_clone)


def main() -> None:
    """Run every part; exit 1 where a promise is not kept."""
    broken = False
    for part in PARTS:
        for figure in part():
            broken |= not figure.kept
            mark = "kept  " if figure.kept else "BROKEN"
            print(f"{mark}  {figure.what}: {figure.value}  (promise: {figure.promise})", flush=True)
    sys.exit(broken)


if __name__ == "__main__":
    main()
