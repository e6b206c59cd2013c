"""The verdict as JUnit XML, which build servers and release gates read: a suite for each area, a case for each answer.

The format has no standard; the schema that Jenkins ships is followed. It knows four outcomes, and most readers take
`skipped` for good: so what could not be measured is an `error`, and only what does not apply, is accepted until a day
or stands on a person's word is skipped, each with its reason.
"""

import re
from collections.abc import Sequence
from datetime import UTC
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from launchready.model.check import Fail, Impact, Layer, NotApplicable, NotMeasured, OnYourWord, Pass
from launchready.model.evidence import Evidence
from launchready.model.verdict import Finding, Result, Verdict
from launchready.report import words
from launchready.report.hostile import printable, printable_block
from launchready.report.page import OFFENDER_LIMIT_CHARS, recheck_command

NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything but `Char` (XML 1.0, section 2.2): a document that holds it can't be read at all, not even escaped."""

COUNTED: Final = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def render_junit(verdict: Verdict, evidence: Evidence) -> str:
    """The verdict as one document; `failures` and `errors` of its root are both 0 only where nothing is open."""
    typed = "" if evidence.product.has_file else evidence.product.name
    areas: dict[Layer, list[Element]] = {}
    for result in verdict.results:
        areas.setdefault(result.check.layer, []).append(_case(result, verdict, typed))
    root = Element("testsuites", {"name": _safe(f"Launch Ready: {printable(verdict.product)}")})
    _count(root, [case for cases in areas.values() for case in cases])
    for number, layer in enumerate(sorted(areas)):
        suite = SubElement(root, "testsuite", {"name": words.LAYER[layer], "id": str(number)})
        suite.set("timestamp", f"{verdict.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}")
        _count(suite, areas[layer])
        _properties(suite, verdict, evidence)
        suite.extend(areas[layer])
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(result: Result, verdict: Verdict, typed: str) -> Element:
    name = _safe(printable(f"{result.check.id}@{result.subject}"))
    case = Element("testcase", {"classname": f"launchready.{result.check.layer.word}", "name": name, "time": "0"})
    match result.outcome:
        case Pass():
            pass
        case Fail() if result.waiver is not None and result.check.impact < Impact.BLOCKER:
            until = words.day(result.waiver.until)
            _skip(case, f"Accepted by {result.waiver.owner} until {until}: {result.waiver.reason}")
        case Fail():
            _tell(case, "failure", result.check.impact.word, _headline(result, verdict), _failure(result, typed))
        case NotApplicable():
            _skip(case, result.outcome.reason)
        case NotMeasured():
            why, detail = words.WHY[result.outcome.why], words.sentence(result.outcome.detail)
            body = f"{detail}\nNeeded: {words.sentence(result.outcome.need)}"
            _tell(case, "error", result.outcome.why.value, f"Not measured: {words.sentence(why)}", body)
        case OnYourWord():
            _skip(case, f"On the word of {words.outcome_detail(result.outcome)}")
    return case


def _headline(result: Result, verdict: Verdict) -> str:
    return f"{words.failing_state(result.check)}: {words.subject_name(result.subject, verdict.product)}"


def _failure(result: Result, typed: str) -> str:
    """What was seen, the exact change, and how to look again."""
    assert isinstance(result.outcome, Fail)
    fix = result.outcome.fix
    finding = Finding(result.check, result.check.impact, (result,))
    lines = [
        f"It should be so: {words.sentence(result.check.title)}",
        f"What a customer sees: {words.sentence(result.check.customer_sees)}",
        *(f"Seen: {printable(offender, OFFENDER_LIMIT_CHARS)}" for offender in result.outcome.offenders),
        f"To do: {words.sentence(fix.do)}",
        *(["Copy this:", printable_block(fix.paste)] if fix.paste else []),
        f"To check again: {recheck_command(finding, typed)}",
    ]
    return "\n".join(lines)


def _tell(case: Element, outcome: str, kind: str, message: str, text: str) -> None:
    SubElement(case, outcome, {"type": kind, "message": _safe(message)}).text = _safe(text)


def _skip(case: Element, reason: str) -> None:
    SubElement(case, "skipped", {"message": _safe(words.sentence(reason))})


def _count(element: Element, cases: Sequence[Element]) -> None:
    element.set("tests", str(len(cases)))
    for outcome, attribute in COUNTED.items():
        element.set(attribute, str(sum(case.find(outcome) is not None for case in cases)))
    element.set("time", "0")


def _properties(suite: Element, verdict: Verdict, evidence: Evidence) -> None:
    properties = SubElement(suite, "properties")
    for name, value in (
        ("decision", verdict.decision.value),
        ("sentence", verdict.sentence),
        ("next-step", verdict.next_step),
        ("holds", words.holds(verdict)),
        ("minimum-bar", words.count_line(verdict)),
        ("tool", evidence.tool),
    ):
        SubElement(properties, "property", {"name": name, "value": _safe(printable(value))})


def _safe(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
