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
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
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


@dataclass(frozen=True, slots=True)
class Cut:
    """Whether content goes on before or after the bytes at hand; what is cut there is whole in the next window."""

    before: bool = False
    after: bool = False


WHOLE: Final = Cut()


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


def members_of(piece: Piece, limits: Limits) -> Iterator[Piece]:
    """What is in a container; nothing where the piece is none."""
    members = container_of(piece.data[:512])
    if members is not None:
        yield from _members(piece.inside, members, io.BytesIO(piece.data), limits)


def members_of_file(stream: IO[bytes], members: Members, limits: Limits) -> Iterator[Piece]:
    """What is in a container that is read from a file, as `container_of` its first 512 bytes knows it."""
    yield from _members("", members, stream, limits)


def _members(inside: str, members: Members, stream: IO[bytes], limits: Limits) -> Iterator[Piece]:
    try:
        for name, data in members(stream, limits):
            yield Piece(f"{inside}!{name}", data)
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


class Sign(StrEnum):
    """Signs of another spelling, by the names of the rules that find them (`launchready.sign--NAME`)."""

    MAP = "map"
    ESCAPE = "escape"
    JOINT = "joint"
    LIST = "list"
    URL = "url"
    HTML = "html"
    BASE64 = "base64"
    PREFIX = "prefix"


Signs = Mapping[Sign, list[int]]
"""Where each sign begins, in bytes."""


def spelled_out(piece: Piece, signs: Signs, limits: Limits) -> Iterator[Piece]:
    """The other spellings whose signs were seen in a text."""
    data, inside = piece.data, piece.inside
    if len(data) > MAX_TEXT_BYTES:
        return
    if Sign.MAP in signs:
        yield from _json_texts(piece, limits)
    if Sign.ESCAPE in signs:
        yield Piece(f"{inside}!(escapes)", _ESCAPE.sub(_char, _lines(data, signs[Sign.ESCAPE])))
    if Sign.JOINT in signs or Sign.LIST in signs:
        yield from _joined(piece, [*signs.get(Sign.JOINT, ()), *signs.get(Sign.LIST, ())], Sign.LIST in signs)
    if Sign.URL in signs:
        yield Piece(f"{inside}!(url)", unquote_to_bytes(_lines(data, signs[Sign.URL])))
    if Sign.HTML in signs:
        text = _lines(data, signs[Sign.HTML]).decode("utf-8", "replace")
        yield Piece(f"{inside}!(html)", unescape(text).encode("utf-8", "replace"))
    if Sign.BASE64 in signs:
        yield from _decoded(piece, limits, signs[Sign.BASE64])
    for run in _runs(data, signs.get(Sign.PREFIX, [])):
        yield Piece(f"{inside}!(base64)", run)


def _runs(data: bytes, places: list[int]) -> Iterator[bytes]:
    """What the texts in base64 around beginnings of keys say, each once, read from each place in a group of four."""
    end = -1
    for place in sorted(places):
        if place < end:
            continue
        before = data[max(0, place - MAX_RUN_BYTES) : place]
        start = place - len(before) + len(before.rstrip(_ALPHABET))
        after = data[start : place + MAX_RUN_BYTES]
        run = after[: len(after) - len(after.lstrip(_ALPHABET))]
        end = start + len(run)
        yield b"\n".join(_from_base64(run[at:]) for at in range(4))


_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"

MAX_RUN_BYTES: Final = 64 * 1024


def _lines(data: bytes, places: list[int]) -> bytes:
    """The lines that hold these places."""
    lines: dict[int, bytes] = {}
    end = -1
    for place in sorted(places):
        if place > end:
            start = data.rfind(b"\n", 0, place) + 1
            end = data.find(b"\n", place)
            end = len(data) if end < 0 else end
            lines[start] = data[start:end]
    return b"\n".join(lines.values())


_ESCAPE: Final = re.compile(rb"\\x([0-9a-fA-F]{2})|\\u00([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{2})\}")


def _char(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1] or match[2] or match[3], 16)])


JOINED_BYTES: Final = 600
"""How far around a joint the parts of a string are looked for: keys are shorter, however they are cut."""

