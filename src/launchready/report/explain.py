"""The documentation of checks, for `launchready explain` and `launchready checks`; its source is their docstrings."""

from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.text import Text

from launchready.model.check import Check
from launchready.report import words
from launchready.report.hostile import printable
from launchready.report.json_report import IMPACT, ImpactWord, canonical
from launchready.report.terminal import IMPACT_STYLE, Pen


class CheckDocument(msgspec.Struct, frozen=True):
    """Everything that is known of a check without asking it. `when` is what must be declared before it is asked."""

    id: str
    title: str
    layer: str
    topic: str
    impact: ImpactWord
    confidence: str
    about: str
    facts: list[str]
    when: list[str]
    attestable: bool
    why_it_matters: str
    how_to_fix: str
    customer_sees: str
    costs: list[str]
    fixer: str
    minutes: int
    sources: list[str]
    explains: list[str]


def check_document(check: Check) -> CheckDocument:
    """A check as the structure that programs read."""
    return CheckDocument(
        id=check.id,
        title=check.title,
        layer=check.layer.word,
        topic=check.topic,
        impact=IMPACT[check.impact],
        confidence=check.confidence.name.lower(),
        about=check.about.__name__,
        facts=[fact.__name__ for fact in check.facts],
        when=[intent.declare for intent in check.when],
        attestable=check.ask is None,
        why_it_matters=check.why_it_matters,
        how_to_fix=check.how_to_fix,
        customer_sees=check.customer_sees,
        costs=[cost.value for cost in check.costs],
        fixer=check.fixer.name.lower(),
        minutes=check.minutes,
        sources=list(check.sources),
        explains=list(check.explains),
    )


def explain_json(check: Check) -> str:
    """One check as canonical JSON."""
    return canonical(check_document(check))


def checks_json(checks: Iterable[Check]) -> str:
    """All checks as one canonical JSON list, in the order of their layers and ids."""
    return canonical([check_document(check) for check in _sorted(checks)])


def render_explain(check: Check, console: Console) -> None:
    """Print what a check asks, why, how to mend it, and by which rule."""
    pen = Pen(console)
    pen.gap()
    pen.say(printable(check.title), style="bold")
    pen.say(f"{printable(check.id)} · {words.LAYER[check.layer]}", style="dim")
    pen.gap()
    meaning = f"{words.IMPACT[check.impact]}: {words.IMPACT_MEANING[check.impact]}."
    pen.labelled("If it fails", meaning, indent=0)
    pen.labelled("Your customer", printable(check.customer_sees), indent=0)
    pen.labelled("Costs you", words.costs(check.costs), indent=0)
    pen.labelled("Who mends it", f"{words.who_fixes(check.fixer, check.minutes)}.", indent=0)
    _prose("Why it matters at launch", check.why_it_matters, pen)
    _prose("How to fix", check.how_to_fix, pen)
    pen.heading("How it is asked")
    for line in _asked(check):
        pen.bullet(printable(line))
    if check.sources:
        pen.heading("The rule")
    for source in check.sources:
        pen.bullet(printable(source))


def render_checks(checks: Iterable[Check], console: Console) -> None:
    """Print all checks, layer by layer: how bad, id, and the good state."""
    pen, layer = Pen(console), None
    listed = _sorted(checks)
    for check in listed:
        if check.layer is not layer:
            layer = check.layer
            pen.heading(words.LAYER[layer])
        head = Text.assemble((words.IMPACT[check.impact].ljust(9), IMPACT_STYLE[check.impact]), printable(check.id))
        pen.say(head, indent=2)
        pen.say(printable(check.title), style="dim", indent=11)
    pen.gap()
    pen.say(f"{words.counted(len(listed), 'check')}. Read one with: launchready explain ID")


def _prose(title: str, text: str, pen: Pen) -> None:
    pen.heading(title)
    for number, paragraph in enumerate(words.paragraphs(text)):
        if number:
            pen.gap()
        pen.say(paragraph)


def _asked(check: Check) -> list[str]:
    facts = words.listing([fact.__name__ for fact in check.facts])
    by_person = "Only a person can answer it, with proof and a last day."
    lines = [f"Asked once for each {check.about.__name__} that is declared."]
    lines.append(
        by_person if check.ask is None else f"It reads {facts}." if facts else "It reads your declaration only."
    )
    lines += [f"Before it is asked, declare {intent.declare}." for intent in check.when]
    if check.explains:
        lines.append(f"Where it fails, it is the cause of {words.listing(check.explains)}.")
    return lines


def _sorted(checks: Iterable[Check]) -> list[Check]:
    return sorted(checks, key=lambda check: (check.layer, check.id))
