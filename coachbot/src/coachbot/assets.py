"""Style, script and icon, under names that change with their content."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

HASH_CHARS = 12
"""Hex digits of SHA-256 in a name: 48 bits, plenty to tell versions apart."""

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""A year, the longest that is customary; the name changes when the content does."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    path: str
    content: bytes
    media_type: str


class Assets:
    """The package's static files, read once."""

    def __init__(self) -> None:
        self._assets = {entry.name: _asset(entry.name, entry.read_bytes()) for entry in _entries()}
        self._by_path = {asset.path: asset for asset in self._assets.values()}

    def path(self, name: str) -> str:
        """Where the file `name` is served."""
        return self._assets[name].path

    async def endpoint(self, request: Request) -> Response:
        """Serve a file by its hashed name."""
        asset = self._by_path.get(request.url.path)
        if asset is None:
            raise HTTPException(404)
        return Response(asset.content, media_type=asset.media_type, headers=FOR_EVER)

    def route(self) -> Route:
        """The route of all files."""
        return Route("/static/{name}", self.endpoint, name="static")


def _entries() -> list[Traversable]:
    folder = files("coachbot") / "static"
    return [entry for entry in folder.iterdir() if entry.name.rsplit(".", 1)[-1] in MEDIA_TYPES]


def _asset(name: str, content: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(content).hexdigest()[:HASH_CHARS]
    return Asset(f"/static/{stem}.{digest}.{suffix}", content, MEDIA_TYPES[suffix])
