"""security.txt: RFC 9116, where to report a weak spot."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MAX_FILE_BYTES: Final = 32 * 1024
"""What is read: parsers may refuse larger files (section 5.4 names 32 KB)."""

# RFC 9116 section 4:
#
#   body     = signed / unsigned
#   unsigned = *line (contact-field eol) *line (expires-field eol) *line [lang-field eol] *line
#   field    = field-name ":" fs SP field-body         ; names in any case
#   eol      = *WSP [CR] LF
_FIELD: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*?)[ \t]*")
_CONTACT: Final = re.compile(r"(?:https://|mailto:|tel:)\S+", re.IGNORECASE)
_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_SIGNED: Final = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE: Final = "-----BEGIN PGP SIGNATURE-----"


class SecurityTxtError(ValueError):
    """The file is none: it has no valid contact."""


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """A security.txt.

    Attributes:
        contacts: URIs, in order of preference; at least one.
        expires: When it ends to hold; None where there is no valid one, or more than one, which the RFC forbids.
    """

    contacts: tuple[str, ...]
    expires: datetime | None


def parse_security_txt(content: bytes) -> SecurityPolicy:
    """Read a file, signed or not; the signature is not checked. Fields that are not known are passed over.

    Raises:
        SecurityTxtError: it names no contact in a valid form, or it is a page of HTML.
    """
    text = content[:MAX_FILE_BYTES].decode("utf-8", errors="replace").removeprefix("\ufeff")
    contacts: list[str] = []
    dates: list[str] = []
    for line in _body(text):
        match = _FIELD.fullmatch(line)
        if match is None:
            continue
        name, value = match[1].lower(), match[2]
        if name == "contact" and _CONTACT.fullmatch(value):
            contacts.append(value)
        elif name == "expires":
            dates.append(value)
    if not contacts:
        raise SecurityTxtError("it names no contact as a URI")
    return SecurityPolicy(tuple(contacts), _moment(dates[0]) if len(dates) == 1 else None)


def _body(text: str) -> list[str]:
    """The lines that are signed, where it is signed (RFC 9580 section 7), with their dash escapes undone."""
    lines = text.split("\n")
    lines = [line.removesuffix("\r").rstrip(" \t") for line in lines]
    if _SIGNED not in lines:
        return lines
    begin = lines.index(_SIGNED) + 1
    end = lines.index(_SIGNATURE) if _SIGNATURE in lines[begin:] else len(lines)
    return [line.removeprefix("- ") for line in lines[begin:end]]


def _moment(text: str) -> datetime | None:
    """A date-time of RFC 3339; None where it is none."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    zone = match[3].upper().replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
