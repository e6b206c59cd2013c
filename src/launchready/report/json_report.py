"""The verdict for programs: a documented, versioned, canonical JSON document.

Text keeps every character that was seen; all but printable ASCII is written as an escape, so that the bytes are
harmless on a terminal and nothing is lost.
"""

import json
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec

from launchready.model.check import (
    Confidence,
    Fail,
    Fixer,
    Impact,
    NotApplicable,
    NotMeasured,
    OnYourWord,
    Outcome,
    Pass,
)
from launchready.model.evidence import Evidence
from launchready.model.product import Product
from launchready.model.reading import Why
from launchready.model.verdict import Decision, Finding, Result, RowState, Stage, Verdict
from launchready.report.page import recheck_command
from launchready.report.words import outcome_detail

SCHEMA_VERSION: Literal[1] = 1

ImpactWord = Literal["blocker", "major", "minor", "note"]
Word = Literal["pass", "fail", "not_measured", "not_applicable", "attested"]

IMPACT: dict[Impact, ImpactWord] = {
    Impact.BLOCKER: "blocker",
    Impact.MAJOR: "major",
    Impact.MINOR: "minor",
    Impact.NOTE: "note",
}


class Counts(msgspec.Struct, frozen=True):
    """Rows of the minimum bar in each state; the six sum up to `of`."""

    proven: int
    failed: int
    attested: int
    not_applicable: int
    not_measured: int
    not_yet_checkable: int
    of: int


class RowDocument(msgspec.Struct, frozen=True):
    """A row of the minimum bar."""

    id: str
    text: str
    state: RowState
    note: str


class DeliverableDocument(msgspec.Struct, frozen=True):
    """A deliverable of a stage."""

    text: str
    state: RowState
    note: str


class StageDocument(msgspec.Struct, frozen=True):
    """One of the seven stages."""

    number: int
    name: str
    goal: str
    done: bool
    deliverables: list[DeliverableDocument]


class WaiverDocument(msgspec.Struct, frozen=True):
    """Who answers for a known failure, and until when."""

    owner: str
    reason: str
    until: date


class FixDocument(msgspec.Struct, frozen=True):
    """One change, and the subjects that it mends."""

    subjects: list[str]
    do: str
    paste: str


class FindingDocument(msgspec.Struct, frozen=True):
    """A failed check on all its subjects. `waiver` is null unless every subject is waived; `recheck` is a command."""

    check: str
    title: str
    impact: ImpactWord
    layer: str
    confidence: Literal["certain", "likely"]
    subjects: list[str]
    offenders: list[str]
    customer_sees: str
    costs: list[str]
    fixer: Literal["owner", "engineer"]
    minutes: int
    fixes: list[FixDocument]
    sources: list[str]
    waiver: WaiverDocument | None
    explains: list[str]
    recheck: str


class UnknownDocument(msgspec.Struct, frozen=True):
    """A question that could not be asked, and what would answer it."""

    check: str
    subject: str
    why: Why
    detail: str
    need: str


class ResultDocument(msgspec.Struct, frozen=True):
    """One check on one subject."""

    check: str
    subject: str
    outcome: Word
    detail: str


class RequestsDocument(msgspec.Struct, frozen=True):
    """How many requests one host was sent."""

    host: str
    requests: int


class QuestionsDocument(msgspec.Struct, frozen=True):
    """How many DNS questions one server was sent."""

    server: str
    questions: int


class VerdictDocument(msgspec.Struct, frozen=True):
    """The whole verdict. Times are UTC; `findings` are ranked, worst first."""

    schema_version: Literal[1]
    decision: Decision
    sentence: str
    next_step: str
    at: datetime
    holds_until: datetime
    product: str
    tool: str
    counts: Counts
    rows: list[RowDocument]
    stages: list[StageDocument]
    findings: list[FindingDocument]
    unknown: list[UnknownDocument]
    results: list[ResultDocument]
    requests: list[RequestsDocument]
    dns_questions: list[QuestionsDocument]


class RecheckDocument(msgspec.Struct, frozen=True):
    """What came of looking at one finding again."""

    schema_version: Literal[1]
    check: str
    at: datetime
    tool: str
    findings: list[FindingDocument]
    unknown: list[UnknownDocument]
    results: list[ResultDocument]
    requests: list[RequestsDocument]
    dns_questions: list[QuestionsDocument]


