"""W-HOST: a host that releases are deployed to, as a folder and processes on loopback.

    releases/COMMIT/    what was put there          run/COMMIT.json   the process that serves it, and its port
    current             link to the live release    upstream          the port that the front sends visitors to
    data/               what customers wrote; no release owns it

The front is the public name: it ends TLS, and stays while releases come and go. `deploy` and `rollback` are the owner's
own commands (`python -m launchready_worlds.host deploy FOLDER`); like most of their kind they look whether the process
takes connections, and not whether it is well.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from launchready_worlds.addresses import APP, HTTPS_PORT, LOOPBACK, ORIGIN, RESOLVER, loopback
from launchready_worlds.authority import Authority, Certificate
from launchready_worlds.declaration import to_toml
from launchready_worlds.pipes import commands, emit
from launchready_worlds.repository import Step, build_steps

START_S: Final = 60.0
"""Seconds a release has to take connections; coachbot needs two, on a busy machine twenty."""
STOP_S: Final = 10.0
"""Seconds a process has to finish what it answers; then it is killed."""
PIPE_BYTES: Final = 65_536

TINY: Final = '''"""A product in one file: health, version, and rows that customers add."""

import json, os, sqlite3, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODE = "{mode}"


class Handler(BaseHTTPRequestHandler):
    def _answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _rows(self):
        database = sqlite3.connect(os.environ["HOST_DATA"] + "/rows.sqlite3")
        database.execute("CREATE TABLE IF NOT EXISTS rows (text TEXT)")
        return database

    def do_GET(self):
        if MODE == "sick":
            return self._answer(500, {{"status": "failing"}})
        if self.path == "/version":
            return self._answer(200, {{"commit": os.environ["HOST_COMMIT"]}})
        if self.path == "/rows":
            return self._answer(200, [text for (text,) in self._rows().execute("SELECT text FROM rows")])
        return self._answer(200, {{"status": "ok"}})

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self._rows() as database:
            database.execute("INSERT INTO rows VALUES (?)", (text,))
        self._answer(201, {{}})

    def log_message(self, *arguments):
        pass


if MODE == "dead":
    sys.exit("no DATABASE_URL")
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
'''
"""Modes: `well`, `sick` (answers 500), `dead` (ends at once)."""

COACHBOT: Final = '''"""The coaching chatbot, as its own command serves it."""

import os, sys
from coachbot.__main__ import main

data = os.environ["HOST_DATA"]
os.environ["COACHBOT_COMMIT"] = os.environ["HOST_COMMIT"]
os.environ["COACHBOT_DATABASE_URL"] = f"sqlite+aiosqlite:///{data}/coachbot.sqlite3"
os.environ["COACHBOT_SECRET"] = "one secret for all releases, so that nobody is logged out"
os.chdir(data)
sys.exit(main(["--dev", "--port", sys.argv[1]]))
'''


def product_repository(path: Path, versions: Sequence[dict[str, str | None]]) -> tuple[str, ...]:
    """A repository with one commit a version; their hashes, the oldest first."""
    steps = tuple(Step(f"Version {number}", files) for number, files in enumerate(versions, 1))
    return build_steps(path, steps).commits[::-1]


def tiny(mode: str = "well", note: str = "") -> dict[str, str | None]:
    """The files of a version of the product in one file."""
    return {"serve.py": TINY.format(mode=mode) + f"# {note}\n"}


def host_command(what: str, folder: Path) -> list[str]:
    """The owner's command for a host in a folder, as a list."""
    return [sys.executable, "-m", "launchready_worlds.host", what, str(folder)]


def write_declaration(folder: Path, **deploy: Any) -> Path:
    """A launchready.toml beside the host's folder `host` and the repository `repository`."""
    host = folder / "host"
    declaration = {
        "product": {"name": "Bright Path Coaching"},
        "hosts": [{"name": APP, "purpose": "chat app"}],
        "endpoints": [
            {"url": f"https://{APP}/healthz", "kind": "health"},
            {"url": f"https://{APP}/version", "kind": "version"},
        ],
        "repository": {"path": "repository"},
        "deploy": {
            "deploy": host_command("deploy", host),
            "rollback": host_command("rollback", host),
            "folder": "host/current",
            "healthy_within_s": 10,
            "command_minutes": 2,
        }
        | deploy,
    }
    path = folder / "launchready.toml"
    path.write_text(to_toml(declaration))
    return path


