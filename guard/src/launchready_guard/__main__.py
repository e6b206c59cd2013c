"""`launchready-guard --upstream URL`: the guard as a reverse proxy in front of a product written in anything."""

import argparse
import logging
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from launchready_guard.chat_guard import MAX_BODY_BYTES, GuardSettings
from launchready_guard.deadlines import Deadlines
from launchready_guard.limiting import Per, Rate, Rule
from launchready_guard.logs import RedactingFormatter, json_logger
from launchready_guard.store import SqliteStore
from launchready_guard.upstream import create_proxy

USAGE_ERROR = 2
PREFIX = "LAUNCHREADY_GUARD_"
SHUTDOWN_S = 10
"""Seconds that answers under way have to finish when the process is told to stop."""

EPILOG = (
    f"Each option may also stand in the environment: --chat-path as {PREFIX}CHAT_PATH (several with commas between). "
    f"{PREFIX}METRICS_TOKEN opens /metrics to whoever sends it."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; returns the exit code."""
    options = _parser(os.environ).parse_args(arguments)
    try:
        settings = _settings(options)
        upstream = _upstream(options.upstream)
    except ValueError as wrong:
        sys.stderr.write(f"launchready-guard can't start: {wrong}\n")
        return USAGE_ERROR
    store = SqliteStore(Path(options.store)) if options.store else None
    app = create_proxy(
        upstream,
        settings,
        store=store,
        logger=json_logger("launchready-guard", sys.stderr, logging.INFO),
        metrics_token=os.environ.get(f"{PREFIX}METRICS_TOKEN", ""),
    )
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_config=LOGGING,
        access_log=False,
        proxy_headers=False,  # uvicorn would believe any neighbour on this machine; the guard reads the header itself
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    sys.stderr.write(f"launchready-guard listens on http://{options.host}:{options.port} before {upstream}\n")
    uvicorn.Server(config).run()
    return 0


LOGGING: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"redacted": {"()": RedactingFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
"""Libraries' own lines through the same redaction."""


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    def preset(name: str, default: str) -> str:
        return environ.get(PREFIX + name.upper(), default)

    parser = argparse.ArgumentParser(prog="launchready-guard", description=__doc__, epilog=EPILOG)
    add = parser.add_argument
    add("--upstream", default=preset("upstream", ""), help="origin of the product, such as http://127.0.0.1:3000")
    add("--host", default=preset("host", "127.0.0.1"), help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=preset("port", "8080"), help="port to listen on (default: %(default)s)")
    add(
        "--chat-path",
        default=preset("chat_path", "/api/chat"),
        help="where questions are posted (default: %(default)s)",
    )
    add("--session-cookie", default=preset("session_cookie", "session"), help="its name (default: %(default)s)")
    add("--trusted-proxies", default=preset("trusted_proxies", ""), help="your own proxies, such as 10.0.0.0/8")
    add("--per-session", default=preset("per_session", "20/60"), help="questions/seconds (default: %(default)s)")
    add("--per-client", default=preset("per_client", "200/60"), help="questions/seconds (default: %(default)s)")
    add("--per-all", default=preset("per_all", "3000/60"), help="questions/seconds (default: %(default)s)")
    add("--first-s", type=float, default=preset("first_s", "25"), help="to the first content (default: %(default)s)")
    add("--idle-s", type=float, default=preset("idle_s", "25"), help="between contents (default: %(default)s)")
    add("--total-s", type=float, default=preset("total_s", "95"), help="of an answer (default: %(default)s)")
    add("--places", type=int, default=preset("places", "200"), help="answers at the same time (default: %(default)s)")
    add("--max-body", type=int, default=preset("max_body", str(MAX_BODY_BYTES)), help="bytes (default: %(default)s)")
    add("--store", default=preset("store", ""), help="SQLite file in which several workers count together")
    return parser


def _settings(options: argparse.Namespace) -> GuardSettings:
    """The settings that the options stand for.

    Raises:
        ValueError: One makes no sense; the text says what to type.
    """
    paths = _split(options.chat_path)
    rates = (
        _rate("--per-session", options.per_session, Per.SESSION),
        _rate("--per-client", options.per_client, Per.CLIENT),
        _rate("--per-all", options.per_all, Per.EVERYBODY),
    )
    if not 0 < options.first_s <= options.total_s or not 0 < options.idle_s <= options.total_s:
        raise ValueError("--first-s and --idle-s have to be above 0 and at most --total-s")
    if options.places < 1 or options.max_body < 1:
        raise ValueError("--places and --max-body have to be at least 1")
    return GuardSettings(
        chat_paths=paths,
        error_paths=paths,
        rules=(Rule("chat", paths, rates),),
        max_body_bytes=options.max_body,
        trusted_proxies=_networks(options.trusted_proxies),
        session_cookie=options.session_cookie,
        places=options.places,
        queue=options.places,
        deadlines=Deadlines(first_s=options.first_s, idle_s=options.idle_s, total_s=options.total_s),
        key=secrets.token_bytes(),
    )


def _upstream(text: str) -> str:
    example = "set --upstream to the product's origin, such as http://127.0.0.1:3000"
    if not text:
        raise ValueError(f"no upstream is given; {example}")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"the upstream is no origin; {example}")
    return text.rstrip("/")


def _rate(name: str, text: str, per: Per) -> Rate:
    times, slash, seconds = text.partition("/")
    if not slash or not times.isdigit() or not seconds.isdigit() or not int(times) or not int(seconds):
        raise ValueError(f"{name} is no rate; write questions/seconds, such as 20/60")
    return Rate(int(times), int(seconds), per)


def _networks(text: str) -> tuple[str, ...]:
    entries = _split(text)
    for entry in entries:
        try:
            ip_network(entry, strict=False)
        except ValueError:
            raise ValueError(f"--trusted-proxies has an entry that is no address or network ({entry})") from None
    return entries


def _split(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(",") if entry.strip())


if __name__ == "__main__":
    sys.exit(main())
