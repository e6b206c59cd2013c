"""Open what a key can be packed in: archives, image layers, databases, source maps, notebooks, encoded texts.

Nothing is written to disk and nothing is run. Each form is opened only where its own sign is seen, so that plain text
costs a few searches. Every bound is per piece that was read; what goes beyond one is said, never passed over.
"""

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import re
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer  # the type of what `readinto` fills; it exists for type checkers alone

MAX_DEPTH: Final = 4
"""Containers in containers: a saved image is an archive of layers, of which one may hold a wheel with a database."""

MAX_MEMBERS: Final = 20_000
"""Files in all containers of one piece; a layer of a usual image has some 10,000."""

MAX_MEMBER_BYTES: Final = 32 * 2**20
"""What is held of one member at a time; with the container itself it is what the memory goes to."""

MAX_WHOLE_BYTES: Final = 64 * 2**20
"""Containers in git, and databases, that are held whole to be opened."""

MAX_TOTAL_BYTES: Final = 2**30
"""What all containers of one piece may unfold to: a bomb ends here, and a saved image has its layers."""

MAX_TEXT_BYTES: Final = 16 * 2**20
"""Texts beyond this are searched as they stand, and not for other spellings."""

SQLITE_STEPS: Final = 20_000_000
"""Steps of SQLite's machine after which a hostile database is given up."""

BUFFER_BYTES: Final = 64 * 1024

TOO_MUCH: Final = "a container holds more than is unfolded"
LOCKED: Final = "a container is encrypted or broken"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to search, and the way into what was unfolded, such as `!app.whl!settings.py`; empty for the whole."""

    inside: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Limits:
    """What is left for one piece that was read, and what was left out (each sentence once)."""

    members: int = MAX_MEMBERS
    total_bytes: int = MAX_TOTAL_BYTES
    gaps: set[str] = field(default_factory=set)

    def take(self, size_bytes: int) -> bool:
        """Whether there is room for one more member."""
        if self.members <= 0 or size_bytes > self.total_bytes:
            self.gaps.add(TOO_MUCH)
            return False
        self.members -= 1
        self.total_bytes -= size_bytes
        return True


Members = Callable[[IO[bytes], Limits], Iterator[tuple[str, bytes]]]
"""Yields what is in a container: the name and the bytes of each member."""


def unfold(data: bytes, limits: Limits) -> Iterator[Piece]:
    """The piece itself, then everything that is in it in another form.

    Args:
        data: as it was read.
        limits: of this piece; it also collects what was left out.
    """
    yield from _unfold(Piece("", data), limits, MAX_DEPTH)


def _unfold(piece: Piece, limits: Limits, depth: int) -> Iterator[Piece]:
    yield piece
    members = container_of(piece.data[:512])
    if members is not None:
        if depth == 0:
            limits.gaps.add(TOO_MUCH)
            return
        yield from _members(piece.inside, members, io.BytesIO(piece.data), limits, depth)
        return
    if len(piece.data) <= MAX_TEXT_BYTES:
        yield from _texts(piece, limits, depth)


def unfold_file(stream: IO[bytes], members: Members, limits: Limits) -> Iterator[Piece]:
    """What is in a container that is read from a file, as `container_of` its first 512 bytes knows it."""
    yield from _members("", members, stream, limits, MAX_DEPTH)


def _members(inside: str, members: Members, stream: IO[bytes], limits: Limits, depth: int) -> Iterator[Piece]:
    try:
        for name, data in members(stream, limits):
            yield from _unfold(Piece(f"{inside}!{name}", data), limits, depth - 1)
    except _BROKEN:
        limits.gaps.add(LOCKED)


_BROKEN: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    sqlite3.Error,
    EOFError,
    OSError,  # bad gzip and bzip2
    RuntimeError,  # an encrypted member of a zip
    NotImplementedError,  # a method of compression that zipfile does not know
    ValueError,
    OverflowError,
)


def container_of(start: bytes) -> Members | None:
    """How to open what begins like this; None for what is no container. Names say little, and layers have none."""
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip
    if start[:2] == b"\x1f\x8b":
        return lambda stream, limits: _packed(_Unpacked(gzip.GzipFile(fileobj=stream)), limits)
    if start[:3] == b"BZh":
        return lambda stream, limits: _packed(_Unpacked(bz2.BZ2File(stream)), limits)
    if start[:6] == b"\xfd7zXZ\x00":
        return lambda stream, limits: _packed(_Unpacked(lzma.LZMAFile(stream)), limits)
    if start[:16] == b"SQLite format 3\x00":
        return _sqlite
    return _tar if start[257:262] == b"ustar" else None


def _zip(stream: IO[bytes], limits: Limits) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(stream) as archive:
        if archive.comment:
            yield "(comment)", archive.comment
        for info in archive.infolist():
            if info.is_dir() or not limits.take(info.file_size):
                continue
            if info.flag_bits & 1:
                limits.gaps.add(LOCKED)
                continue
            with archive.open(info) as member:
                yield from _bounded(info.filename, member, limits)


def _tar(stream: IO[bytes], limits: Limits) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            if not info.isfile() or not limits.take(info.size):
                continue
            member = archive.extractfile(info)
            if member is not None:
                yield from _bounded(info.name, member, limits)


class _Unpacked(io.RawIOBase):
    """A compressed stream as `BufferedReader` takes one."""

    def __init__(self, inner: gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile) -> None:
        super().__init__()
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer)
        data = self._inner.read(len(room))
        room[: len(data)] = data
        return len(data)


def _packed(raw: _Unpacked, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """One compressed stream, which is a tar as a rule: that one is read as it comes, never held whole."""
    with io.BufferedReader(raw, BUFFER_BYTES) as stream:
        start = stream.peek(512)[:512]
        if start[257:262] == b"ustar":
            yield from _tar(stream, limits)
        elif limits.take(len(start)):
            yield from _bounded("(unpacked)", stream, limits)


def _bounded(name: str, member: IO[bytes], limits: Limits) -> Iterator[tuple[str, bytes]]:
    data = member.read(MAX_MEMBER_BYTES + 1)
    if len(data) > MAX_MEMBER_BYTES:
        limits.gaps.add(TOO_MUCH)
    yield name, data[:MAX_MEMBER_BYTES]


def _sqlite(stream: IO[bytes], limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Every row of every table as text: values that are long lie in pieces in the file."""
    data = stream.read(MAX_WHOLE_BYTES + 1)
    if len(data) > MAX_WHOLE_BYTES:
        limits.gaps.add(TOO_MUCH)
    if len(data) > MAX_WHOLE_BYTES or not limits.take(len(data)):
        return
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(data)
        base.text_factory = bytes
        base.set_progress_handler(lambda: 1, SQLITE_STEPS)
        tables = [row[0].decode("utf-8", "replace") for row in base.execute(_TABLES)]
        for table in tables:
            rows = base.execute('SELECT * FROM "{}"'.format(table.replace('"', '""')))  # noqa: S608 - quoted
            yield table, b"\n".join(_row(row) for row in rows.fetchmany(MAX_MEMBERS))


