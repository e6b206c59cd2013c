"""Findings as GitHub's workflow commands, which its pages show beside the lines of a pull request.

GitHub obeys every line of a step's output that begins with `::`. What came from a target is therefore printed only
between `stop-commands` and its token, or escaped here.
"""

from typing import Final

from launchready.model.check import Fail, Impact
from launchready.model.verdict import Finding, Verdict
from launchready.report import words
from launchready.report.hostile import printable
from launchready.report.page import OFFENDER_LIMIT_CHARS
from launchready.report.places import Declared

COMMAND: Final = {Impact.BLOCKER: "error", Impact.MAJOR: "warning", Impact.MINOR: "notice", Impact.NOTE: "notice"}

ANNOTATION_LIMIT: Final = 10
"""Annotations of one kind that GitHub keeps of one step; it drops the later ones without a word."""


def annotations(verdict: Verdict, declared: Declared) -> list[str]:
    """One line for each finding, worst first; the last says the verdict where it is not known."""
    lines: list[str] = []
    for command in dict.fromkeys(COMMAND.values()):
        lines += [_line(command, f, declared) for f in verdict.findings if COMMAND[f.impact] == command][
            :ANNOTATION_LIMIT
        ]
    if verdict.unknown:
        count = words.counted(len(verdict.unknown), "question")
        lines.append(f"::notice title=Not measured::{data(f'{count} could not be answered; none of them is a pass.')}")
    return lines


def data(text: str) -> str:
    """Text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Text as the value of a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def _line(command: str, finding: Finding, declared: Declared) -> str:
    first = finding.results[0]
    places = declared.places(first)
    title = words.failing_state(finding.check)
    at = f"file={value(printable(places[0].path))},line={max(places[0].line, 1)}," if places else ""
    where = words.some([words.subject_name(r.subject) for r in finding.results], 3)
    offenders = words.some([printable(o, OFFENDER_LIMIT_CHARS) for o in finding.offenders], 3)
    assert isinstance(first.outcome, Fail)
    text = f"{where}: {offenders}. To do: {words.sentence(first.outcome.fix.do)}"
    return f"::{command} {at}title={value(title)}::{data(text)}"
