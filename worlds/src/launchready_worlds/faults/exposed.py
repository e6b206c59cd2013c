"""What the web server gives to anybody who asks."""

import gzip
import json
import secrets

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import decoy, fault
from launchready_worlds.scene import Scene, Wrapper
from launchready_worlds.subjects import HOST_APEX, HOST_APP
from launchready_worlds.wrapping import answer, at, response_headers

LISTING = """<html><head><title>Index of /uploads/</title></head><body><h1>Index of /uploads/</h1><hr><pre>
<a href="../">../</a>
<a href="invoice-0017.pdf">invoice-0017.pdf</a>  02-Jul-2026 09:12  48211
</pre><hr></body></html>
"""
FRONT_PAGE = "<!doctype html><html><head><title>Bright Path</title></head><body><div id=root></div></body></html>"
NOT_FOUND = 404
SOURCE_MAP = json.dumps(
    {"version": 3, "file": "app.js", "sources": ["../src/app.ts"], "sourcesContent": ["// chat"], "mappings": "AAAA"}
)


def _settings(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _text(content: str) -> Response:
    return PlainTextResponse(content)


def _for_missing(instead: Response) -> Wrapper:
    """Another answer wherever the site has none."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            is_missing = False

            async def unless_missing(message: Message) -> None:
                nonlocal is_missing
                if message["type"] == "http.response.start":
                    is_missing = message["status"] == NOT_FOUND
                if not is_missing:
                    await send(message)

            await app(scope, receive, unless_missing)
            if is_missing:
                await instead(scope, receive, send)

        return wrapped

    return wrapper


@fault(
    {"secret-file-exposed": (HOST_APP,)},
)
def settings_published(scene: Scene) -> None:
    """The app's settings file, with the model key and the database's password, can be fetched by anybody."""
    key = f"MODEL_KEY=key-{secrets.token_hex(12)}"
    content = _settings(key, "DATABASE_URL=postgres://app:hunter2@db/app", "DEBUG=0")
    scene.wrap(APP, answer(lambda: _text(content), at("/.env")))


@fault(
    {"secret-file-exposed": (HOST_APEX,)},
)
def repository_published(scene: Scene) -> None:
    """The whole source code's history lies beside the landing page."""
    config = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
    scene.wrap(APEX, answer(lambda: _text("ref: refs/heads/main\n"), at("/.git/HEAD")))
    scene.wrap(APEX, answer(lambda: _text(config), at("/.git/config")))


@fault(
    {"secret-file-exposed": (HOST_APP,)},
)
def backup_published(scene: Scene) -> None:
    """A copy of the database lies where everybody can fetch it."""
    dump = gzip.compress(b"-- PostgreSQL database dump\nCREATE TABLE customers (email text);\n")
    scene.wrap(APP, answer(lambda: Response(dump, media_type="application/gzip"), at("/backup.tar.gz")))


@fault(
    {"directory-listing": (HOST_APP,)},
)
def uploads_listed(scene: Scene) -> None:
    """The folder of uploads shows the names of all customers' files."""
    scene.wrap(APP, answer(lambda: HTMLResponse(LISTING), at("/uploads/")))


@fault(
    {"directory-listing": (HOST_APEX,)},
)
def macos_left_names(scene: Scene) -> None:
    """A file that macOS left behind names everything in the landing page's folder."""
    content = b"\x00\x00\x00\x01Bud1\x00\x00\x10\x00\x00\x00\x08\x00" + b"\x00" * 64
    scene.wrap(APEX, answer(lambda: Response(content, media_type="application/octet-stream"), at("/.DS_Store")))


@fault(
    {"api-docs-exposed": (HOST_APP,)},
)
def endpoints_described(scene: Scene) -> None:
    """The app describes every endpoint to anybody, as its framework does by itself."""
    document = {"openapi": "3.1.0", "info": {"title": "API", "version": "1"}, "paths": {"/api/chat": {}}}
    scene.wrap(APP, answer(lambda: Response(json.dumps(document), media_type="application/json"), at("/openapi.json")))


@fault(
    {"source-map-exposed": (HOST_APP,)},
)
def scripts_with_their_source(scene: Scene) -> None:
    """The app's script names its map, and the map holds the source code."""

    def named(headers: MutableHeaders) -> None:
        headers["sourcemap"] = "/app.js.map"

    scene.wrap(APP, response_headers(named, media_type="text/javascript"))
    scene.wrap(APP, answer(lambda: Response(SOURCE_MAP, media_type="application/json"), at("/app.js.map")))


@decoy(
    {
        "secret-file-exposed": (HOST_APEX,),
        "directory-listing": (HOST_APEX,),
        "api-docs-exposed": (HOST_APEX,),
        "source-map-exposed": (HOST_APEX,),
    },
)
def front_page_for_every_path(scene: Scene) -> None:
    """The landing page is shown for every path that does not exist, with status 200."""
    scene.wrap(APEX, _for_missing(HTMLResponse(FRONT_PAGE)))


@decoy(
    {"secret-file-exposed": (HOST_APP,)},
)
def settings_for_browsers_published(scene: Scene) -> None:
    """The app's settings file can be fetched, and holds only what its pages show anyway."""
    content = _settings("VITE_API_URL=https://app.brightpath.example", "NEXT_PUBLIC_NAME=Bright Path")
    scene.wrap(APP, answer(lambda: _text(content), at("/.env")))


@decoy(
    {"secret-file-exposed": (HOST_APP,), "directory-listing": (HOST_APP,)},
)
def trap_for_scanners(scene: Scene) -> None:
    """The app gives scanners made-up settings for any path that it does not have."""
    scene.wrap(APP, _for_missing(PlainTextResponse(_settings("API_KEY=made-up", "DATABASE_URL=made-up"))))
