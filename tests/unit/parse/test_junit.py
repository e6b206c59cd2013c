"""Reports of tests, beside what pytest itself writes."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.junit import ReportError, TestReport, read_report

CASE = '<testcase name="a"/>'
RED = '<testcase name="b"><failure/></testcase>'
SKIPPED = '<testcase name="c"><skipped/></testcase>'


def suite(inside: str, attributes: str = "") -> bytes:
    return f"<testsuites><testsuite {attributes}>{inside}</testsuite></testsuites>".encode()


def counts(data: bytes) -> tuple[int, int, int]:
    report = read_report(data)
    return report.tests, report.failed, report.skipped


def test_what_pytest_writes_is_counted(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_a(): pass\n"
        "def test_b(): assert 0\n"
        "def test_c(): pytest.skip('no')\n"
        "@pytest.fixture\ndef broken(): raise ValueError\n"
        "def test_d(broken): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "--junitxml=out.xml", "-p", "no:cacheprovider", "."]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    report = read_report((tmp_path / "out.xml").read_bytes())
    assert (report.tests, report.failed, report.skipped) == (4, 2, 1)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (suite(CASE), (1, 0, 0)),
        (suite(CASE + RED), (2, 1, 0)),
        (suite(SKIPPED), (1, 0, 1)),
        (suite(""), (0, 0, 0)),
        (suite(CASE, 'failures="3" errors="1"'), (1, 4, 0)),
        (suite('<testcase name="x"><error/><failure/></testcase>'), (1, 1, 0)),
        (b"<testsuite><testcase/></testsuite>", (1, 0, 0)),
    ],
)  # fmt: skip
def test_tests_are_counted_and_the_worse_number_is_believed(data: bytes, expected: tuple[int, int, int]) -> None:
    assert counts(data) == expected


def test_the_commit_and_the_newest_time_are_read() -> None:
    data = suite(
        '<properties><property name="GITHUB_SHA" value="9D712D4"/></properties>' + CASE,
        'timestamp="2026-11-24T09:00:00+01:00"',
    )
    assert read_report(data) == TestReport(1, 0, 0, "9d712d4", datetime(2026, 11, 24, 8, 0, tzinfo=UTC))


def test_a_time_without_a_zone_tells_nothing() -> None:
    assert read_report(suite(CASE, 'timestamp="2026-11-24T09:00:00"')).at is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no XML"),
        (b"<html></html>", "its root is 'html'"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>', "it declares entities"),
        (suite(CASE)[:-5], "no XML"),
    ],
)
def test_what_is_no_report_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ReportError, match=why):
        read_report(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    with pytest.raises(ReportError):  # no bytes of chance are a document with the right root
        read_report(data)
