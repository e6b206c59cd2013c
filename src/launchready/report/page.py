"""What a reader sees, in order, as one value. All text in it is printable; renderers only lay it out."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from launchready.model.check import Check, Confidence, Fail, Fixer, Impact, NotMeasured
from launchready.model.evidence import Evidence
from launchready.model.reading import Why
from launchready.model.verdict import Decision, Finding, Result, RowState, Verdict
from launchready.report import words
from launchready.report.hostile import printable, printable_block

CARD_LIMIT = 5
"""Cards at the top: what a person takes in at once. The rest is counted."""


LIKELY = "Likely, not certain: it follows from several facts."

OFFENDER_LIMIT_CHARS = 300
"""Enough to recognise what was seen; the whole of it is in the evidence."""


# The shape beside a state, as the page's style sheet and pictures call it; the word always stands there too.
DECISION_MARK = {
    Decision.NO_GO: "bad",
    Decision.UNDETERMINED: "open",
    Decision.GO_WITH_RISKS: "risk",
    Decision.GO: "good",
}
IMPACT_MARK = {Impact.BLOCKER: "bad", Impact.MAJOR: "risk", Impact.MINOR: "none", Impact.NOTE: "none"}
ROW_MARK = {
    RowState.PROVEN: "good",
    RowState.FAILED: "bad",
    RowState.ATTESTED: "word",
    RowState.NOT_APPLICABLE: "none",
    RowState.NOT_MEASURED: "open",
    RowState.NOT_YET_CHECKABLE: "open",
}
OUTCOME_MARK = {
    "Passed": "good",
    "Failed": "bad",
    "Does not apply": "none",
    "Not checked": "open",
    "On your word": "word",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to paste, and where it belongs."""

    where: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change: what to do, where, and what to paste for it."""

    do: str
    where: tuple[str, ...]
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One finding as a person reads it."""

    check: str
    impact: Impact
    headline: str
    good: str
    customer_sees: str
    costs: str
    who: str
    for_engineer: bool
    sureness: str
    subjects: tuple[str, ...]
    offenders: tuple[str, ...]
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    sources: tuple[str, ...]
    accepted: tuple[str, ...]
    explains: tuple[str, ...]
    found: str
    recheck: str

    @property
    def impact_word(self) -> str:
        """How bad it is, in a word."""
        return words.IMPACT[self.impact]

    @property
    def mark(self) -> str:
        """The shape beside that word."""
        return IMPACT_MARK[self.impact]

    @property
    def message(self) -> str:
        """Everything that a developer needs who has never heard of us, as plain text."""
        lines = [
            self.headline,
            "",
            self.found,
            f"It should be so: {self.good}",
            f"What a customer sees: {self.customer_sees}",
            "",
            *_bullets("Where", self.subjects),
            *_bullets("What was seen", self.offenders),
        ]
        for step in self.steps:
            place = f" ({words.listing(step.where)})" if len(self.steps) > 1 else ""
            lines += [f"The change{place}: {step.do}", ""]
            for copy in step.copies:
                lines += [f"For {words.listing(copy.where)}:"] if len(step.copies) > 1 else []
                lines += [copy.text, ""]
        lines += _bullets("The rule", self.sources)
        lines.append(f"To check again: {self.recheck}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Need:
    """Everything that one and the same thing would answer."""

    need: str
    count: int
    titles: tuple[str, ...]
    details: tuple[str, ...]

    @property
    def waiting(self) -> str:
        """How many questions wait for it."""
        return words.counted(self.count, "question waits", "questions wait") + " for this."


@dataclass(frozen=True, slots=True)
class Cause:
    """Everything that could not be checked for one reason."""

    why: str
    needs: tuple[Need, ...]

    @property
    def count(self) -> int:
        """How many questions could not be asked."""
        return sum(need.count for need in self.needs)


@dataclass(frozen=True, slots=True)
class Line:
    """One result, row or deliverable: what, where, its state in a word, and a sentence."""

    text: str
    where: str
    state: str
    note: str
    mark: str


@dataclass(frozen=True, slots=True)
class Head:
    """The answer itself, which stands above everything."""

    product: str
    decision: Decision
    decision_word: str
    mark: str
    sentence: str
    next_step: str
    holds: str
    count_line: str
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    head: Head
    tool: str
    cards: tuple[Card, ...]
    more: tuple[Card, ...]
    held_back: int
    unknown: tuple[Cause, ...]
    on_your_word: tuple[Line, ...]
    results: tuple[Line, ...]
    requests: tuple[tuple[str, int], ...]
    dns_questions: int
    seen_from: tuple[str, ...]

    @property
    def more_line(self) -> str:
        """How many findings are not among the cards; empty where none."""
        return words.counted(len(self.more), "more finding") if self.more else ""

    @property
    def held_back_line(self) -> str:
        """What waits until the blockers are mended; empty where nothing does."""
        if not self.held_back:
            return ""
        return f"{words.counted(self.held_back, 'smaller finding')} can wait until the blockers are mended."

    @property
    def results_line(self) -> str:
        """`12 passed, 3 failed …`: passes are a count, and all of them are a level deeper."""
        states = [line.state for line in self.results]
        return ", ".join(f"{states.count(word)} {word.lower()}" for word in OUTCOME_MARK if word in states)

    @property
    def sent_line(self) -> str:
        """How many requests were sent to whom, and DNS questions; empty where none was."""
        total = words.counted(sum(count for _, count in self.requests), "request")
        hosts = words.listing([f"{host} {count}" for host, count in self.requests])
        requests = [f"{total} to {words.counted(len(self.requests), 'host')} ({hosts})"] if self.requests else []
        questions = [words.counted(self.dns_questions, "DNS question")] if self.dns_questions else []
        sent = ", ".join(requests + questions)
        return f"Sent: {sent}." if sent else ""

    @property
    def accepted(self) -> tuple[tuple[str, str], ...]:
        """Accepted risks: the headline, and who answers for it until when."""
        return tuple((card.headline, note) for card in (*self.cards, *self.more) for note in card.accepted)


def head(verdict: Verdict) -> Head:
    """The answer in words."""
    return Head(
        product=printable(verdict.product),
        decision=verdict.decision,
        decision_word=words.DECISION[verdict.decision],
        mark=DECISION_MARK[verdict.decision],
        sentence=printable(verdict.sentence),
        next_step=printable(verdict.next_step),
        holds=words.holds(verdict),
        count_line=words.count_line(verdict),
        rows=tuple(state_line(row.text, row.state, row.note) for row in verdict.rows),
    )


def page(verdict: Verdict, evidence: Evidence) -> Page:
    """Put a verdict and its evidence into the words and the order that a reader sees."""
    shown, held_back = _hold_back(verdict.findings)
    typed = "" if evidence.product.has_file else evidence.product.name
    cards = tuple(card(finding, verdict, typed) for finding in shown)
    return Page(
        head=head(verdict),
        tool=printable(evidence.tool),
        cards=cards[:CARD_LIMIT],
        more=cards[CARD_LIMIT:],
        held_back=held_back,
        unknown=group_unknown(verdict.unknown),
        on_your_word=tuple(result_line(result, verdict.product) for result in verdict.on_your_word),
        results=tuple(result_line(result, verdict.product) for result in verdict.results),
        requests=tuple((printable(r.host), r.requests) for r in evidence.requests),
        dns_questions=sum(q.questions for q in evidence.questions),
        seen_from=_seen_from(evidence),
    )


def card(finding: Finding, verdict: Verdict, typed: str = "") -> Card:
    """One finding as a card.

    Args:
        finding: what failed.
        verdict: what it is part of.
        typed: the bare name that was audited; empty where a launchready.toml was.
    """
    check = finding.check
    subjects = _unique(words.subject_name(result.subject, verdict.product) for result in finding.results)
    return Card(
        check=printable(check.id),
        impact=finding.impact,
        headline=_headline(finding, subjects),
        good=words.sentence(check.title),
        customer_sees=words.sentence(check.customer_sees),
        costs=words.costs(check.costs),
        who=words.who_fixes(check.fixer, check.minutes),
        for_engineer=check.fixer is Fixer.ENGINEER,
        sureness="" if check.confidence is Confidence.CERTAIN else LIKELY,
        subjects=subjects,
        offenders=_unique(printable(offender, OFFENDER_LIMIT_CHARS) for offender in finding.offenders),
        steps=_steps(finding, verdict.product),
        why=words.paragraphs(check.why_it_matters),
        sources=tuple(printable(source) for source in check.sources),
        accepted=_accepted(finding, verdict.product),
        explains=tuple(_symptom(symptom, verdict.product) for symptom in finding.explained),
        found=f"Found by Launch Ready on {printable(verdict.product)}, {words.when(verdict.at)}.",
        recheck=recheck_command(finding, typed),
    )


def recheck_command(finding: Finding, typed: str = "") -> str:
    """What to type to look at this one thing again, quoted for a shell.

    Args:
        finding: what failed; where that is on one subject, only it is looked at.
        typed: the bare name that was audited; empty where a launchready.toml was.
    """
    subjects = _unique(result.subject for result in finding.results)
    name = finding.check.id if len(subjects) > 1 or subjects == ("product",) else f"{finding.check.id}@{subjects[0]}"
    return printable(shlex.join(["launchready", "recheck", name, *([typed] if typed else [])]))


def group_unknown(results: Sequence[Result]) -> tuple[Cause, ...]:
    """Collapse what could not be checked into one entry for each cause and need, the largest first."""
    causes: dict[Why, dict[str, list[tuple[Check, NotMeasured]]]] = {}
    for result in results:
        if isinstance(result.outcome, NotMeasured):
            needs = causes.setdefault(result.outcome.why, {})
            needs.setdefault(result.outcome.need, []).append((result.check, result.outcome))
    made = [Cause(words.WHY[why], _needs(needs)) for why, needs in causes.items()]
    return tuple(sorted(made, key=lambda cause: (-cause.count, cause.why)))


def _needs(needs: dict[str, list[tuple[Check, NotMeasured]]]) -> tuple[Need, ...]:
    made = [
        Need(
            need=words.sentence(need),
            count=len(members),
            titles=_unique(words.sentence(check.title) for check, _ in members),
            details=_unique(words.sentence(outcome.detail) for _, outcome in members if outcome.detail),
        )
        for need, members in needs.items()
    ]
    return tuple(sorted(made, key=lambda entry: (-entry.count, entry.need)))


def state_line(text: str, state: RowState, note: str) -> Line:
    """A row or deliverable with its state in words."""
    return Line(printable(text), "", words.ROW_STATE[state], words.sentence(note), ROW_MARK[state])


def result_line(result: Result, product: str) -> Line:
    """One result of one check on one subject."""
    word = words.outcome_word(result.outcome)
    return Line(
        text=printable(result.check.title),
        where=words.subject_name(result.subject, product),
        state=word,
        note=printable(words.outcome_detail(result.outcome)),
        mark=OUTCOME_MARK[word],
    )


def _hold_back(findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], int]:
    """While a blocker is open, smaller things would only distract: they become a count."""
    if not any(f.impact is Impact.BLOCKER for f in findings):
        return findings, 0
    shown = tuple(f for f in findings if f.impact >= Impact.MAJOR)
    return shown, len(findings) - len(shown)


