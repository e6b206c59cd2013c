"""Mail addresses, and where a visitor's mail arrives. A password is only ever referred to, and never shown."""

import os.path
import re
from pathlib import Path
from urllib.parse import urlsplit

from launchready.config.errors import ValueProblem
from launchready.config.names import dns_name

TAG = "{tag}"

_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`|~-]+")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def email(text: str) -> str:
    """A mail address with a canonical domain; what stands before the @ belongs to its receiver and stays as it is.

    Raises:
        ValueProblem: it is no address.
    """
    local, _, domain = text.rpartition("@")
    if not _LOCAL_PART.fullmatch(local):
        raise ValueProblem("is not a mail address", "Write an address such as help@example.com.")
    return f"{local}@{dns_name(domain)}"


def address_template(text: str) -> str:
    """A visitor's mail address with `{tag}` in it, as written.

    Raises:
        ValueProblem: there is no `{tag}`, or no mail address around it.
    """
    step = 'Write for example: address = "visitor+{tag}@inbox.example"'
    if TAG not in text:
        raise ValueProblem(f"has no {TAG}, which makes each visitor's address its own", step)
    try:
        email(text.replace(TAG, "tag"))
    except ValueProblem:
        raise ValueProblem("is not a mail address", step) from None
    return text


def absolute(base: Path, text: str) -> str:
    """A path as seen from a folder, without `.` and `..`; the disk is not asked.

    Raises:
        ValueProblem: it is empty, or begins with `~`, which only a shell understands.
    """
    if not text or "\n" in text or "\r" in text:
        raise ValueProblem("is not a path", "Write a path that is seen from the folder of this file.")
    if text.startswith("~"):
        raise ValueProblem("begins with ~, which only a shell understands", "Write the whole path, beginning with /.")
    return os.path.normpath(base / text)


def mailbox(base: Path, text: str) -> str:
    """A canonical mailbox: `maildir:` and an absolute path, or `imaps://USER@HOST`.

    Raises:
        ValueProblem: it is neither, or holds a password.
    """
    scheme, _, rest = text.partition(":")
    if scheme == "maildir":
        return f"maildir:{absolute(base, rest)}"
    _check_imaps(text)
    return text


def secret_reference(base: Path, text: str) -> str:
    """Where a secret is: `env:NAME`, or `file:` and an absolute path.

    Raises:
        ValueProblem: it is anything else, most likely the secret itself, which is not repeated.
    """
    scheme, _, rest = text.partition(":")
    if scheme == "env" and _ENV_NAME.fullmatch(rest):
        return text
    if scheme == "file" and rest:
        return f"file:{absolute(base, rest)}"
    step = 'Put the password into an environment variable, and write mailbox_password = "env:MAILBOX_PASSWORD".'
    raise ValueProblem("has to say where the password is, and never what it is", step)


def _check_imaps(text: str) -> None:
    """Raise unless a text is `imaps://USER@HOST`, with a port and folder where wanted."""
    step = 'Write "maildir:FOLDER" or "imaps://USER@HOST".'
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueProblem("is not a mailbox", step) from None
    if parts.password is not None:
        safe = 'Write "imaps://USER@HOST", and mailbox_password = "env:MAILBOX_PASSWORD".'
        raise ValueProblem("holds a password", safe)
    if parts.scheme != "imaps" or not parts.username or not parts.hostname or port == 0:
        raise ValueProblem("is not a mailbox", step)
    dns_name(parts.hostname)
