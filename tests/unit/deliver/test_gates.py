"""Gates: red, missing, skipped and stale each block, and nothing else does."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from launchready.config.deploy import Gate
from launchready.deliver.commands import Surroundings
from launchready.deliver.gates import ask

COMMIT = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"
NOW = datetime.now(UTC)
GREEN = '<testsuite><properties><property name="commit" value="{}"/></properties><testcase/></testsuite>'


def blocks(gate: Gate, tmp_path: Path) -> str:
    around = Surroundings(tmp_path / "copy", {}, 20.0, lambda _line: None)
    (tmp_path / "copy").mkdir(exist_ok=True)
    return asyncio.run(ask(gate, COMMIT, tmp_path, around, NOW)).blocks


def report(tmp_path: Path, text: str, minutes_ago: float = 0.0) -> Gate:
    path = tmp_path / "out.xml"
    path.write_text(text)
    written = (NOW - timedelta(minutes=minutes_ago)).timestamp()
    os.utime(path, (written, written))
    return Gate("ci", None, "out.xml", 60)


def test_a_command_that_ends_well_is_green_and_any_other_is_red(tmp_path: Path) -> None:
    assert blocks(Gate("a", "true", "", 60), tmp_path) == ""
    assert blocks(Gate("a", "exit 11", "", 60), tmp_path) == "red: it ended with exit code 11"
    assert blocks(Gate("a", ("no-such",), "", 60), tmp_path) == "red: it could not be started"


def test_a_report_of_this_commit_is_green(tmp_path: Path) -> None:
    assert blocks(report(tmp_path, GREEN.format(COMMIT)), tmp_path) == ""
    assert blocks(report(tmp_path, GREEN.format(COMMIT[:7])), tmp_path) == ""


def test_a_report_counts_for_its_minutes(tmp_path: Path) -> None:
    assert blocks(report(tmp_path, GREEN.format(COMMIT), 59), tmp_path) == ""
    assert blocks(report(tmp_path, GREEN.format(COMMIT), 60), tmp_path) == ""
    assert blocks(report(tmp_path, GREEN.format(COMMIT), 61), tmp_path).startswith("stale: the report is of 20")


def test_the_older_of_two_times_counts(tmp_path: Path) -> None:
    old = (NOW - timedelta(hours=3)).isoformat()
    text = GREEN.format(COMMIT).replace("<testsuite>", f'<testsuite timestamp="{old}">')
    assert blocks(report(tmp_path, text), tmp_path).startswith("stale")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GREEN.format("1" * 40), "stale: the report is of commit 111111111111"),
        ("<testsuite><testcase/></testsuite>", "stale: the report names no commit"),
        ("<testsuite/>", "missing: out.xml holds no test"),
        ("<testsuite><testcase><skipped/></testcase></testsuite>", "skipped: all 1 tests were skipped"),
        ("<testsuite><testcase/><testcase><failure/></testcase></testsuite>", "red: 1 of 2 tests failed"),
        ("", "missing: out.xml says nothing, it is no XML"),
    ],
)
def test_every_other_report_blocks_with_its_reason(tmp_path: Path, text: str, why: str) -> None:
    assert blocks(report(tmp_path, text), tmp_path).startswith(why)


def test_a_report_that_is_not_there_blocks(tmp_path: Path) -> None:
    assert blocks(Gate("ci", None, "no.xml", 60), tmp_path).startswith("missing: no.xml can't be read")


def test_a_report_that_the_command_wrote_needs_no_commit_and_an_older_one_is_stale(tmp_path: Path) -> None:
    text = "<testsuite><testcase/></testsuite>"
    assert blocks(Gate("a", f"echo '{text}' > r.xml", "r.xml", 60), tmp_path) == ""
    old = (NOW - timedelta(minutes=5)).timestamp()
    os.utime(tmp_path / "copy" / "r.xml", (old, old))
    assert blocks(Gate("a", "true", "r.xml", 60), tmp_path).startswith("stale")
