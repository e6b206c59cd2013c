"""A judged red team run on a terminal, as JSON and as Markdown. Nothing here decides anything."""

import json
from typing import Any, Final

import msgspec
from rich.console import Console

from launchready.facts.redteam import Category, Mode
from launchready.oracles.clusters import ReviewItem
from launchready.oracles.judge import Report
from launchready.oracles.outcomes import Judged, Outcome
from launchready.oracles.statistics import Tally
from launchready.report.hostile import printable
from launchready.report.markdown import code, prose
from launchready.report.terminal import Pen
from launchready.report.words import counted

FAILS_SHOWN: Final = 8
"""Failures that are told one by one on a terminal; all of them are in the JSON."""

ERRORS_SHOWN: Final = 3
"""Reasons why something was not measured that are told on a terminal."""

NAMES: Final = {
    Category.PROMPT_INJECTION: "Prompt injection",
    Category.JAILBREAK: "Jailbreak",
    Category.DATA_EXFILTRATION: "Data exfiltration",
    Category.UNSAFE_TOOL_USE: "Unsafe tool use",
    Category.IDENTITY_SPOOFING: "Identity spoofing",
    Category.OVER_REFUSAL: "Harmless questions",
}
BLACK_BOX: Final = (
    "Nothing was planted, so a leak is seen only where it gives itself away: `launchready redteam plant` makes values "
    "to plant."
)


def headline(report: Report) -> str:
    """What came of it, in one sentence."""
    if report.is_void:
        return "This run does not count: a control is wrong or missing."
    fails = sum(one.outcome is Outcome.FAIL for one in report.judged)
    probes = len({one.probe for one in report.judged if one.outcome is Outcome.FAIL})
    errors = sum(one.outcome is Outcome.ERROR for one in report.judged)
    valid = len(report.judged) - errors
    if fails:
        return f"{counted(fails, 'answer')} of {valid} did harm, by {counted(probes, 'probe')}."
    if not valid:
        return "Nothing was measured: no answer was whole."
    found = f"Nothing found by {counted(valid, 'attempt')}"
    return f"{found}, {counted(len(report.items), 'question')} for a person." if report.items else f"{found}."


def render_redteam(report: Report, console: Console) -> None:
    """Print the report."""
    pen = Pen(console)
    pen.gap()
    pen.say(headline(report), style="bold")
    pen.labelled("Product", printable(f"{report.product} {report.version[:12]}".strip()))
    pen.labelled("Begun", f"{report.started:%Y-%m-%d %H:%M %Z}")
    pen.labelled("Tried", _tried(report))
    if report.mode is Mode.BLACK_BOX:
        pen.labelled("Black box", BLACK_BOX)
    for category, tally in report.tallies:
        pen.gap()
        pen.say(f"{NAMES[category]}: {_counts(tally)}")
        pen.say(tally.sentence, indent=2)
    _render_controls(report, pen)
    _render_fails(report, pen)
    if report.items:
        pen.heading("What a person has to decide")
    for item in report.items:
        _render_item(item, pen)


def _tried(report: Report) -> str:
    left_out = f"; {report.left_out} more were left out" if report.left_out else ""
    tried = f"{len(report.judged)} of {report.planned} attempts{left_out}"
    return f"{tried}; it was interrupted" if report.interrupted else tried


def _counts(tally: Tally) -> str:
    told = f"{tally.fails} failed, {tally.uncertain} uncertain, {tally.errors} not measured, {tally.valid} judged"
    if tally.interval is None or tally.band is None:
        return told
    low, high = tally.interval.low * 100, tally.interval.high * 100
    return f"{told} (95 %: {low:.1f} to {high:.1f} %; band {tally.band.low * 100:.0f} to {tally.band.high * 100:.0f} %)"


def _render_controls(report: Report, pen: Pen) -> None:
    wrong = [control for control in report.controls if not control.is_right]
    pen.gap()
    if not report.controls:
        pen.say("No control was run, so nobody knows whether this judgement works: the run does not count.")
    elif not wrong:
        pen.say(f"All {len(report.controls)} controls were judged as they must be.")
    for control in wrong:
        pen.bullet(f"The control {control.name.value} is wrong: {control.said}.")


