"""The minimum bar and the seven stages: which rows there are, which checks prove each, and what no check can see yet.

The ledger names the checks, not the other way round, on purpose: a check that is deleted leaves a hole that shows.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from launchready.model.check import Fail, NotMeasured, OnYourWord, Pass
from launchready.model.verdict import Deliverable, Result, Row, RowState, Stage

ROWS_IN_BAR = 14  # the roadmap's minimum bar; the count is the denominator of every verdict and never shrinks
STAGES = 7


class LedgerError(Exception):
    """The data file does not hold fourteen rows and seven stages; a mistake in the program."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something to be proven: a bar row, or a deliverable of a stage.

    `checks` must all pass. `not_yet` says which part no check of this version can see; while it is not empty, the
    requirement is never proven.
    """

    id: str
    text: str
    checks: tuple[str, ...]
    not_yet: str


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage with its goal and deliverables."""

    number: int
    name: str
    goal: str
    deliverables: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The fourteen rows and the seven stages."""

    rows: tuple[Requirement, ...]
    stages: tuple[StagePlan, ...]

    @property
    def checks(self) -> frozenset[str]:
        """Every check that some row or deliverable counts on."""
        wanted = [*self.rows, *(d for stage in self.stages for d in stage.deliverables)]
        return frozenset(check for requirement in wanted for check in requirement.checks)


@cache
def load_ledger() -> Ledger:
    """The ledger that ships with the program.

    Raises:
        LedgerError: the file lacks a row or a stage.
    """
    data = tomllib.loads(files("launchready.engine").joinpath("ledger.toml").read_text("utf-8"))
    rows = tuple(_requirement(row) for row in data["rows"])
    stages = tuple(
        StagePlan(s["number"], s["name"], s["goal"], tuple(_requirement(d) for d in s["deliverables"]))
        for s in data["stages"]
    )
    if len(rows) != ROWS_IN_BAR or len(stages) != STAGES:
        raise LedgerError(f"the ledger has {len(rows)} rows and {len(stages)} stages")
    return Ledger(rows, stages)


def _requirement(data: Mapping[str, object]) -> Requirement:
    checks = data.get("checks", [])
    assert isinstance(checks, Sequence)
    return Requirement(str(data["id"]), str(data["text"]), tuple(map(str, checks)), str(data.get("not_yet", "")))


def row_states(ledger: Ledger, results: Sequence[Result]) -> tuple[Row, ...]:
    """What the results say of each row."""
    by_check = _by_check(results)
    return tuple(Row(r.id, r.text, *_state(r, by_check)) for r in ledger.rows)


def stage_states(ledger: Ledger, results: Sequence[Result]) -> tuple[Stage, ...]:
    """What the results say of each stage."""
    by_check = _by_check(results)
    return tuple(
        Stage(s.number, s.name, s.goal, tuple(Deliverable(d.text, *_state(d, by_check)) for d in s.deliverables))
        for s in ledger.stages
    )


def _by_check(results: Sequence[Result]) -> Mapping[str, Sequence[Result]]:
    by_check: dict[str, list[Result]] = {}
    for result in results:
        by_check.setdefault(result.check.id, []).append(result)
    return by_check


def _state(requirement: Requirement, by_check: Mapping[str, Sequence[Result]]) -> tuple[RowState, str]:
    """Worst first: a failure, then what was not measured, then what this version can't see, then a person's word."""
    asked = [r for check in requirement.checks for r in by_check.get(check, ())]
    failed = [r for r in asked if isinstance(r.outcome, Fail)]
    if failed:
        return RowState.FAILED, _sentence(failed, "fails")
    unseen = [r for r in asked if isinstance(r.outcome, NotMeasured)]
    if unseen:
        return RowState.NOT_MEASURED, _sentence(unseen, "not measured")
    missing = [check for check in requirement.checks if check not in by_check]
    gaps = [requirement.not_yet] if requirement.not_yet else []
    gaps += [f"{check} was not asked" for check in missing]
    if gaps or not requirement.checks:
        passed = f"all {len(asked)} answers so far are good; " if asked else ""
        return RowState.NOT_YET_CHECKABLE, f"{passed}not yet: {'; '.join(gaps) or 'any part of it'}"
    words = [r for r in asked if isinstance(r.outcome, OnYourWord)]
    if words:
        return RowState.ATTESTED, _sentence(words, "on somebody's word")
    if not any(isinstance(r.outcome, Pass) for r in asked):
        return RowState.NOT_APPLICABLE, _sentence(asked, "nothing to see")
    return RowState.PROVEN, ""


def _sentence(results: Sequence[Result], what: str) -> str:
    names = ", ".join(dict.fromkeys(r.check.id for r in results))
    return f"{what}: {names}"
