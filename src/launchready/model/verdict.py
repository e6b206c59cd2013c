"""What follows from evidence: results, rows, stages and the one decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from launchready.model.check import Check, Fail, Impact, NotMeasured, OnYourWord, Outcome
from launchready.model.product import Waiver


class Decision(StrEnum):
    """May the product take paid traffic? The order of readiness is {NO_GO, UNDETERMINED} < GO_WITH_RISKS < GO."""

    NO_GO = "NO_GO"
    UNDETERMINED = "UNDETERMINED"
    GO_WITH_RISKS = "GO_WITH_RISKS"
    GO = "GO"


@dataclass(frozen=True, slots=True)
class Result:
    """One check, asked of one subject. `waiver` is set where somebody answers for a failure."""

    check: Check
    subject: str
    outcome: Outcome
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A failed check with every subject it failed on, and the symptoms that it explains; the unit of a card."""

    check: Check
    impact: Impact
    results: tuple[Result, ...]
    explained: tuple["Finding", ...] = ()

    @property
    def waiver(self) -> Waiver | None:
        """The waiver, where every subject is waived."""
        waivers = [result.waiver for result in self.results]
        return waivers[0] if all(waivers) else None

    @property
    def offenders(self) -> tuple[str, ...]:
        """What exactly is not good, on all subjects."""
        return tuple(o for r in self.results if isinstance(r.outcome, Fail) for o in r.outcome.offenders)


class RowState(StrEnum):
    """What is known of one row of the minimum bar."""

    PROVEN = "proven"
    FAILED = "failed"
    ATTESTED = "attested"
    NOT_APPLICABLE = "does not apply"
    NOT_MEASURED = "not measured"
    NOT_YET_CHECKABLE = "not yet checkable by this version"


HOLDS_NOTHING_BACK = frozenset({RowState.PROVEN, RowState.ATTESTED, RowState.NOT_APPLICABLE})
"""States that a row may have in a GO. Only the first two are counted as proven: in the third nothing was seen."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the minimum bar. `note` says why it is not proven, in a sentence; it is empty where it is."""

    id: str
    text: str
    state: RowState
    note: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One deliverable or goal of a stage, with what is known of it."""

    text: str
    state: RowState
    note: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the seven stages, open or done."""

    number: int
    name: str
    goal: str
    deliverables: tuple[Deliverable, ...]

    @property
    def done(self) -> bool:
        """Whether no deliverable holds the stage back."""
        return all(d.state in HOLDS_NOTHING_BACK for d in self.deliverables)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and all that a report needs.

    `findings` are ranked, worst first. `unknown` are the results that were not measured, sorted. `holds_until` is
    when the answer must be asked again. `next_step` is one sentence.
    """

    decision: Decision
    sentence: str
    next_step: str
    at: datetime
    holds_until: datetime
    product: str
    rows: tuple[Row, ...]
    stages: tuple[Stage, ...]
    findings: tuple[Finding, ...]
    results: tuple[Result, ...]

    @property
    def proven(self) -> int:
        """How many rows are proven or attested."""
        return sum(row.state in {RowState.PROVEN, RowState.ATTESTED} for row in self.rows)

    @property
    def unknown(self) -> tuple[Result, ...]:
        """What was not measured."""
        return tuple(r for r in self.results if isinstance(r.outcome, NotMeasured))

    @property
    def on_your_word(self) -> tuple[Result, ...]:
        """What stands on somebody's word."""
        return tuple(r for r in self.results if isinstance(r.outcome, OnYourWord))
