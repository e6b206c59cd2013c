"""A build, judged at once by the same checks that an audit asks of its record later."""

import time
from datetime import UTC, datetime

from launchready import __version__
from launchready.app.registry import Registry
from launchready.config.clean_build import BuildPlan
from launchready.deliver.building import Builder, Report
from launchready.engine.judge import judge
from launchready.model.check import Check, Fail, Impact, NotMeasured, Outcome, Pass
from launchready.model.evidence import Entry, Evidence
from launchready.model.fact import FACTS
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Reading, Unmeasured
from launchready.model.verdict import Decision, Result
from launchready.net.clock import Clock
from launchready.probes.build import FACTS_OF_RECORD
from launchready.probes.build_record import BuildRecord
from launchready.report.build import BuildGap, BuildView
from launchready.report.finding import Finding


async def build(plan: BuildPlan, commit: str, report: Report, *, is_sandboxed: bool) -> BuildRecord:
    """Build a commit, and write down what came of it.

    Raises:
        CloneError: the commit can't be had.
        BookError: nothing can be written down.
    """
    clock = Clock(lambda: datetime.now(UTC), time.monotonic)
    return await Builder(plan, clock, report, is_sandboxed=is_sandboxed).build(commit)


def checks_of_build(registry: Registry) -> tuple[Check, ...]:
    """The checks that read nothing but a record of a build."""
    checks = registry.checks.values()
    return tuple(check for check in checks if check.facts and set(check.facts) <= FACTS_OF_RECORD.keys())


def view_of(record: BuildRecord, product: Product, registry: Registry) -> BuildView:
    """What a record says, in the words of the checks; touches nothing."""
    entries = tuple(Entry(FACTS[fact].name, "repository", _reading(fact, record)) for fact in FACTS_OF_RECORD)
    evidence = Evidence(f"launchready {__version__}", record.at, product, entries)
    results = judge(evidence, checks_of_build(registry), record.at)
    outcomes = [(result.check, result.outcome) for result in results]
    return BuildView(
        commit=record.commit,
        sandbox=record.sandbox,
        took_s=record.took_s,
        digest=record.repeat.digest if record.repeat else "",
        files=record.repeat.files if record.repeat else 0,
        decision=decision_of(results).value,
        findings=tuple(
            _finding(check, outcome)
            for check, outcome in sorted(outcomes, key=lambda one: (-one[0].impact, one[0].id))
            if isinstance(outcome, Fail)
        ),
        gaps=tuple(
            BuildGap(check.id, check.title, outcome.detail, outcome.need)
            for check, outcome in outcomes
            if isinstance(outcome, NotMeasured)
        ),
        passed=tuple(check.id for check, outcome in outcomes if isinstance(outcome, Pass)),
    )


def _finding(check: Check, outcome: Fail) -> Finding:
    return Finding(check.id, check.impact, check.title, "product", outcome.offenders, outcome.fix.do, outcome.fix.paste)


def decision_of(results: tuple[Result, ...]) -> Decision:
    """May this build be released, by the checks of builds alone?"""

    def worst(kind: type[Outcome]) -> int:
        return max((r.check.impact for r in results if isinstance(r.outcome, kind)), default=-1)

    if worst(Fail) == Impact.BLOCKER:
        return Decision.NO_GO
    if worst(NotMeasured) == Impact.BLOCKER:
        return Decision.UNDETERMINED
    return Decision.GO_WITH_RISKS if max(worst(Fail), worst(NotMeasured)) == Impact.MAJOR else Decision.GO


def _reading(fact: type, record: BuildRecord) -> Reading[object]:
    try:
        return Measured(FACTS_OF_RECORD[fact](record), record.at, record.took_s)
    except NotSeen as unseen:
        return Unmeasured(unseen.why, unseen.detail, record.at)