_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"


def _row(row: tuple[object, ...]) -> bytes:
    return b"\t".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


def _texts(piece: Piece, limits: Limits, depth: int) -> Iterator[Piece]:
    """Other spellings of a text. Each begins with a search for its sign, which costs next to nothing."""
    data = piece.data
    if b'"sourcesContent"' in data or b'"cell_type"' in data:
        yield from _json_texts(piece, limits, depth)
    if b"\\x" in data or b"\\u00" in data:
        yield Piece(f"{piece.inside}!(escapes)", _ESCAPE.sub(_char, data))
    if any(sign in data for sign in _JOINTS):
        yield from _joined(piece)
    if b"%5f" in data or b"%5F" in data:
        yield Piece(f"{piece.inside}!(url)", unquote_to_bytes(data))
    if b"&#" in data:
        yield Piece(f"{piece.inside}!(html)", unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace"))
    if depth and (b"base64" in data or any(sign in data for sign in _PACKED_BASE64)):
        yield from _decoded(piece, limits, depth)


_ESCAPE: Final = re.compile(rb"\\x([0-9a-fA-F]{2})|\\u00([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{2})\}")


def _char(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1] or match[2] or match[3], 16)])


_JOINTS: Final = (
    *(b'" + "', b"' + '", b'"+"', b"'+'", b'" . "', b"' . '", b"` + `", b"].join(", b'" \\\n', b"' \\\n"),
    *(b'" +\n', b"' +\n", b'"\n', b"'\n", b'" "', b"' '", b".concat("),
)
"""Signs that a string is put together: plus, PHP's dot, a list that is joined, strings that stand side by side."""

