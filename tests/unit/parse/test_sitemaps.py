"""Sitemaps and the lines that name them; the first documents are in the form that sitemaps.org prints."""

import contextlib
import gzip
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.sitemaps import MAX_SIZE_BYTES, MAX_URLS, Sitemap, SitemapError, read_sitemap, sitemap_lines

NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
URLSET = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{NS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
   <url>
      <loc>http://www.example.com/catalog?item=12&amp;desc=vacation_hawaii</loc>
      <lastmod>2005-01-01</lastmod>
      <image:image><image:loc>https://cdn.example/1.jpg</image:loc></image:image>
   </url>
   <url><loc>
      http://www.example.com/
   </loc></url>
</urlset>"""
INDEX = f"""<?xml version="1.0"?><sitemapindex xmlns="{NS}">
<sitemap><loc>http://www.example.com/sitemap1.xml.gz</loc><lastmod>2004-10-01T18:23:17+00:00</lastmod></sitemap>
</sitemapindex>"""
URLS = ("http://www.example.com/catalog?item=12&desc=vacation_hawaii", "http://www.example.com/")


@pytest.mark.parametrize(
    ("document", "sitemap"),
    [
        (URLSET.encode(), Sitemap(URLS)),
        (b"\xef\xbb\xbf" + URLSET.encode(), Sitemap(URLS)),
        (URLSET.replace("UTF-8", "UTF-16").encode("utf-16"), Sitemap(URLS)),
        (gzip.compress(URLSET.encode()), Sitemap(URLS)),
        (INDEX.encode(), Sitemap(("http://www.example.com/sitemap1.xml.gz",), is_index=True)),
        (b"<urlset><url><loc>https://example.com/</loc></url></urlset>", Sitemap(("https://example.com/",))),
        (f'<urlset xmlns="{NS}"/>'.encode(), Sitemap(())),
        (f'<s:urlset xmlns:s="{NS}"><s:url><s:loc>a</s:loc></s:url></s:urlset>'.encode(), Sitemap(("a",))),
        (b"<urlset><url><a><loc>x</loc></a></url><loc>y</loc></urlset>", Sitemap(())),
        (
            b"https://example.com/a\r\n\r\nhttps://example.com/b\n",
            Sitemap(("https://example.com/a", "https://example.com/b")),
        ),
    ],
)
def test_a_sitemap_is_read_by_the_protocol(document: bytes, sitemap: Sitemap) -> None:
    assert read_sitemap(document) == sitemap


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<!doctype html><html><body>Not here</body></html>",
        b"<html></html>",
        b"<urlset><url>",
        b"Not found",
        b"https://example.com/ 1.0\nand more",
        b"\xff\xfe\xfd",
        b"\x1f\x8bnot gzip",
        gzip.compress(URLSET.encode())[:-20],
        b'<?xml version="1.0" encoding="nonsense"?><urlset/>',
        b'<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        gzip.compress(b" " * (MAX_SIZE_BYTES + 1)),
    ],
)
def test_what_is_no_sitemap_is_refused(document: bytes) -> None:
    with pytest.raises(SitemapError):
        read_sitemap(document)


@pytest.mark.parametrize("size", [len(URLSET) - 1, len(URLSET), len(URLSET) + 1])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_reader_may_take_less_than_the_protocol_allows(size: int, pack) -> None:
    assert MAX_SIZE_BYTES == 50 * 1024 * 1024
    document = pack(URLSET.encode())
    if size >= len(URLSET):
        assert read_sitemap(document, size) == Sitemap(URLS)
    else:
        with pytest.raises(SitemapError, match="larger than"):
            read_sitemap(document, size)


@pytest.mark.parametrize("count", [MAX_URLS - 1, MAX_URLS, MAX_URLS + 1])
def test_a_sitemap_has_fifty_thousand_urls_at_most(count: int) -> None:
    assert MAX_URLS == 50_000
    document = b"https://example.com/\n" * count
    if count <= MAX_URLS:
        assert len(read_sitemap(document).urls) == count
    else:
        with pytest.raises(SitemapError, match="more than 50000"):
            read_sitemap(document)


TAGS = st.sampled_from(["url", "loc", "urlset", "other"])
TREES = st.recursive(
    st.builds(lambda tag, text: (tag, text, []), TAGS, st.text("ab &<\u00e9", max_size=5)),
    lambda inner: st.builds(lambda tag, text, children: (tag, text, children), TAGS, st.text("ab"), st.lists(inner)),
)


def element(tree) -> ET.Element:
    tag, text, children = tree
    made = ET.Element(tag)
    made.text = text
    made.extend(map(element, children))
    return made


@given(st.lists(TREES))
def test_the_library_of_python_finds_the_same_urls(trees) -> None:
    root = element(("urlset", "", trees))
    document = ET.tostring(root)
    wanted = tuple("".join(loc.itertext()).strip() for loc in ET.fromstring(document).findall("url/loc"))
    assert read_sitemap(document).urls == wanted


@given(
    st.binary() | st.binary().map(lambda data: b"<urlset>" + data) | st.binary().map(lambda data: b"\x1f\x8b" + data)
)
def test_any_bytes_are_a_sitemap_or_refused(data: bytes) -> None:
    with contextlib.suppress(SitemapError):
        assert isinstance(read_sitemap(data), Sitemap)


@pytest.mark.parametrize(
    ("robots", "lines"),
    [
        ("Sitemap: http://www.example.com/sitemap.xml", ("http://www.example.com/sitemap.xml",)),
        ("User-agent: *\nDisallow: /\n\nsitemap:/map.xml # ours\r\nSITEMAP : b", ("/map.xml", "b")),
        ("# Sitemap: a\nSitemap:\nSitemaps: c\nDisallow: Sitemap: d", ()),
        ("<!doctype html><p>Sitemap: x", ()),
        ("", ()),
    ],
)
def test_robots_txt_names_sitemaps_in_lines_of_their_own(robots: str, lines: tuple[str, ...]) -> None:
    assert sitemap_lines(robots) == lines
