"""The command: `serve` keeps a world up, `release` a host, `list` shows what there is, `selftest` scores an auditor."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from launchready_worlds.bots.planting import ManifestError
from launchready_worlds.bots.server import serve_bots
from launchready_worlds.cases import UnknownCheckError
from launchready_worlds.faults import UnknownFaultError, all_faults
from launchready_worlds.pipes import emit
from launchready_worlds.provider_server import PortTakenError, UnknownMoodError, WeakTokenError, provide
from launchready_worlds.release_story import release_story
from launchready_worlds.selftest import selftest
from launchready_worlds.serve import serve
from launchready_worlds.worlds import WORLDS, UnknownWorldError

EXIT_USAGE = 2
MENDABLE = (
    UnknownWorldError,
    UnknownFaultError,
    UnknownCheckError,
    UnknownMoodError,
    PortTakenError,
    WeakTokenError,
    ManifestError,
)
"""What whoever started it can mend."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m launchready_worlds", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="keep a world up; JSON lines on stdin and stdout")
    serving.add_argument("--world", default="good", help="one of `list`")
    serving.add_argument("--fault", action="append", default=[], help="a fault put in besides; may be repeated")
    serving.add_argument("--folder", type=Path, help="keep its files here instead of in a temporary folder")
    testing = commands.add_parser("selftest", help="put an auditor before every case and score it")
    testing.add_argument("--check", action="append", default=[], help="only this check; may be repeated")
    testing.add_argument("--folder", type=Path, help="keep the world's files here")
    releasing = commands.add_parser("release", help="keep a host up that a good and a sick release can be put on")
    releasing.add_argument("--folder", type=Path, help="keep its files here instead of in a temporary folder")
    providing = commands.add_parser("provider", help="keep a model provider up that fails when told to")
    providing.add_argument("--mood", default="ok", help="how it takes questions at first")
    providing.add_argument("--port", type=int, default=0, help="its port; 0 takes a free one")
    practising = commands.add_parser("bots", help="keep practice bots up, safe ones and others")
    practising.add_argument("--manifest", type=Path, help="what is planted in them; by default they make it up")
    practising.add_argument("--port", type=int, default=0, help="their port; 0 takes a free one")
    practising.add_argument("--delay", type=float, default=0.0, help="seconds that each takes for an answer")
    commands.add_parser("list", help="worlds and faults as JSON")
    return parser


def _list() -> None:
    faults = [
        {"name": entry.name, "description": entry.description, "kind": entry.kind, "topic": entry.topic}
        for entry in all_faults()
    ]
    sys.stdout.write(json.dumps({"worlds": WORLDS, "faults": faults}, indent=2) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "list":
            _list()
        elif options.command == "selftest":
            asyncio.run(selftest(tuple(options.check), options.folder))
        elif options.command == "release":
            asyncio.run(release_story(options.folder))
        elif options.command == "provider":
            asyncio.run(provide(options.mood, options.port))
        elif options.command == "bots":
            asyncio.run(serve_bots(options.manifest, options.port, options.delay))
        else:
            asyncio.run(serve(options.world, tuple(options.fault), options.folder))
    except MENDABLE as error:
        emit("error", message=str(error))
        return EXIT_USAGE
    except ExceptionGroup as broken:  # from the world's task group: tell the reader of the pipe, then fail loudly
        emit("error", message="; ".join(str(error) for error in broken.exceptions))
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
