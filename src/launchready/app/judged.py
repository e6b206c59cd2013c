"""One record of a command, judged at once by the same checks that an audit asks of it later."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from launchready import __version__
from launchready.app.registry import Registry
from launchready.engine.judge import judge
from launchready.model.check import Check, Fail, Impact, NotMeasured, Outcome, Pass
from launchready.model.evidence import Entry, Evidence
from launchready.model.fact import FACTS
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Reading, Unmeasured
from launchready.model.verdict import Decision, Result
from launchready.report.finding import Finding
from launchready.report.judged import Gap, Judged


class Timed(Protocol):
    """What every record says of itself."""

    @property
    def at(self) -> datetime:
        """When it was made."""

    @property
    def took_s(self) -> float:
        """How long that took, in seconds."""


Record = TypeVar("Record", bound=Timed)
Facts = Mapping[type, Callable[[Record], object]]
"""Each fact that a record gives; those who give it raise `NotSeen` where it does not."""


def checks_of(facts: Facts[Record], registry: Registry) -> tuple[Check, ...]:
    """The checks that read nothing but facts of such a record."""
    checks = registry.checks.values()
    return tuple(check for check in checks if check.facts and set(check.facts) <= facts.keys())


def judged_record(
    record: Record, facts: Facts[Record], subject: str, shown: str, product: Product, registry: Registry
) -> Judged:
    """What the checks say of a record; touches nothing.

    Args:
        record: what a command saw.
        facts: what it gives.
        subject: canonical id of what it is about.
        shown: what that is called in findings.
        product: whose it is.
        registry: all checks.
    """
    entries = tuple(Entry(FACTS[fact].name, subject, _reading(give, record)) for fact, give in facts.items())
    evidence = Evidence(f"launchready {__version__}", record.at, product, entries)
    results = judge(evidence, checks_of(facts, registry), record.at)
    outcomes = sorted(((r.check, r.outcome) for r in results), key=lambda one: (-one[0].impact, one[0].id))
    return Judged(
        decision=decision_of(results).value,
        findings=tuple(_finding(check, out, shown) for check, out in outcomes if isinstance(out, Fail)),
        gaps=tuple(
            Gap(check.id, check.title, out.detail, out.need) for check, out in outcomes if isinstance(out, NotMeasured)
        ),
        passed=tuple(check.id for check, out in outcomes if isinstance(out, Pass)),
    )


def decision_of(results: tuple[Result, ...]) -> Decision:
    """May it be released, by these checks alone?"""

    def worst(kind: type[Outcome]) -> int:
        return max((r.check.impact for r in results if isinstance(r.outcome, kind)), default=-1)

    if worst(Fail) == Impact.BLOCKER:
        return Decision.NO_GO
    if worst(NotMeasured) == Impact.BLOCKER:
        return Decision.UNDETERMINED
    return Decision.GO_WITH_RISKS if max(worst(Fail), worst(NotMeasured)) == Impact.MAJOR else Decision.GO


def _finding(check: Check, out: Fail, shown: str) -> Finding:
    return Finding(check.id, check.impact, check.title, shown, out.offenders, out.fix.do, out.fix.paste)


def _reading(give: Callable[[Record], object], record: Record) -> Reading[object]:
    try:
        return Measured(give(record), record.at, record.took_s)
    except NotSeen as unseen:
        return Unmeasured(unseen.why, unseen.detail, record.at)
