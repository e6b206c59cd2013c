"""Waits for a message to arrive in a mailbox of the owner's."""

import asyncio
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path

from launchready.model.reading import NotSeen, Why

POLL_INTERVAL_S = 0.1
"""How often the folder is listed: far below what a person notices of a mail's delay."""

MAX_MESSAGE_BYTES = 10 * 1024 * 1024
"""A sign-up mail has some 50 KB; what is larger than this is not read."""

CLOCK_SLACK_S = 2.0
"""A file's time may lie this much before the clock's: file systems round to a second, and kernels to a tick."""

_RECIPIENT_HEADERS = ("To", "Delivered-To", "X-Original-To")
_MAILDIR = "maildir:"


async def wait_for_mail(
    mailbox: str,
    address: str,
    *,
    base_folder: Path,
    since: datetime,
    password: str | None,  # noqa: ARG001 - part of what a mailbox is asked with; a folder on this machine needs none
) -> bytes:
    """The first message to an address; it waits until there is one, or the engine ends it.

    Args:
        mailbox: `maildir:PATH`, a Maildir on this machine.
        address: the recipient, in To, Delivered-To or X-Original-To.
        base_folder: what a relative path starts from.
        since: messages that arrived before are passed over.
        password: of the mailbox, where it has one.

    Raises:
        NotSeen: NOT_FOUND where the mailbox is missing, UNREADABLE where it is of a kind that we can't read or holds
            what can't be read, TOO_LARGE.
    """
    if not mailbox.startswith(_MAILDIR):
        kind = mailbox.partition(":")[0]
        raise NotSeen(Why.UNREADABLE, f"A mailbox of the kind {kind!r} can't be read: write `maildir:PATH`.")
    folder = base_folder / mailbox.removeprefix(_MAILDIR)
    earliest_s = since.timestamp() - CLOCK_SLACK_S
    passed_over: set[str] = set()
    while True:
        message = await asyncio.to_thread(_find, folder, address, earliest_s, passed_over)
        if message is not None:
            return message
        await asyncio.sleep(POLL_INTERVAL_S)


def _find(folder: Path, address: str, earliest_s: float, passed_over: set[str]) -> bytes | None:
    """One look through the mailbox. Each message is read once: `passed_over` holds the names of those for others."""
    for path in _messages(folder):
        unique = path.name.partition(":")[0]  # stays when a reader moves the file to cur/ and adds flags
        if unique in passed_over:
            continue
        try:
            message = _read(path, earliest_s)
        except FileNotFoundError:  # just moved: the next look finds it in cur/
            continue
        except OSError as error:
            raise NotSeen(Why.UNREADABLE, f"{path} can't be read: {error.strerror}.") from None
        if message is not None and _is_for(address, message):
            return message
        passed_over.add(unique)
    return None


def _messages(folder: Path) -> list[Path]:
    try:
        return sorted(path for part in ("new", "cur") for path in (folder / part).iterdir())
    except FileNotFoundError:
        raise NotSeen(Why.NOT_FOUND, f"{folder} is no Maildir: it needs the folders new and cur.") from None
    except OSError as error:
        raise NotSeen(Why.UNREADABLE, f"{folder} can't be listed: {error.strerror}.") from None


def _read(path: Path, earliest_s: float) -> bytes | None:
    """The message, or None where it arrived before our time."""
    status = path.stat()
    if status.st_mtime < earliest_s:
        return None
    if status.st_size > MAX_MESSAGE_BYTES:
        raise NotSeen(Why.TOO_LARGE, f"{path.name} has more than {MAX_MESSAGE_BYTES // 1024**2} MiB.")
    return path.read_bytes()


def _is_for(address: str, message: bytes) -> bool:
    headers = BytesHeaderParser().parsebytes(message)
    values = [str(value) for name in _RECIPIENT_HEADERS for value in headers.get_all(name, [])]
    return any(recipient.casefold() == address.casefold() for _, recipient in getaddresses(values))
