"""One finding that was looked at again: mended, still there, or not seen."""

from collections.abc import Collection
from dataclasses import replace

from rich.console import Console

from launchready.model.check import Fail, NotMeasured, Pass
from launchready.model.evidence import Evidence
from launchready.model.verdict import Finding, Result, Verdict
from launchready.report import words
from launchready.report.hostile import printable
from launchready.report.page import card
from launchready.report.terminal import Pen, say_card


def narrowed(verdict: Verdict, subjects: Collection[str]) -> Verdict:
    """A verdict with the results and findings of some subjects alone; its decision and rows say nothing any more."""
    return replace(
        verdict,
        results=tuple(result for result in verdict.results if result.subject in subjects),
        findings=tuple(
            replace(finding, results=kept) for finding in verdict.findings if (kept := _of(finding, subjects))
        ),
    )


def render_recheck(verdict: Verdict, evidence: Evidence, console: Console) -> None:
    """Print a card for what still fails, and a line for each other answer."""
    pen = Pen(console)
    typed = "" if evidence.product.has_file else evidence.product.name
    for number, finding in enumerate(verdict.findings, start=1):
        say_card(number, card(finding, verdict, typed), pen)
    pen.gap()
    for result in verdict.results:
        if not isinstance(result.outcome, Fail):
            _say(result, verdict.product, pen)
    pen.say(f"Checked {words.when(verdict.at)}.", style="dim")


def _of(finding: Finding, subjects: Collection[str]) -> tuple[Result, ...]:
    return tuple(result for result in finding.results if result.subject in subjects)


def _say(result: Result, product: str, pen: Pen) -> None:
    where = words.subject_name(result.subject, product)
    title = printable(result.check.title)
    match result.outcome:
        case Pass():
            pen.say(f"Mended: {where}. {title}", style="bold green")
        case NotMeasured(detail=detail, need=need):
            pen.say(f"Not checked: {where}. {title}", style="bold yellow")
            pen.labelled("Why", words.sentence(detail))
            pen.labelled("Need", words.sentence(need))
        case outcome:
            detail = words.sentence(words.outcome_detail(outcome))
            pen.say(f"{words.outcome_word(outcome)}: {where}. {detail}", style="bold")