_PARTS: Final = re.compile(
    rb"""(?:"[^"\n\\]{0,400}"|'[^'\n\\]{0,400}'|`[^`\n\\]{0,400}`)"""
    rb"""(?:[ \t]*(?:\\?\r?\n[ \t]*)?[+.,]?[ \t]*(?:\\?\r?\n[ \t]*)?"""
    rb"""(?:"[^"\n\\]{0,400}"|'[^'\n\\]{0,400}'|`[^`\n\\]{0,400}`)){1,40}"""
)
_QUOTED: Final = re.compile(rb"""["'`]([^"'`\n]*)["'`]""")
_GLUE: Final = re.compile(rb"""["'`]\s*\\?\s*[+.,]?\s*["'`]""")


def _joined(piece: Piece) -> Iterator[Piece]:
    """The strings that stand joined, each with the words before it on its line, which say what it is."""
    is_list = b"].join(" in piece.data or b".concat(" in piece.data
    lines: list[bytes] = []
    for match in _PARTS.finditer(piece.data):
        parts = _QUOTED.findall(match[0])
        if len(b"".join(parts)) >= MIN_JOINED_CHARS and (is_list or b"," not in _between(match[0])):
            before = piece.data[max(0, match.start() - 80) : match.start()].rpartition(b"\n")[2]
            lines.append(before + b'"' + b"".join(parts) + b'"')
    if lines:
        yield Piece(f"{piece.inside}!(joined)", b"\n".join(lines))


MIN_JOINED_CHARS: Final = 16
"""Shorter than any key."""


def _between(text: bytes) -> bytes:
    return b"".join(_GLUE.findall(text))


_PACKED_BASE64: Final = (b"H4sI", b"UEsDB", b"eJx", b"eNp")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_WRAPPED: Final = re.compile(rb"(?m)^[ \t]*[A-Za-z0-9+/]{40,80}\r?\n(?:[ \t]*[A-Za-z0-9+/]{1,80}={0,2}(?:\r?\n|$))+")
_DATA_URI: Final = re.compile(rb";base64,([A-Za-z0-9+/=_-]{16,})")

MAX_DECODED: Final = 2_000
"""Texts in base64 that are decoded of one piece."""


def _decoded(piece: Piece, limits: Limits, depth: int) -> Iterator[Piece]:
    """What stands in data: URIs, in base64 over several lines, and compressed in base64."""
    data = piece.data
    texts = [match[1] for match in _DATA_URI.finditer(data)]
    texts += [re.sub(rb"\s+", b"", match[0]) for match in _WRAPPED.finditer(data)]
    if any(sign in data for sign in _PACKED_BASE64):
        texts += [match[0] for match in _BASE64.finditer(data) if match[0].startswith(_PACKED_BASE64)]
    if len(texts) > MAX_DECODED:
        limits.gaps.add(TOO_MUCH)
    for text in texts[:MAX_DECODED]:
        content = _from_base64(text)
        if content and limits.take(len(content)):
            if content[:1] == b"\x78":
                content = _inflated(content) or content
            yield from _unfold(Piece(f"{piece.inside}!(base64)", content), limits, depth - 1)


def _from_base64(text: bytes) -> bytes:
    plain = text.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, MAX_MEMBER_BYTES)
    except zlib.error:
        return b""


def _json_texts(piece: Piece, limits: Limits, depth: int) -> Iterator[Piece]:
    """The sources in a source map (ECMA-426), and the cells of a notebook with what they printed."""
    try:
        value = json.loads(piece.data)
    except (ValueError, RecursionError):
        return
    for name, text in _strings_of(value):
        if depth and limits.take(len(text)):
            yield from _unfold(Piece(f"{piece.inside}!{name}", text.encode("utf-8", "replace")), limits, depth - 1)


def _strings_of(value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    sources, contents = value.get("sources"), value.get("sourcesContent")
    if isinstance(contents, list):
        names = sources if isinstance(sources, list) else []
        for number, content in enumerate(contents):
            if isinstance(content, str):
                yield str(names[number]) if number < len(names) else "(source)", content
    cells = value.get("cells")
    for number, cell in enumerate(cells if isinstance(cells, list) else ()):
        yield f"(cell {number + 1})", "\n".join(_texts_below(cell))


def _texts_below(value: object) -> Iterator[str]:
    """All strings below; a list of strings is one text, as notebooks keep lines."""
    waiting: list[object] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            if one and all(isinstance(part, str) for part in one):
                yield "".join(one)
            else:
                waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one.values())
