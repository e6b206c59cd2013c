"""The verdict on a terminal: calm, readable in 80 columns and without colour.

Everything is printed as rich `Text`, never as markup, so that square brackets from a target stay square brackets.
"""

from rich.console import Console
from rich.text import Text

from launchready.model.check import Impact
from launchready.model.evidence import Evidence
from launchready.model.verdict import Decision, Verdict
from launchready.report import words
from launchready.report.hostile import printable
from launchready.report.page import Card, Cause, Head, Line, Page, Step, page

READING_WIDTH = 88
"""Columns; longer lines are harder to read, however wide the terminal is."""

NARROWEST = 20
"""Columns of text that even the narrowest terminal gets."""

LABEL_WIDTH = 15
"""Columns of the label beside a paragraph, so that all of them begin at one edge."""

OFFENDER_LIMIT = 5
"""Offenders on a card; the rest is counted, and all are in the JSON."""

NEED_LIMIT = 8
"""Needs that are spelled out; the rest is counted, and all are in the other reports."""

TITLE_LIMIT = 3
"""Questions named beside one need."""

DECISION_STYLE = {
    Decision.NO_GO: "bold red",
    Decision.UNDETERMINED: "bold yellow",
    Decision.GO_WITH_RISKS: "bold yellow",
    Decision.GO: "bold green",
}
IMPACT_STYLE = {Impact.BLOCKER: "red", Impact.MAJOR: "yellow", Impact.MINOR: "cyan", Impact.NOTE: "dim"}


class Pen:
    """Writes plain words to a console, at a reading width and with hanging indents."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, READING_WIDTH)

    def say(self, text: str | Text, *, style: str = "", indent: int = 0, lead: str = "") -> None:
        """One paragraph. `lead` stands before its first line, the others hang below the text."""
        body = self._encodable(text if isinstance(text, Text) else Text(text, style=style))
        margin = Text(" " * indent).append(lead, style="dim")
        for line in body.wrap(self._console, max(self._width - margin.cell_len, NARROWEST), overflow="fold"):
            line.rstrip()
            self._console.print(Text.assemble(margin, line), soft_wrap=True)
            margin = Text(" " * margin.cell_len)

    def labelled(self, label: str, text: str, *, indent: int = 2) -> None:
        """A paragraph beside a word in dim letters; nothing where there is no text."""
        if text:
            self.say(text, indent=indent, lead=label.ljust(LABEL_WIDTH))

    def command(self, label: str, text: str, *, indent: int = 2) -> None:
        """A command beside a word, never broken by us, so that it can be copied."""
        line = Text.assemble(" " * indent, (label.ljust(LABEL_WIDTH), "dim"), text)
        self._console.print(self._encodable(line), soft_wrap=True)

    def bullet(self, text: str) -> None:
        """An item of a list."""
        self.say(text, lead="- ")

    def heading(self, text: str) -> None:
        """A heading with air above it."""
        self.gap()
        self.say(text, style="bold")

    def gap(self) -> None:
        """An empty line."""
        self._console.print()

    def block(self, text: str, *, indent: int) -> None:
        """Text to copy, never broken by us; several lines stand at the margin, so that a selection is exact."""
        margin = "" if "\n" in text else " " * indent
        self.gap()
        for line in text.split("\n"):
            self._console.print(self._encodable(Text(margin + line, style="bold")), soft_wrap=True)
        self.gap()

    def _encodable(self, body: Text) -> Text:
        """Where the terminal can't write a letter, its escape is better than a traceback."""
        encoding = self._console.encoding
        plain = body.plain.encode(encoding, "backslashreplace").decode(encoding)
        return body if plain == body.plain else Text(plain, style=body.style)


def render_terminal(
    verdict: Verdict,
    evidence: Evidence,
    console: Console,
    *,
    evidence_path: str | None = None,
    report_path: str | None = None,
) -> None:
    """Print the verdict.

    Args:
        verdict: what was decided.
        evidence: what it rests on; only its request counts and resolvers are printed.
        console: colour and width are its business.
        evidence_path: where the evidence was saved; None where it was not.
        report_path: where the HTML report was written; None where it was not.
    """
    seen, pen = page(verdict, evidence), Pen(console)
    say_head(seen.head, pen)
    _cards(seen, pen)
    _unknown(seen.unknown, pen)
    _words_and_risks(seen, pen)
    _foot(seen, pen, {"Full report": report_path, "Evidence": evidence_path})


