"""A message cut into its header fields and its body, octet by octet: RFC 5322 section 2.1, as signatures need it."""

import re
from dataclasses import dataclass
from typing import Final

MAX_MESSAGE_BYTES: Final = 10 * 2**20
"""Many receivers refuse messages beyond 10 MiB; an onboarding mail has some 50 KB."""

MAX_FIELDS: Final = 2_000
"""Header fields of a message; a mail that went through many hands has a hundred."""


class FieldsError(ValueError):
    """The bytes do not begin with a header as RFC 5322 has it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: its name as written, and all its octets with the line end that closes it."""

    name: str
    raw: bytes

    @property
    def raw_value(self) -> bytes:
        """What follows the colon, folding and all, without the last line end."""
        return self.raw.partition(b":")[2].removesuffix(b"\r\n")

    @property
    def value(self) -> str:
        """The value unfolded (RFC 5322 section 2.2.3), without white space around it, as UTF-8 (RFC 6532)."""
        return self.raw_value.replace(b"\r\n", b"").decode("utf-8", "replace").strip(" \t")


# RFC 5322 section 2.2: a name is of printable characters but the colon; older mail has white space before the colon
# (section 4.5). A line that begins with white space goes on with the field above it.
_FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*:")
_BARE_LF: Final = re.compile(rb"(?<!\r)\n")


def split_message(raw: bytes) -> tuple[tuple[Field, ...], bytes]:
    """Cut a message into its fields, in order, and its body, both with CRLF line ends.

    A line feed alone, as mail is kept on Unix, is taken for a CRLF.

    Raises:
        FieldsError: more than MAX_MESSAGE_BYTES or MAX_FIELDS, no field, or a line of the header that is none.
    """
    if len(raw) > MAX_MESSAGE_BYTES:
        raise FieldsError(f"longer than {MAX_MESSAGE_BYTES} bytes")
    text = _BARE_LF.sub(b"\r\n", raw)
    header, _, body = text.partition(b"\r\n\r\n")
    folded = _folded(header.removesuffix(b"\r\n").split(b"\r\n"))
    if len(folded) > MAX_FIELDS:
        raise FieldsError(f"more than {MAX_FIELDS} header fields")
    return tuple(_field(lines) for lines in folded), body


def _folded(lines: list[bytes]) -> list[list[bytes]]:
    """The lines of each field."""
    fields: list[list[bytes]] = []
    for line in lines:
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1].append(line)
        else:
            fields.append([line])
    return fields


def _field(lines: list[bytes]) -> Field:
    match = _FIELD.match(lines[0])
    if match is None:
        raise FieldsError(f"a line of the header is no field: {lines[0][:60].decode('latin-1')!a}")
    return Field(match[1].decode("ascii"), b"".join(line + b"\r\n" for line in lines))
