"""Scoring of an auditor's answers against the truth."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from launchready_worlds.cases import Case
from launchready_worlds.faults import Kind, Outcome

COLUMNS = ("cases", "hit", "miss", "false_alarm", "blind_pass", "unmeasured")
"""What is counted by check: cases, faults found (hit), right answers not given (miss), alarms without a fault, passes
without a look; `unmeasured` are the misses that came back "not measured"."""
NOT_ANSWERED = "no answer"


@dataclass(slots=True)
class Score:
    """Counts so far, and the cases that were wrong."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def take(self, number: int, case: Case, results: Sequence[Mapping[str, str]]) -> None:
        """Score one answer.

        Args:
            number: The case's number, for the report.
            case: What was asked.
            results: Check, subject and outcome of every result.
        """
        got = {result["subject"]: result["outcome"] for result in results if result["check"] == case.check}
        counted = judge(case, got)
        counts = self.counts.setdefault(case.check, Counter())
        counts.update(["cases", *counted])
        if set(counted) - {"hit"}:
            self._remember(number, case, got, counted)

    def _remember(self, number: int, case: Case, got: Mapping[str, str], counted: list[str]) -> None:
        self.wrong.append(
            {
                "case": number,
                "check": case.check,
                "kind": case.kind,
                "situation": case.situation,
                "wrong": counted,
                "expected": dict(case.expects),
                "got": dict(got),
            }
        )

    def report(self) -> dict[str, Any]:
        """The score as the protocol tells it."""
        checks = {check: {name: counts[name] for name in COLUMNS} for check, counts in self.counts.items()}
        total = {name: sum(counts[name] for counts in checks.values()) for name in COLUMNS}
        return {"checks": checks, "total": total, "details": self.wrong}


def judge(case: Case, got: Mapping[str, str]) -> list[str]:
    """What is to be counted for one answer; nothing but a hit, or nothing at all, is a right answer.

    Args:
        case: What was asked.
        got: Outcome by subject.
    """
    answers = {subject: got.get(subject, NOT_ANSWERED) for subject in case.expects}
    counted = [_mistake(case.kind, answer) for subject, answer in answers.items() if answer != case.expects[subject]]
    others = set(got) - set(case.expects) - set(case.may_fail)
    if any(got[subject] == Outcome.FAIL for subject in others):
        counted.append("false_alarm")
    if "miss" in counted and Outcome.NOT_MEASURED in answers.values():
        counted.append("unmeasured")
    if not counted and case.kind is Kind.FAULT:
        counted.append("hit")
    return sorted(set(counted))


def _mistake(kind: Kind, answer: str) -> str:
    """The name of a wrong answer."""
    if answer == Outcome.FAIL:
        return "false_alarm"
    if answer == Outcome.PASS and kind is Kind.BLIND:
        return "blind_pass"
    return "miss"
