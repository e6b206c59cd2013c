"""A bad release of coachbot under constant light traffic: what a customer meets with the path back, and without it.

    .venv/bin/python bench/rollback.py            prints two rows, and JSON with --json

With the path: `launchready deploy` sees that the release is not well, and brings the former one back. Without it: the
same command of the owner puts the same bad release there, and it stays until a person has noticed. How long that takes
is nobody's constant, so its row holds the share of failed requests, and seconds of the window alone that was watched.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from launchready_worlds.addresses import APP
from launchready_worlds.host import COACHBOT, host_command, product_repository, tiny, write_declaration

BIN = Path(sys.executable).parent
EVERY_S = 0.1  # ten requests a second: light, and fine enough to measure tenths of a second of downtime
HEALTHY_WITHIN_S = 5
WINDOW_S = 30.0
LIMIT_S = 180.0


@dataclass(frozen=True, slots=True)
class Met:
    """What customers met."""

    what: str
    requests: int
    failed: int
    down_s: float
    is_mended: bool


class Traffic(threading.Thread):
    """Asks for a page of the product at a steady pace, each time over a new connection, as curl does it."""

    def __init__(self, network: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        way = network["connect"][0]
        self.command = [
            *("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "2"),
            *("--cacert", network["ca_bundle"], "--connect-to", f"{APP}:443:{way['to_ip']}:{way['to_port']}"),
            f"https://{APP}/healthz",
        ]
        self.answers: list[tuple[float, bool]] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            began = time.monotonic()
            done = subprocess.run(self.command, capture_output=True, text=True, check=False)
            self.answers.append((began, done.stdout == "200"))
            self.is_over.wait(max(0.0, EVERY_S - (time.monotonic() - began)))

    def met(self, what: str) -> Met:
        self.is_over.set()
        self.join()
        bad = [at for at, is_good in self.answers if not is_good]
        last = self.answers[-1]
        after = [at for at, is_good in self.answers if is_good and bad and at > bad[-1]]
        down_s = (min(after, default=last[0]) - bad[0]) if bad else 0.0
        return Met(what, len(self.answers), len(bad), round(down_s, 1), last[1])


def measure() -> list[Met]:
    """Both ways, on hosts of their own."""
    return [_on_a_host(_with_path), _on_a_host(_without_path)]


def _on_a_host(way: Any) -> Met:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commits = product_repository(folder / "repository", [{"serve.py": COACHBOT}, tiny("sick")])
        config = write_declaration(folder, healthy_within_s=HEALTHY_WITHIN_S)
        host = subprocess.Popen(
            host_command("serve", folder / "host"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert host.stdin is not None
        assert host.stdout is not None
        network = json.loads(host.stdout.readline())
        (folder / "network.json").write_text(json.dumps(network))
        through = ["--network", str(folder / "network.json"), "--resolve", network["resolve"]]
        try:
            first = _launchready("deploy", config, through, commits[0])
            assert first.returncode == 0, first.stderr
            traffic = Traffic(network)
            traffic.start()
            time.sleep(2.0)
            return way(folder, config, through, commits, traffic)
        finally:
            host.stdin.close()
            host.wait(LIMIT_S)
            host.stdout.close()


def _with_path(_folder: Path, config: Path, through: list[str], commits: tuple[str, ...], traffic: Traffic) -> Met:
    done = _launchready("deploy", config, through, commits[1])
    assert done.returncode == 10, done.stderr
    time.sleep(2.0)
    return traffic.met("with the path back")


def _without_path(folder: Path, _config: Path, _through: list[str], commits: tuple[str, ...], traffic: Traffic) -> Met:
    copy = folder / "copy"
    subprocess.run(["git", "clone", "-q", folder / "repository", copy], check=True)
    subprocess.run(["git", "-C", copy, "checkout", "-q", commits[1]], check=True)
    subprocess.run(
        host_command("deploy", folder / "host"), cwd=copy, env={"LAUNCHREADY_COMMIT": commits[1]}, check=True
    )
    time.sleep(WINDOW_S)
    return traffic.met("without it, until we stopped watching")


def _launchready(what: str, config: Path, through: list[str], commit: str) -> subprocess.CompletedProcess[str]:
    command = [BIN / "launchready", what, config, "--commit", commit, *through]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)


def main() -> int:
    found = measure()
    if "--json" in sys.argv:
        print(json.dumps([asdict(met) for met in found], indent=2))
    else:
        for met in found:
            end = "mended" if met.is_mended else "still down"
            print(f"{met.what}: {met.failed} of {met.requests} requests failed, down for {met.down_s:.1f} s, {end}")
    return 0 if found[0].is_mended and not found[1].is_mended else 1


if __name__ == "__main__":
    sys.exit(main())
