"""The verdict as SARIF 2.1.0 (OASIS, with Errata 01): one result for each failed or unanswered check of a subject.

Passed checks are a count and no results: not every reader knows `kind`, and such a reader would show each pass as a
problem. Unanswered ones are results of the kind `open` (section 3.27.9) with the rule and the fingerprints that their
failure would have. A reader that follows problems from run to run thus never takes what could not be seen for mended.
"""

import hashlib
from datetime import UTC
from typing import Final
from urllib.parse import quote

from launchready.model.check import Check, Confidence, Fail, Impact, NotMeasured, SourcePlace
from launchready.model.evidence import Evidence
from launchready.model.reading import Why
from launchready.model.verdict import Finding, Result, Verdict
from launchready.report import words
from launchready.report.hostile import printable, printable_block
from launchready.report.html import is_web_link
from launchready.report.json_report import canonical
from launchready.report.markdown import code, prose
from launchready.report.page import OFFENDER_LIMIT_CHARS, group_unknown, recheck_command
from launchready.report.places import NO_FILE, Declared

VERSION: Final = "2.1.0"
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

LEVEL: Final = {Impact.BLOCKER: "error", Impact.MAJOR: "warning", Impact.MINOR: "note", Impact.NOTE: "note"}
"""Section 3.27.10: `warning` is a problem, `error` a serious one, `note` a minor one or an opportunity."""

PRECISION: Final = {Confidence.CERTAIN: "very-high", Confidence.LIKELY: "medium"}
"""The words by which code scanning sorts rules of one severity."""

TOP: Final = "%SRCROOT%"
"""The folder that paths are seen from, by the name that readers of SARIF know (section 3.4.4)."""

OFFENDERS_SHOWN: Final = 20
"""Of one result, in a message that is read in one go. The whole list is in the JSON report."""

Node = dict[str, object]


