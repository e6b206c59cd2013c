"""The check of `checks/speed/compression.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.speed.compression import (
    compression_broken,
    compression_unvaried,
    stream_compressed,
    text_uncompressed,
)
from launchready.facts.compression import Packed, PackedPage, StreamHead
from launchready.facts.web import Asset, FrontPage, PageAssets, Transfer
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Endpoint, EndpointKind, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com")
SILENT = Asset("https://example.com/b.js", Unmeasured(Why.TIMED_OUT, "did not answer", AT))
NONE = PageAssets(())


def text(size: int = 5000, wire: int | None = None, encoding: str = "", kind: str = "text/html; charset=utf-8"):
    return Transfer("https://example.com/", 200, kind, (), encoding, "", size, size if wire is None else wire, ())


def page(transfer: Transfer, redirects_to: str = "") -> FrontPage:
    return FrontPage(transfer, redirects_to, "", (), (), (), "", "")


def asset(transfer: Transfer) -> Asset:
    return Asset(transfer.url, Measured(transfer, AT, 0.1))


PACKED = page(text(wire=1200, encoding="br"))


def test_text_that_is_packed_passes() -> None:
    assert text_uncompressed(HOST, PACKED, PageAssets((asset(text(wire=900, encoding="gzip", kind="text/css")),))) == (
        Pass()
    )


@pytest.mark.parametrize(("size", "passes"), [(1023, True), (1024, True), (1025, False)])
def test_1024_bytes_may_travel_as_they_are_and_one_more_may_not(size: int, passes: bool) -> None:
    judgement = text_uncompressed(HOST, page(text(size)), NONE)
    if passes:
        assert judgement == Pass()
    else:
        assert judgement == Fail(
            ("https://example.com/: 1025 bytes of text/html, sent as 1025",),
            Fix(
                "Compress text on example.com",
                "nginx:   gzip on; gzip_vary on; gzip_min_length 1024; "
                "gzip_types text/css text/javascript application/javascript application/json image/svg+xml;",
            ),
        )


@pytest.mark.parametrize(("wire", "passes"), [(4999, True), (5000, False), (5001, False)])
def test_an_encoding_that_makes_nothing_smaller_is_none(wire: int, passes: bool) -> None:
    assert (text_uncompressed(HOST, page(text(wire=wire, encoding="gzip")), NONE) == Pass()) is passes


@pytest.mark.parametrize("kind", ["TEXT/CSS", "application/javascript ; charset=utf-8", "image/svg+xml"])
def test_styles_scripts_and_drawings_are_text_however_they_are_written(kind: str) -> None:
    judgement = text_uncompressed(HOST, PACKED, PageAssets((asset(text(kind=kind)),)))
    assert isinstance(judgement, Fail)


@pytest.mark.parametrize("kind", ["image/png", "font/woff2", ""])
def test_what_is_packed_by_nature_or_of_no_kind_passes(kind: str) -> None:
    assert text_uncompressed(HOST, PACKED, PageAssets((asset(text(kind=kind)),))) == Pass()


def test_a_host_that_only_redirects_is_not_asked() -> None:
    assert isinstance(text_uncompressed(HOST, page(text(), "https://www.example.com/"), NONE), NotApplicable)


def test_an_asset_that_was_not_seen_makes_no_fault_and_hides_none() -> None:
    assert text_uncompressed(HOST, PACKED, PageAssets((SILENT,))) == Pass()
    assert isinstance(text_uncompressed(HOST, PACKED, PageAssets((SILENT, asset(text())))), Fail)


@pytest.mark.parametrize(
    ("coding", "is_readable", "kind"),
    [("gzip", True, Pass), ("gzip", False, Fail), ("br", False, Fail), ("", True, NotApplicable)],
)
def test_a_page_that_nobody_can_unpack_fails(coding: str, is_readable: bool, kind: type) -> None:
    judgement = compression_broken(PackedPage("https://example.com/", Packed(200, coding, is_readable)))
    assert isinstance(judgement, kind)
    if isinstance(judgement, Fail):
        assert judgement.offenders == (
            f"https://example.com/ says Content-Encoding: {coding}, and can't be unpacked by a browser",
        )


def packed(control: str, vary: str, coding: str = "gzip") -> Transfer:
    controls = (control,) if control else ()
    return Transfer("https://example.com/", 200, "text/html", controls, coding, vary, 9, 3, ())


@pytest.mark.parametrize(
    ("control", "vary", "kind"),
    [
        ("public, max-age=60", "accept-encoding", Pass),
        ("public, max-age=60", "cookie, accept-encoding", Pass),
        ("public, max-age=60", "*", Pass),
        ("public, max-age=60", "", Fail),
        ("max-age=1", "cookie", Fail),
        ("s-maxage=60, max-age=0", "accept", Fail),
        ("max-age=0", "", NotApplicable),
        ("s-maxage=0, max-age=60", "", NotApplicable),
        ("private, max-age=60", "", NotApplicable),
        ("no-store, max-age=60", "", NotApplicable),
        ("no-cache, max-age=60", "", NotApplicable),
        ("", "", NotApplicable),
    ],
)
def test_what_caches_may_keep_packed_names_the_other_form(control: str, vary: str, kind: type) -> None:
    shown = FrontPage(packed(control, vary), "", "", (), (), (), "", "")
    assert isinstance(compression_unvaried(HOST, shown, PageAssets(())), kind)


def test_what_is_not_packed_need_not_vary() -> None:
    shown = FrontPage(packed("max-age=60", "", coding=""), "", "", (), (), (), "", "")
    assert isinstance(compression_unvaried(HOST, shown, PageAssets(())), NotApplicable)


def test_a_packed_stream_fails() -> None:
    stream = Endpoint("https://example.com/events", EndpointKind.STREAM)
    assert stream_compressed(stream, StreamHead(200, "text/event-stream", "")) == Pass()
    judgement = stream_compressed(stream, StreamHead(200, "text/event-stream", "gzip"))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://example.com/events sends text/event-stream with Content-Encoding: gzip",)
