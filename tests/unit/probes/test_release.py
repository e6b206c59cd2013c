"""The probes of `probes/release.py`, on real files."""

import asyncio
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from launchready.facts.release import Comparison, ReleaseDrift, ReleaseHistory, RepeatedRelease
from launchready.model.product import Delivery, Product
from launchready.model.reading import NotSeen, Why
from launchready.net.clock import Clock
from launchready.parse.manifest import write_manifest
from launchready.parse.release_log import Kind, Phase, Record, Result, write_record
from launchready.probes.release import DRIFT_DAYS, release_drift, release_history, repeated_release
from launchready.probes.release_files import manifest_of_folder, manifest_path

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ONE, TWO, THREE = "1" * 40, "2" * 40, "3" * 40


def line(kind: Kind, commit: str, result: Result, days_ago: float, **more: float) -> bytes:
    at = NOW - timedelta(days=days_ago)
    record = Record("id-1", kind, Phase.ENDED, at, "maya", commit, result=result, live=commit)
    return write_record(replace(record, **more))


def began(commit: str) -> bytes:
    return write_record(Record("id-2", Kind.DEPLOY, Phase.BEGAN, NOW, "maya", commit))


def product(tmp_path: Path, folder: str = "", written: tuple[str, ...] = ()) -> Product:
    return Product("P", (), (), delivery=Delivery(str(tmp_path / "records"), folder, written))


def history(tmp_path: Path, log: bytes | None) -> ReleaseHistory:
    if log is not None:
        (tmp_path / "records").mkdir()
        (tmp_path / "records" / "deploys.jsonl").write_bytes(log)
    return asyncio.run(release_history(product(tmp_path), Clock(lambda: NOW, time.monotonic)))


def test_that_there_are_no_records_is_seen(tmp_path: Path) -> None:
    assert history(tmp_path, None) == ReleaseHistory(0, "", None, None, "")


def test_a_folder_that_does_not_exist_is_not_the_same_as_no_records(tmp_path: Path) -> None:
    with pytest.raises(NotSeen) as unseen:
        asyncio.run(release_history(product(tmp_path / "no" / "where"), Clock(lambda: NOW, time.monotonic)))
    assert unseen.value.why is Why.NOT_FOUND


def test_records_that_can_not_be_read_are_not_seen(tmp_path: Path) -> None:
    (tmp_path / "records" / "deploys.jsonl").mkdir(parents=True)
    with pytest.raises(NotSeen) as unseen:
        history(tmp_path, None)
    assert unseen.value.why is Why.UNREADABLE


def test_the_live_release_and_the_newest_return_are_told(tmp_path: Path) -> None:
    seen = history(
        tmp_path,
        line(Kind.DEPLOY, ONE, Result.LIVE, 40)
        + line(Kind.ROLLBACK, ONE, Result.LIVE, 30)
        + line(Kind.DEPLOY, TWO, Result.ROLLED_BACK, 20, took_s=12.0, asked=9, failed=3, down_s=1.5)
        + line(Kind.DEPLOY, THREE, Result.LIVE, 10)
        + line(Kind.DEPLOY, ONE, Result.REFUSED, 1),
    )
    assert (seen.releases, seen.live, seen.cut_off) == (5, THREE, "")
    assert seen.comeback is not None
    assert (seen.comeback.days_ago, seen.comeback.is_good, seen.comeback.took_s) == (20, True, 12.0)
    assert (seen.comeback.asked, seen.comeback.failed, seen.comeback.down_s) == (9, 3, 1.5)


def test_a_return_that_ended_badly_is_the_newest_one_all_the_same(tmp_path: Path) -> None:
    seen = history(tmp_path, line(Kind.ROLLBACK, ONE, Result.LIVE, 9) + line(Kind.ROLLBACK, ONE, Result.BROKEN, 2))
    assert seen.comeback is not None
    assert not seen.comeback.is_good


def test_a_return_from_the_future_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotSeen, match="dated in the future"):
        history(tmp_path, line(Kind.ROLLBACK, ONE, Result.LIVE, -1.01))


def test_a_clock_that_is_an_hour_off_does_no_harm(tmp_path: Path) -> None:
    seen = history(tmp_path, line(Kind.ROLLBACK, ONE, Result.LIVE, -0.04)).comeback
    assert seen is not None
    assert seen.days_ago == 0


