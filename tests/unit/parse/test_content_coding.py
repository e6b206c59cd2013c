"""Content codings: RFC 9110 section 8.4.1, against what the standard library packs."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.content_coding import MAX_UNPACKED_BYTES, Packing, unpacked

TEXT = b"<p>coaching</p>" * 100


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "codings", "packing"),
    [
        (TEXT, "", Packing.PLAIN),
        (TEXT, "identity", Packing.PLAIN),
        (TEXT, " , ", Packing.PLAIN),
        (gzip.compress(TEXT), "gzip", Packing.WHOLE),
        (gzip.compress(TEXT), "GZIP", Packing.WHOLE),
        (gzip.compress(TEXT), "x-gzip", Packing.WHOLE),  # section 8.4.1.3
        (gzip.compress(TEXT), "identity, gzip", Packing.WHOLE),
        (gzip.compress(b""), "gzip", Packing.WHOLE),
        (b"", "gzip", Packing.WHOLE),
        (zlib.compress(TEXT), "deflate", Packing.WHOLE),
        (bare_deflate(TEXT), "deflate", Packing.WHOLE),
        (TEXT, "gzip", Packing.BROKEN),
        (TEXT, "deflate", Packing.BROKEN),
        (zlib.compress(TEXT), "gzip", Packing.BROKEN),
        (gzip.compress(TEXT)[:-12], "gzip", Packing.BROKEN),
        (gzip.compress(gzip.compress(TEXT)), "gzip", Packing.BROKEN),
        (TEXT, "br", Packing.UNREAD),
        (gzip.compress(gzip.compress(TEXT)), "gzip, gzip", Packing.UNREAD),
        (TEXT, "zstd", Packing.NOT_OFFERED),
        (TEXT, "compress", Packing.NOT_OFFERED),
        (TEXT, "utf-8", Packing.NOT_OFFERED),
    ],
)
def test_a_body_is_what_its_label_says_or_is_not(body: bytes, codings: str, packing: Packing) -> None:
    assert unpacked(body, codings) is packing


def test_a_bomb_is_left_at_the_limit() -> None:
    assert unpacked(gzip.compress(b"\0" * 2 * MAX_UNPACKED_BYTES)[:-20], "gzip") is Packing.WHOLE


@given(st.binary(max_size=4000), st.sampled_from(["gzip", "deflate"]))
def test_what_the_standard_library_packs_is_whole(body: bytes, coding: str) -> None:
    packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
    assert unpacked(packed, coding) is (Packing.BROKEN if body[:2] == b"\x1f\x8b" else Packing.WHOLE)


@given(st.binary(), st.text())
def test_any_bytes_are_an_answer(body: bytes, codings: str) -> None:
    assert unpacked(body, codings) in Packing
    assert unpacked(body, "gzip") in Packing
    assert unpacked(body, "deflate") in Packing