@dataclass(frozen=True, slots=True)
class Host:
    """One host in a folder. Each method is called by a process of its own, which ends soon, as commands do."""

    folder: Path

    def deploy(self, source: Path, commit: str) -> None:
        """Put a release there and send visitors to it.

        Raises:
            HostError: it does not take connections; visitors stay where they are.
        """
        release = self.folder / "releases" / commit
        if release.exists():
            shutil.rmtree(release)
        shutil.copytree(source, release, ignore=shutil.ignore_patterns(".git"))
        self.switch(commit)

    def switch(self, commit: str) -> None:
        """Send visitors to a release that is there, and end the others.

        Raises:
            HostError: it is not there, or does not take connections.
        """
        if not (self.folder / "releases" / commit).is_dir():
            raise HostError(f"there is no release {commit}")
        before = self.running()
        port, pid = self._start(commit)
        _replace(self.folder / "upstream", str(port))
        link = self.folder / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases") / commit, target_is_directory=True)
        link.replace(self.folder / "current")
        for old in before:
            _stop(old)
        self._note(commit, port, pid)

    def running(self) -> list[int]:
        """Ids of the processes that serve releases."""
        return [json.loads(path.read_text())["pid"] for path in (self.folder / "run").glob("*.json")]

    def die(self) -> None:
        """The machine goes away: every process is killed, and nobody answers any more."""
        for pid in self.running():
            _kill(pid, signal.SIGKILL)
        (self.folder / "upstream").unlink(missing_ok=True)

    def _start(self, commit: str) -> tuple[int, int]:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        port = _free_port()
        environment = {**os.environ, "HOST_COMMIT": commit, "HOST_DATA": str(self.folder / "data")}
        with (self.folder / "output.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  # our own interpreter and a release of this world
                [sys.executable, "-B", "serve.py", str(port)],
                cwd=self.folder / "releases" / commit,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_S
        while not _takes_connections(port):
            if process.poll() is not None or time.monotonic() > until:
                _kill(process.pid, signal.SIGKILL)
                raise HostError(f"release {commit} does not start; see output.log")
            time.sleep(0.05)
        return port, process.pid

    def _note(self, commit: str, port: int, pid: int) -> None:
        run = self.folder / "run"
        run.mkdir(exist_ok=True)
        for path in run.glob("*.json"):
            path.unlink()
        (run / f"{commit}.json").write_text(json.dumps({"port": port, "pid": pid}))


class HostError(Exception):
    """A command of the host failed; the text says why."""


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _takes_connections(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def _replace(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def _stop(pid: int) -> None:
    """Ask a process to end, wait, and end it."""
    _kill(pid, signal.SIGTERM)
    until = time.monotonic() + STOP_S
    while time.monotonic() < until:
        if not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text():
            return
        time.sleep(0.05)
    _kill(pid, signal.SIGKILL)


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


class Front:
    """The public name: ends TLS and passes bytes on to the live release."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = Authority(folder / "tls", dt.datetime.now(dt.UTC))
        self.port = 0

    @contextlib.asynccontextmanager
    async def serving(self) -> Any:
        """Take connections while the context is open."""
        context = self._authority.context(APP, Certificate.GOOD)
        server = await asyncio.start_server(self._serve, loopback(ORIGIN), 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    def network(self) -> dict[str, Any]:
        """What an auditor needs to reach the public name; `resolve` is what its option of that name takes."""
        way = {"ip": ORIGIN, "port": HTTPS_PORT, "to_ip": loopback(ORIGIN), "to_port": self.port}
        return {"resolvers": [RESOLVER], "ca_bundle": str(self._authority.bundle), "connect": [way]}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One visitor's connection. It may last to the end of all, which the streams of Python 3.11 call a crash."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._pass_on(reader, writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Bytes both ways, broken off where no release takes them."""
        try:
            port = int((self._folder / "upstream").read_text())
            up_reader, up_writer = await asyncio.open_connection(LOOPBACK, port)
        except (OSError, ValueError):
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            async with asyncio.TaskGroup() as group:
                group.create_task(_pass(reader, up_writer))
                group.create_task(_pass(up_reader, writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(PIPE_BYTES):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(folder: Path) -> None:
    """Keep the public name up until stdin ends, then end every release."""
    front = Front(folder)
    async with commands() as source, front.serving():
        emit("network", **front.network(), resolve=f"{APP}={ORIGIN}")
        while (await source.next())["do"] != "stop":
            emit("error", message="not a command here")
    for pid in Host(folder).running():
        _stop(pid)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the host's commands; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m launchready_worlds.host", description="A host in a folder.")
    parser.add_argument("what", choices=("serve", "deploy", "rollback", "die"))
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    host, commit = Host(options.folder.absolute()), os.environ.get("LAUNCHREADY_COMMIT", "")
    try:
        match options.what:
            case "serve":
                host.folder.mkdir(parents=True, exist_ok=True)
                asyncio.run(serve(host.folder))
            case "deploy":
                host.deploy(Path.cwd(), commit)
            case "rollback":
                host.switch(commit)
            case _:
                host.die()
    except HostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