def test_a_folder_of_more_than_five_gigabytes_is_not_hashed(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(5 * 2**30 + 1)  # a hole: it takes no room
    with pytest.raises(NotSeen) as unseen:
        manifest_of_folder(str(tmp_path))
    assert unseen.value.why is Why.TOO_LARGE


def test_a_release_that_never_ended_is_cut_off_and_one_that_was_repeated_is_not(tmp_path: Path) -> None:
    assert history(tmp_path, began(ONE)).cut_off.startswith("deploy of 111111111111 began on 2026-11-24 09:00 UTC")
    (tmp_path / "records" / "deploys.jsonl").write_bytes(began(ONE) + line(Kind.DEPLOY, ONE, Result.LIVE, 0))
    again = asyncio.run(release_history(product(tmp_path), Clock(lambda: NOW, time.monotonic)))
    assert again.cut_off == ""


def test_a_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    assert history(tmp_path, began(ONE)[:50]).cut_off == "the last line of the records is cut off"


def test_a_comparison_before_the_live_release_does_not_count(tmp_path: Path) -> None:
    assert history(
        tmp_path, line(Kind.DRIFT, ONE, Result.SAME, 3) + line(Kind.DEPLOY, TWO, Result.LIVE, 2)
    ).comparison is None  # fmt: skip


def test_without_a_folder_the_last_comparison_counts_for_seven_days(tmp_path: Path) -> None:
    for days, counts in ((DRIFT_DAYS - 1, True), (DRIFT_DAYS, True), (DRIFT_DAYS + 1, False)):
        seen = ReleaseHistory(1, ONE, None, Comparison(ONE, days, ("edited: a",), is_same=False), "")
        look = release_drift(product(tmp_path), seen)
        if counts:
            assert asyncio.run(look).named == ("edited: a",)
        else:
            with pytest.raises(NotSeen, match="run `launchready drift`"):
                asyncio.run(look)
    assert DRIFT_DAYS == 7


def running(tmp_path: Path) -> Path:
    folder = tmp_path / "releases" / "1"
    (folder / "sub").mkdir(parents=True)
    (folder / "app.py").write_text("x")
    (folder / "sub" / "b.txt").write_text("y")
    (folder / "link").symlink_to("app.py")
    (tmp_path / "current").symlink_to(folder, target_is_directory=True)
    path = manifest_path(str(tmp_path / "records"), ONE)
    path.parent.mkdir(parents=True)
    path.write_text(write_manifest(manifest_of_folder(str(tmp_path / "current"))))
    return folder


def drift(tmp_path: Path, written: tuple[str, ...] = ()) -> ReleaseDrift:
    seen = ReleaseHistory(1, ONE, None, None, "")
    return asyncio.run(release_drift(product(tmp_path, str(tmp_path / "current"), written), seen))


def test_a_folder_as_released_has_no_difference(tmp_path: Path) -> None:
    running(tmp_path)
    assert drift(tmp_path) == ReleaseDrift(ONE, 0, (), "3 files of the folder that runs")


def test_every_change_in_the_folder_is_named(tmp_path: Path) -> None:
    folder = running(tmp_path)
    (folder / "app.py").write_text("z")
    (folder / "new.sqlite3").write_text("1")
    (folder / "sub" / "b.txt").chmod(0o755)
    (folder / "link").unlink()
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    assert drift(tmp_path).named == (
        "edited: app.py", "edited: link", "added: new.sqlite3", "added: pipe", "other rights: sub/b.txt",
    )  # fmt: skip
    assert drift(tmp_path, ("*.sqlite3", "pipe", "link", "app.py", "sub/*")).differs == 0


def test_a_missing_folder_manifest_or_release_is_not_seen(tmp_path: Path) -> None:
    with pytest.raises(NotSeen, match="no manifest of release"):
        drift(tmp_path)
    folder = running(tmp_path)
    folder.rename(tmp_path / "away")
    with pytest.raises(NotSeen, match="does not exist"):
        drift(tmp_path)
    with pytest.raises(NotSeen, match="no release is on record"):
        asyncio.run(release_drift(product(tmp_path), ReleaseHistory(0, "", None, None, "")))


def again(tmp_path: Path, *lines: bytes) -> RepeatedRelease:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "deploys.jsonl").write_bytes(b"".join(lines))
    return asyncio.run(repeated_release(product(tmp_path), Clock(lambda: NOW, time.monotonic)))


def live(commit: str, days_ago: float, digest: str, *named: str) -> bytes:
    return line(Kind.DEPLOY, commit, Result.LIVE, days_ago, digest=digest, named=named)


def test_the_newest_commit_that_was_released_again_is_told_with_what_differed(tmp_path: Path) -> None:
    lines = live(ONE, 9, "a" * 64), live(TWO, 8, "b" * 64), live(ONE, 2, "c" * 64, "edited: app.js")
    assert again(tmp_path, *lines) == RepeatedRelease(ONE, 2, 2, 2, ("edited: app.js",))


def test_releases_that_failed_or_brought_a_former_one_back_are_no_repetition(tmp_path: Path) -> None:
    lines = (
        live(ONE, 9, "a" * 64),
        line(Kind.DEPLOY, ONE, Result.UNCHANGED, 8, digest="b" * 64),
        line(Kind.ROLLBACK, ONE, Result.LIVE, 7, digest="a" * 64),
        live(TWO, 1, "b" * 64),
    )
    with pytest.raises(NotSeen, match="launchready deploy") as unseen:
        again(tmp_path, *lines)
    assert unseen.value.why is Why.NOT_REQUESTED


def test_releases_whose_files_nobody_wrote_down_are_no_repetition(tmp_path: Path) -> None:
    with pytest.raises(NotSeen, match="files on record"):
        again(tmp_path, live(ONE, 3, ""), live(ONE, 2, ""))


@pytest.mark.parametrize(("days_ago", "counts"), [(90, True), (91, False)])
def test_a_repetition_counts_as_long_as_a_rehearsal(tmp_path: Path, days_ago: int, *, counts: bool) -> None:
    lines = live(ONE, days_ago, "a" * 64), live(ONE, 1, "a" * 64)
    if counts:
        assert again(tmp_path, *lines) == RepeatedRelease(ONE, 2, 1, 1, ())
    else:
        with pytest.raises(NotSeen):
            again(tmp_path, *lines)
