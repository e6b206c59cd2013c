"""Sitemaps: https://www.sitemaps.org/protocol.html (XML, text, and the lines in robots.txt)."""

import zlib
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

MAX_URLS: Final = 50_000
"""In one sitemap, by the protocol."""

MAX_SIZE_BYTES: Final = 50 * 1024 * 1024
"""Of one sitemap, unpacked, by the protocol."""

_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31  # zlib's way to say: with the header of gzip
_CHUNK_BYTES: Final = 64 * 1024
_LOC_DEPTH: Final = 3  # urlset, url, loc


class SitemapError(ValueError):
    """The document is no sitemap."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """URLs as written and in order: of pages, or of further sitemaps where it is an index."""

    urls: tuple[str, ...]
    is_index: bool = False


def read_sitemap(data: bytes, max_size_bytes: int = MAX_SIZE_BYTES) -> Sitemap:
    """Read a sitemap in XML or text, packed by gzip or not. Time is linear in its size.

    Args:
        data: as it came.
        max_size_bytes: what is read, unpacked; less than the protocol allows, for readers with little time.

    Raises:
        SitemapError: it is none, or larger than that.
    """
    document = _unpacked(data, max_size_bytes) if data.startswith(_GZIP) else data
    if len(document) > max_size_bytes:
        raise SitemapError(f"it is larger than {max_size_bytes} bytes")
    if document.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or b"\x00" in document[:4]:
        return _XmlReader().read(document)
    return Sitemap(_limited(_lines(document)))


def sitemap_lines(robots: str) -> tuple[str, ...]:
    """The values of the Sitemap lines of a robots.txt, in order; they belong to no group of robots."""
    found: list[str] = []
    for line in robots.splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon and name.strip().lower() == "sitemap" and value.strip():
            found.append(value.strip())
    return tuple(found)


def _unpacked(data: bytes, max_size_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        document = unpacker.decompress(data, max_size_bytes + 1)
    except zlib.error as error:
        raise SitemapError("it is no gzip file that can be read") from error
    if not unpacker.eof and len(document) <= max_size_bytes:
        raise SitemapError("the gzip file breaks off")
    return document


def _lines(document: bytes) -> list[str]:
    """A text sitemap: one URL on each line, and nothing else."""
    try:
        lines = [line.strip() for line in document.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise SitemapError("it is neither XML nor UTF-8 text") from error
    if not lines or not all(line.lower().startswith(("http://", "https://")) for line in lines):
        raise SitemapError("it is neither XML nor a list of URLs")
    return lines


def _limited(urls: list[str]) -> tuple[str, ...]:
    if len(urls) > MAX_URLS:
        raise SitemapError(f"it has more than {MAX_URLS} URLs")
    return tuple(urls)


class _XmlReader:
    """Takes each `loc` of the sitemap's own namespace that stands in a `url` or `sitemap`; images have others."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._text: list[str] | None = None
        self._urls: list[str] = []
        self._root = self._namespace = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, document: bytes) -> Sitemap:
        try:
            for at in range(0, len(document), _CHUNK_BYTES):
                self._parser.Parse(document[at : at + _CHUNK_BYTES], False)
            self._parser.Parse(b"", True)
        except SitemapError:
            raise
        except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: an encoding that is none
            raise SitemapError(f"it is no XML that can be read: {error}") from error
        return Sitemap(_limited(self._urls), is_index=self._root == "sitemapindex")

    def _start(self, name: str, _attributes: object) -> None:
        namespace, _, local = name.rpartition(" ")
        if not self._open:
            if local not in {"urlset", "sitemapindex"}:
                raise SitemapError("its root is neither urlset nor sitemapindex")
            self._root, self._namespace = local, namespace
        self._open.append(local if namespace == self._namespace else "")
        entry = "url" if self._root == "urlset" else "sitemap"
        if len(self._open) == _LOC_DEPTH and self._open[1:] == [entry, "loc"]:
            self._text = []

    def _end(self, _name: str) -> None:
        if self._text is not None and len(self._open) == _LOC_DEPTH:
            self._urls.append("".join(self._text).strip())
            self._text = None
        self._open.pop()

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _doctype(self, *_declaration: object) -> None:
        raise SitemapError("it has a document type, which no sitemap needs and which may hold entities")
