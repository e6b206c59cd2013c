"""Reports of tests in the form that JUnit's Ant task wrote first and every test runner writes today.

There is no standard; what is read is what all dialects share: `testcase`, and `failure`, `error` and `skipped` in it.
Counts in attributes are believed only where they are worse than what is there.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

MAX_REPORT_BYTES: Final = 32 * 2**20
"""Largest report in bytes: a hundred thousand tests with some of their output."""

COMMIT_NAMES: Final = frozenset({"commit", "git.commit", "revision", "git_commit", "github_sha", "ci_commit_sha"})
"""Names of a `property` that tells the commit, in lower case."""

_HASH: Final = re.compile(r"[0-9a-fA-F]{7,64}")


class ReportError(Exception):
    """The bytes are no such report; the sentence says why."""


@dataclass(frozen=True, slots=True)
class TestReport:
    """How many tests there are, and how many failed or were skipped; the commit and the newest time, where it says."""

    tests: int
    failed: int
    skipped: int
    commit: str
    at: datetime | None

    __test__ = False  # it begins with Test, and is none of pytest's


class _Reader:
    """Counts while the parser walks; nothing but numbers is kept, so a large report costs no memory."""

    def __init__(self) -> None:
        self.tests = self.failed = self.skipped = self.told_failed = 0
        self.commit = ""
        self.at: datetime | None = None
        self.root = ""
        self._marks: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if name == "testcase":
            self.tests += 1
            self._marks = set()
        elif name in {"failure", "error", "skipped"}:
            self._marks.add(name)
        elif name in {"testsuite", "testsuites"}:
            self.told_failed = max(self.told_failed, _count(attributes, "failures") + _count(attributes, "errors"))
            self._take_time(attributes.get("timestamp", ""))
        elif name == "property" and attributes.get("name", "").lower() in COMMIT_NAMES:
            value = attributes.get("value", "").strip()
            self.commit = value.lower() if _HASH.fullmatch(value) else self.commit

    def end(self, name: str) -> None:
        if name == "testcase":
            self.failed += bool(self._marks & {"failure", "error"})
            self.skipped += self._marks == {"skipped"}

    def _take_time(self, text: str) -> None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return
        if moment.tzinfo is not None:  # a time without a zone could be hours off, so it tells nothing
            moment = moment.astimezone(UTC)
            self.at = moment if self.at is None else max(self.at, moment)


def read_report(data: bytes) -> TestReport:
    """What a report says.

    Raises:
        ReportError: it is too large, no XML, declares entities, or is another kind of document.
    """
    if len(data) > MAX_REPORT_BYTES:
        raise ReportError(f"it has more than {MAX_REPORT_BYTES >> 20} MiB")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ReportError(f"it is no XML: {expat.ErrorString(error.code)} in line {error.lineno}") from None
    if reader.root not in {"testsuite", "testsuites"}:
        raise ReportError(f"it is no report of tests: its root is {reader.root[:40]!r}")
    return TestReport(reader.tests, max(reader.failed, reader.told_failed), reader.skipped, reader.commit, reader.at)


def _refuse_entities(*_declaration: object) -> None:
    raise ReportError("it declares entities, which no report of tests needs")


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
