"""What the probes of `probes/compression.py` see."""

import gzip

import pytest

from launchready.facts.compression import Packed, PackedPage, StreamHead
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Endpoint, EndpointKind, Host
from launchready.probes.compression import packed_page, stream_head

SITE = Host("example.com", "example.com")
HTTPS = "https://example.com/"
STREAM = Endpoint("https://example.com/events", EndpointKind.STREAM)


@pytest.mark.parametrize(
    ("body", "coding", "packed"),
    [
        (b"<p>plain</p>", None, Packed(200, "", True)),
        (b"<p>plain</p>", "identity", Packed(200, "", True)),
        (gzip.compress(b"<p>packed</p>"), "GZip", Packed(200, "gzip", True)),
        (b"<p>plain</p>", "gzip", Packed(200, "gzip", False)),
        (b"<p>plain</p>", "br", Packed(200, "br", False)),
        (bytes.fromhex("8b03803c703e683c2f703e03"), "br", Packed(200, "br", True)),  # <p>h</p>, made by hand: RFC 7932
        (b"<p>plain</p>", "zstd", Packed(200, "zstd", False)),
    ],
)
async def test_the_page_is_taken_as_it_comes(internet, body, coding, packed):
    internet.show(HTTPS, body, **({} if coding is None else {"content_encoding": coding}))
    assert await packed_page(SITE, internet.visits, internet.http) == PackedPage(HTTPS, packed)


async def test_the_end_of_redirects_within_the_host_is_what_counts(internet):
    internet.redirect(HTTPS, "/en/")
    internet.show("https://example.com/en/", b"x", content_encoding="gzip")
    assert await packed_page(SITE, internet.visits, internet.http) == PackedPage(
        "https://example.com/en/", Packed(200, "gzip", False)
    )


async def test_a_circle_is_no_page(internet):
    internet.redirect(HTTPS, HTTPS)
    with pytest.raises(NotSeen) as seen:
        await packed_page(SITE, internet.visits, internet.http)
    assert seen.value.why is Why.UNREADABLE


async def test_the_head_of_a_stream_is_seen(internet):
    internet.show(STREAM.url, b"data: x\n\n", content_type="text/event-stream; charset=utf-8", content_encoding="gzip")
    assert await stream_head(STREAM, internet.http) == StreamHead(200, "text/event-stream", "gzip")


@pytest.mark.parametrize("status", [302, 401, 404, 503])
async def test_what_is_no_stream_is_not_seen(internet, status):
    internet.show(STREAM.url, b"", status=status, **({"location": "/login"} if status == 302 else {}))
    with pytest.raises(NotSeen) as seen:
        await stream_head(STREAM, internet.http)
    assert seen.value.why is Why.UNREADABLE
