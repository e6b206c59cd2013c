"""The manifest as a file that only its owner may read: what was planted, and what the bot may do."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from launchready.facts.redteam import Canary, CanaryKind, Manifest

MAX_FILE_BYTES: Final = 4 * 2**20
"""A long prompt has a hundred kilobytes; more is another kind of file."""

OWNER_ONLY: Final = 0o600

_STEP: Final = "`launchready redteam plant --out manifest.json` makes one"

_SHORTEST_CHARS: Final = 3
"""A shorter value stands in every text, and proves nothing."""


class ManifestError(Exception):
    """A manifest can't be used; the text says why, and what to type."""


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write it, readable by its owner alone; a file that is there is never overwritten, for it may be planted already.

    Raises:
        ManifestError: the file is there, or can't be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        raise ManifestError(f"{path} is there already: move it away, or choose another name with --out") from None
    except OSError as error:
        raise ManifestError(f"{path} can't be written ({error.strerror}): choose another place with --out") from None
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        ManifestError: it can't be read, or holds something else.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ManifestError(f"{path} can't be read ({error.strerror}): {_STEP}") from None
    if len(content) > MAX_FILE_BYTES:
        raise ManifestError(f"{path} has more than {MAX_FILE_BYTES} bytes, and is no manifest: {_STEP}")
    return decode_manifest(content, str(path))


def decode_manifest(content: bytes, name: str) -> Manifest:
    """The manifest in a text, which may also be written by hand: tools as bare names, a record in one line.

    Raises:
        ManifestError: it is no manifest.
    """
    try:
        raw = json.loads(content)
        manifest = msgspec.convert(_spelled_out(raw) if isinstance(raw, dict) else raw, Manifest)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{name} is no manifest: {error}. {_STEP}") from None
    for canary in manifest.canaries:
        if len(canary.value.strip()) < _SHORTEST_CHARS:
            raise ManifestError(f"{name}: the value of {canary.about or canary.kind} is too short to be told apart")
    return Manifest(
        tuple(_parted(manifest.canaries)),
        tuple(text for text in manifest.private_texts if text.strip()),
        manifest.public_facts,
        manifest.allowed_tools,
        manifest.allowed_hosts,
    )


def _spelled_out(raw: dict[str, Any]) -> dict[str, Any]:
    tools, canaries = raw.get("allowed_tools"), raw.get("canaries")
    if isinstance(tools, list):
        raw = raw | {"allowed_tools": [{"name": tool} if isinstance(tool, str) else tool for tool in tools]}
    if isinstance(canaries, list):
        raw = raw | {"canaries": [_canary(one) for one in canaries]}
    return raw


def _canary(one: object) -> object:
    if isinstance(one, dict) and isinstance(one.get("kind"), str):
        return {"about": one["kind"], **one, "kind": one["kind"].replace("_", "-").lower()}
    return one


def _parted(canaries: Iterable[Canary]) -> Iterator[Canary]:
    """A client record in one line as its parts: a bot tells them in any order."""
    for canary in canaries:
        parts = [part.strip() for part in canary.value.split(", ")] if canary.kind is CanaryKind.CLIENT_RECORD else []
        if len(parts) > 1:
            yield from (Canary(canary.kind, part, canary.about) for part in parts if len(part) >= _SHORTEST_CHARS)
        else:
            yield canary
