"""What a key can be packed in is opened within bounds; what can't be is said."""

import base64
import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready.probes.keys import unfold
from launchready.probes.keys.search import Searched, search

KEY = "sk_" + "live_51Nx" + "Gt2LkWqRmVbYcHdJfKsTp8ZuQ"
LINE = f'k = "{KEY}"\n'.encode()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("app/.env")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        (zipped(a=LINE), "!a"),
        (gzip.compress(LINE), "!(unpacked)"),
        (gzip.compress(tarred(LINE)), "!app/.env"),
        (zipped(layer=gzip.compress(tarred(zipped(w=LINE)))), "!layer!app/.env!w"),
        (b"const k = 'sk_live_51Nx' +\n  'Gt2LkWqRmVbYcHdJ' + 'fKsTp8ZuQ';", "!(joined)"),
        (b"k = 'sk\\x5flive\\x5f51NxGt2LkWqRmVbYcHdJfKsTp8ZuQ'", "!(escapes)"),
        (b"https://x.example/?k=sk%5Flive%5F51NxGt2LkWqRmVbYcHdJfKsTp8ZuQ", "!(url)"),
        (b"<p>sk&#95;live&#95;51NxGt2LkWqRmVbYcHdJfKsTp8ZuQ</p>", "!(html)"),
        (b"url(data:application/gzip;base64," + base64.b64encode(gzip.compress(LINE)) + b")", "!(base64)!(unpacked)"),
        (b"data: " + base64.b64encode(b"x" * 20_000) + b"\nkey: " + base64.b64encode(LINE), "!(base64)"),
    ],
)
def test_a_key_is_found_in_what_it_is_packed_in(data: bytes, inside: str) -> None:
    found = search(data)
    assert (found.hits[0].kind.provider, found.hits[0].inside) == ("stripe", inside)
    assert not found.gaps


@pytest.mark.parametrize("repeat", [0, 1, 2])
@pytest.mark.parametrize("times", [1, 2])
def test_base64_is_read_from_any_byte_also_in_large_files_and_twice(repeat: int, times: int) -> None:
    text = b"x" * repeat + LINE
    for _ in range(times):
        text = base64.b64encode(text)
    found = search(b"a line of code\n" * 3_000 + b"  value: " + text + b"\n")
    assert {hit.kind.provider for hit in found.hits} == {"stripe"}


def test_an_encrypted_or_broken_container_is_said() -> None:
    whole = zipped(a=LINE * 50)
    assert search(whole[: len(whole) // 2]).gaps == {unfold.LOCKED}
    locked = bytearray(zipped(a=LINE))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert search(bytes(locked)).gaps == {unfold.LOCKED}


def test_a_container_in_too_many_others_is_said() -> None:
    data = LINE
    for _ in range(unfold.MAX_DEPTH):
        data = gzip.compress(data)
    assert search(data).hits
    assert search(gzip.compress(data)).gaps == {unfold.TOO_MUCH}


def test_a_bomb_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfold, "MAX_MEMBER_BYTES", 1_000)
    assert search(gzip.compress(b"\0" * 1_001)).gaps == {unfold.TOO_MUCH}
    assert search(gzip.compress(b"\0" * 1_000)).gaps == set()
    limits = unfold.Limits(total_bytes=10)
    assert list(unfold.members_of(unfold.Piece("", zipped(a=b"x" * 11)), limits)) == []
    assert limits.gaps == {unfold.TOO_MUCH}
    limits = unfold.Limits(total_bytes=10)
    assert len(list(unfold.members_of(unfold.Piece("", zipped(a=b"x" * 10)), limits))) == 1


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"SQLite format 3\x00", b"\0" * 257 + b"ustar"]
    ),
    st.binary(max_size=600),
)
def test_any_bytes_are_searched_without_an_error(start: bytes, rest: bytes) -> None:
    found = search(start + rest)
    assert isinstance(found, Searched)
    assert all(hit.line >= 1 for hit in found.hits)


def test_a_key_on_the_border_of_two_windows_is_found_once_with_its_line() -> None:
    from launchready.probes.keys import search as module

    before = b"x = 1\n" * ((module.WINDOW_BYTES - 30) // 6)
    found = search(before + LINE + b"y = 2\n" * 10_000)
    assert {(hit.line, hit.fingerprint) for hit in found.hits} == {
        (before.count(b"\n") + 1, module.fingerprint_of(KEY))
    }


@pytest.mark.parametrize(("around", "is_found"), [(39, True), (40, False)])
def test_what_looks_like_a_key_in_the_middle_of_an_image_is_none(around: int, is_found: bool) -> None:
    name = "AK" + "IAQ7XBN2LWPRTVYZK3"
    assert bool(search(f"src='{('Qm9ib' * 8)[: around - 1]}/{name}'".encode()).hits) is is_found