_PARTS: Final = re.compile(
    rb"""(?:"[^"\n\\]{0,400}"|'[^'\n\\]{0,400}'|`[^`\n\\]{0,400}`)"""
    rb"""(?:[ \t]*(?:\\?\r?\n[ \t]*)?[+.,]?[ \t]*(?:\\?\r?\n[ \t]*)?"""
    rb"""(?:"[^"\n\\]{0,400}"|'[^'\n\\]{0,400}'|`[^`\n\\]{0,400}`)){1,40}"""
)
_QUOTED: Final = re.compile(rb"""["'`]([^"'`\n]*)["'`]""")
_GLUE: Final = re.compile(rb"""["'`]\s*\\?\s*[+.,]?\s*["'`]""")


def _joined(piece: Piece, places: list[int], is_list: bool) -> Iterator[Piece]:
    """The strings that stand joined, each with the words before it on its line, which say what it is."""
    lines: list[bytes] = []
    done = -1
    for place in sorted(places):
        if place < done:
            continue
        start, done = max(0, place - JOINED_BYTES, done), place + JOINED_BYTES
        region = piece.data[start:done]
        for match in _PARTS.finditer(region):
            text = b"".join(_QUOTED.findall(match[0]))
            if _LONG_WORD.search(text) and (is_list or b"," not in _between(match[0])):
                before = region[: match.start()].rpartition(b"\n")[2]
                lines.append(before + b'"' + text + b'"')
    if lines:
        yield Piece(f"{piece.inside}!(joined)", b"\n".join(lines))


_LONG_WORD: Final = re.compile(rb"[\w+/=.-]{16}")
"""No key has shorter words."""


def _between(text: bytes) -> bytes:
    return b"".join(_GLUE.findall(text))


_PACKED_BASE64: Final = (b"H4sI", b"UEsDB", b"eJ", b"eN")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_WRAPPED: Final = re.compile(rb"(?m)^[ \t]*[A-Za-z0-9+/]{40,80}\r?\n(?:[ \t]*[A-Za-z0-9+/]{1,80}={0,2}(?:\r?\n|$))+")
_DATA_URI: Final = re.compile(rb";base64,([A-Za-z0-9+/=_-]{16,})")

MAX_DECODED: Final = 2_000
"""Texts in base64 that are decoded of one piece."""


def _decoded(piece: Piece, limits: Limits, places: list[int]) -> Iterator[Piece]:
    """What stands in data: URIs, in base64 over several lines, and compressed in base64."""
    texts = list(dict.fromkeys(text for place in places if (text := _packed_text(piece.data, place))))
    if len(texts) > MAX_DECODED:
        limits.gaps.add(TOO_MUCH)
    for text in texts[:MAX_DECODED]:
        content = _from_base64(text)
        if content and limits.take(len(content)):
            if content[:1] == b"\x78":
                content = _inflated(content) or content
            yield Piece(f"{piece.inside}!(base64)", content)


def _packed_text(data: bytes, place: int) -> bytes:
    """The text in base64 that a sign announces: right there, after a comma, or on the next lines."""
    if data.startswith(_PACKED_BASE64, place):
        match = _BASE64.match(data, place)
        return match[0] if match else b""
    uri = _DATA_URI.match(data, place)
    if uri is not None:
        return uri[1]
    wrapped = _WRAPPED.search(data, place, place + WRAPPED_WITHIN_BYTES)
    if wrapped is None:
        return b""
    whole = _WRAPPED.match(data, wrapped.start())
    return re.sub(rb"\s+", b"", whole[0]) if whole else b""


WRAPPED_WITHIN_BYTES: Final = 2_000
"""How far after the word base64 its lines begin: a mail has some header fields between."""


def _from_base64(text: bytes) -> bytes:
    plain = text.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    plain = plain[:-1] if len(plain) % 4 == 1 else plain  # one character says nothing
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, MAX_MEMBER_BYTES)
    except zlib.error:
        return b""


def _json_texts(piece: Piece, limits: Limits) -> Iterator[Piece]:
    """The sources in a source map (ECMA-426), and the cells of a notebook with what they printed."""
    try:
        value = json.loads(piece.data)
    except (ValueError, RecursionError):
        return
    for name, text in _strings_of(value):
        if limits.take(len(text)):
            yield Piece(f"{piece.inside}!{name}", text.encode("utf-8", "replace"))


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
