"""Content codings (RFC 9110 section 8.4.1): whether a page's body is what its Content-Encoding says."""

import zlib
from enum import StrEnum
from typing import Final

MAX_UNPACKED_BYTES: Final = 8 * 1024 * 1024
"""How much is unpacked to find out; what is whole up to here is taken to be whole."""

OFFERED: Final = frozenset({"gzip", "x-gzip", "deflate", "br"})
"""What every browser offers over https and can read; the x-name is to be treated as gzip (section 8.4.1.3)."""

_GZIP_MAGIC: Final = b"\x1f\x8b"  # RFC 1952 section 2.3.1
_STEP_BYTES: Final = 64 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB: Final = zlib.MAX_WBITS


class Packing(StrEnum):
    """What came of unpacking."""

    PLAIN = "plain"  # no coding
    WHOLE = "whole"
    BROKEN = "broken"  # it is not what it says, or it ends early
    NOT_OFFERED = "not offered"  # a coding that was not asked for
    UNREAD = "unread"  # one that we can't unpack here (br), or several


def unpacked(body: bytes, codings: str) -> Packing:
    """Whether a whole body can be unpacked.

    Args:
        body: as it came.
        codings: the value of Content-Encoding; several lines are joined by commas.
    """
    names = [name.strip().lower() for name in codings.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    match names:
        case []:
            return Packing.PLAIN
        case _ if not OFFERED.issuperset(names):
            return Packing.NOT_OFFERED
        case ["gzip" | "x-gzip"]:
            return _inflate(body, _GZIP)
        case ["deflate"]:
            # Browsers also take the bare DEFLATE that old servers send (section 8.4.1.2 says zlib).
            whole = Packing.WHOLE in {_inflate(body, _ZLIB), _inflate(body, -_ZLIB)}
            return Packing.WHOLE if whole else Packing.BROKEN
        case _:
            return Packing.UNREAD


def _inflate(body: bytes, window_bits: int) -> Packing:
    """An empty body is whole too: browsers show it as empty. What is gzip once more was packed twice and said once."""
    unpacker = zlib.decompressobj(window_bits)
    left, size, begin = body, 0, b""
    try:
        while left and not unpacker.eof and size < MAX_UNPACKED_BYTES:
            step = unpacker.decompress(left, _STEP_BYTES)
            size, begin = size + len(step), begin or step[: len(_GZIP_MAGIC)]
            left = unpacker.unconsumed_tail
    except zlib.error:
        return Packing.BROKEN
    if begin == _GZIP_MAGIC:
        return Packing.BROKEN
    is_whole = not body or unpacker.eof or size >= MAX_UNPACKED_BYTES
    return Packing.WHOLE if is_whole else Packing.BROKEN
