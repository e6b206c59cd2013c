"""What people vouch for: ids of checks, and the proof that stands behind an attestation."""

import hashlib
import re
from pathlib import Path

from launchready.config.errors import ValueProblem, shown
from launchready.config.mailboxes import absolute
from launchready.config.urls import link_url

_CHECK_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}( \([^()]*\))?")
_FILE = "file:"


def check_id(text: str) -> str:
    """The id of a check, by its form alone.

    Raises:
        ValueProblem: it does not have the form of one.
    """
    if not _CHECK_ID.fullmatch(text):
        raise ValueProblem(f"{shown(text)} is not the id of a check", "Type `launchready checks` to see them.")
    return text


def proof(text: str) -> str:
    """A proof as written: an https link, a SHA-256 of a document, or `file:PATH`, which `sealed` looks into.

    Raises:
        ValueProblem: it is none of them.
    """
    if _SHA256.fullmatch(text) or (text.startswith(_FILE) and text != _FILE):
        return text
    if text.startswith("https://"):
        link_url(text)
        return text
    step = 'Write an https:// link, or the name of a file: proof = "file:vault.png"'
    raise ValueProblem("is neither a link nor a file", step)


def sealed(base: Path, text: str) -> str:
    """A proof that can't change unseen: the SHA-256 and the name of its file; a link or a hash stays as it is.

    Raises:
        ValueProblem: there is no such file, or it can't be read.
    """
    if not text.startswith(_FILE):
        return text
    path = Path(absolute(base, text.removeprefix(_FILE)))
    step = "Put the file there, or write its path as seen from the folder of launchready.toml."
    try:
        if not path.is_file():
            raise ValueProblem(f"names the file {shown(str(path))}, which is not there", step)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise ValueProblem(
            f"names the file {shown(str(path))}, which can't be read ({problem.strerror})", step
        ) from None
    return f"sha256:{digest} ({path.name})"
