"""The one decision, and the sentence that says it. No score: a count of proven rows, and the worst thing first."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from launchready.engine.judge import judge
from launchready.engine.ledger import Ledger, row_states, stage_states
from launchready.engine.rank import rank
from launchready.model.check import Check, Fail, Fixer, Impact, NotMeasured, OnYourWord
from launchready.model.evidence import Evidence
from launchready.model.verdict import HOLDS_NOTHING_BACK, Decision, Finding, Result, Row, RowState, Stage, Verdict

HOLDS = timedelta(hours=24)  # DNS TTLs, deploys and certificates change within a day; older evidence proves the past

LAST_SECOND = time(23, 59, 59)  # a word counts until the end of its last day


def reach_verdict(evidence: Evidence, checks: Sequence[Check], ledger: Ledger, at: datetime | None = None) -> Verdict:
    """Judge, rank and decide; a pure function.

    Args:
        evidence: what was seen.
        checks: every check of this version, or those that were asked for.
        ledger: the bar.
        at: the moment to judge at; None takes the evidence's own.
    """
    moment = at or evidence.at
    results = judge(evidence, checks, moment)
    rows = row_states(ledger, results)
    stages = stage_states(ledger, results)
    findings = rank(results)
    decision = decide(results, rows, ledger)
    return Verdict(
        decision=decision,
        sentence=_sentence(decision, results, rows, findings),
        next_step=_next_step(decision, rows, stages, findings, results),
        at=moment,
        holds_until=_holds_until(results, evidence.at),
        product=evidence.product.name,
        rows=rows,
        stages=stages,
        findings=findings,
        results=results,
    )


def decide(results: Sequence[Result], rows: Sequence[Row], ledger: Ledger) -> Decision:
    """The decision of ARCHITECTURE: worst first, and nothing unknown is ever good."""
    if any(isinstance(r.outcome, Fail) and r.check.impact is Impact.BLOCKER for r in results):
        return Decision.NO_GO
    unknown_blocker = any(isinstance(r.outcome, NotMeasured) and r.check.impact is Impact.BLOCKER for r in results)
    unasked = ledger.checks - {r.check.id for r in results}
    unproven = any(row.state not in HOLDS_NOTHING_BACK for row in rows)
    if unknown_blocker or unasked or unproven:
        return Decision.UNDETERMINED
    if any(_is_open_risk(r) for r in results):
        return Decision.GO_WITH_RISKS
    return Decision.GO


def _is_open_risk(result: Result) -> bool:
    """A major check that failed without a waiver, or that nobody could answer."""
    if result.check.impact is not Impact.MAJOR:
        return False
    return isinstance(result.outcome, NotMeasured) or (isinstance(result.outcome, Fail) and result.waiver is None)


def _sentence(decision: Decision, results: Sequence[Result], rows: Sequence[Row], findings: Sequence[Finding]) -> str:
    blockers = sum(f.impact is Impact.BLOCKER for f in findings)
    risks = sum(f.impact is Impact.MAJOR and f.waiver is None for f in findings)
    unseen = len({r.check.id for r in results if isinstance(r.outcome, NotMeasured)})
    missing = sum(row.state is RowState.NOT_YET_CHECKABLE for row in rows)
    asides = []
    if unseen:
        asides.append(f"{_count(unseen, 'check')} could not be made")
    if decision is Decision.UNDETERMINED and missing:
        asides.append(f"{missing} of {len(rows)} rows of the bar can't be proven by this version yet")
    idle = sum(row.state is RowState.NOT_APPLICABLE for row in rows)
    if idle:
        asides.append(f"{idle} of {len(rows)} rows of the bar {'do' if idle > 1 else 'does'} not apply to it")
    asides += _words(results)
    match decision:
        case Decision.NO_GO:
            start = f"Do not send paid traffic yet: {_count(blockers, 'thing')} would lose customers"
        case Decision.UNDETERMINED:
            start = "We can't say yet whether this may take paid traffic: nothing that was checked blocks a launch"
        case Decision.GO_WITH_RISKS:
            start = f"You may send paid traffic, with {_count(risks, 'known risk')}"
        case Decision.GO:
            start = "You may send paid traffic"
    return ", ".join([start, *asides]) + "."


def _words(results: Sequence[Result]) -> list[str]:
    """What stands on somebody's word or was accepted; said in the sentence, never hidden."""
    asides = []
    word = len({r.check.id for r in results if isinstance(r.outcome, OnYourWord)})
    waived = len({r.check.id for r in results if r.waiver is not None})
    if word:
        asides.append(f"with {_count(word, 'thing')} on your word")
    if waived:
        asides.append(f"with {_count(waived, 'failure')} that somebody answers for")
    return asides


def _next_step(
    decision: Decision,
    rows: Sequence[Row],
    stages: Sequence[Stage],
    findings: Sequence[Finding],
    results: Sequence[Result],
) -> str:
    if findings and (decision is Decision.NO_GO or not _first_unknown(results)):
        first = findings[0]
        fix = next(r.outcome.fix for r in first.results if isinstance(r.outcome, Fail))
        who = "you can do this yourself" if first.check.fixer is Fixer.OWNER else "an engineer does this"
        return f"{fix.do.rstrip('.')} ({who}, about {first.check.minutes} minutes)."
    unknown = _first_unknown(results)
    if unknown is not None and isinstance(unknown.outcome, NotMeasured):
        need = unknown.outcome.need
        do = f", {need.removesuffix(' to have this answered')}" if need.startswith("declare ") else f" we need {need}"
        return f"To answer “{unknown.check.title.rstrip('.')}”{do}."
    for stage in stages:
        if not stage.done:
            return f"What this version can check is good; stage {stage.number}, {stage.name}, waits for checks to come."
    proven = sum(row.state is not RowState.NOT_APPLICABLE for row in rows)
    return f"Nothing is left to do before you send traffic; all {proven} rows that apply are proven."


def _first_unknown(results: Sequence[Result]) -> Result | None:
    """The unanswered check to mend first: worst impact, deepest layer."""
    unknown = [r for r in results if isinstance(r.outcome, NotMeasured) and r.check.impact >= Impact.MAJOR]
    return min(unknown, key=lambda r: (-r.check.impact, r.check.layer, r.check.id, r.subject), default=None)


def _holds_until(results: Sequence[Result], seen: datetime) -> datetime:
    """A day after the looks, or the end of the first word that the answer rests on."""
    words = (r.outcome.until for r in results if isinstance(r.outcome, OnYourWord))
    return min([seen + HOLDS, *(datetime.combine(day, LAST_SECOND, tzinfo=UTC) for day in words)])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
