"""What has to be green before a release. Red, missing, skipped or stale: each of them blocks, and none is green."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from launchready.config.deploy import Gate
from launchready.deliver.commands import Surroundings, run
from launchready.deliver.looking import is_same
from launchready.parse.junit import MAX_REPORT_BYTES, ReportError, TestReport, read_report


@dataclass(frozen=True, slots=True)
class Asked:
    """One gate's answer: empty `blocks` lets the release through, otherwise it says why not, in a sentence."""

    gate: str
    blocks: str


async def ask(gate: Gate, commit: str, base: Path, around: Surroundings, now: datetime) -> Asked:
    """Run a gate's command, read its report, and say whether it lets the commit through.

    Args:
        gate: the gate.
        commit: what is to be released.
        base: the folder of launchready.toml, from which the report of a gate without a command is seen.
        around: where its command runs; the command's report is seen from there.
        now: the present moment.
    """
    blocks = ""
    if gate.command is not None:
        ran = await run(gate.command, commit, around)
        blocks = "" if ran.is_good else f"red: it {ran.words}"
    if not blocks and gate.report:
        own = gate.command is not None
        path = (around.folder if own else base) / gate.report
        blocks = _judge_report(path, commit, now if own else now - timedelta(minutes=gate.max_age_minutes), own=own)
    return Asked(gate.name, blocks)


def _judge_report(path: Path, commit: str, oldest: datetime, *, own: bool) -> str:
    """Why a report blocks.

    Args:
        path: where it is.
        commit: what it has to be about.
        oldest: when it may have been written at the earliest.
        own: whether the gate's own command wrote it just now, so that it needs not name the commit.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_REPORT_BYTES + 1)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        return f"missing: {path.name} can't be read ({error.strerror})"
    try:
        report = read_report(data)
    except ReportError as error:
        return f"missing: {path.name} says nothing, {error}"
    return _red(report, path.name) or _stale(report, written, commit, oldest, own=own)


def _red(report: TestReport, name: str) -> str:
    if report.failed:
        return f"red: {report.failed} of {report.tests} tests failed in {name}"
    if not report.tests:
        return f"missing: {name} holds no test"
    if report.skipped == report.tests:
        return f"skipped: all {report.tests} tests were skipped in {name}"
    return ""


def _stale(report: TestReport, written: datetime, commit: str, oldest: datetime, *, own: bool) -> str:
    if report.commit and not is_same(report.commit, commit):
        return f"stale: the report is of commit {report.commit[:12]}"
    if not own and not report.commit:
        return 'stale: the report names no commit; let the runner add <property name="commit" value="…"/>'
    at = written if report.at is None else min(written, report.at)
    # A file system may keep whole seconds only (two on FAT), so a report that was written just now can look older.
    if at < oldest - timedelta(seconds=2):
        return f"stale: the report is of {at:%Y-%m-%d %H:%M} UTC"
    return ""
