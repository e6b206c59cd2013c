"""One failed check as the views of a part of the product show it: on a terminal, and as JSON."""

from dataclasses import dataclass

from rich.text import Text

from launchready.model.check import Impact
from launchready.report.hostile import printable, printable_block
from launchready.report.terminal import IMPACT_STYLE, OFFENDER_LIMIT, Pen


@dataclass(frozen=True, slots=True)
class Finding:
    """A failed check on one subject, and what mends it."""

    check: str
    impact: Impact
    title: str
    subject: str
    offenders: tuple[str, ...]
    do: str
    paste: str


def render_finding(number: int, finding: Finding, pen: Pen) -> None:
    """Print a finding under its number: what is not so, what was seen, what to do, and where to read more."""
    pen.gap()
    impact = (finding.impact.word, IMPACT_STYLE[finding.impact])
    pen.say(Text.assemble(f"{number}. ", impact, "  not so: ", (finding.title, "bold")))
    for offender in finding.offenders[:OFFENDER_LIMIT]:
        pen.labelled("Seen", printable(offender), indent=3)
    if len(finding.offenders) > OFFENDER_LIMIT:
        pen.labelled("Seen", f"and {len(finding.offenders) - OFFENDER_LIMIT} more", indent=3)
    pen.labelled("Do", printable(finding.do), indent=3)
    if finding.paste:
        pen.block(printable_block(finding.paste), indent=5)
    pen.command("More", f"launchready explain {finding.check}", indent=3)


def finding_fields(finding: Finding) -> dict[str, object]:
    """A finding for JSON."""
    return {
        "check": finding.check,
        "impact": finding.impact.word,
        "title": finding.title,
        "subject": finding.subject,
        "offenders": list(finding.offenders),
        "fix": {"do": finding.do, "paste": finding.paste},
    }
