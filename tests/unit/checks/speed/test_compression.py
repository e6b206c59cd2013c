"""The check of `checks/speed/compression.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.speed.compression import text_uncompressed
from launchready.facts.web import Asset, FrontPage, PageAssets, Transfer
from launchready.model.check import Fail, Judgement, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SITE = Host("example.com", "example.com")
SCRIPT = "https://example.com/app.js"


def transfer(
    size: int, wire: int, encoding: str = "", *, url: str = "https://example.com/", kind: str = "text/html"
) -> Transfer:
    return Transfer(url, 200, kind, (), encoding, "", has_validator=False, size_bytes=size, wire_bytes=wire)


PACKED = transfer(9000, 3000, "gzip")


def judge(front: Transfer, *assets: Asset, redirects_to: str = "") -> Judgement:
    return text_uncompressed(SITE, FrontPage(front, redirects_to, "", (), (), ()), PageAssets(assets))


def script(one: Transfer) -> Asset:
    return Asset(SCRIPT, Measured(one, NOW, 0.1))


def test_packed_text_passes() -> None:
    assert judge(PACKED, script(transfer(5000, 2000, "br", url=SCRIPT, kind="text/javascript"))) == Pass()


def test_a_kibibyte_is_the_most_that_may_go_unpacked() -> None:
    assert judge(transfer(1023, 1023)) == Pass()
    assert judge(transfer(1024, 1024)) == Pass()
    judgement = judge(transfer(1025, 1025))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://example.com/: 1025 bytes of text/html, sent as 1025",)


@pytest.mark.parametrize("kind", ["application/javascript; charset=utf-8", "text/css", "Text/JavaScript"])
def test_an_unpacked_file_fails_and_is_named(kind: str) -> None:
    judgement = judge(PACKED, script(transfer(5000, 5000, url=SCRIPT, kind=kind)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{SCRIPT}: 5000 bytes of {kind.partition(';')[0].lower()}, sent as 5000",)


def test_a_header_that_packs_nothing_fails() -> None:
    assert isinstance(judge(transfer(5000, 5000, "gzip")), Fail)


def test_what_is_packed_by_its_nature_passes() -> None:
    assert judge(PACKED, script(transfer(90_000, 90_000, url=SCRIPT, kind="font/woff2"))) == Pass()


def test_the_rule_to_paste_packs_all_kinds_of_scripts() -> None:
    judgement = judge(transfer(5000, 5000))
    assert isinstance(judgement, Fail)
    assert "text/javascript application/javascript" in judgement.fix.paste


def test_an_unpacked_page_is_seen_beside_a_file_that_was_not() -> None:
    assert isinstance(judge(transfer(5000, 5000), Asset(SCRIPT, Unmeasured(Why.TIMED_OUT, "silent", NOW))), Fail)


def test_a_host_that_only_redirects_has_no_page() -> None:
    assert isinstance(judge(transfer(5000, 5000), redirects_to="https://www.example.com/"), NotApplicable)
