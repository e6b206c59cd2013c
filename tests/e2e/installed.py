"""Run the installed command, and worlds for it, as a user would."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAUNCHREADY = Path(sys.executable).parent / "launchready"
NEVER_IN = "login-throttle-patient"
"""A fault that no world of these tests has."""

LIMIT_S = 120.0  # far above any run here; only a hang reaches it


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: str | Path, cwd: Path, **environment: str) -> Done:
    """Run `launchready …` in a folder."""
    done = subprocess.run(
        [LAUNCHREADY, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return Done(done.returncode, done.stdout, done.stderr)


class World:
    """One world on loopback, and the network file that leads to it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "launchready_worlds", "serve", "--world", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        network = self.read()
        assert network["event"] == "network", network
        self.network_file = folder / "network.json"
        self.network_file.write_text(json.dumps(network))
        self.ready = self.read()
        self.config = Path(self.ready["config"])

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, **command: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.read()

    def freshen(self) -> None:
        """Start its product anew: what an earlier audit used up there, such as sign-ups from one address, is back."""
        assert self.ask(do="mend", fault=NEVER_IN)["event"] == "mended"

    def audit(self, *arguments: str | Path, target: str | Path | None = None) -> Done:
        """`launchready audit` of this world."""
        self.freshen()
        return run("audit", target or self.config, "--network", self.network_file, *arguments, cwd=self.folder)

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=LIMIT_S) == 0
        self.process.stdout.close()
