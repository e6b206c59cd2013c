"""What checks say of one record, on a terminal and as JSON: what to mend, what is open, and what is well."""

from dataclasses import dataclass

from launchready.report.finding import Finding, finding_fields, render_finding
from launchready.report.hostile import printable
from launchready.report.terminal import Pen
from launchready.report.words import counted


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that could not be answered, and what would answer it."""

    check: str
    title: str
    detail: str
    need: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What all checks together say; `passed` are their ids."""

    decision: str
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    passed: tuple[str, ...]

    @property
    def summary(self) -> str:
        """How many things are to mend, open and well."""
        open_questions = f", {counted(len(self.gaps), 'question')} open" if self.gaps else ""
        well = f"{counted(len(self.passed), 'question')} answered well"
        return f"{counted(len(self.findings), 'thing')} to mend{open_questions}, {well}"


def render_judged(judged: Judged, pen: Pen) -> None:
    """Print the findings, then what is open."""
    for number, finding in enumerate(judged.findings, start=1):
        render_finding(number, finding, pen)
    if judged.gaps:
        pen.heading("What could not be checked")
    for gap in judged.gaps:
        pen.bullet(f"{gap.title.rstrip('.')}: {printable(gap.detail)}")


def judged_fields(judged: Judged) -> dict[str, object]:
    """All but the decision, for JSON."""
    return {
        "findings": [finding_fields(one) for one in judged.findings],
        "not_measured": [
            {"check": gap.check, "title": gap.title, "detail": gap.detail, "need": gap.need} for gap in judged.gaps
        ],
        "passed": list(judged.passed),
    }
