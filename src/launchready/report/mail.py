"""The mail of a product, or one message, on a terminal or as JSON: what to mend, what to paste, what was seen."""

import json
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from launchready.facts.received_mail import MessageLine, Standing
from launchready.report.finding import Finding, finding_fields, render_finding
from launchready.report.hostile import printable, printable_block
from launchready.report.terminal import Pen
from launchready.report.words import counted

RECORD_CHARS: Final = 200
"""How much of a record the terminal shows: all of most, and the beginning of a key. The JSON has all."""

STANDING_STYLE: Final = {
    Standing.GOOD: "green",
    Standing.NOTE: "dim",
    Standing.BAD: "yellow",
    Standing.BLOCKER: "red",
    Standing.UNKNOWN: "cyan",
}


@dataclass(frozen=True, slots=True)
class MailGap:
    """A question of mail that could not be answered."""

    check: str
    title: str
    subject: str
    detail: str
    need: str


@dataclass(frozen=True, slots=True)
class MailFound:
    """Something that stands in DNS: what it is, where, and how it reads."""

    what: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReceiverLine:
    """One requirement of one mailbox provider, and whether it is met."""

    receiver: str
    asks: str
    of: str
    since: str
    state: str
    source: str


@dataclass(frozen=True, slots=True)
class MailView:
    """All about the mail of one product. `read_on` is the month in which the providers' pages were last read."""

    name: str
    decision: str
    findings: tuple[Finding, ...]
    gaps: tuple[MailGap, ...]
    passed: int
    found: tuple[MailFound, ...]
    receivers: tuple[ReceiverLine, ...]
    read_on: str


def render_mail(view: MailView, console: Console) -> None:
    """Print the view."""
    pen = Pen(console)
    pen.gap()
    pen.say(f"Mail of {printable(view.name)}: {_sentence(view)}", style="bold")
    for number, finding in enumerate(view.findings, start=1):
        render_finding(number, finding, pen)
    if view.gaps:
        pen.heading("What could not be checked")
    for gap in view.gaps:
        pen.bullet(f"{gap.title.rstrip('.')} ({printable(gap.subject)}): {printable(gap.detail)}")
        pen.labelled("Need", printable(gap.need))
    pen.heading("What was found")
    for one in view.found:
        pen.labelled(one.what, f"{printable(one.name)}  {printable(one.text, RECORD_CHARS)}".strip())
    pen.heading(f"What mailbox providers ask of senders (read {view.read_on})")
    console.print(_receivers(view.receivers))
    for receiver, source in dict.fromkeys((line.receiver, line.source) for line in view.receivers):
        pen.command(receiver, source, indent=0)


def _sentence(view: MailView) -> str:
    parts = [f"{counted(len(view.findings), 'thing')} to mend", f"{counted(view.passed, 'question')} answered well"]
    if view.gaps:
        parts.insert(1, f"{counted(len(view.gaps), 'question')} open")
    return ", ".join(parts)


def _receivers(lines: tuple[ReceiverLine, ...]) -> Table:
    table = Table("provider", "asks for", "of", "since", "state", box=None, pad_edge=False)
    for line in lines:
        table.add_row(line.receiver, line.asks, line.of, line.since, line.state)
    return table


def mail_json(view: MailView) -> str:
    """The view as JSON, with a line end."""
    data = {
        "name": view.name,
        "decision": view.decision,
        "findings": [finding_fields(one) for one in view.findings],
        "not_measured": [
            {"check": one.check, "subject": one.subject, "detail": one.detail, "need": one.need} for one in view.gaps
        ],
        "passed": view.passed,
        "found": [{"what": one.what, "name": one.name, "text": one.text} for one in view.found],
        "receivers": [
            {
                "receiver": one.receiver,
                "asks": one.asks,
                "of": one.of,
                "since": one.since,
                "state": one.state,
                "source": one.source,
            }
            for one in view.receivers
        ],
        "receivers_read_on": view.read_on,
    }
    return _json(data)


def render_message(name: str, lines: tuple[MessageLine, ...], console: Console) -> None:
    """Print what is said of one message."""
    pen = Pen(console)
    pen.gap()
    pen.say(f"The message in {printable(name)}", style="bold")
    pen.gap()
    for line in lines:
        standing = (line.standing.value.ljust(13), STANDING_STYLE[line.standing])
        pen.say(Text.assemble(standing, printable(line.words)), lead=line.topic.ljust(13), indent=2)
        pen.labelled("Do", printable(line.do), indent=15)
        if line.paste:
            pen.block(printable_block(line.paste), indent=17)


def message_json(name: str, lines: tuple[MessageLine, ...]) -> str:
    """What is said of one message as JSON, with a line end."""
    said = [
        {"topic": one.topic, "standing": one.standing.value, "words": one.words, "do": one.do, "paste": one.paste}
        for one in lines
    ]
    return _json({"message": name, "lines": said})


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
