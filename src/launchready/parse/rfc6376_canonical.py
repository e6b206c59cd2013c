"""The two forms in which DKIM hashes a message: RFC 6376 section 3.4."""

import re
from enum import Enum
from typing import Final

from launchready.parse.rfc5322_fields import Field


class Form(Enum):
    """Whether a relay may change white space (RFC 6376 section 3.4)."""

    SIMPLE = "simple"
    RELAXED = "relaxed"


_SPACES: Final = re.compile(rb"[ \t]+")
_CRLF: Final = b"\r\n"


def canonical_field(field: Field, form: Form) -> bytes:
    """One header field, closed by CRLF (RFC 6376 sections 3.4.1 and 3.4.2)."""
    if form is Form.SIMPLE:
        return field.raw
    value = _SPACES.sub(b" ", field.raw_value.replace(_CRLF, b"")).strip(b" ")
    return field.name.lower().encode("ascii") + b":" + value + _CRLF


def canonical_body(body: bytes, form: Form) -> bytes:
    """The body (RFC 6376 sections 3.4.3 and 3.4.4); an empty one is CRLF in the simple form, nothing in the other."""
    if form is Form.SIMPLE:
        return _without_empty_lines(body) + _CRLF
    lines = _without_space_at_line_ends(body)
    kept = _without_empty_lines(_SPACES.sub(b" ", lines))
    return kept + _CRLF if kept else b""


def _without_space_at_line_ends(body: bytes) -> bytes:
    return b"\r\n".join(line.rstrip(b" \t") for line in body.split(_CRLF))


def _without_empty_lines(body: bytes) -> bytes:
    """Without the line ends at the end; a lone CR or LF there belongs to the text."""
    end = len(body)
    while body.endswith(_CRLF, 0, end):
        end -= 2
    return body[:end]