def verdict_document(verdict: Verdict, evidence: Evidence) -> VerdictDocument:
    """The verdict as the structure that is documented."""
    return VerdictDocument(
        schema_version=SCHEMA_VERSION,
        decision=verdict.decision,
        sentence=verdict.sentence,
        next_step=verdict.next_step,
        at=verdict.at.astimezone(UTC),
        holds_until=verdict.holds_until.astimezone(UTC),
        product=verdict.product,
        tool=evidence.tool,
        counts=_counts(verdict),
        rows=[RowDocument(r.id, r.text, r.state, r.note) for r in verdict.rows],
        stages=[_stage(stage) for stage in verdict.stages],
        findings=[_finding(finding, evidence.product) for finding in verdict.findings],
        unknown=_unknowns(verdict),
        results=[_result(result) for result in verdict.results],
        requests=_requests(evidence),
        dns_questions=_questions(evidence),
    )


def render_recheck_json(verdict: Verdict, evidence: Evidence) -> str:
    """The results of one check that was asked again, as canonical JSON."""
    document = RecheckDocument(
        schema_version=SCHEMA_VERSION,
        check=verdict.results[0].check.id,
        at=verdict.at.astimezone(UTC),
        tool=evidence.tool,
        findings=[_finding(finding, evidence.product) for finding in verdict.findings],
        unknown=_unknowns(verdict),
        results=[_result(result) for result in verdict.results],
        requests=_requests(evidence),
        dns_questions=_questions(evidence),
    )
    return canonical(document)


def render_json(verdict: Verdict, evidence: Evidence) -> str:
    """The document with sorted keys and an indent of two; equal verdicts give equal bytes."""
    return canonical(verdict_document(verdict, evidence))


def canonical(document: object) -> str:
    """Any structure as JSON with sorted keys, in ASCII, with a line break at the end."""
    return json.dumps(msgspec.to_builtins(document), indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return msgspec.json.schema(VerdictDocument)


def _counts(verdict: Verdict) -> Counts:
    states = [row.state for row in verdict.rows]
    return Counts(
        proven=states.count(RowState.PROVEN),
        failed=states.count(RowState.FAILED),
        attested=states.count(RowState.ATTESTED),
        not_applicable=states.count(RowState.NOT_APPLICABLE),
        not_measured=states.count(RowState.NOT_MEASURED),
        not_yet_checkable=states.count(RowState.NOT_YET_CHECKABLE),
        of=len(states),
    )


def _stage(stage: Stage) -> StageDocument:
    deliverables = [DeliverableDocument(d.text, d.state, d.note) for d in stage.deliverables]
    return StageDocument(stage.number, stage.name, stage.goal, stage.done, deliverables)


def _finding(finding: Finding, product: Product) -> FindingDocument:
    check, waiver = finding.check, finding.waiver
    return FindingDocument(
        check=check.id,
        title=check.title,
        impact=IMPACT[finding.impact],
        layer=check.layer.word,
        confidence="certain" if check.confidence is Confidence.CERTAIN else "likely",
        subjects=[result.subject for result in finding.results],
        offenders=list(finding.offenders),
        customer_sees=check.customer_sees,
        costs=[cost.value for cost in check.costs],
        fixer="owner" if check.fixer is Fixer.OWNER else "engineer",
        minutes=check.minutes,
        fixes=_fixes(finding),
        sources=list(check.sources),
        waiver=None if waiver is None else WaiverDocument(waiver.owner, waiver.reason, waiver.until),
        explains=[symptom.check.id for symptom in finding.explained],
        recheck=recheck_command(finding, "" if product.has_file else product.name),
    )


def _fixes(finding: Finding) -> list[FixDocument]:
    places: dict[tuple[str, str], list[str]] = {}
    for result in finding.results:
        if isinstance(result.outcome, Fail):
            fix = result.outcome.fix
            places.setdefault((fix.do, fix.paste), []).append(result.subject)
    return [FixDocument(subjects, do, paste) for (do, paste), subjects in places.items()]


def _unknowns(verdict: Verdict) -> list[UnknownDocument]:
    return [_unknown(r, r.outcome) for r in verdict.results if isinstance(r.outcome, NotMeasured)]


def _requests(evidence: Evidence) -> list[RequestsDocument]:
    return [RequestsDocument(r.host, r.requests) for r in evidence.requests]


def _questions(evidence: Evidence) -> list[QuestionsDocument]:
    return [QuestionsDocument(q.server, q.questions) for q in evidence.questions]


def _unknown(result: Result, outcome: NotMeasured) -> UnknownDocument:
    return UnknownDocument(result.check.id, result.subject, outcome.why, outcome.detail, outcome.need)


def _result(result: Result) -> ResultDocument:
    return ResultDocument(result.check.id, result.subject, _word(result.outcome), outcome_detail(result.outcome))


def _word(outcome: Outcome) -> Word:
    match outcome:
        case Pass():
            return "pass"
        case Fail():
            return "fail"
        case NotApplicable():
            return "not_applicable"
        case NotMeasured():
            return "not_measured"
        case OnYourWord():
            return "attested"