def say_head(head: Head, pen: Pen) -> None:
    """The answer: the sentence, until when it holds, the count, and the one next thing."""
    pen.gap()
    pen.say(Text.assemble((head.decision_word, DECISION_STYLE[head.decision]), ("  ", ""), (head.product, "dim")))
    pen.say(head.sentence, style="bold")
    pen.gap()
    pen.say(head.holds, style="dim")
    pen.say(head.count_line)
    pen.say(Text.assemble(("Next: ", "bold"), head.next_step))


def _cards(seen: Page, pen: Pen) -> None:
    if seen.cards:
        pen.heading("What to mend, worst first")
    for number, card in enumerate(seen.cards, start=1):
        say_card(number, card, pen)
    if seen.more_line or seen.held_back_line:
        pen.gap()
    for line in (f"{seen.more_line}: see the full report." if seen.more else "", seen.held_back_line):
        if line:
            pen.say(line)


def say_card(number: int, card: Card, pen: Pen) -> None:
    """One finding, with the change that mends it."""
    pen.gap()
    pen.say(Text.assemble(f"{number}. ", (card.impact_word, IMPACT_STYLE[card.impact]), "  ", (card.headline, "bold")))
    pen.labelled("Your customer", card.customer_sees, indent=3)
    pen.labelled("Costs you", card.costs, indent=3)
    pen.labelled("Who mends it", f"{card.who}.", indent=3)
    pen.labelled("Sureness", card.sureness, indent=3)
    for offender in card.offenders[:OFFENDER_LIMIT]:
        pen.labelled("Seen", offender, indent=3)
    if len(card.offenders) > OFFENDER_LIMIT:
        pen.labelled("Seen", f"and {len(card.offenders) - OFFENDER_LIMIT} more", indent=3)
    for symptom in card.explains:
        pen.labelled("Also explains", symptom, indent=3)
    for note in card.accepted:
        pen.labelled("Waiver", note, indent=3)
    for step in card.steps:
        _step(step, pen)
    pen.command("Check again", card.recheck, indent=3)
    pen.command("More", f"launchready explain {card.check}", indent=3)


def _step(step: Step, pen: Pen) -> None:
    pen.labelled("Do", step.do, indent=3)
    for copy in step.copies:
        if len(step.copies) > 1:
            pen.labelled("For", words.listing(copy.where), indent=3)
        pen.block(copy.text, indent=5)


def _unknown(causes: tuple[Cause, ...], pen: Pen) -> None:
    if causes:
        pen.heading("What could not be checked, and what would answer it")
    left = NEED_LIMIT
    for cause in causes:
        pen.bullet(f"{cause.why} ({words.counted(cause.count, 'question')}).")
        for need in cause.needs[:left]:
            pen.labelled("Need", need.need)
            pen.labelled("Answers", "; ".join(_few(need.titles)))
        if cause.needs[left:]:
            pen.say(f"and {words.counted(len(cause.needs[left:]), 'more need')}: see the full report.", indent=2)
        left = max(left - len(cause.needs), 0)


def _few(titles: tuple[str, ...]) -> list[str]:
    more = len(titles) - TITLE_LIMIT
    return [title.rstrip(".") for title in titles[:TITLE_LIMIT]] + ([f"and {more} more"] if more > 0 else [])


def _words_and_risks(seen: Page, pen: Pen) -> None:
    if seen.accepted:
        pen.heading("Accepted risks")
    for headline, note in seen.accepted:
        pen.bullet(f"{headline}. {note}")
    if seen.on_your_word:
        pen.heading("On your word")
    for line in seen.on_your_word:
        pen.bullet(_on_word(line))


def _on_word(line: Line) -> str:
    return f"{line.text} ({line.where}) {line.note}"


def _foot(seen: Page, pen: Pen, files: dict[str, str | None]) -> None:
    pen.gap()
    for label, path in files.items():
        if path is not None:
            pen.labelled(label, printable(path), indent=0)
    for line in (seen.sent_line, *seen.seen_from, seen.tool):
        if line:
            pen.say(line, style="dim")
