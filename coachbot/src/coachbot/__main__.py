"""`python -m coachbot`: serve the product."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace

import uvicorn

from coachbot import __version__
from coachbot.app import create_app
from coachbot.settings import DEV_BASE_URL, Settings, SettingsError
from launchready_guard.logs import RedactingFormatter

USAGE_ERROR = 2
BACKLOG = 2048
"""Connections the kernel keeps until they are accepted, as uvicorn has it."""

SHUTDOWN_S = 10
"""Seconds that answers under way have to finish when the process is told to stop."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ, dev=options.dev)
    except SettingsError as error:
        sys.stderr.write(f"coachbot can't start:\n{error}\n")
        return USAGE_ERROR
    try:
        listener = socket.create_server((options.host, options.port), backlog=BACKLOG)
    except OSError as error:
        reason = f"can't listen on {options.host}:{options.port}: {error.strerror}; choose another --port"
        sys.stderr.write(f"coachbot {reason}\n")
        return USAGE_ERROR
    address = f"http://{options.host}:{listener.getsockname()[1]}"
    if options.dev and settings.base_url == DEV_BASE_URL:
        settings = replace(settings, base_url=address, site_url=address)
    sys.stderr.write(_greeting(settings, address, dev=options.dev))
    config = uvicorn.Config(
        create_app(settings),
        log_config=_logging(),
        access_log=False,  # ours leaves out query strings, which hold verification links
        proxy_headers=options.proxy_headers,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m coachbot", description="Serve the coaching chatbot.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on, 0 for any (default: %(default)s)")
    parser.add_argument(
        "--dev", "--demo", action="store_true", help="run with nothing set: mails go to a folder, the secret is random"
    )
    parser.add_argument(
        "--proxy-headers", action="store_true", help="let uvicorn believe X-Forwarded-* from this machine"
    )
    parser.add_argument("--version", action="version", version=f"coachbot {__version__}")
    return parser


def _greeting(settings: Settings, address: str, *, dev: bool) -> str:
    lines = [f"coachbot {__version__} listens on {address}"]
    if settings.mail_folder is not None:
        lines.append(f"Mails are written to the folder {settings.mail_folder.resolve()}")
    if dev and not os.environ.get("COACHBOT_SECRET"):
        lines.append("COACHBOT_SECRET is random for this run, so everyone is logged out when it ends")
    if not settings.model_key:
        lines.append("COACHBOT_MODEL_KEY is not set, so answers come from the coach's documents alone")
    return "\n".join(lines) + "\n"


def _logging() -> dict[str, object]:
    """Uvicorn's own lines through the same redaction."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"redacted": {"()": RedactingFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "redacted"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }


if __name__ == "__main__":
    sys.exit(main())
