"""What a file of the output holds in another form: members of archives, and what is packed in base64.

Other spellings of a text need no opening here: made-up values are searched as they would be written in each.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Final

from launchready.probes.keys.unfold import MAX_MEMBER_BYTES, TOO_MUCH, Limits, Piece, members_of

MAX_DEPTH: Final = 4
"""Containers in containers, as in the search for keys."""

MAX_DECODED: Final = 2_000
"""Texts in base64 that are decoded of one file; a page with all its pictures in it has some 100."""

_PACKED: Final = re.compile(rb"(?:(?<=;base64,)|(?=H4sI|UEsDB|eJx|eNp|eNq))[A-Za-z0-9+/_-]{24,}={0,2}")
"""Base64 behind `data:` (RFC 2397), or that begins as gzip, ZIP and zlib do (RFC 1952, APPNOTE.TXT, RFC 1950)."""


def opened(data: bytes, limits: Limits) -> Iterator[Piece]:
    """The file itself, then everything in it.

    Args:
        data: as it was read.
        limits: of this file; it also collects what was left out.
    """
    yield from _opened(Piece("", data), limits, MAX_DEPTH)


def _opened(piece: Piece, limits: Limits, depth: int) -> Iterator[Piece]:
    yield piece
    for members in (members_of(piece, limits), _decoded(piece, limits)):
        for member in members:
            if depth == 0:
                limits.gaps.add(TOO_MUCH)
                return
            yield from _opened(member, limits, depth - 1)


def _decoded(piece: Piece, limits: Limits) -> Iterator[Piece]:
    if b"base64," not in piece.data and not any(sign in piece.data for sign in (b"H4sI", b"UEsDB", b"eJx", b"eN")):
        return
    for number, match in enumerate(_PACKED.finditer(piece.data)):
        if number >= MAX_DECODED:
            limits.gaps.add(TOO_MUCH)
            return
        content = _from_base64(match[0])
        if content and limits.take(len(content)):
            yield Piece(f"{piece.inside}!(base64)", content)


def _from_base64(text: bytes) -> bytes:
    """What it stands for, inflated where it is zlib's; nothing where it is not base64 after all."""
    plain = text.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        content = base64.b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return b""
    if not content.startswith(b"\x78"):
        return content
    try:
        return zlib.decompressobj().decompress(content, MAX_MEMBER_BYTES)
    except zlib.error:
        return content