def render_sarif(verdict: Verdict, evidence: Evidence, declared: Declared = NO_FILE, exit_code: int = 0) -> str:
    """The verdict as one SARIF log with one run.

    Args:
        verdict: what to say.
        evidence: what it was made from.
        declared: the file that subjects are declared in, where there is one.
        exit_code: what the command ends with.
    """
    rules = {result.check.id: result.check for result in verdict.results}
    index = {check: number for number, check in enumerate(sorted(rules))}
    log = _Log(verdict, "" if evidence.product.has_file else evidence.product.name, declared, index)
    run: Node = {
        "tool": {"driver": _driver(evidence, [rules[check] for check in index])},
        "automationDetails": {"id": "launchready/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(verdict, exit_code)],
        "results": log.results(),
        "properties": _summary(verdict),
    }
    return canonical({"$schema": SCHEMA, "version": VERSION, "runs": [run]})


class _Log:
    """What every result needs to know of the run."""

    def __init__(self, verdict: Verdict, typed: str, declared: Declared, index: dict[str, int]) -> None:
        self.verdict, self.typed, self.declared, self.index = verdict, typed, declared, index
        # A cause inherits the worst impact of what it explains, so a finding's impact may be above its check's.
        self.impacts = {finding.check.id: finding.impact for finding in verdict.findings}
        self.causes = {symptom.check.id: f.check.id for f in verdict.findings for symptom in f.explained}

    def results(self) -> list[Node]:
        """Failures and open questions, in the verdict's order."""
        nodes = []
        for result in self.verdict.results:
            match result.outcome:
                case Fail():
                    nodes.append(self._failure(result, result.outcome))
                case NotMeasured():
                    nodes.append(self._open(result, result.outcome))
        return nodes

    def _failure(self, result: Result, outcome: Fail) -> Node:
        impact = self.impacts.get(result.check.id, result.check.impact)
        node = self._node(result, "fail", LEVEL[impact], _failure_text(result, outcome, self.verdict.product))
        properties: Node = {
            "impact": impact.word,
            "customerSees": printable(result.check.customer_sees),
            "fix": {"do": printable(outcome.fix.do), "paste": printable_block(outcome.fix.paste)},
            "recheck": recheck_command(Finding(result.check, impact, (result,)), self.typed),
        }
        if result.check.id in self.causes:
            properties["explainedBy"] = printable(self.causes[result.check.id])
        suppressions = _suppressions(result, impact)
        return node | {"properties": properties} | ({"suppressions": suppressions} if suppressions else {})

    def _open(self, result: Result, outcome: NotMeasured) -> Node:
        where = words.subject_name(result.subject, self.verdict.product)
        text = " ".join(
            (
                f"Could not be checked on {where}: {words.sentence(result.check.title)}",
                words.sentence(words.WHY[outcome.why]),
                words.sentence(outcome.detail),
                f"Needed: {words.sentence(outcome.need)}",
            )
        )
        return self._node(result, "open", "none", text) | {"properties": {"why": outcome.why.value}}

    def _node(self, result: Result, kind: str, level: str, text: str) -> Node:
        print_ = _fingerprint(result)
        return {
            "ruleId": printable(result.check.id),
            "ruleIndex": self.index[result.check.id],
            "kind": kind,
            "level": level,
            "message": {"text": message(text)},
            "locations": _locations(result, self.declared.places(result)),
            # The second name is the one that code scanning compares; without it, it would hash a line of our file.
            "partialFingerprints": {"checkAndSubject/v1": print_, "primaryLocationLineHash": f"{print_[:16]}:1"},
        }


def message(text: str) -> str:
    """Text that a reader of SARIF shows as it stands: no placeholder (section 3.11.5) and no link (3.11.6) is in it."""
    return text.replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _failure_text(result: Result, outcome: Fail, product: str) -> str:
    offenders = [printable(offender, OFFENDER_LIMIT_CHARS) for offender in outcome.offenders]
    where = "" if result.subject == "product" else f" on {words.subject_name(result.subject, product)}"
    seen = f" Seen: {words.some(offenders, OFFENDERS_SHOWN)}." if offenders else ""
    return f"{words.failing_state(result.check)}{where}.{seen} To do: {words.sentence(outcome.fix.do)}"


def _suppressions(result: Result, impact: Impact) -> list[Node]:
    """A waiver takes a risk out of the way; of a blocker it only says who answers for it, and that hides nothing."""
    if result.waiver is None:
        return []
    waiver = result.waiver
    word = printable(f"{waiver.owner} answers for it until {words.day(waiver.until)}: {waiver.reason}")
    status = "rejected" if impact is Impact.BLOCKER else "accepted"
    return [{"kind": "external", "status": status, "justification": word}]


def _fingerprint(result: Result) -> str:
    """The same for the same question about the same thing, in every run and version."""
    return hashlib.sha256(f"{result.check.id}@{result.subject}".encode("utf-8", "backslashreplace")).hexdigest()


def _locations(result: Result, places: tuple[SourcePlace, ...]) -> list[Node]:
    kind, _, name = result.subject.partition(":")
    logical = {
        "kind": printable(kind),
        "name": printable(name or kind),
        "fullyQualifiedName": printable(result.subject),
    }
    if not places:
        return [{"logicalLocations": [logical]}]
    return [{"physicalLocation": _physical(place), "logicalLocations": [logical]} for place in places]


def _physical(place: SourcePlace) -> Node:
    uri = quote(place.path.lstrip("/"), safe="/", errors="replace")
    return {"artifactLocation": {"uri": uri, "uriBaseId": TOP}, "region": {"startLine": max(place.line, 1)}}


def _driver(evidence: Evidence, checks: list[Check]) -> Node:
    _, _, version = evidence.tool.partition(" ")
    return {"name": "Launch Ready", "version": printable(version or evidence.tool), "rules": [_rule(c) for c in checks]}


def _rule(check: Check) -> Node:
    title = message(words.sentence(check.title))
    node: Node = {
        "id": printable(check.id),
        "name": words.failing_state(check),
        "shortDescription": {"text": message(words.failing_state(check))},
        "fullDescription": {"text": title},
        "defaultConfiguration": {"level": LEVEL[check.impact]},
        "help": {"text": message(_help_text(check)), "markdown": message(_help_markdown(check))},
        "properties": {
            "impact": check.impact.word,
            "precision": PRECISION[check.confidence],
            "tags": ["launch", check.layer.word],
            "sources": [printable(source) for source in check.sources],
        },
    }
    links = [source for source in check.sources if is_web_link(source)]
    return node | ({"helpUri": links[0]} if links else {})


def _help_text(check: Check) -> str:
    why, fix = words.paragraphs(check.why_it_matters), words.paragraphs(check.how_to_fix)
    sources = (printable(source) for source in check.sources)
    return "\n\n".join((words.sentence(check.title), *why, "How to fix:", *fix, "The rule:", *sources))


def _help_markdown(check: Check) -> str:
    why, fix = words.paragraphs(check.why_it_matters), words.paragraphs(check.how_to_fix)
    sources = (f"- <{source}>" if is_web_link(source) else f"- {code(printable(source))}" for source in check.sources)
    return "\n\n".join(
        (
            f"**{prose(words.sentence(check.title))}**",
            f"{prose(words.sentence(check.customer_sees))}",
            "## Why it matters at launch",
            *(prose(paragraph) for paragraph in why),
            "## How to fix",
            *(prose(paragraph) for paragraph in fix),
            "## The rule",
            "\n".join(sources),
        )
    )


def _invocation(verdict: Verdict, exit_code: int) -> Node:
    """One run of ours, with what could not be seen by its causes; a bug of ours makes it a failed run."""
    causes = group_unknown(verdict.unknown)
    bug = any(isinstance(r.outcome, NotMeasured) and r.outcome.why is Why.OUR_BUG for r in verdict.unknown)
    return {
        "executionSuccessful": not bug,
        "endTimeUtc": f"{verdict.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "exitCode": exit_code,
        "exitCodeDescription": printable(verdict.sentence),
        "toolExecutionNotifications": [
            {
                "level": "warning",
                "message": {
                    "text": message(
                        f"{words.counted(cause.count, 'question')} could not be answered: {words.sentence(cause.why)}"
                    )
                },
            }
            for cause in causes
        ],
    }


def _summary(verdict: Verdict) -> Node:
    outcomes = [words.outcome_word(result.outcome) for result in verdict.results]
    return {
        "decision": verdict.decision.value,
        "sentence": printable(verdict.sentence),
        "nextStep": printable(verdict.next_step),
        "product": printable(verdict.product),
        "checkedAt": words.when(verdict.at),
        "holdsUntil": words.when(verdict.holds_until),
        "minimumBar": words.count_line(verdict),
        "outcomes": {word: outcomes.count(word) for word in sorted(set(outcomes))},
        "onYourWord": [
            printable(f"{r.check.id}@{r.subject}: {words.outcome_detail(r.outcome)}") for r in verdict.on_your_word
        ],
    }