def _headline(finding: Finding, subjects: tuple[str, ...]) -> str:
    failing = words.failing_state(finding.check)
    if all(result.subject == "product" for result in finding.results):
        return failing
    return f"{failing}: {words.some(subjects, 1)}"


def _symptom(finding: Finding, product: str) -> str:
    return _headline(finding, _unique(words.subject_name(r.subject, product) for r in finding.results))


def _steps(finding: Finding, product: str) -> tuple[Step, ...]:
    """Equal changes on several subjects are one step, and so are equal texts to paste."""
    steps: dict[str, dict[str, list[str]]] = {}
    for result in finding.results:
        if isinstance(result.outcome, Fail):
            fix, where = result.outcome.fix, words.subject_name(result.subject, product)
            steps.setdefault(printable(fix.do), {}).setdefault(printable_block(fix.paste), []).append(where)
    return tuple(
        Step(
            do=words.sentence(do),
            where=_unique(where for places in pastes.values() for where in places),
            copies=tuple(Copy(_unique(places), text) for text, places in pastes.items() if text),
        )
        for do, pastes in steps.items()
    )


def _accepted(finding: Finding, product: str) -> tuple[str, ...]:
    notes = []
    for result in finding.results:
        if result.waiver is not None:
            waiver = result.waiver
            where = "" if finding.waiver else f" for {words.subject_name(result.subject, product)}"
            notes.append(
                printable(f"Accepted{where} by {waiver.owner} until {words.day(waiver.until)}: {waiver.reason}")
            )
    return _unique(notes)


def _bullets(title: str, things: tuple[str, ...]) -> list[str]:
    return [f"{title}:", *(f"  - {thing}" for thing in things), ""] if things else []


def _seen_from(evidence: Evidence) -> tuple[str, ...]:
    resolvers = [f"Names were asked of {words.listing([printable(r) for r in evidence.resolvers])}."]
    through = [f"Seen through {words.listing([printable(s) for s in evidence.seen_through])}."]
    return tuple((resolvers if evidence.resolvers else []) + (through if evidence.seen_through else []))


def _unique(things: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(things))