def _render_fails(report: Report, pen: Pen) -> None:
    fails = [one for one in report.judged if one.outcome is Outcome.FAIL]
    if fails:
        pen.heading("What did harm")
    shown = list({(one.probe, one.rule): one for one in reversed(fails)}.values())[::-1]
    for one in shown[:FAILS_SHOWN]:
        sign = one.signs[0]
        pen.bullet(f"{one.probe} ({one.variant}): {printable(sign.said)}")
        pen.labelled("Evidence", printable(f"“{sign.evidence.quote}”, {sign.evidence.place}, {sign.evidence.view}"))
    if len(shown) > FAILS_SHOWN:
        pen.say(f"And {len(shown) - FAILS_SHOWN} more: `--json` has all of them.")
    errors = [one for one in report.judged if one.outcome is Outcome.ERROR]
    if errors:
        rules = sorted({one.rule for one in errors})
        names = ", ".join(rules[:ERRORS_SHOWN])
        pen.gap()
        pen.say(f"{counted(len(errors), 'attempt')} could not be judged: {names}.")


def _render_item(item: ReviewItem, pen: Pen) -> None:
    serious = "serious, " if item.is_serious else ""
    pen.bullet(f"{item.id} ({serious}{item.rule}, {counted(item.answers, 'answer')}): {item.question}")
    quote = item.examples[0].sign.evidence.quote
    pen.labelled("It says", printable(f"“{quote}”"))


def redteam_json(report: Report) -> str:
    """The report as JSON, with a line end."""
    return json.dumps(fields_of(report), indent=2, ensure_ascii=False) + "\n"


def fields_of(report: Report) -> dict[str, Any]:
    """The report as JSON data: per category and per probe, with evidence."""
    return {
        "product": report.product,
        "version": report.version or None,
        "started": report.started.isoformat(),
        "mode": report.mode.value,
        "counts": not report.is_void,
        "interrupted": report.interrupted,
        "planned": report.planned,
        "left_out": report.left_out,
        "judged": len(report.judged),
        "sentence": headline(report),
        "controls": msgspec.to_builtins(report.controls),
        "categories": {
            category.value: {**msgspec.to_builtins(tally), "counts": _shares(tally)}
            for category, tally in report.tallies
        },
        "attempts": [_attempt(one) for one in report.judged],
        "review": msgspec.to_builtins(report.items),
    }


def _shares(tally: Tally) -> dict[str, int]:
    return {"k": tally.fails, "u": tally.uncertain, "e": tally.errors, "n": tally.valid}


def _attempt(one: Judged) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(one)
    return fields


def redteam_markdown(report: Report) -> str:
    """The report as Markdown, with a line end."""
    lines = [
        "# Red team",
        "",
        prose(headline(report)),
        "",
        f"{prose(report.product)} {code(report.version[:12])}, {report.started:%Y-%m-%d %H:%M %Z}, {_tried(report)}.",
        *(["", prose(BLACK_BOX)] if report.mode is Mode.BLACK_BOX else []),
        "",
        "| category | failed | uncertain | not measured | judged | what that allows |",
        "|---|---|---|---|---|---|",
        *(
            f"| {NAMES[category]} | {t.fails} | {t.uncertain} | {t.errors} | {t.valid} | {prose(t.sentence)} |"
            for category, t in report.tallies
        ),
        "",
        *(f"- The control {c.name.value} is wrong: {prose(c.said)}." for c in report.controls if not c.is_right),
    ]
    fails = [one for one in report.judged if one.outcome is Outcome.FAIL]
    if fails:
        lines += ["", "## What did harm", ""]
    for one in fails:
        sign = one.signs[0]
        evidence = code(printable(sign.evidence.quote))
        lines.append(f"- {code(one.probe)} ({one.variant}, {one.repeat + 1}): {prose(printable(sign.said))} {evidence}")
    if report.items:
        lines += ["", "## What a person has to decide", ""]
    for item in report.items:
        quote = code(printable(item.examples[0].sign.evidence.quote))
        lines.append(f"- {code(item.id)} ({item.rule}, {item.answers}): {prose(item.question)} {quote}")
    return "\n".join(lines).rstrip("\n") + "\n"
