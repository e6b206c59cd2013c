"""The full report as Markdown: for an issue, a chat or an engineer's editor.

What came from a target stands in code spans and fences that it can't leave; all other text is escaped.
"""

import re
from collections.abc import Iterable

from launchready.model.evidence import Evidence
from launchready.model.verdict import Verdict
from launchready.report import words
from launchready.report.html import is_web_link
from launchready.report.page import Card, Cause, Head, Line, Page, page

# Characters that mean something to a Markdown reader in the middle of a line, or to HTML; and the start of a bare link.
SPECIAL = re.compile(r"[\\`*_\[\]<>&|~$!#]|(?<=www)\.|:(?=//)")
# What means something at the start of a line only: lists, headings, rules and numbered items.
SPECIAL_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def render_markdown(verdict: Verdict, evidence: Evidence) -> str:
    """The report as CommonMark with tables."""
    seen = page(verdict, evidence)
    lines = [
        *_top(seen.head),
        *_cards("What to mend, worst first", seen.cards, seen),
        *_unknown(seen.unknown),
        *_accepted(seen),
        *_table("On your word", seen.on_your_word),
        *_table("The minimum bar", seen.head.rows),
        *_messages(seen),
        *_table("Every answer", seen.results),
        *_foot(seen),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def prose(text: str) -> str:
    """A sentence whose `code` stays code; everything else is shown and never obeyed."""
    return "".join(code(part) if is_code else _escaped(part) for is_code, part in words.spans(text))


def code(text: str) -> str:
    """A code span that its content can't end."""
    fence = "`" * (_longest_run(text) + 1)
    air = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{air}{text}{air}{fence}" if text.strip() else ""


def fenced(text: str) -> list[str]:
    """A block to copy, that its content can't end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}text", *text.split("\n"), fence, ""]


def _escaped(text: str) -> str:
    line = SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return SPECIAL_START.sub(_escaped_start, line)


def _escaped_start(found: re.Match[str]) -> str:
    """A digit has no backslash escape, so the first character becomes an entity, which all of them have."""
    space, start = found.groups()
    return f"{space}&#{ord(start[0])};{start[1:]}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _top(head: Head) -> list[str]:
    return [
        f"# {prose(head.sentence)}",
        "",
        f"**{head.decision_word}** · {prose(head.product)}",
        "",
        f"**Next:** {prose(head.next_step)}",
        "",
        head.count_line,
        "",
        head.holds,
        "",
    ]


def _cards(title: str, cards: tuple[Card, ...], seen: Page) -> list[str]:
    lines = [f"## {title}", ""] if cards else []
    for number, card in enumerate(cards, start=1):
        lines += _card(number, card)
    if seen.more:
        lines += [f"### {seen.more_line}", "", *(f"- {_in_short(card)}" for card in seen.more), ""]
    return lines + ([seen.held_back_line, ""] if seen.held_back_line else [])


def _in_short(card: Card) -> str:
    do = " ".join(step.do for step in card.steps)
    return f"**{card.impact_word}:** {prose(card.headline)}. {prose(card.who)}. {prose(do)}"


def _card(number: int, card: Card) -> list[str]:
    lines = [f"### {number}. {card.impact_word}: {prose(card.headline)}", ""]
    lines += _points(
        ("Your customer sees", prose(card.customer_sees)),
        ("What it costs you", prose(card.costs)),
        ("Who mends it", f"{prose(card.who)}."),
        ("How it should be", prose(card.good)),
        ("How sure", prose(card.sureness)),
        ("What we saw", ", ".join(code(offender) for offender in card.offenders)),
        ("Where", ", ".join(code(subject) for subject in card.subjects)),
        ("Mending it also mends", "; ".join(prose(symptom) for symptom in card.explains)),
        ("Waiver", " ".join(prose(note) for note in card.accepted)),
        ("The rule", ", ".join(_source(source) for source in card.sources)),
        ("To check again", code(card.recheck)),
    )
    for step in card.steps:
        lines += [f"**Do:** {prose(step.do)}", ""]
        for copy in step.copies:
            place = f" for {', '.join(code(where) for where in copy.where)}" if len(step.copies) > 1 else ""
            lines += [f"Copy this{place}:", "", *fenced(copy.text)]
    return lines


def _points(*points: tuple[str, str]) -> list[str]:
    return [*(f"- **{label}:** {text}" for label, text in points if text), ""]


def _source(source: str) -> str:
    return f"<{source}>" if is_web_link(source) else code(source)


def _unknown(causes: Iterable[Cause]) -> list[str]:
    lines = []
    for cause in causes:
        lines += [f"### {prose(cause.why)}", ""]
        for need in cause.needs:
            lines.append(f"- **{prose(need.need or need.waiting)}**")
            lines += [f"  - {prose(title)}" for title in need.titles if title]
        lines.append("")
    return ["## What we could not check", "", *lines] if lines else []


def _accepted(seen: Page) -> list[str]:
    lines = [f"- {prose(headline)}. {prose(note)}" for headline, note in seen.accepted]
    return ["## Accepted risks", "", *lines, ""] if lines else []


def _table(title: str, of: tuple[Line, ...]) -> list[str]:
    """What, where, state and note; cells hold no code spans, for inside a table even these end at a bar."""
    if not of:
        return []
    placed = any(line.where for line in of)
    rows = [("What", *(["Where"] if placed else []), "State", "Note")]
    rows += [(line.text, *([line.where] if placed else []), line.state, line.note) for line in of]
    cells = [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows]
    return [f"## {title}", "", cells[0], "|---" * len(rows[0]) + "|", *cells[1:], ""]


def _messages(seen: Page) -> list[str]:
    lines: list[str] = []
    for card in (*seen.cards, *seen.more):
        if card.for_engineer:
            lines += [f"### {prose(card.headline)}", "", *fenced(card.message)]
    return ["## Send this to your developer", "", *lines] if lines else []


def _foot(seen: Page) -> list[str]:
    sentences = [line for line in (seen.sent_line, *seen.seen_from, seen.tool) if line]
    return ["---", "", *(f"{prose(sentence)}  " for sentence in sentences)]
